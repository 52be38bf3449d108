"""The contract of every engine: to answer as brute force does, whatever happened.

Long because each promise of the port is a case of its own.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import MAXYEAR, MINYEAR
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine import Changes, Document, Engine, Locked, NoIndex, Request, Result
from search.engines.postgresql.engine import PostgresqlEngine
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.patterns import MOST_WORDS
from search.query_error import QueryError
from search.tree import (
    All,
    And,
    AnyOf,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from settings import CHECKOUT
from tests.search.engines.brute import Corpus, without
from tests.search.engines.strategies import changes, documents, leaves, queries

FACETS = ("kind", "actor", "source", "year", "month")
BROADER: tuple[dict[str, dict[str, tuple[str, ...]]], ...] = (
    {"actor": {}},  # a hierarchy in which nothing is above anything
    {"actor": {"iran": ("asia",), "turkey": ("asia", "nato")}},
    {},
)
EVERYTHING = Request(query=All())

OpenEngine = Callable[[str], Any]
"""Opens the engine that keeps its index at a place; `places` yields such places."""


@pytest.fixture(scope="module", params=["whoosh", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test once with each engine."""
    return str(request.param)


@pytest.fixture(scope="module")
def open_engine(backend: str) -> OpenEngine:
    if backend == "postgresql":
        return PostgresqlEngine
    return lambda place: WhooshEngine(Path(place))


@pytest.fixture(scope="module")
def places(backend: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """A source of places for indexes, each empty."""
    if backend == "postgresql":
        server = request.getfixturevalue("postgresql")
        server.make_template("nothing", lambda url: None)
        yield lambda: str(server.copy_template("nothing"))
        return
    with tempfile.TemporaryDirectory() as folder:
        yield lambda: tempfile.mkdtemp(dir=folder)


@pytest.fixture
def place(places: Callable[[], str]) -> str:
    return places()


@pytest.fixture(scope="module")
def shared_place(places: Callable[[], str]) -> str:
    return places()


@pytest.fixture
def engine(open_engine: OpenEngine, place: str) -> Iterator[Any]:
    """An engine with an empty index."""
    with closing(open_engine(place)) as engine:
        with engine.lock():
            engine.rebuild([])
        yield engine


def document(number: int, text: str = "Drones for Iran") -> Document:
    return Document(
        id=f"passage/a/{number:06}",
        owner="source/a",
        kind=Kind.PASSAGE,
        text=((text, "en"),),
        values={"source": ("a",), "actor": ("iran",)},
    )


def write(engine: Engine, *documents: Document, **gone: frozenset[str]) -> None:
    with engine.lock():
        engine.write(Changes(documents, **gone))


def numbers(engine: Engine, query: Any) -> list[int]:
    found = engine.search(Request(query=query, limit=100))
    assert found.total == len(found.hits)
    return sorted(int(hit.id.rpartition("/")[2]) for hit in found.hits)


def assert_same(found: Result, expected: Result) -> None:
    assert found.total == expected.total
    assert found.facets == expected.facets
    assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits]
    for hit, other in zip(found.hits, expected.hits, strict=True):
        assert hit.score == pytest.approx(other.score, abs=2e-6)


against_brute_force = given(
    commits=st.lists(changes(), min_size=1, max_size=4),
    asked=st.lists(queries, min_size=1, max_size=6),
    filters=st.lists(queries, max_size=2),
    sort=st.sampled_from(["relevance", "date", "-date"]),
    offset=st.integers(0, 3),
    years=st.sampled_from(
        [(MINYEAR, MAXYEAR), (2022, 2022), (2021, 2022), (1990, 1991)]
    ),
)


@pytest.mark.slow
@settings(max_examples=60)
@against_brute_force
def test_an_engine_answers_what_brute_force_answers(
    open_engine, shared_place, commits, asked, filters, sort, offset, years
):
    with closing(open_engine(shared_place)) as engine:
        compare(engine, commits, asked, filters, sort, offset, years)


@pytest.mark.slow
@settings(max_examples=25)
@given(
    added=st.lists(documents(), max_size=6, unique_by=lambda one: one.id),
    asked=st.lists(leaves, min_size=1, max_size=4),
)
def test_what_has_all_words_and_what_has_some_are_counted_apart(
    open_engine, shared_place, added, asked
):
    """The two parts of a list: nothing is in both, and together they are the whole."""
    strict, loose = And(tuple(asked)), Or(tuple(asked))
    rest = And((loose, Not(strict)))
    corpus = Corpus(added)
    with closing(open_engine(shared_place)) as engine:
        with engine.lock():
            engine.rebuild(added)
        totals = []
        for query in (strict, rest, loose):
            request = Request(query=query, limit=10)
            found = engine.search(request)
            assert_same(found, corpus.answer(request))
            totals.append(found.total)
    assert totals[0] + totals[1] == totals[2]


