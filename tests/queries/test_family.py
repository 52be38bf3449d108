"""A meeting among its relatives."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from queries.meetings import load_family
from queries.meetings.family import RELATIVES
from tests import factories as make


def slugs(session: Session, slug: str) -> list[str]:
    return [item.slug for item in load_family(session, slug)]


def test_a_meeting_stands_among_parent_siblings_children_and_series(
    session: Session,
) -> None:
    top = make.meeting(session, slug="top", date="2022-07")
    make.meeting(session, slug="sister", date="2022-06-01", parent=top, relation="stop")
    given = {"parent": top, "relation": "stop", "series": "Astana"}
    here = make.meeting(session, slug="here", date="2022-07-19", **given)
    make.meeting(session, slug="child", parent=here, relation="sidelines")
    make.meeting(session, slug="last-time", date="2021-01-01", series="Astana")
    make.meeting(session, slug="other", date="2022-07-19", series="Geneva")
    expected = ["last-time", "sister", "top", "here", "child"]
    assert slugs(session, "here") == expected
    assert slugs(session, "other") == []
    assert slugs(session, "nosuch") == []


@pytest.mark.parametrize("day", ["2022-07-15", "0001-01-01", "9999-12-31", None])
def test_of_a_long_series_the_nearest_in_time_are_shown(
    session: Session, day: str | None
) -> None:
    for number in range(40):
        when = date(2022, 7, 1) + timedelta(days=number)
        make.meeting(session, slug=f"m-{when}", date=when.isoformat(), series="S")
    make.meeting(session, slug="here", date=day, series="S")
    found = slugs(session, "here")
    assert len(found) <= RELATIVES
    assert "here" in found
    if day == "2022-07-15":
        at = found.index("here")
        assert found[at - 1] == "m-2022-07-14"
        assert found[at + 1] == "m-2022-07-15"
