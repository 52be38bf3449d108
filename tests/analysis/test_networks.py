"""Networks: the arithmetic worked by hand, what is counted, who met whom.

The worked example, with signs. Propositions 1 to 4; + is for, − against.

        1       2       3       4
    A   + +     +       −
    B   +       −       −       +
    C                   +

After equal statements are dropped, A has (1,+), (2,+), (3,−); B has (1,+), (2,−),
(3,−), (4,+); C has (3,+).

A and B agree on 1 and 3, differ on 2: congruence 2, conflict 1, subtract 1, and speak
of 3 propositions in common. A and C differ on 3; so do B and C.

Long because the worked example and its expectations stand together: who checks one
reads the other.
"""

import math
from collections import defaultdict
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from analysis.networks import (
    Duplicates,
    Levels,
    Nodes,
    Normalisation,
    StanceNetworkRequest,
    Weight,
    Windows,
    load_meeting_network,
    load_stance_network,
)
from analysis.networks.arithmetic import (
    ACTORS,
    Counts,
    Ties,
    Votes,
    count_votes,
    one_mode,
    two_mode,
)
from analysis.networks.polarisation import find_camps
from analysis.networks.windows import WINDOWS
from analysis.statements import Fold, Period
from errors import BadRequest
from models import Actor, Proposition
from models.enums import StanceLink
from tests import factories as make
from tests.queries.world import statements

A, B, C = 1, 2, 3
Vote = tuple[int, int, int, str | None, int]


def vote(actor: int, proposition: int, level: int, day: str = "2022-07-12") -> Vote:
    return actor, proposition, level, day, 1


def count(votes: list[Vote], duplicates: Duplicates) -> Counts:
    """Count votes: actor, proposition, level, day, source."""
    actor, proposition, level, day, source = zip(*votes, strict=True)
    columns = Votes(
        actor=np.array(actor, np.int64),
        proposition=np.array(proposition, np.int64),
        level=np.array(level, np.int64),
        day=np.array(day, "M8[D]"),
        source=np.array(source, np.int64),
    )
    return count_votes(columns, duplicates)


def cells(counts: Counts) -> dict[int, dict[tuple[int, int], int]]:
    """How often each actor took each level on each proposition."""
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for actor, proposition, level, number in zip(
        counts.actors[counts.actor].tolist(),
        counts.propositions[counts.proposition].tolist(),
        counts.level.tolist(),
        counts.number.tolist(),
        strict=True,
    ):
        found[actor][proposition, level] = number
    return found


VOTES = [
    vote(A, 1, 1),
    vote(A, 1, 1, "2022-07-15"),
    vote(A, 2, 1),
    vote(A, 3, -1),
    vote(B, 1, 1),
    vote(B, 2, -1),
    vote(B, 3, -1),
    vote(B, 4, 1),
    vote(C, 3, 1),
]


def weights(ties: Ties) -> dict[tuple[int, int], float]:
    return {(a, b): value for a, b, value, *_ in ties.rows()}


def of(weight: Weight, **given: Any) -> dict[tuple[int, int], float]:
    duplicates = given.pop("duplicates", Duplicates.ONCE)
    return weights(one_mode(count(VOTES, duplicates), weight, **given))


def test_congruence_counts_what_two_actors_agree_on() -> None:
    assert of(Weight.CONGRUENCE) == {(A, B): 2}


def test_conflict_counts_what_they_differ_on() -> None:
    assert of(Weight.CONFLICT) == {(A, B): 1, (A, C): 1, (B, C): 1}


def test_subtract_is_congruence_less_conflict() -> None:
    assert of(Weight.SUBTRACT) == {(A, B): 1, (A, C): -1, (B, C): -1}


def test_ignore_counts_what_both_speak_of() -> None:
    assert of(Weight.IGNORE) == {(A, B): 3, (A, C): 1, (B, C): 1}


def test_repeated_statements_multiply_where_all_count() -> None:
    """A says (1,+) twice, B once: 2 · 1 and, on 3, 1 · 1."""
    counted = of(Weight.CONGRUENCE, duplicates=Duplicates.ALL)
    assert counted == {(A, B): 3}
    ignored = of(Weight.IGNORE, duplicates=Duplicates.ALL)
    assert ignored[A, B] == 2 * 1 + 1 * 1 + 1 * 1


