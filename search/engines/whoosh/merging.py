"""Merging: the live documents of several segments become one segment."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from search.engines.whoosh.arrays import Array
from search.engines.whoosh.rules import COLUMNS, GROUPS
from search.engines.whoosh.segments import Postings, Segment, spans
from search.engines.whoosh.shaping import (
    Arrays,
    chosen,
    column_of,
    named,
    narrow,
    with_united,
)

#: How many numbers a merge moves at a time: what bounds its memory.
AT_ONCE = 4_000_000


def merged(segments: Sequence[Segment]) -> Arrays:
    """Return the arrays of one segment with the live documents of several."""
    found: Arrays = {}
    live = [segment.all() for segment in segments]
    numbers = []  # by segment: the new number of each document, -1 for none
    size = 0
    for segment, docs in zip(segments, live, strict=True):
        new = np.full(segment.size, -1, np.int32)
        new[docs] = np.arange(size, size + len(docs), dtype=np.int32)
        numbers.append(new)
        size += len(docs)
    for name in ("earliest", "latest", "digest"):
        parts = [s.array(name)[d] for s, d in zip(segments, live, strict=True)]
        found[name] = np.concatenate(parts)
    for group, fields in GROUPS.items():
        found |= _merged_words(group, segments, numbers)
        for field in fields:
            parts = [
                segment.array(f"{field}.lengths")[docs]
                for segment, docs in zip(segments, live, strict=True)
            ]
            found[f"{field}.lengths"] = np.concatenate(parts)
    for field in COLUMNS:
        columns = [segment.values(field) for segment in segments]
        names, renamed = _renumbered(columns)
        values, counts = [], []
        for column, docs, new in zip(columns, live, renamed, strict=True):
            held, count = column.held(docs)
            values.append(new[held])
            counts.append(count)
        found |= named(
            field, column_of(names, np.concatenate(values), np.concatenate(counts))
        )
    return found


def _renumbered(fields: Sequence[Postings]) -> tuple[list[str], list[Array]]:
    """Unite vocabularies; return the new numbers of the words of each."""
    words = [list(field.vocabulary) for field in fields]
    names = sorted(set().union(*words))
    number = {name: place for place, name in enumerate(names)}
    return names, [np.array([number[w] for w in some], np.int32) for some in words]


def _merged_words(
    group: str, segments: Sequence[Segment], numbers: Sequence[Array]
) -> Arrays:
    """Merge words: what a segment has of each stays together, and only moves."""
    names, renamed = _renumbered([segment.words(group) for segment in segments])
    fields = GROUPS[group]
    docs: list[Array] = []
    counts: dict[str, list[Array]] = {field: [] for field in fields}
    places: dict[str, list[Array]] = {field: [] for field in fields}
    shape = len(segments), len(names)
    sizes = np.zeros(shape, np.int64)
    taken = {field: np.zeros(shape, np.int64) for field in fields}
    covered = np.full(len(names), -2, np.int32)
    whole = np.zeros(len(names), bool)
    for place, segment in enumerate(segments):
        new = renamed[place]
        starts = segment.array(f"{group}.starts")[: len(new) + 1].astype(np.int64)
        doc = numbers[place][segment.array(f"{group}.docs")[: starts[-1]]]
        kept = doc >= 0
        docs.append(doc[kept])
        sizes[place, new] = _sums(kept, starts)
        for field in fields:
            count = segment.array(f"{field}.counts")[: starts[-1]]
            places[field].append(segment.array(f"{field}.places"))
            if not kept.all():
                places[field][-1] = places[field][-1][np.repeat(kept, count)]
                count = np.where(kept, count, 0).astype(count.dtype)
            taken[field][place, new] = _sums(count, starts)
            counts[field].append(count[kept])
        whole[new] |= segment.array(f"{group}.whole")
        cover = segment.array(f"{group}.covered")
        cover = np.where(cover >= 0, new[cover], -1) if len(new) else cover
        before = covered[new]
        covered[new] = np.where((before == -2) | (before == cover), cover, -1)

    used = sizes.sum(axis=0) > 0
    names, new = chosen(names, used)
    cover = covered[used]
    found = {
        "starts": _bounds(sizes[:, used]),
        "docs": _moved(docs, renamed, sizes),
        "covered": np.where(cover >= 0, new[cover], -1) if len(cover) else cover,
        "whole": whole[used],
    }
    occurring = {field: _moved(counts[field], renamed, sizes) for field in fields}
    arrays = with_united(group, names, found, occurring)
    for field in fields:
        arrays[f"{field}.at"] = _bounds(taken[field][:, used])
        moved = _moved(places[field], renamed, taken[field])
        arrays[f"{field}.places"] = narrow(moved)
    return arrays


def _sums(values: Array, starts: Array) -> Array:
    """Sum the values of each word, of which there is one at least."""
    if not len(values):
        return np.zeros(0, np.int64)
    return np.add.reduceat(values, starts[:-1], dtype=np.int64)


def _bounds(sizes: Array) -> Array:
    """Return where each word begins that has so many in each segment; an end."""
    ends = np.cumsum(sizes.sum(axis=0))
    return np.concatenate(([0], ends)).astype(np.uint32)


def _moved(parts: Sequence[Array], renamed: Sequence[Array], sizes: Array) -> Array:
    """Bring together by word what several segments have, side by side in each.

    *sizes* say how much, by segment and word.
    """
    kind = np.result_type(*parts)
    moved = np.empty(sum(map(len, parts)), kind)
    begins = np.cumsum(sizes.sum(axis=0)) - sizes.sum(axis=0)
    for part, new, size in zip(parts, renamed, sizes, strict=True):
        first, counts = begins[new], size[new]
        ends = np.cumsum(counts)
        bounds = np.searchsorted(ends, np.arange(0, len(part), AT_ONCE)).tolist()
        for low, high in pairwise([*bounds, len(new)]):
            there = spans(first[low:high], counts[low:high])
            last = int(ends[high - 1]) if high else 0
            moved[there] = part[last - len(there) : last]
        begins += size
    return moved
