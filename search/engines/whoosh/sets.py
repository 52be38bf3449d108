"""Sets of numbers as arrays: documents below some size, and places in them.

Whatever is ascending stays so. A set much smaller than what it meets is looked up by
binary search; else a mask of all documents is faster, though it is as long as they are.
"""

from collections.abc import Sequence

import numpy as np

from search.engines.whoosh.arrays import Array

#: A set is looked up in another by binary search if it is so many times smaller.
_MUCH_SMALLER = 16

NO_PLACES: Array = np.zeros(0, np.int64)
NO_DOCS: Array = np.zeros(0, np.intp)


def concatenated(parts: Sequence[Array]) -> Array:
    """Return some arrays as one, without a copy where there is but one."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def distinct(sets: Sequence[Array]) -> Array:
    """Unite ascending sets of numbers; `np.unique` takes three times as long."""
    if len(sets) == 1:
        return sets[0]
    numbers = np.concatenate(sets)
    numbers.sort()
    return numbers[
        np.concatenate(([True], numbers[1:] != numbers[:-1]))[: len(numbers)]
    ]


def any_of(size: int, sets: Sequence[Array]) -> Array:
    """Return the documents of any of the sets."""
    if len(sets) == 1:
        return sets[0]
    if sum(map(len, sets)) * _MUCH_SMALLER < size:
        return distinct([*sets, NO_DOCS])
    seen = np.zeros(size, bool)
    for docs in sets:
        seen[docs] = True
    return np.flatnonzero(seen)


def summed(size: int, pieces: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Add up values by document; these may come in any order, and again."""
    docs = concatenated([docs for docs, _ in pieces])
    values = concatenated([values for _, values in pieces])
    if len(docs) * _MUCH_SMALLER < size:
        docs, place = np.unique(docs, return_inverse=True)
        return docs, _sums(place, values)
    seen = np.zeros(size, bool)
    seen[docs] = True
    sums = _sums(docs, values, size)
    docs = np.flatnonzero(seen)
    return docs, sums.take(docs)


def _sums(places: Array, values: Array, size: int = 0) -> Array:
    """Add up values by place; of none at all numpy makes whole numbers."""
    return np.bincount(places, values, size).astype(float, copy=False)


def several(size: int, docs: Array) -> Array:
    """Tell of each document whether it comes more than once."""
    if len(docs) * _MUCH_SMALLER < size:
        _, place, times = np.unique(docs, return_inverse=True, return_counts=True)
        return (times > 1)[place]
    return (np.bincount(docs, minlength=size) > 1)[docs]


def within(size: int, docs: Array, other: Array) -> Array:
    """Tell of each document whether it is in another, ascending set."""
    if len(docs) * _MUCH_SMALLER < len(other):
        place = np.searchsorted(other, docs)
        place[place == len(other)] = 0
        found: Array = other[place] == docs
        return found
    seen = np.zeros(size, bool)
    seen[other] = True
    return seen.take(docs)


def positions(size: int, docs: Array, wanted: Array) -> Array:
    """Return where the wanted documents stand in *docs*; both ascend."""
    if len(wanted) * _MUCH_SMALLER < len(docs):
        place = np.searchsorted(docs, wanted)
        place[place == len(docs)] = 0
        found: Array = place[docs[place] == wanted]
        return found
    return np.flatnonzero(within(size, docs, wanted))
