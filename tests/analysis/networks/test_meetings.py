"""The network of meetings: who met whom, and who was host."""

from sqlalchemy.orm import Session

from analysis.networks import (
    load_meeting_network,
)
from tests import factories as make
from tests.analysis.networks.world import meet, state


def test_held_and_planned_meetings_are_counted_apart(session: Session) -> None:
    aden, basra, cairo = (state(session, s) for s in ("aden", "basra", "cairo"))
    meet(session, "held", aden, basra)
    meet(session, "announced", basra, aden, cairo, format="trilateral")
    meet(session, "cancelled", aden, basra)
    meet(session, "denied", aden, basra)
    meet(session, None, aden, basra)
    found = load_meeting_network(session)
    edges = {(edge.a, edge.b): edge for edge in found.edges}
    both = edges["aden", "basra"]
    assert (both.weight, both.held, both.planned) == (2, 1, 1)
    assert (both.hosted_by_a, both.hosted_by_b, both.hosted_elsewhere) == (1, 1, 0)
    assert {one.format: one.count for one in both.formats} == {
        "bilateral": 1,
        "trilateral": 1,
    }
    assert edges["aden", "cairo"].hosted_elsewhere == 1
    assert (found.held, found.planned, found.left_out) == (1, 1, 3)
    held = load_meeting_network(session, status="held")
    assert held.total_edges == 1


def test_the_country_hosts_where_nobody_has_that_role(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    meeting = meet(session, "held", country=basra)
    for actor in (aden, basra):
        make.participation(session, meeting=meeting, represented=actor)
    (edge,) = load_meeting_network(session).edges
    assert (edge.hosted_by_a, edge.hosted_by_b) == (0, 1)


def test_who_was_absent_or_has_no_name_met_nobody(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    meeting = meet(session, "held", aden)
    make.participation(session, meeting=meeting, represented=basra, presence="absent")
    make.participation(session, meeting=meeting, label="delegations")
    found = load_meeting_network(session)
    assert (found.edges, found.unnamed, found.alone) == ((), 1, 1)


def test_who_met_at_a_stop_did_not_meet_once_more_on_the_visit(
    session: Session,
) -> None:
    aden, basra, cairo = (state(session, s) for s in ("aden", "basra", "cairo"))
    visit = meet(session, "held", aden, basra, cairo, kind="visit")
    stop = meet(session, "held", aden, basra, parent=visit, relation="stop")
    edges = {(e.a, e.b): e for e in load_meeting_network(session).edges}
    assert [ref.slug for ref in edges["aden", "basra"].meetings] == [stop.slug]
    # Of those whom no stop names together the visit is all that is known.
    assert [ref.slug for ref in edges["aden", "cairo"].meetings] == [visit.slug]


def test_a_stop_that_was_cancelled_takes_nothing_from_the_visit(
    session: Session,
) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    visit = meet(session, "held", aden, basra, kind="visit")
    meet(session, "cancelled", aden, basra, parent=visit, relation="stop")
    (edge,) = load_meeting_network(session).edges
    assert [ref.slug for ref in edge.meetings] == [visit.slug]


def test_a_meeting_without_participants_joins_nobody(session: Session) -> None:
    meet(session, "held")
    found = load_meeting_network(session)
    assert (found.edges, found.held, found.alone) == ((), 1, 1)