def test_average_divides_by_the_mean_number_of_statements() -> None:
    """A has 3, B has 4."""
    found = of(Weight.CONGRUENCE, normalisation=Normalisation.AVERAGE)
    assert found[A, B] == pytest.approx(2 / 3.5)


def test_jaccard_divides_by_what_either_says() -> None:
    """Only A: (2,+). Only B: (2,−), (4,+). Both: (1,+), (3,−)."""
    found = of(Weight.CONGRUENCE, normalisation=Normalisation.JACCARD)
    assert found[A, B] == pytest.approx(2 / (1 + 2 + 2))


def test_jaccard_weighs_repeated_statements() -> None:
    """Both: (1,+) 2 · 1 and (3,−) 1 · 1; alone 1 and 2; congruence 3."""
    found = of(
        Weight.CONGRUENCE,
        normalisation=Normalisation.JACCARD,
        duplicates=Duplicates.ALL,
    )
    assert found[A, B] == pytest.approx(3 / (1 + 2 + 3))


def test_cosine_divides_by_the_lengths_of_the_vectors() -> None:
    found = of(Weight.CONGRUENCE, normalisation=Normalisation.COSINE)
    assert found[A, B] == pytest.approx(2 / (math.sqrt(3) * math.sqrt(4)))
    found = of(
        Weight.CONGRUENCE, normalisation=Normalisation.COSINE, duplicates=Duplicates.ALL
    )
    assert found[A, B] == pytest.approx(3 / (math.sqrt(4 + 1 + 1) * math.sqrt(4)))


def test_actors_who_always_agree_have_cosine_and_jaccard_1() -> None:
    votes = [vote(actor, n, 1) for actor in (A, B) for n in range(5)]
    for normalisation in (Normalisation.COSINE, Normalisation.JACCARD):
        ties = one_mode(count(votes, Duplicates.ONCE), Weight.CONGRUENCE, normalisation)
        assert weights(ties)[A, B] == pytest.approx(1)


def test_strengths_agree_in_part() -> None:
    """2 and 1 are a quarter of the range apart; 2 and −2 all of it; 0 and 1 a
    quarter."""
    votes = [
        vote(A, 1, 2),
        vote(B, 1, 1),
        vote(A, 2, 2),
        vote(B, 2, -2),
        vote(A, 3, 0),
        vote(B, 3, 1),
    ]
    counts = count(votes, Duplicates.ONCE)
    agreed = one_mode(counts, Weight.CONGRUENCE, levels=Levels.STRENGTH)
    assert weights(agreed)[A, B] == pytest.approx(0.75 + 0 + 0.75)
    differed = one_mode(counts, Weight.CONFLICT, levels=Levels.STRENGTH)
    assert weights(differed)[A, B] == pytest.approx(0.25 + 1 + 0.25)


def test_agreeing_as_much_as_differing_is_an_edge_of_weight_0() -> None:
    votes = [vote(A, 1, 1), vote(B, 1, 1), vote(A, 2, 1), vote(B, 2, -1)]
    counts = count(votes, Duplicates.ONCE)
    assert weights(one_mode(counts, Weight.SUBTRACT)) == {(A, B): 0}


def test_products_of_matrices_count_as_cell_by_cell_counting_does() -> None:
    import random

    dice = random.Random(7)
    votes = [
        vote(dice.randrange(6), dice.randrange(12), dice.choice((-2, -1, 0, 1, 2)))
        for _ in range(400)
    ]
    counts = count(votes, Duplicates.ALL)
    said = cells(counts)
    for weight, share in ((Weight.CONGRUENCE, False), (Weight.CONFLICT, True)):
        found = weights(one_mode(counts, weight, levels=Levels.STRENGTH))
        for (a, b), value in found.items():
            slow = 0.0
            for (c, k), n in said[a].items():
                for (d, level), m in said[b].items():
                    if c == d:
                        apart = abs(k - level) / 4
                        slow += n * m * (apart if share else 1 - apart)
            assert value == pytest.approx(slow)


