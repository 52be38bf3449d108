"""How polarised a network is, and its two camps."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from analysis.networks.arithmetic import (
    Ties,
)
from analysis.networks.polarisation import find_camps


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
