"""Contested claims: who denies, who declines and who cannot tell stay apart."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.contested import How, load_contested
from analysis.statements import Period
from models import Actor, Proposition, Stance
from models.enums import StanceLink
from tests import factories as make
from tests.queries.world import statements

POLARITY = {"for": 1, "against": -1}


@pytest.fixture
def fact(session: Session) -> Proposition:
    return make.proposition(session, slug="sold", text="It was sold.", kind="factual")


def say(
    session: Session,
    position: str,
    on: Proposition,
    holder: Actor | None = None,
    **given: Any,
) -> Stance:
    holder = holder or make.actor(session)
    stance = make.stance(
        session,
        holder=holder,
        proposition=on,
        position=position,
        polarity=POLARITY.get(position),
        **given,
    )
    make.evidence(session, stance=stance, said_by=[holder])
    return stance


@pytest.mark.parametrize(
    ("position", "how"),
    [
        ("against", How.DENIED),
        ("declined", How.DECLINED),
        ("undetermined", How.UNDETERMINED),
    ],
)
def test_what_another_speaker_does_not_affirm(
    session: Session, fact: Proposition, position: str, how: How
) -> None:
    affirmed = say(session, "for", fact)
    answer = say(session, position, fact)
    (found,) = load_contested(session).propositions
    assert found.how == (how,)
    assert [side.position for side in found.sides] == ["for", position]
    slugs = [[stance.slug for stance in side.stances] for side in found.sides]
    assert slugs == [[affirmed.slug], [answer.slug]]
    assert all(side.stances[0].citations for side in found.sides)
    assert load_contested(session, how=how).total == 1
    others = [way for way in How if way != how]
    assert [load_contested(session, how=way).total for way in others] == [0, 0]


def test_of_a_fact_it_is_affirmed_and_denied(
    session: Session, fact: Proposition
) -> None:
    say(session, "for", fact)
    say(session, "against", fact)
    (found,) = load_contested(session).propositions
    assert [side.badge.word for side in found.sides] == ["affirms", "denies"]


@pytest.mark.parametrize("position", ["unclear", "mixed", "for"])
def test_other_positions_contest_nothing(
    session: Session, fact: Proposition, position: str
) -> None:
    say(session, "for", fact)
    say(session, position, fact)
    assert load_contested(session).total == 0


def test_nobody_contests_their_own_word(session: Session, fact: Proposition) -> None:
    king = make.actor(session)
    say(session, "for", fact, king)
    say(session, "declined", fact, king)
    assert load_contested(session).total == 0
    say(session, "for", fact)
    assert load_contested(session).total == 1


def test_denials_alone_contest_nothing(session: Session, fact: Proposition) -> None:
    say(session, "against", fact)
    say(session, "declined", fact)
    assert load_contested(session).total == 0


def test_what_was_taken_back_contests_nothing(
    session: Session, fact: Proposition
) -> None:
    say(session, "for", fact)
    king = make.actor(session)
    denial = say(session, "against", fact, king)
    later = say(session, "for", fact, king)
    make.relation(session, later, StanceLink.RETRACTS, denial)
    assert load_contested(session).total == 0


def test_days_kinds_and_topics_narrow_it(session: Session) -> None:
    topic = make.topic(session, slug="trade")
    fact = make.proposition(session, kind="factual", topic=topic)
    norm = make.proposition(session)
    for on in (fact, norm):
        say(session, "for", on, stated="2022-07")
        say(session, "against", on, stated="2022-08")
    assert load_contested(session).total == 2
    assert load_contested(session, kind=fact.kind).total == 1
    assert load_contested(session, topic="trade").total == 1
    july = Period(until=date(2022, 7, 31))
    assert load_contested(session, period=july).total == 0


def test_claims_on_different_sentences_can_exclude_each_other(
    session: Session, fact: Proposition
) -> None:
    other = make.proposition(session, kind="factual")
    one, two = say(session, "for", fact), say(session, "for", other)
    make.relation(session, two, StanceLink.CONTRADICTS, one)
    found = load_contested(session)
    assert found.total == 0
    (pair,) = found.exclusions
    assert (pair.one.slug, pair.other.slug) == (two.slug, one.slug)
    assert pair.relation == StanceLink.CONTRADICTS


def test_a_meeting_that_is_announced_and_denied(session: Session) -> None:
    meeting = make.meeting(session)
    for status in ("announced", "denied"):
        event = make.status_event(session, meeting=meeting, status=status)
        make.evidence(session, status_event=event)
    calm = make.meeting(session)
    make.status_event(session, meeting=calm, status="held")
    (found,) = load_contested(session).meetings
    assert found.meeting.slug == meeting.slug
    assert [event.status for event in found.affirmed] == ["announced"]
    assert [event.status for event in found.denied] == ["denied"]


def test_attendance_that_is_reported_and_denied(session: Session) -> None:
    meeting, king = make.meeting(session), make.actor(session, name="The King")
    for presence in ("attended", "denied"):
        part = make.participation(
            session, meeting=meeting, person=king, presence=presence
        )
        make.evidence(session, participation=part)
    make.participation(session, meeting=meeting)
    (found,) = load_contested(session).meetings
    (attendance,) = found.attendance
    assert attendance.name == "The King"
    assert (len(attendance.affirmed), len(attendance.denied)) == (1, 1)
    assert found.denied == ()


def test_a_source_that_contradicts_an_event_contests_it(session: Session) -> None:
    event = make.status_event(session, status="held")
    make.evidence(session, status_event=event)
    make.evidence(session, status_event=event, role="contradicts")
    (found,) = load_contested(session).meetings
    assert [one.status for one in found.denied] == ["held"]


def test_each_side_shows_its_latest_words(session: Session, fact: Proposition) -> None:
    for day in range(1, 8):
        say(session, "for", fact, stated=f"2022-07-0{day}")
    say(session, "against", fact)
    (found,) = load_contested(session).propositions
    assert (found.sides[0].total, len(found.sides[0].stances)) == (7, 5)
    assert found.sides[0].stances[0].stated.edtf == "2022-07-07"


def test_the_number_of_statements_does_not_grow(
    session: Session, fact: Proposition
) -> None:
    def contest() -> None:
        on = make.proposition(session, kind="factual")
        one, two = say(session, "for", on), say(session, "against", on)
        make.relation(session, one, StanceLink.DENIES, two)
        meeting = make.meeting(session)
        for status in ("announced", "denied"):
            event = make.status_event(session, meeting=meeting, status=status)
            make.evidence(session, status_event=event)
        part = make.participation(session, meeting=meeting, presence="denied")
        make.evidence(session, participation=part)

    contest()
    with statements(session) as few:
        load_contested(session)
    for _ in range(8):
        contest()
    with statements(session) as many:
        load_contested(session)
    assert len(many) == len(few)


def test_an_empty_record_has_nothing_contested(session: Session) -> None:
    found = load_contested(session)
    assert (found.propositions, found.exclusions, found.meetings) == ((), (), ())
