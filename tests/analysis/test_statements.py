"""For whom a stance counts, and what is left out of a period."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.statements import REASONS, Fold, Period, Reason, Sides, load_statements
from errors import BadRequest, NotFound
from models import Actor, Stance, Tenure
from tests import factories as make


def counted(session: Session, fold: Fold = Fold.OFFICE) -> tuple[str, Reason]:
    """For whom the only stance of the record counts, and why."""
    sides = Sides(session, fold)
    counted = sides.count(load_statements(session))
    (actor,), (reason,) = counted.actor.tolist(), counted.reason
    return sides.actors[actor].slug, REASONS[reason]


@pytest.fixture
def aden(session: Session) -> Actor:
    return make.actor(session, slug="aden", kind="state")


@pytest.fixture
def court(session: Session, aden: Actor) -> Actor:
    return make.actor(session, slug="court", kind="government_body", parent=aden)


def hold(session: Session, person: Actor, body: Actor, **given: Any) -> None:
    office = make.office(session, body=body)
    key = f"{person.slug}/{office.slug}"
    make.add(session, Tenure(key=key, person=person, office=office, **given))


def test_a_stance_counts_for_the_state_for_which_it_was_spoken(
    session: Session, court: Actor
) -> None:
    make.stance(session, holder=make.actor(session, slug="king"), represents=court)
    assert counted(session) == ("aden", Reason.REPRESENTS)
    assert counted(session, Fold.REPRESENTED) == ("aden", Reason.REPRESENTS)
    assert counted(session, Fold.NONE) == ("king", Reason.ITSELF)


def test_a_body_counts_for_its_state(session: Session, court: Actor) -> None:
    make.stance(session, holder=court)
    assert counted(session) == ("aden", Reason.BODY)


def test_what_belongs_to_no_state_counts_for_itself(session: Session) -> None:
    league = make.actor(session, slug="league", kind="international_organization")
    make.stance(session, holder=league)
    assert counted(session) == ("league", Reason.ITSELF)


def test_who_speaks_for_an_organization_counts_for_it(session: Session) -> None:
    league = make.actor(session, slug="league", kind="international_organization")
    make.stance(session, holder=make.actor(session), represents=league)
    assert counted(session) == ("league", Reason.REPRESENTS)


@pytest.mark.parametrize(
    ("tenure", "stated", "by_office"),
    [
        ({"since": "2020", "until": "2022"}, "2021-05", True),
        ({"since": "2020", "until": "2022"}, "2019", False),
        ({"since": "2020", "until": "2022"}, "2023", False),
        ({"since": "2020", "until": "2022"}, "2019/2020", True),
        ({"since": "2020"}, "2030", True),
        ({"until": "2022"}, "2010", True),
        ({"attested": "2022-07-12"}, "2022-07-12", True),
        ({"attested": "2022-07-12"}, "2022-07-13", False),
        ({"attested": "2022-07-12"}, "../2022-07-13", True),
        ({"since": "2020", "until": "2022"}, None, False),
        ({}, "2021", False),
    ],
)
def test_an_office_counts_while_the_record_shows_it_held(
    session: Session,
    aden: Actor,
    tenure: dict[str, str],
    stated: str | None,
    by_office: bool,
) -> None:
    king = make.actor(session, slug="king")
    hold(session, king, aden, **tenure)
    make.stance(session, holder=king, stated=stated)
    expected = ("aden", Reason.OFFICE) if by_office else ("king", Reason.ITSELF)
    assert counted(session) == expected
    assert counted(session, Fold.REPRESENTED) == ("king", Reason.ITSELF)


def test_what_was_recorded_outranks_an_office(session: Session, aden: Actor) -> None:
    king, basra = make.actor(session), make.actor(session, slug="basra", kind="state")
    hold(session, king, aden, since="2000")
    make.stance(session, holder=king, represents=basra, stated="2022")
    assert counted(session) == ("basra", Reason.REPRESENTS)


def test_offices_in_different_states_decide_nothing(
    session: Session, aden: Actor
) -> None:
    king, basra = make.actor(session, slug="king"), make.actor(session, kind="state")
    hold(session, king, aden, since="2000")
    hold(session, king, basra, since="2000")
    make.stance(session, holder=king, stated="2022")
    assert counted(session) == ("king", Reason.ITSELF)


def test_two_offices_of_one_state_agree(
    session: Session, aden: Actor, court: Actor
) -> None:
    king = make.actor(session, slug="king")
    hold(session, king, aden, since="2000")
    hold(session, king, court, since="2000")
    make.stance(session, holder=king, stated="2022")
    assert counted(session) == ("aden", Reason.OFFICE)


def test_a_body_is_shown_what_its_people_say_and_not_what_its_state_says(
    session: Session, aden: Actor, court: Actor
) -> None:
    king = make.actor(session, slug="king")
    hold(session, king, court, since="2000")
    for holder, represents in ((king, None), (court, None), (king, aden), (aden, None)):
        make.stance(session, holder=holder, represents=represents, stated="2022")
    sides, items = Sides(session), load_statements(session)
    order = items.in_order()
    counted = sides.count(items)
    assert set(counted.actor.tolist()) == {aden.id}

    def why(actor: Actor) -> list[Reason | None]:
        found = sides.reasons(items, counted, actor.id)[order]
        return [REASONS[code] if code >= 0 else None for code in found]

    assert why(court) == [Reason.OFFICE, Reason.ITSELF, None, None]
    assert why(aden) == [
        Reason.OFFICE,
        Reason.BODY,
        Reason.REPRESENTS,
        Reason.ITSELF,
    ]


def test_who_may_speak_for_a_state(session: Session, aden: Actor, court: Actor) -> None:
    king, stranger = make.actor(session), make.actor(session)
    hold(session, king, court, since="2000")
    assert Sides(session).may_speak_for(aden.id) == {aden.id, court.id, king.id}
    assert Sides(session, Fold.NONE).may_speak_for(aden.id) == {aden.id}
    assert stranger.id not in Sides(session).may_speak_for(aden.id)


def test_an_unknown_actor_is_named(session: Session) -> None:
    with pytest.raises(NotFound, match="nobody"):
        Sides(session).find("nobody")


def test_days_in_the_wrong_order_are_refused_by_name() -> None:
    with pytest.raises(BadRequest) as caught:
        Period(since=date(2022, 2, 1), until=date(2022, 1, 1))
    assert caught.value.field == "to"


def test_a_period_holds_what_may_have_been_stated_in_it(session: Session) -> None:
    slugs = {
        stated: make.stance(session, stated=stated).slug
        for stated in ("2021-12-31", "2021/2022", "2022-07", "../2022-02", "2023", None)
    }
    year = Period(since=date(2022, 1, 1), until=date(2022, 12, 31))
    found = load_statements(session, year.touches()).id.tolist()
    inside = session.query(Stance.slug).where(Stance.id.in_(found))
    assert {slug for (slug,) in inside} == {
        slugs[stated] for stated in ("2021/2022", "2022-07", "../2022-02")
    }
    assert len(load_statements(session, Period().touches())) == 6
