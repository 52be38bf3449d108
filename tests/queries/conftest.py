"""The small record, on each database."""

import pytest
from sqlalchemy.orm import Session

from tests.queries.world import World, make_world


@pytest.fixture
def world(session: Session) -> World:
    """The meeting in Aden, recorded."""
    return make_world(session)
