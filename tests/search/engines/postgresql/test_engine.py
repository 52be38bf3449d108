"""What is particular to the index in a PostgreSQL database."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from time import sleep
from typing import Any

import psycopg
import pytest
from hypothesis import settings

from errors import DragomanError, Unavailable
from models import open_session
from models.database import shared_engine
from queries import search
from queries.search.page import SearchPage
from search.agreement import check
from search.engine import Changes, NoIndex, Request
from search.engines import open_engine
from search.engines.postgresql import bounds as postgresql_bounds
from search.engines.postgresql import known as postgresql_known
from search.engines.postgresql import ranking as postgresql_ranking
from search.engines.postgresql import snapshot as postgresql_snapshot
from search.engines.postgresql import store as postgresql_store
from search.engines.postgresql.engine import PostgresqlEngine
from search.fields import FACETS
from search.sync import drain
from search.tree import All, Phrase, Prefix
from settings import Settings
from tests.search.engines.brute import Corpus
from tests.search.engines.test_contract import (
    against_brute_force,
    assert_same,
    compare,
    document,
    numbers,
)

EVERYTHING = Request(query=All())


@pytest.fixture(scope="module")
def backend() -> str:
    return "postgresql"


@pytest.fixture(scope="module")
def new_url(postgresql) -> Callable[[], str]:
    postgresql.make_template("bare", lambda url: None)
    return lambda: str(postgresql.copy_template("bare"))


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def engine(url: str) -> Iterator[PostgresqlEngine]:
    with closing(PostgresqlEngine(url)) as engine:
        with engine.lock():
            engine.rebuild([document(1), document(2)])
        yield engine


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


# Where the limits are crossed: phrases looked for in positions, documents too long for
# a tsvector, ranks counted one by one, no more documents scored than must be, none
# fetched before they are counted.

NARROW = {
    postgresql_known: {"MOST_REMEMBERED": 1},
    postgresql_snapshot: {"MOST_WAYS": 0, "BATCH": 2},
    postgresql_bounds: {"MOST_RANKED": 1},
    postgresql_ranking: {"SPARE": 0, "FEW": 0},
}
LONG = {
    postgresql_store: {"MOST_PLACES": 1},
    postgresql_ranking: {"SPARE": 0, "FEW": 0},
}
MANY = {postgresql_ranking: {"FEW": 0}}


@pytest.fixture(scope="module")
def shared_url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.mark.parametrize("limits", [NARROW, LONG, MANY], ids=["narrow", "long", "many"])
@settings(max_examples=40)
@against_brute_force
def test_crossing_the_limits_changes_no_answer(
    shared_url, limits, commits, asked, filters, sort, offset, years
):
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(PostgresqlEngine(shared_url)) as engine,
    ):
        for module, values in limits.items():
            for name, value in values.items():
                patch.setattr(module, name, value)
        compare(engine, commits, asked, filters, sort, offset, years)


def test_the_best_are_found_below_many_that_only_seem_better(engine):
    apart, near = "drones and Iran " * 6, "it is said that drones Iran " * 2
    documents = [document(number, apart + near) for number in range(200)]
    documents += [document(number, near) for number in range(200, 220)]
    with engine.lock():
        engine.rebuild(documents)
    for query in (Phrase("drones iran"), Prefix("dro")):
        request = Request(query=query, facets=("actor", "year"))
        assert_same(engine.search(request), Corpus(documents).answer(request))


def test_a_text_of_too_many_different_words_is_refused_and_named(engine):
    text = " ".join(f"word{number}" for number in range(120_000))
    with engine.lock(), pytest.raises(Unavailable, match="passage/a/000009 has more"):
        engine.write(Changes([document(9, text)]))
    assert engine.search(EVERYTHING).total == 2


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/dragoman.sqlite3", None, "sqlite://postgresql"]
)
def test_it_needs_the_database_to_be_postgresql(url, tmp_path):
    with pytest.raises(DragomanError, match="DRAGOMAN_DATABASE_URL.*postgresql://"):
        open_engine("postgresql", tmp_path, url)


def test_a_server_that_is_not_there_is_a_sentence():
    engine = PostgresqlEngine("postgresql://nobody:secret@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match="its server must run") as caught:
        engine.check()
    assert "secret" not in caught.value.detail
    with pytest.raises(Unavailable, match="its server must run"), engine.lock():
        pass


@pytest.mark.parametrize("part", ["documents", "analyser", "postgresql"])
def test_an_index_of_another_version_is_not_read(engine, url, part):
    replaced = f"regexp_replace(version, '{part} [0-9]+', '{part} 999')"
    run(url, f"UPDATE dragoman_search.state SET version = {replaced}")
    with pytest.raises(NoIndex, match="another version.*dragoman reindex"):
        engine.search(EVERYTHING)
    with engine.lock():
        engine.rebuild([document(3)])
    assert numbers(engine, All()) == [3]


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE dragoman_search.document_1",
        "DROP TABLE dragoman_search.vocabulary_1",
        "ALTER TABLE dragoman_search.document_1 DROP COLUMN digest",
        "ALTER TABLE dragoman_search.state DROP COLUMN version",
        "ALTER TABLE dragoman_search.state DROP COLUMN totals",
    ],
)
def test_damage_is_named_and_rebuilt(engine, url, damage):
    run(url, damage)
    with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
        engine.check()
        dict(engine.digests())
    with engine.lock():
        engine.rebuild([document(3)])
    assert numbers(engine, All()) == [3]


def test_the_schema_may_be_dropped_at_any_time(engine, url):
    run(url, "DROP SCHEMA dragoman_search CASCADE")
    with pytest.raises(NoIndex, match="no search index yet"):
        engine.search(EVERYTHING)
    with engine.lock():
        engine.rebuild([document(3)])
    assert numbers(engine, All()) == [3]


def test_a_rebuild_leaves_no_tables_behind(engine, url):
    with engine.lock():
        engine.rebuild([document(3)])
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'dragoman_search'"
    assert {name for [name] in run(url, listed)} == {
        "state",
        "document_2",
        "vocabulary_2",
    }


def test_a_slow_reader_keeps_its_index_through_a_rebuild(engine, url, monkeypatch):
    monkeypatch.setattr("search.engines.postgresql.engine.DROP_SECONDS", 0.1)
    with psycopg.connect(url) as reader:
        counted = "SELECT count(*) FROM dragoman_search.document_1"
        assert reader.execute(counted).fetchone() == (2,)
        with engine.lock():
            engine.rebuild([document(3)])
        assert numbers(engine, All()) == [3]
        assert reader.execute(counted).fetchone() == (2,)
    with engine.lock():
        engine.rebuild([document(4)])
    listed = "SELECT count(*) FROM pg_tables WHERE schemaname = 'dragoman_search'"
    assert run(url, listed) == [(3,)]


def test_a_rebuild_deadlocks_with_no_reader(engine, url):
    def rebuild() -> None:
        with engine.lock():
            engine.rebuild([document(3)])

    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM dragoman_search.vocabulary_1")
        rebuilding = threading.Thread(target=rebuild)
        rebuilding.start()
        while numbers(engine, All()) != [3]:
            pass
        sleep(0.2)  # the tables that it replaced are being dropped by now
        counted = "SELECT count(*) FROM dragoman_search.document_1"
        assert reader.execute(counted).fetchone() == (2,)
    rebuilding.join()
    listed = "SELECT count(*) FROM pg_tables WHERE schemaname = 'dragoman_search'"
    assert run(url, listed) == [(3,)]


def test_a_lock_lost_to_the_server_writes_nothing(engine, url):
    with engine.lock():
        holders = "FROM pg_locks WHERE locktype = 'advisory'"
        run(url, f"SELECT pg_terminate_backend(pid) {holders}")
        with pytest.raises(Unavailable):
            engine.write(Changes([document(3)]))
    assert numbers(engine, All()) == [1, 2]
    with engine.lock():
        engine.write(Changes([document(3)]))
    assert numbers(engine, All()) == [1, 2, 3]


def test_an_engine_that_nobody_holds_leaves_no_connection_open(url):
    engine = PostgresqlEngine(url)
    with engine.lock():
        engine.rebuild([document(1)])
    assert numbers(engine, All()) == [1]
    del engine
    gc.collect()  # a connection left open would be warned of, which is an error
    shared_engine(url).dispose()  # the writer's belongs to the whole process


def test_it_is_written_under_its_lock_only(engine):
    with pytest.raises(RuntimeError, match="under its lock"):
        engine.write(Changes([document(3)]))


def test_a_role_that_may_not_make_a_schema_is_told_what_it_needs(url):
    run(url, "CREATE ROLE reader LOGIN")
    try:
        engine = PostgresqlEngine(url.replace("postgres:@", "reader:@"))
        with engine.lock(), pytest.raises(Unavailable, match="needs CREATE"):
            engine.rebuild([])
        engine.close()
    finally:
        run(url, "DROP ROLE reader")


def test_a_statement_that_takes_too_long_is_a_sentence(url):
    with closing(
        PostgresqlEngine(url + "&options=-cstatement_timeout%3D100")
    ) as engine:
        with engine.lock():
            engine.rebuild([document(1)])
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE dragoman_search.document_1")
            with pytest.raises(Unavailable, match="statement timeout"):
                engine.search(EVERYTHING)


# The whole record, beside the other engine

QUESTIONS = (
    "",
    "drones",
    "drnoe~1",
    "dr?ne*",
    "NOT iran",
    "iran drones OR missiles",
    '"grain exports" OR "talks"~3',
    "date:2022-06",
    "date:[2022-06 TO 2022-07] actor:iran",
    'actor:"islamic republic of iran"',
    "holder:russia position:against",
    "source:art* -kind:passage",
    "title:tehran^3 the meeting",
    "xyzzy",
)


def answer(session: Any, question: str, engine: Any, **given: Any) -> SearchPage:
    """What is found; a record belongs to one index, so one of two is said to be old."""
    return replace(search(session, question, engine=engine, **given), notices=())


def test_both_engines_answer_alike_on_the_bundled_dataset(tehran: Settings):
    if not tehran.database_url.startswith("postgresql"):
        pytest.skip("This test needs the record on PostgreSQL.")
    engines = [
        open_engine(name, tehran.index_dir, tehran.database_url)
        for name in ("whoosh", "postgresql")
    ]
    drain(engines[1], tehran.database_url)
    assert check(engines[1], tehran.database_url).agrees
    with open_session(tehran.database_url) as session:
        for question in QUESTIONS:
            one, other = (
                answer(session, question, engine, limit=25) for engine in engines
            )
            assert one == other, question
        one, other = (
            answer(session, "iran", engine, kind="passage", year="2022")
            for engine in engines
        )
        assert one == other and set(one.facets) == set(FACETS)
