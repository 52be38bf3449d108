"""The arrays of a segment, and what makes them both of documents and of segments.

==========================  ==========================================================
``G.words``, ``G.blocks``   the vocabulary of a group: its words, where blocks begin
``G.starts``                by word: where its documents begin in ``G.docs``; an end
``G.docs``                  the documents of each word, ascending
``G.covered``               by word: a stem that stands wherever the word stands, or -1
``G.whole``                 by word: whether it is a compound written together somewhere
``G.united``                by word: what unites both forms of a stem, or -1
``F.counts``                by document of a word: how often it stands there
``F.at``                    by word: where its positions begin in ``F.places``
``F.places``                by document of a word: its positions
``F.lengths``               by document: how many words it has
``V.of``, ``V.ids``         by document: where its values begin, an end; the values
``earliest``, ``latest``    by document: days
``digest``                  by document: eight bytes
==========================  ==========================================================

*G* is a group of fields with words, *F* is a field of it. *V* is a field with values,
which has the first three as well. Behind the words of a group come the stems that stand
in both forms, ``x=en`` and ``x~en``, once more: numbered on, with documents and counts,
but neither names nor positions.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from search.engines.whoosh.arrays import Array
from search.engines.whoosh.rules import BLOCK
from search.engines.whoosh.segments import SEPARATOR, spans

Arrays: TypeAlias = dict[str, Array]

#: The lower half of a sorting key: a place, or a document.
LOW = np.int64((1 << 32) - 1)


def named(field: str, arrays: Arrays) -> Arrays:
    return {f"{field}.{name}": array for name, array in arrays.items()}


def vocabulary(words: Sequence[str]) -> Arrays:
    blob = np.frombuffer(b"".join([w.encode() + SEPARATOR for w in words]), np.uint8)
    ends = np.flatnonzero(blob == SEPARATOR[0]) + 1
    starts = np.concatenate(([0], ends[:-1]))[: len(words)]
    return {"words": blob, "blocks": np.append(starts[::BLOCK], len(blob))}


def chosen(names: Sequence[str], used: Array) -> tuple[list[str], Array]:
    """Sort those of the names that are used; return the new number of each name."""
    order = sorted(np.flatnonzero(used).tolist(), key=names.__getitem__)
    new = np.full(len(names), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return [names[number] for number in order], new


def starts_of(words: Array, count: int) -> Array:
    """Return where each word begins in a sorted column of words, and the end."""
    return np.searchsorted(words, np.arange(count + 1)).astype(np.uint32)


def narrow(numbers: Array) -> Array:
    """Write numbers in as few bytes as the largest needs."""
    return numbers.astype(np.min_scalar_type(numbers.max(initial=0)), copy=False)


def column_of(names: Sequence[str], values: Array, counts: Array) -> Arrays:
    """Return the arrays of a field from the values of its documents, side by side."""
    names, new = chosen(names, np.bincount(values, minlength=len(names)))
    values = new[values]
    docs = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    key = values.astype(np.int64) << 32 | docs
    key.sort()
    ends = np.cumsum(counts, dtype=np.int64)
    return {
        **vocabulary(names),
        "starts": starts_of(key >> 32, len(names)),
        "docs": (key & LOW).astype(np.int32),
        "of": np.concatenate(([0], ends)).astype(np.uint32),
        "ids": values,
    }


def with_united(
    group: str, names: Sequence[str], postings: Arrays, counts: Arrays
) -> Arrays:
    """Return the arrays of a group, with stems once more that stand in both forms."""
    starts, docs = postings["starts"].astype(np.int64), postings["docs"]
    number = {name: place for place, name in enumerate(names)}
    pairs = [
        (number[other], place)
        for name, place in number.items()
        if "~" in name and (other := name.replace("~", "=")) in number
    ]
    united = np.full(len(names), -1, np.int32)
    pair = np.array(pairs, np.int64).reshape(-1, 2)
    united[pair] = len(names) + np.arange(len(pair), dtype=np.int32)[:, None]
    sizes = (starts[pair + 1] - starts[pair]).ravel()
    chosen = spans(starts[pair].ravel(), sizes)
    key = np.repeat(np.repeat(np.arange(len(pair)), 2), sizes) << 32
    key |= docs[chosen]
    order = np.argsort(key, kind="stable")
    key, chosen = key[order], chosen[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))[: len(key)])
    key = key[first]
    more = starts[-1] + np.searchsorted(key >> 32, np.arange(1, len(pair) + 1))
    arrays = named(
        group,
        {
            **vocabulary(names),
            **postings,
            "starts": np.concatenate((starts, more)).astype(np.uint32),
            "docs": np.concatenate((docs, (key & LOW).astype(np.int32))),
            "united": united,
        },
    )
    for field, each in counts.items():
        both = np.zeros(0, np.uint8)
        if len(first):
            both = np.add.reduceat(each[chosen], first, dtype=np.int64)
        arrays[f"{field}.counts"] = np.concatenate((narrow(each), narrow(both)))
    return arrays