@pytest.mark.parametrize(
    ("duplicates", "expected"),
    [
        (Duplicates.ALL, 6),
        (Duplicates.DAY, 5),
        (Duplicates.WEEK, 4),
        (Duplicates.MONTH, 3),
        (Duplicates.YEAR, 2),
        (Duplicates.SOURCE, 2),
        (Duplicates.ONCE, 1),
    ],
)
def test_equal_statements_count_as_often_as_asked(
    duplicates: Duplicates, expected: int
) -> None:
    """Twice on Monday 11 July, then Tuesday, the week after, August, and 2023."""
    days = "2022-07-11 2022-07-11 2022-07-12 2022-07-18 2022-08-01 2023-08-01".split()
    votes: list[Vote] = [(A, 1, 1, day, at % 2) for at, day in enumerate(days)]
    assert cells(count(votes, duplicates)) == {A: {(1, 1): expected}}


def test_the_last_days_of_a_year_may_be_of_the_next_ones_first_week() -> None:
    votes: list[Vote] = [(A, 1, 1, day, 1) for day in ("2024-12-30", "2025-01-02")]
    assert cells(count(votes, Duplicates.WEEK)) == {A: {(1, 1): 1}}


def test_statements_without_a_date_share_that() -> None:
    votes: list[Vote] = [(A, 1, 1, day, 1) for day in (None, None, "2025-01-02")]
    assert cells(count(votes, Duplicates.MONTH)) == {A: {(1, 1): 2}}
    assert cells(count(votes, Duplicates.ALL)) == {A: {(1, 1): 3}}


def test_many_actors_are_compared_in_parts() -> None:
    """More than fit into one comparison, of which two pairs speak of the same."""
    last = 3 * ACTORS
    votes = [vote(actor, actor, 1) for actor in range(1, last + 1)]
    votes += [vote(1, last, -1), vote(ACTORS + 2, 2 * ACTORS + 5, 1)]
    found = one_mode(count(votes, Duplicates.ONCE), Weight.SUBTRACT)
    assert weights(found) == {(1, last): -1, (ACTORS + 2, 2 * ACTORS + 5): 1}


def test_two_modes_sum_signs_or_count() -> None:
    votes = [vote(A, 1, 1), vote(A, 1, -1), vote(A, 2, -1), vote(B, 2, -1)]
    counts = count(votes, Duplicates.ONCE)
    assert weights(two_mode(counts, Weight.SUBTRACT)) == {
        (A, 1): 0,
        (A, 2): -1,
        (B, 2): -1,
    }
    assert weights(two_mode(counts, Weight.IGNORE))[A, 1] == 2


def test_two_modes_are_divided_by_what_the_actor_says_or_what_is_said_of_it() -> None:
    """A made 3 statements (2 on the first), B one; of the second, 2 were made."""
    votes = [vote(A, 1, 1), vote(A, 1, -1), vote(A, 2, -1), vote(B, 2, -1)]
    counts = count(votes, Duplicates.ONCE)
    by_actor = weights(two_mode(counts, Weight.IGNORE, Normalisation.ACTIVITY))
    assert by_actor == pytest.approx({(A, 1): 2 / 3, (A, 2): 1 / 3, (B, 2): 1})
    by_issue = weights(two_mode(counts, Weight.SUBTRACT, Normalisation.PROMINENCE))
    assert by_issue == pytest.approx({(A, 1): 0, (A, 2): -1 / 2, (B, 2): -1 / 2})


# Polarisation


def network(*pairs: tuple[int, int, float, float]) -> Ties:
    columns = zip(*pairs, strict=True)
    a, b, congruence, conflict = (np.array(column) for column in columns)
    return Ties(
        a=a,
        b=b,
        value=congruence - conflict,
        congruence=congruence.astype(float),
        conflict=conflict.astype(float),
        shared=np.ones(len(a), np.int64),
    )


def camps_of(size: int) -> Ties:
    """Two camps of so many, wholly agreed inside, wholly opposed across."""
    pairs = [(a, b) for a in range(2 * size) for b in range(a)]
    return network(
        *((b, a, float(a % 2 == b % 2), float(a % 2 != b % 2)) for a, b in pairs)
    )


