"""The network of agreement, from the record."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.networks import (
    Nodes,
    Normalisation,
    StanceNetworkRequest,
    Weight,
    Windows,
    load_meeting_network,
    load_stance_network,
)
from analysis.networks.windows import WINDOWS
from analysis.statements import Fold, Period
from errors import BadRequest
from models.enums import StanceLink
from tests import factories as make
from tests.analysis.networks.world import meet, say, state
from tests.queries.world import statements

AGAINST = {"position": "against", "polarity": -1}


@pytest.fixture
def debate(session: Session) -> dict[str, Any]:
    """Aden and Basra differ on the first and agree on the second."""
    aden, basra = state(session, "aden"), state(session, "basra")
    one, two = make.proposition(session), make.proposition(session)
    say(session, aden, one, stated="2022-07-01")
    say(session, basra, one, stated="2022-07-02", **AGAINST)
    say(session, aden, two, stated="2022-08-01")
    say(session, basra, two, stated="2022-08-02")
    return {"aden": aden, "basra": basra, "one": one, "two": two}


def test_the_network_of_a_record(session: Session, debate: dict[str, Any]) -> None:
    found = load_stance_network(session)
    (edge,) = found.edges
    assert {edge.a, edge.b} == {"aden", "basra"}
    assert (edge.weight, edge.congruence, edge.conflict) == (0, 1, 1)
    assert (edge.shared, found.statements, found.total_edges) == (2, 4, 1)


def test_who_declines_or_cannot_tell_neither_agrees_nor_differs(
    session: Session, debate: dict[str, Any]
) -> None:
    for position in ("declined", "undetermined", "mixed", "unclear"):
        other = state(session, f"state-{position}")
        say(session, other, debate["one"], position=position, polarity=None)
    neutral = state(session, "neutral")
    say(session, neutral, debate["one"], position="neutral", polarity=0)
    found = load_stance_network(session)
    assert (found.total_edges, found.left_out) == (1, 5)
    ignoring = load_stance_network(session, StanceNetworkRequest(weight=Weight.IGNORE))
    assert ignoring.left_out == 0
    assert ignoring.total_edges == 1 + 2 * 5 + 10  # all who speak of the first


def test_days_confine_it_and_windows_cut_it(
    session: Session, debate: dict[str, Any]
) -> None:
    from datetime import date

    july = Period(since=date(2022, 7, 1), until=date(2022, 7, 31))
    assert (
        load_stance_network(session, StanceNetworkRequest(period=july)).edges[0].weight
        == -1
    )
    found = load_stance_network(
        session, StanceNetworkRequest(windows=Windows.MONTH)
    ).windows
    assert [(w.since.month, w.congruence, w.conflict) for w in found] == [
        (7, 0, 1),
        (8, 1, 0),
    ]
    assert (found[0].since, found[0].until) == (july.since, july.until)


def test_of_many_windows_the_latest_are_shown_and_all_are_counted(
    session: Session, debate: dict[str, Any]
) -> None:
    for year in range(1900, 1900 + WINDOWS):
        say(session, debate["aden"], debate["one"], stated=str(year))
    found = load_stance_network(session, StanceNetworkRequest(windows=Windows.YEAR))
    assert (len(found.windows), found.total_windows) == (WINDOWS, WINDOWS + 1)
    assert found.windows[-1].since.year == 2022


def test_windows_compare_what_can_be_compared_whatever_the_weight(
    session: Session, debate: dict[str, Any]
) -> None:
    """Strongly for and strongly against differ wholly, once, by their signs."""
    three = make.proposition(session)
    say(session, debate["aden"], three, stated="2022-09", polarity=2)
    against = {"position": "against", "polarity": -2}
    say(session, debate["basra"], three, stated="2022-09", **against)
    for weight in (Weight.SUBTRACT, Weight.IGNORE):
        found = load_stance_network(
            session, StanceNetworkRequest(weight=weight, windows=Windows.MONTH)
        )
        assert (found.windows[-1].congruence, found.windows[-1].conflict) == (0, 1)


def test_a_superseded_stance_counts_only_in_its_days(
    session: Session, debate: dict[str, Any]
) -> None:
    from datetime import date

    old = say(session, debate["basra"], debate["two"], stated="2022-06", **AGAINST)
    new = say(session, debate["basra"], debate["two"], stated="2022-09")
    make.relation(session, new, StanceLink.SUPERSEDES, old)
    assert load_stance_network(session).edges[0].conflict == 1
    days = Period(since=date(2022, 6, 1), until=date(2022, 12, 31))
    assert (
        load_stance_network(session, StanceNetworkRequest(period=days))
        .edges[0]
        .conflict
        == 2
    )


def test_people_count_for_their_state_unless_it_is_asked_not_to(
    session: Session, debate: dict[str, Any]
) -> None:
    envoy = make.actor(session, slug="envoy")
    say(session, envoy, debate["one"], represents=debate["basra"])
    folded = load_stance_network(session)
    assert "envoy" not in {node.thing.slug for node in folded.nodes}
    assert folded.folded.represents == 1
    alone = load_stance_network(session, StanceNetworkRequest(fold=Fold.NONE))
    assert "envoy" in {node.thing.slug for node in alone.nodes}


def test_two_modes_join_actors_and_propositions(
    session: Session, debate: dict[str, Any]
) -> None:
    found = load_stance_network(session, StanceNetworkRequest(nodes=Nodes.AFFILIATION))
    assert len(found.nodes) == found.total_edges == 4
    for given in (
        {"weight": Weight.CONGRUENCE},
        {"normalisation": Normalisation.COSINE},
    ):
        with pytest.raises(BadRequest) as caught:
            load_stance_network(
                session, StanceNetworkRequest(nodes=Nodes.AFFILIATION, **given)
            )
        assert caught.value.field in given


def test_an_empty_record_is_an_empty_network(session: Session) -> None:
    found = load_stance_network(session)
    assert (found.nodes, found.edges, found.statements) == ((), (), 0)
    meetings = load_meeting_network(session)
    assert (meetings.nodes, meetings.edges, meetings.held) == ((), (), 0)


def test_the_number_of_statements_does_not_grow(
    session: Session, debate: dict[str, Any]
) -> None:
    with statements(session) as few:
        load_stance_network(session)
        load_meeting_network(session)
    for n in range(20):
        other = state(session, f"more-{n}")
        say(session, other, make.proposition(session))
        say(session, other, debate["one"])
        meet(session, "held", other, debate["aden"])
    with statements(session) as many:
        load_stance_network(session)
        load_meeting_network(session)
    assert len(many) == len(few)