def compare(
    engine: Engine,
    commits: list[Changes],
    asked: list[Node],
    filters: list[Node],
    sort: str,
    offset: int,
    years: tuple[int, int],
) -> None:
    """Make the changes and compare the answers after each with brute force."""
    held: dict[str, Document] = {}
    with engine.lock():
        engine.rebuild([])
    for commit in commits:
        with engine.lock():
            engine.write(commit)
        held = without(held, commit.ids, commit.owners)
        held |= {document.id: document for document in commit.documents}
        corpus = Corpus(held.values())
        for query, broader in zip(asked, cycle(BROADER), strict=False):
            request = Request(
                query=query,
                filters=tuple(zip(("kind", "actor"), filters, strict=False)),
                facets=FACETS,
                month_years=years,
                broader=broader,
                sort=sort,
                offset=offset,
                limit=4,
            )
            assert_same(engine.search(request), corpus.answer(request))
    digests = {id: document.digest() for id, document in held.items()}
    assert dict(engine.digests()) == digests


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Fuzzy("drnoe", 1), [3]),
        (Wildcard("d?one*"), [1, 2, 3]),
        (Wildcard("*egot*"), [3]),
        (Prefix("negotiatio"), [3]),
        (Not(Term("drones")), [4]),
        (Phrase("drones for iran"), [1]),
        (Phrase("drones iran", 1), [1]),
        (Phrase("drones iran", 4), [1, 2]),
        (Phrase("drones iran", 3), [1]),
        (Phrase("iran drones", 100), []),
        (Term("C-130"), [4]),
        (Term("c130"), [4]),
        (Term("o'brien's"), [4]),
        (Term("drones", "title"), []),
        (AnyOf("actor", ("oman", "iran")), [1, 2, 3, 4]),
        (AnyOf("actor", ()), []),
        (Wildcard("?", "source"), [1, 2, 3, 4]),
        (Prefix("b", "source"), []),
    ],
    ids=str,
)
def test_what_the_language_promises_holds(engine, query, expected):
    write(
        engine,
        document(1, "Drones for Iran"),
        document(2, "Drones, it is said, for Iran"),
        document(3, "Negotiations on a drone"),
        document(4, r"C-130 of O'Brien \ 'quoted' %_"),
    )
    assert numbers(engine, query) == expected


def test_a_missing_index_names_the_remedy(open_engine, place):
    with closing(open_engine(place)) as engine:
        with pytest.raises(NoIndex, match="dragoman reindex"):
            engine.search(EVERYTHING)
        with pytest.raises(NoIndex):
            engine.check()


def test_an_open_engine_sees_the_commits_of_another(engine, open_engine, place):
    write(engine, document(1), document(2))
    assert engine.search(EVERYTHING).total == 2
    with closing(open_engine(place)) as other:
        write(other, document(3), ids=frozenset({"passage/a/000001"}))
    assert numbers(engine, All()) == [2, 3]


def test_an_open_engine_sees_a_rebuilt_index(engine, open_engine, place):
    write(engine, document(1), document(2))
    with closing(open_engine(place)) as other, other.lock():
        other.rebuild([document(9)])
    assert numbers(engine, All()) == [9]
    assert numbers(engine, Term("drones")) == [9]


def test_a_failed_rebuild_leaves_the_index_in_use(engine):
    def broken() -> Iterator[Document]:
        yield document(9)
        raise RuntimeError("out of documents")

    write(engine, document(1))
    with engine.lock(), pytest.raises(RuntimeError, match="out of documents"):
        engine.rebuild(broken())
    assert numbers(engine, All()) == [1]
    write(engine, document(2))
    assert numbers(engine, All()) == [1, 2]


def test_a_failed_write_changes_nothing(engine):
    def broken() -> Iterator[Document]:
        yield document(1, "Grain")
        raise RuntimeError("out of documents")

    write(engine, document(1), document(2))
    with engine.lock(), pytest.raises(RuntimeError, match="out of documents"):
        engine.write(Changes(broken(), owners=frozenset({"source/a"})))
    assert numbers(engine, Term("drones")) == [1, 2]
    write(engine, document(3))  # and the next writer is not kept out
    assert numbers(engine, All()) == [1, 2, 3]


