"""Whom an actor met, and when."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from analysis.company import COUNTERPARTS, LATEST, load_company
from analysis.networks import load_meeting_network
from errors import NotFound
from formats.pictures.strip import draw_company
from models.enums import ActorKind
from tests import factories as make
from tests.analysis.test_places import met, state

TODAY = date(2022, 7, 12)


def test_an_actor_has_its_counterparts_as_the_meeting_network_counts_them(
    session: Session,
) -> None:
    aden, basra, cairo = (state(session, name) for name in ("aden", "basra", "cairo"))
    met(session, aden, basra, date="2022-07-01")
    met(session, aden, basra, cairo, date="2022-07-02", status="announced")
    met(session, aden, basra, status="denied")
    met(session, basra, cairo, date="2022-07-03")
    found = load_company(session, "aden", ActorKind.STATE)
    assert [
        (other.actor.slug, [(one.words, one.planned) for one in other.encounters])
        for other in found.counterparts
    ] == [
        ("basra", [("1 July 2022", False), ("2 July 2022", True)]),
        ("cairo", [("2 July 2022", True)]),
    ]
    network = load_meeting_network(session, actors=["aden"])
    assert [edge.weight for edge in network.edges] == [
        len(other.encounters) for other in found.counterparts
    ]


def test_a_person_meets_persons(session: Session) -> None:
    aden = state(session, "aden")
    meeting = make.meeting(session, date="2022")
    make.status_event(session, meeting=meeting, status="held")
    for slug in ("king", "envoy"):
        person = make.actor(session, slug=slug)
        make.participation(session, meeting=meeting, person=person, represented=aden)
    [other] = load_company(session, "king", ActorKind.PERSON).counterparts
    assert other.actor.slug == "envoy"
    assert not load_company(session, "aden", ActorKind.STATE).counterparts


def test_of_many_the_most_frequent_and_the_latest_are_shown(session: Session) -> None:
    aden = state(session, "aden")
    others = [state(session, f"s-{number:03}") for number in range(199)]
    met(session, aden, *others, date="2022-07-01")
    for day in range(LATEST):
        met(
            session,
            aden,
            others[150],
            date=f"2022-{1 + day // 28:02}-{1 + day % 28:02}",
        )
    found = load_company(session, "aden", ActorKind.STATE)
    assert len(found.counterparts) == COUNTERPARTS
    assert found.partial
    assert found.counterparts[0].actor.slug == "s-150"
    assert len(found.counterparts[0].encounters) == LATEST
    assert found.total == 199


def test_of_a_crowd_nobody_is_named(session: Session) -> None:
    aden = state(session, "aden")
    met(session, aden, *(state(session, f"s-{number:03}") for number in range(300)))
    assert load_company(session, "aden", ActorKind.STATE).counterparts == ()


def test_meetings_from_year_1_to_9999_and_without_a_date_have_one_scale(
    session: Session,
) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    for when in ("0001-01-01", "9999-12-31", None, "../2022-07-12"):
        met(session, aden, basra, date=when)
    found = load_company(session, "aden", ActorKind.STATE)
    picture = draw_company(found, TODAY)
    assert picture
    [line] = picture.lines
    assert len(line) == 3
    assert all(0 <= moment.at <= 100 for moment, _ in line)


def test_without_dates_or_meetings_there_is_no_picture(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    nobody = load_company(session, "aden", ActorKind.STATE)
    assert nobody.counterparts == () and draw_company(nobody, TODAY) is None
    met(session, aden, basra)
    assert draw_company(load_company(session, "aden", ActorKind.STATE), TODAY) is None
    with pytest.raises(NotFound):
        load_company(session, "nosuch", ActorKind.STATE)
