"""A search of the small record."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

import queries
from models import open_session
from queries.search.page import SearchPage
from search.engine import Engine
from search.engines import open_engine
from search.sync import drain
from settings import Settings
from tests.queries.world import make_world


class Finder:
    """Searches one record, with its index brought up to date."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session = session
        self.engine = engine

    def __call__(self, query: str = "", **given: Any) -> SearchPage:
        return queries.search(
            self.session,
            query,
            engine=self.engine,
            **given,
        )


@pytest.fixture
def find(settings: Settings) -> Iterator[Finder]:
    """A search of the small record."""
    with open_session(settings.database_url, write=True) as session:
        make_world(session)
        session.commit()
    engine = open_engine("whoosh", settings.index_dir)
    drain(engine, settings.database_url)
    with open_session(settings.database_url) as session:
        yield Finder(session, engine)
