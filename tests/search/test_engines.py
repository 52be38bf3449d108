"""The contract of every engine: to answer as brute force does, whatever happened."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines import Document, Request, Result
from search.engines.whoosh import WhooshEngine
from tests.search.brute import Corpus, without
from tests.search.strategies import changes, queries

FACETS = ("kind", "actor", "source", "year")


def new_engine(folder: Path) -> WhooshEngine:
    engine = WhooshEngine(folder)
    with engine.lock():
        engine.rebuild([])
    return engine


def assert_same(found: Result, expected: Result) -> None:
    assert found.total == expected.total
    assert found.facets == expected.facets
    assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits]
    for hit, other in zip(found.hits, expected.hits, strict=True):
        assert hit.score == pytest.approx(other.score, abs=2e-6)


@settings(max_examples=60)
@given(
    commits=st.lists(changes(), min_size=1, max_size=4),
    asked=st.lists(queries, min_size=1, max_size=6),
    filters=st.lists(queries, max_size=2),
    sort=st.sampled_from(["relevance", "date", "-date"]),
    offset=st.integers(0, 3),
)
def test_an_engine_answers_what_brute_force_answers(
    commits, asked, filters, sort, offset
):
    held: dict[str, Document] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = new_engine(Path(folder))
        for commit in commits:
            with engine.lock():
                engine.write(commit)
            held = without(held, commit.ids, commit.owners)
            held |= {document.id: document for document in commit.documents}
            corpus = Corpus(held.values())
            for query in asked:
                request = Request(
                    query=query,
                    filters=tuple(zip(("kind", "actor"), filters, strict=False)),
                    facets=FACETS,
                    broader={"actor": {"iran": ("asia",), "turkey": ("asia", "nato")}},
                    sort=sort,
                    offset=offset,
                    limit=4,
                )
                assert_same(engine.search(request), corpus.answer(request))
        digests = {id: document.digest() for id, document in held.items()}
        assert dict(engine.digests()) == digests
        engine.close()