def test_two_opposed_pairs_are_wholly_polarised() -> None:
    """By hand: C has two ties, D four. Each actor has c = 1 and d = 2, so a pair is
    expected to have 1/4 of C and 1/2 of D. Inside the camps, itself included: C
    4 − 8/4, D 0 − 8/2, so Q = (2 + 4) / (4 + 8) = 1/2, doubled 1."""
    found = find_camps(camps_of(2))
    assert found is not None
    assert found.polarisation == pytest.approx(1)
    assert {*found.larger.tolist()} in ({0, 2}, {1, 3})


@pytest.mark.parametrize("size", [3, 5, 8, 20])
def test_two_camps_of_any_size_are_found_by_trying_and_by_searching(size: int) -> None:
    found = find_camps(camps_of(size))
    assert found is not None
    assert found.polarisation == pytest.approx(1)
    assert len(found.larger) == len(found.smaller) == size
    assert len({*(found.larger % 2).tolist()}) == 1


def test_where_all_agree_there_are_no_camps() -> None:
    pairs = [(a, b, 1.0, 0.0) for a in range(5) for b in range(a + 1, 5)]
    found = find_camps(network(*pairs))
    assert found is not None
    assert (found.polarisation, len(found.smaller)) == (0, 0)


def test_a_triangle_of_enemies_is_polarised_in_part() -> None:
    """By hand: of three mutual enemies two must share a camp. D = 1 for each pair, each
    d = 2, 2v = 6, expected 2/3. One camp of two: −(2·(1 − 2/3) + 2·(0 − 2/3)) = 2/3;
    one of one: 2/3; Q = (2/3 + 2/3) / 6 = 2/9, doubled 4/9."""
    found = find_camps(network((0, 1, 0, 1), (0, 2, 0, 1), (1, 2, 0, 1)))
    assert found is not None
    assert found.polarisation == pytest.approx(4 / 9)


def test_without_a_common_issue_nothing_is_said() -> None:
    none = network((0, 1, 0, 0))
    assert find_camps(none) is None
    assert find_camps(none.at(np.zeros(1, bool))) is None


@hypothesis.given(
    st.lists(
        st.tuples(
            st.integers(0, 7), st.integers(0, 7), st.integers(0, 3), st.integers(0, 3)
        ).filter(lambda pair: pair[0] < pair[1]),
        min_size=1,
        max_size=12,
        unique_by=lambda pair: pair[:2],
    )
)
def test_no_division_is_better_than_the_one_found(
    pairs: list[tuple[int, int, int, int]],
) -> None:
    """Against the definition, written out pair by pair."""
    ties = network(*pairs)
    found = find_camps(ties)
    if found is None:
        assert not any(c + d for _, _, c, d in pairs)
        return
    actors = sorted({actor for pair in pairs for actor in pair[:2]})
    weight: dict[tuple[int, int], tuple[int, int]] = {}
    for a, b, c, d in pairs:
        weight[a, b] = weight[b, a] = (c, d)

    def total(which: int, *of: int) -> float:
        return sum(w[which] for (a, _), w in weight.items() if not of or a in of)

    def quality(camp: set[int]) -> float:
        value = 0.0
        for a in actors:
            for b in actors:
                if (a in camp) == (b in camp):
                    for which, sign in ((0, 1), (1, -1)):
                        if all_of := total(which):
                            chance = total(which, a) * total(which, b) / all_of
                            value += sign * (weight.get((a, b), (0, 0))[which] - chance)
        return value / (total(0) + total(1))

    best = max(
        quality({a for at, a in enumerate(actors) if number >> at & 1})
        for number in range(2 ** (len(actors) - 1))
    )
    assert found.polarisation == pytest.approx(2 * best, abs=1e-9)


# From the record


def state(session: Session, slug: str) -> Actor:
    return make.actor(session, slug=slug, name=slug.title(), kind="state")


def say(session: Session, holder: Actor, on: Proposition, **given: Any) -> Any:
    return make.stance(session, holder=holder, proposition=on, **given)


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


# The meeting network


def meet(session: Session, status: str | None, *actors: Actor, **given: Any) -> Any:
    meeting = make.meeting(session, **given)
    if status:
        make.status_event(session, meeting=meeting, status=status, date="2022-07-01")
    for at, actor in enumerate(actors):
        make.participation(
            session,
            meeting=meeting,
            represented=actor,
            role="host" if at == 0 else "visitor",
        )
    return meeting


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
