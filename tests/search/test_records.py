"""Every search works on every record: generated ones, compared with brute force."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import open_session
from queries.search.request import SearchRequest
from queries.search.service import search
from search.documents import everything
from search.engine import Document, Engine, Request, Result
from search.engines import open_engine
from settings import Settings
from tests.conftest import Templates
from tests.records import Shape, shapes, write
from tests.search.engines.brute import Corpus

QUERIES = (
    "", "drone", "drones Iran", '"drone talks"', "dro*", "NOT drone", "topic:topic-0",
    "topic:topic-*", "actor:actor-0", "person:iran", "date:2022", "year:2022",
    "kind:passage", "subject:s", "source:source-*", "status:held", "position:for",
    "holder:actor-1",
)  # fmt: skip
FILTERS = {"topic": "topic-0", "actor": "actor-0", "year": "2022", "kind": "passage"}
"""One value for some facets."""


class BruteForce:
    """The part of an engine that searching needs, over documents in memory."""

    def __init__(self, documents: list[Document]) -> None:
        self._corpus = Corpus(documents)

    def search(self, request: Request) -> Result:
        return self._corpus.answer(request)

    def token(self) -> str | None:
        return None  # it is of no age

    def languages(self) -> frozenset[str]:
        return frozenset(self._corpus.languages)

    def similar(self, word: str, limit: int = 5) -> tuple[str, ...]:
        return ()  # spelling is compared nowhere


@pytest.fixture
def database(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """A migrated, empty database, once on each backend."""
    with templates.copy(backend, tmp_path / "instance") as copied:
        yield copied


@pytest.fixture
def engine(backend: str, database: Settings) -> Engine:
    """An engine on each database: Whoosh beside SQLite, PostgreSQL's own inside it."""
    name = "postgresql" if backend == "postgresql" else "whoosh"
    return open_engine(name, database.index_dir, database.database_url)


@contextmanager
def recorded(database: Settings, engine: Engine, shape: Shape) -> Iterator[Session]:
    """Write a record and its index, and undo the record afterwards."""
    with open_session(database.database_url, write=True) as session:
        write(session, shape)
        with engine.lock():
            engine.rebuild(everything(session))
        yield session
        session.rollback()


@example(Shape(), [("", {}, None)])
@example(Shape(topics=(None, None), propositions=(("drone", 0),)), [("", {}, None)])
@given(
    shape=shapes,
    asked=st.lists(
        st.tuples(
            st.sampled_from(QUERIES),
            st.sets(st.sampled_from(sorted(FILTERS)), max_size=2).map(
                lambda names: {name: FILTERS[name] for name in sorted(names)}
            ),
            st.sampled_from([None, "any"]),
        ),
        min_size=1,
        max_size=5,
    ),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_of_any_record_answers_what_brute_force_answers(
    database: Settings, engine: Engine, shape: Shape, asked: list[Any]
) -> None:
    with recorded(database, engine, shape) as session:
        brute = cast(Engine, BruteForce(list(everything(session))))
        for query, filters, match in asked:
            # As an address may ask: whatever the record has, a filter may name.
            request = SearchRequest(
                query=query,
                filters={name: (value,) for name, value in filters.items()},
                match=match,
                limit=20,
            )
            page = search(session, request, engine, lenient=True)
            expected = search(session, request, brute, lenient=True)
            assert page.total == expected.total
            assert page.facets == expected.facets
            assert [(hit.kind, hit.slug) for hit in page.hits] == [
                (hit.kind, hit.slug) for hit in expected.hits
            ]
            assert [hit.score for hit in page.hits] == pytest.approx(
                [hit.score for hit in expected.hits], abs=2e-6
            )
            assert [hit.snippet for hit in page.hits] == [
                hit.snippet for hit in expected.hits
            ]
