"""How far a network of agreement and conflict falls into two camps.

The measure is the modularity of a network with positive and negative ties (Sergio
Gómez, Pablo Jensen and Alex Arenas, “Analysis of community structure in networks of
correlated data”, *Physical Review E* 80, 016114, 2009), at its largest over all
divisions into two camps, and doubled, so that it runs from 0 to 1. With *C* the
congruence and *D* the conflict of each pair, *c* and *d* their row sums, 2*w* = Σ *C*
and 2*v* = Σ *D*:

    Q = Σ over i, j of one camp: [C(i,j) − c(i)·c(j)/2w] − [D(i,j) − d(i)·d(j)/2v]
        divided by 2w + 2v

1 means two camps of equal weight that agree inside and differ across. 0 means that no
division says more than chance, as where all agree with all. Philip Leifeld's program
(DNA 3, `dna_polarization`) searches for two camps likewise and scores them by absolute
differences from an ideal; its scores depend on how many actors there are, these do not.

Twelve actors and fewer are divided in every possible way. For more, the search begins
with the signs of the leading eigenvectors and moves single actors while that helps:
deterministic, and a lower bound.
"""

from dataclasses import dataclass

import numpy as np

from analysis.networks.arithmetic import Ties
from analysis.statements import Floats, Ints

EVERY_WAY = 12
"""Up to so many actors, every division is tried: 2,048 of them."""
STARTS = 3
"""From how many eigenvectors the search begins otherwise."""


@dataclass(frozen=True, kw_only=True)
class Camps:
    """The best division into two camps."""

    polarisation: float
    """From 0 to 1."""
    larger: Ints
    """The ids of the actors of the larger camp; shape (actors,)."""
    smaller: Ints
    """The ids of the others; empty where no division says more than chance."""


def find_camps(ties: Ties) -> Camps | None:
    """Divide the actors that have ties; None where there is no tie to judge by."""
    if not (ties.congruence.sum() + ties.conflict.sum()) > 0:
        return None
    actors = np.unique(np.concatenate([ties.a, ties.b]))
    a, b = np.searchsorted(actors, ties.a), np.searchsorted(actors, ties.b)
    congruence, conflict = np.zeros((2, len(actors), len(actors)))
    congruence[a, b] = congruence[b, a] = ties.congruence
    conflict[a, b] = conflict[b, a] = ties.conflict
    gain = _above_chance(congruence) - _above_chance(conflict)
    sides = _every_way(gain) if len(actors) <= EVERY_WAY else _by_search(gain)
    # Rows and columns of `gain` add up to 0, so the pairs of one camp carry half of
    # what all pairs carry with the sign of the product of their sides.
    value = float(sides @ gain @ sides) / (congruence.sum() + conflict.sum())
    if value <= 1e-12:
        return Camps(polarisation=0.0, larger=actors, smaller=actors[:0])
    if (sides > 0).sum() * 2 < len(sides):
        sides = -sides
    return Camps(
        polarisation=min(value, 1.0),
        larger=actors[sides > 0],
        smaller=actors[sides < 0],
    )


def _above_chance(weights: Floats) -> Floats:
    """What each pair has more than its row sums lead one to expect."""
    rows = weights.sum(1)
    if not rows.any():
        return weights
    expected: Floats = np.outer(rows, rows) / rows.sum()
    return weights - expected


def _every_way(gain: Floats) -> Floats:
    """Try every division; the first actor's side is fixed."""
    size = len(gain)
    numbers = np.arange(2 ** (size - 1))[:, None]
    sides = np.ones((len(numbers), size))
    sides[:, 1:] -= 2 * (numbers >> np.arange(size - 1) & 1)
    values = np.einsum("wi,ij,wj->w", sides, gain, sides, optimize=True)
    best: Floats = sides[np.argmax(np.round(values, 9))]
    return best


def _by_search(gain: Floats) -> Floats:
    """Move single actors, from each start, while that helps; the best of the ends."""
    vectors = np.linalg.eigh(gain)[1][:, ::-1][:, :STARTS].T
    ends = [_improved(gain, np.where(vector < 0, -1.0, 1.0)) for vector in vectors]
    return max(ends, key=lambda sides: round(float(sides @ gain @ sides), 9))


def _improved(gain: Floats, sides: Floats) -> Floats:
    own = np.diag(gain)
    # Each move raises a bounded sum, so this ends; the limit is for rounding.
    for _ in range(10 * len(gain)):
        moves = -sides * (gain @ sides) + own
        best = int(np.argmax(moves))
        if moves[best] <= 1e-9:
            break
        sides = sides.copy()
        sides[best] *= -1
    return sides
