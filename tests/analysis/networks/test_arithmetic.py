"""The arithmetic of networks: small examples worked by hand, and what is counted.

The worked example, with signs. Propositions 1 to 4; + is for, − against.

        1       2       3       4
    A   + +     +       −
    B   +       −       −       +
    C                   +

After equal statements are dropped, A has (1,+), (2,+), (3,−); B has (1,+), (2,−),
(3,−), (4,+); C has (3,+).

A and B agree on 1 and 3, differ on 2: congruence 2, conflict 1, subtract 1, and speak
of 3 propositions in common. A and C differ on 3; so do B and C.
"""

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from analysis.networks import (
    Duplicates,
    Levels,
    Normalisation,
    Weight,
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
