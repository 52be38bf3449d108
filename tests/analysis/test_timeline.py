"""Timelines: which stances stand on which lane, and what is left out."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from analysis.statements import Fold, Period, Reason
from analysis.timeline import (
    load_actor_timeline,
    load_proposition_timeline,
    span,
)
from errors import NotFound
from models import LoadRun, Tenure
from tests import factories as make
from tests.queries.world import World, add_more, make_world, statements


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def test_a_state_has_the_stances_of_those_who_speak_for_it(
    session: Session, world: World
) -> None:
    timeline = load_actor_timeline(session, "aden")
    (lane,) = timeline.lanes
    assert lane.about.slug == "sell-salt"
    assert [dot.stance.slug for dot in lane.dots] == ["king-no", "king-yes"]
    assert {dot.reason for dot in lane.dots} == {Reason.REPRESENTS}
    assert [dot.stance.current for dot in lane.dots] == [False, True]
    assert (timeline.total, timeline.folded.represents) == (2, 2)


def test_unfolded_it_has_only_its_own(session: Session, world: World) -> None:
    assert load_actor_timeline(session, "aden", fold=Fold.NONE).lanes == ()
    assert load_actor_timeline(session, "king", fold=Fold.NONE).total == 2


def test_an_office_holder_is_shown_with_the_office(
    session: Session, world: World
) -> None:
    office = make.office(session, title="Envoy of Aden", body=world.aden)
    make.add(
        session,
        Tenure(key="envoy/x", person=world.envoy, office=office, since="2022"),
    )
    said = make.stance(
        session, holder=world.envoy, proposition=world.proposition, stated="2022-07-20"
    )
    timeline = load_actor_timeline(session, "aden")
    dots = {dot.stance.slug: dot for lane in timeline.lanes for dot in lane.dots}
    assert dots[said.slug].reason == Reason.OFFICE
    assert dots[said.slug].office == "Envoy of Aden"
    assert timeline.folded.office == 1


def test_meetings_stand_on_it(session: Session, world: World) -> None:
    timeline = load_actor_timeline(session, "aden")
    assert [meeting.slug for meeting in timeline.meetings] == ["aden-meeting"]
    on_it = load_proposition_timeline(session, "sell-salt")
    assert [meeting.slug for meeting in on_it.meetings] == ["aden-meeting"]


def test_it_can_be_narrowed(session: Session, world: World) -> None:
    pepper = make.proposition(session, slug="pepper")
    make.stance(session, holder=world.aden, proposition=pepper, stated="2022-08")
    assert load_actor_timeline(session, "aden").total == 3
    narrowed = load_actor_timeline(session, "aden", propositions=["pepper"])
    assert narrowed.total == 1
    assert load_actor_timeline(session, "aden", topic="trade").total == 2
    august = Period(since=date(2022, 8, 1))
    assert load_actor_timeline(session, "aden", period=august).total == 1
    never = Period(until=date(1999, 1, 1))
    empty = load_actor_timeline(session, "aden", period=never)
    assert (empty.lanes, empty.total, span(empty)) == ((), 0, None)


def test_a_proposition_has_a_lane_for_each_actor_from_for_to_against(
    session: Session, world: World
) -> None:
    basra = make.actor(session, slug="basra", kind="state")
    cairo = make.actor(session, slug="cairo", kind="state")
    on_it = {"proposition": world.proposition, "stated": "2022-07"}
    make.stance(session, holder=basra, position="against", polarity=-2, **on_it)
    make.stance(session, holder=cairo, position="declined", polarity=None, **on_it)
    timeline = load_proposition_timeline(session, "sell-salt")
    assert [lane.about.slug for lane in timeline.lanes] == ["aden", "basra", "cairo"]


def test_the_latest_are_shown_where_there_are_too_many(
    session: Session, world: World
) -> None:
    timeline = load_actor_timeline(session, "aden", limit=1)
    assert (timeline.total, timeline.shown) == (2, 1)
    assert timeline.lanes[0].dots[0].stance.slug == "king-yes"


def test_what_is_not_there_is_named(session: Session, world: World) -> None:
    for load in (
        lambda: load_actor_timeline(session, "nobody"),
        lambda: load_proposition_timeline(session, "nothing"),
        lambda: load_actor_timeline(session, "aden", topic="nothing"),
        lambda: load_actor_timeline(session, "aden", propositions=["nothing"]),
    ):
        with pytest.raises(NotFound, match=r"nobody|nothing"):
            load()


def test_an_actor_without_stances_and_a_stance_without_a_date(
    session: Session, world: World
) -> None:
    make.actor(session, slug="mute")
    assert load_actor_timeline(session, "mute").lanes == ()
    make.stance(session, holder=world.envoy, proposition=world.proposition)
    timeline = load_actor_timeline(session, "envoy")
    assert timeline.undated == 2
    assert timeline.lanes[0].dots


def test_the_number_of_statements_does_not_grow(session: Session, world: World) -> None:
    session.add(LoadRun(verb="load", name="more"))
    with statements(session) as few:
        load_actor_timeline(session, "aden")
        load_proposition_timeline(session, "sell-salt")
    add_more(session, world, 5)
    with statements(session) as many:
        load_actor_timeline(session, "aden")
        load_proposition_timeline(session, "sell-salt")
    assert len(many) == len(few)