def test_a_document_may_come_once_in_a_commit(engine):
    with engine.lock(), pytest.raises(ValueError, match="comes twice"):
        engine.write(Changes([document(5), document(5)]))


def test_one_writer_at_a_time(engine, open_engine, place):
    with closing(open_engine(place)) as other:
        with engine.lock():
            with pytest.raises(Locked, match="queued"), other.lock():
                pass
            seen: list[str] = []

            def try_it() -> None:
                try:
                    with engine.lock():
                        pass
                except Locked:
                    seen.append("locked")

            thread = threading.Thread(target=try_it)
            thread.start()
            thread.join()
            assert seen == ["locked"], "another thread of the same engine got in"
        with other.lock():
            pass


KILLED = """
import os, signal, sys
from pathlib import Path
from search.engine import Changes
from search.engines.postgresql.engine import PostgresqlEngine
from search.engines.whoosh.engine import WhooshEngine
from tests.search.engines.test_contract import document

backend, place, step = sys.argv[1:]
Engine = {"postgresql": PostgresqlEngine, "whoosh": WhooshEngine}[backend]
engine = Engine(place if backend == "postgresql" else Path(place))

def documents():
    yield document(8)
    os.kill(os.getpid(), signal.SIGKILL)

with engine.lock():
    if step == "write":
        engine.write(Changes(documents(), owners=frozenset({"source/a"})))
    if step == "rebuild":
        engine.rebuild(documents())
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", ["lock", "write", "rebuild"])
def test_a_killed_writer_leaves_no_lock_and_no_trace(engine, backend, place, step):
    write(engine, document(1), document(2))
    subprocess.run(
        [sys.executable, "-c", KILLED, backend, place, step],
        cwd=CHECKOUT,
        check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    assert numbers(engine, All()) == [1, 2]
    write(engine, document(3))
    assert numbers(engine, All()) == [1, 2, 3]
    with engine.lock():
        engine.rebuild([document(4)])
    assert numbers(engine, All()) == [4]


def test_readers_search_while_somebody_writes(engine):
    write(engine, document(0), document(1))
    stop = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not stop.is_set():
            try:
                found = engine.search(Request(query=Term("drones"), limit=100))
            except Exception as error:
                wrong.append(error)
                return
            if found.total != len(found.hits) or found.total % 2:
                wrong.append(found)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 6):
        with engine.lock():  # two at a time: nobody may see half a commit
            added = [document(2 * number), document(2 * number + 1)]
            if number % 2:
                engine.rebuild(added)
            else:
                engine.write(Changes(added))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_prefix_of_too_many_words_is_refused(engine):
    text = " ".join(f"a{number}x" for number in range(MOST_WORDS + 1))
    write(engine, document(3, text))
    for query in (Prefix("a"), Wildcard("*x"), Not(Prefix("a"))):
        with pytest.raises(QueryError, match="more than 2,000 different words"):
            engine.search(Request(query=query))
    assert numbers(engine, Prefix("a1999")) == [3]
    assert numbers(engine, Prefix("a1")) == [3]


@pytest.mark.parametrize(
    "text",
    ["first " + "word " * 70_000 + "the end", "first " + "word " * 300 + "the end"],
    ids=["too many words", "one word too often"],
)
def test_a_long_text_keeps_all_its_positions(engine, text):
    write(engine, document(1), document(2, text), document(3, "the very end"))
    assert numbers(engine, Term("end")) == [2, 3]
    assert numbers(engine, Phrase("the end")) == [2]
    assert numbers(engine, Phrase("the end", 1)) == [2, 3]
    assert numbers(engine, Phrase("word the")) == [2]
    assert numbers(engine, Phrase("first the", 100)) == []
    request = Request(query=Term("word"), facets=FACETS)
    corpus = Corpus([document(1), document(2, text), document(3, "the very end")])
    assert_same(engine.search(request), corpus.answer(request))


def test_similar_words_are_nearest_first_then_most_frequent(engine):
    write(engine, document(1), document(2))
    write(engine, document(3, "trains"), document(4, "trains drains"))
    assert engine.similar("drains") == ("trains",)
    assert engine.similar("dronse") == ("drones",)
    assert engine.similar("xylophone") == ()


def test_a_word_that_is_no_more_is_not_suggested(engine):
    write(engine, document(1, "trains"))
    write(engine, document(1, "drones"))
    assert engine.similar("trainz") == ()
