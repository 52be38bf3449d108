"""Meetings: lists, status, and everything on a meeting's page."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from queries.meetings import MEETINGS, MeetingItem, find_meetings, load_meeting
from tests import factories as make
from tests.queries.world import World, add_more, paraphrased


def items(session: Session, **asked: str) -> list[MeetingItem]:
    return list(find_meetings(session, MEETINGS.strictly(asked)).items)


def slugs(session: Session, **asked: str) -> list[str]:
    return [item.slug for item in items(session, **asked)]


@pytest.mark.usefixtures("world")
def test_a_list_says_what_when_where_and_who(session: Session) -> None:
    item, other = items(session)
    assert item.title == "The meeting in Aden"
    assert item.date.for_people == "week of 18 July 2022"
    assert item.date.remark == "next week"
    assert item.country and item.country.url == "/actors/aden"
    assert item.who == ("The King", "The Envoy")
    assert item.status == "held"
    assert item.status_said_by == "The Envoy"
    assert other.parent and other.parent.slug == item.slug


@pytest.mark.usefixtures("world")
def test_held_on_a_paraphrased_word_is_reported(session: Session) -> None:
    assert items(session)[0].badge.kind == "reported"


def test_the_latest_event_tells_the_status(session: Session) -> None:
    meeting = make.meeting(session)
    for status, day in (
        ("held", "2022-07-19"),
        ("announced", "2022-07-12"),
        ("expected", "2022-06"),
    ):
        make.status_event(session, meeting=meeting, status=status, date=day)
    assert items(session)[0].status == "held"


def test_an_event_without_a_date_counts_from_when_it_was_known(
    session: Session,
) -> None:
    meeting = make.meeting(session)
    make.status_event(session, meeting=meeting, status="announced", date="2022-07-12")
    undated = make.status_event(session, meeting=meeting, status="postponed")
    source = make.source(session, published="2022-07-15")
    known = make.source_text(session, source=source)
    make.evidence(session, status_event=undated, source_text=known)
    assert items(session)[0].status == "postponed"


def test_a_meeting_without_events_has_no_status(session: Session) -> None:
    make.meeting(session)
    (item,) = items(session)
    assert item.status is None
    assert item.badge.kind == "unknown"


def test_the_status_is_that_of_the_view(session: Session, world: World) -> None:
    add_more(session, world, 3)
    for status in ("announced", "held", "cancelled"):
        make.status_event(session, status=status)
        make.status_event(session, meeting=world.preparation, status=status)
    rows = session.execute(text("select slug, status, status_said_by from meetings"))
    shown = {item.slug: (item.status, item.status_said_by) for item in items(session)}
    assert {slug: (status, by) for slug, status, by in rows} == shown


def test_a_status_can_be_asked_as_it_was_known_on_a_day(session: Session) -> None:
    meeting = make.meeting(session, slug="visit")
    for status, day in (("announced", "2022-07-12"), ("held", "2022-07-20")):
        happened = make.status_event(session, meeting=meeting, status=status, date=day)
        source = make.source(session, published=day)
        make.evidence(
            session,
            status_event=happened,
            source_text=make.source_text(session, source=source),
        )
    assert items(session)[0].status == "held"
    assert items(session, as_known_on="2022-07-19")[0].status == "announced"
    assert items(session, as_known_on="2022-07")[0].status == "held"
    assert items(session, as_known_on="2022-07-01")[0].status is None
    assert slugs(session, as_known_on="2022-07-19", status="held") == []
    assert load_meeting(session, "visit", date(2022, 7, 19)).status == "announced"


def test_every_order_can_be_reversed(session: Session, world: World) -> None:
    make.status_event(session, meeting=world.preparation, status="cancelled")
    for sort in MEETINGS.sorts:
        forwards = slugs(session, sort=sort)
        assert slugs(session, sort=f"-{sort}") == forwards[::-1]


@pytest.mark.usefixtures("world")
def test_a_page_holds_all_that_is_recorded(session: Session) -> None:
    page = load_meeting(session, "aden-meeting")
    assert [event.status for event in page.status_events] == ["announced", "held"]
    assert [event.badge.kind for event in page.status_events] == ["planned", "reported"]
    king, envoy = page.participants
    assert (king.name, king.office, king.role) == ("The King", "Crown", "host")
    assert king.represents and king.represents.slug == "aden"
    assert envoy.represents is None
    assert [entry.text for entry in page.agenda] == ["Salt"]
    assert page.agenda[0].said_by == "The Envoy"
    assert [outcome.text for outcome in page.outcomes] == ["A paper."]
    assert [child.slug for child in page.children] == ["talks"]
    assert [stance.slug for stance in page.stances] == ["king-yes"]
    assert page.citations[0].quote == "The king met the envoy in Aden."
    places = [(passage.source.slug, passage.position) for passage in page.passages]
    assert places == [("report", 1), ("report", 2), ("summary", 1)]
    assert (page.basis.sources, page.basis.passages) == (2, 3)


@pytest.mark.usefixtures("world")
def test_every_fact_on_a_page_has_its_citation(session: Session) -> None:
    page = load_meeting(session, "aden-meeting")
    cited = [
        *(fact.citations for fact in page.status_events),
        *(fact.citations for fact in page.participants),
        *(fact.citations for fact in page.agenda),
        *(fact.citations for fact in page.outcomes),
        *(fact.citations for fact in page.stances),
    ]
    assert len(cited) == 7
    assert all(cited)


@pytest.mark.usefixtures("world")
def test_a_meetings_passages_mark_only_what_concerns_it(session: Session) -> None:
    page = load_meeting(session, "aden-meeting")
    kinds = {
        claim.kind
        for passage in page.passages
        for mark in passage.marks
        for claim in mark.claims
    }
    assert "tenure" not in kinds
    assert "stance" in kinds


def test_presence_on_a_paraphrased_word_is_reported(session: Session) -> None:
    meeting = make.meeting(session)
    part = make.participation(session, meeting=meeting)
    paraphrased(
        make.evidence(session, participation=part, said_by=[make.actor(session)])
    )
    (shown,) = load_meeting(session, meeting.slug).participants
    assert shown.badge.kind == "reported"
