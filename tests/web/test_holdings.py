"""The foot of a page says what the record holds, and is not counted for each page."""

import pytest
from sqlalchemy.orm import Session

from tests import factories as make
from tests.queries.world import statements
from web import holdings
from web.holdings import Holdings


def test_what_is_added_is_counted_at_once_and_else_nothing_is_counted(
    session: Session,
) -> None:
    held = Holdings()
    for number in range(3):
        assert held.load(session).sources == number
        make.source_text(session)
        session.flush()
    held.load(session)
    with statements(session) as seen:
        assert held.load(session).sources == 3
    assert len(seen) == 1 and "count(" not in seen[0].lower()


def test_what_was_removed_is_no_longer_counted_after_a_minute(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Holdings()
    first = make.source(session)
    make.source(session)
    session.flush()
    assert held.load(session).sources == 2
    session.delete(first)
    session.flush()
    monkeypatch.setattr(holdings, "OLDEST", 0.0)
    assert held.load(session).sources == 1
