"""Where the latest meetings were, and between whom."""

from typing import Any

from sqlalchemy.orm import Session

from analysis.networks import load_meeting_network
from analysis.places import LATEST, NAMED, TIES, load_encounters
from models import Actor, ActorIdentifier, Meeting
from tests import factories as make


def state(session: Session, slug: str, code: str | None = None) -> Actor:
    made = make.actor(session, slug=slug, name=slug.title(), kind="state")
    if code:
        key = {"scheme": "iso3166-1-alpha3", "value": code}
        make.add(session, ActorIdentifier(actor=made, **key))
    return made


def met(session: Session, *who: Actor, status: str = "held", **given: Any) -> Meeting:
    meeting = make.meeting(session, **given)
    make.status_event(session, meeting=meeting, status=status)
    for one in who:
        make.participation(session, meeting=meeting, represented=one)
    return meeting


def test_meetings_are_counted_by_country_with_who_was_there(session: Session) -> None:
    iran, turkey = state(session, "iran", "IRN"), state(session, "turkey", "TUR")
    qamara = state(session, "qamara")
    met(session, iran, turkey, country=iran)
    met(session, iran, qamara, country=iran, status="announced")
    met(session, turkey, qamara, country=qamara)
    met(session, turkey, qamara)
    met(session, turkey, qamara, country=turkey, status="denied")
    found = load_encounters(session)
    assert [
        (one.country.slug, one.code, one.held, one.planned) for one in found.places
    ] == [
        ("iran", "IRN", 1, 1),
        ("qamara", "", 1, 0),
    ]
    assert [who.slug for who in found.places[0].who] == ["iran", "qamara", "turkey"]
    assert (found.counted, found.placeless) == (4, 1)


def test_a_visit_is_on_the_map_as_its_stops(session: Session) -> None:
    iran, oman = state(session, "iran", "IRN"), state(session, "oman", "OMN")
    visit = met(session, iran, country=iran, kind="visit")
    for there in (iran, oman):
        met(session, iran, oman, country=there, parent=visit, relation="stop")
    found = load_encounters(session)
    assert {one.country.slug: one.total for one in found.places} == {
        "iran": 1,
        "oman": 1,
    }


def test_ties_are_those_of_the_meeting_network(session: Session) -> None:
    states = [state(session, f"state-{number}") for number in range(7)]
    for number, one in enumerate(states):
        for other in states[number + 1 :]:
            for _ in range(number + 1):
                met(session, one, other, status="held" if number % 2 else "expected")
    found, network = load_encounters(session), load_meeting_network(session)
    assert found.total_ties == network.total_edges
    assert [(tie.a.slug, tie.b.slug, tie.held, tie.planned) for tie in found.ties] == [
        (edge.a, edge.b, edge.held, edge.planned) for edge in network.edges[:TIES]
    ]


def test_of_many_meetings_the_latest_are_looked_at_and_that_is_said(
    session: Session,
) -> None:
    iran, oman = state(session, "iran"), state(session, "oman")
    old = met(session, iran, oman, date="1999-01-01", country=oman)
    day = {"kind": "meeting", "format": "bilateral", "medium": "in_person"}
    session.add_all(
        Meeting(slug=f"m-{number}", title="m", date="2022-07-01", **day)
        for number in range(LATEST)
    )
    session.flush()
    found = load_encounters(session)
    assert (found.total, found.looked_at) == (LATEST + 1, LATEST)
    assert not found.places and not found.ties
    old.date = "2022-08-01"
    session.flush()
    assert [one.country.slug for one in load_encounters(session).places] == ["oman"]


def test_of_three_hundred_participants_the_first_are_named(session: Session) -> None:
    host = state(session, "host")
    crowd = [state(session, f"s-{number:03}") for number in range(300)]
    met(session, *crowd, country=host)
    [place] = load_encounters(session).places
    assert len(place.who) == NAMED
    assert place.more == 300 - NAMED


def test_an_empty_record_has_no_encounters(session: Session) -> None:
    found = load_encounters(session)
    assert (found.total, found.counted, found.places, found.ties) == (0, 0, (), ())
