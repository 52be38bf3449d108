"""From the documents that match to an answer: the total, the best, the facets."""

import heapq
from collections.abc import Sequence

import numpy as np

from search import scoring
from search.days import OPEN_END, OPEN_START, PERIODS
from search.engine import Count, Hit, Request, Result
from search.engines.whoosh import rules
from search.engines.whoosh.arrays import Array, Damage
from search.engines.whoosh.evaluation import Found, mask, matches
from search.engines.whoosh.segments import spans
from search.engines.whoosh.snapshot import Snapshot

_UNIT = 10**scoring.PLACES


def answer(snapshot: Snapshot, request: Request) -> Result:
    """Answer a request from all documents of a snapshot."""
    matching = matches(snapshot, request.query)
    filters = {name: mask(snapshot, node) for name, node in request.filters}

    def filtered(but: str | None) -> Found:
        masks = [found for name, found in filters.items() if name != but]
        if not masks:
            return matching
        keep = [found.take(matching.docs) for found in masks]
        return matching.kept(np.logical_and.reduce(keep))

    found = filtered(None)
    facets = {
        facet: _facet(
            snapshot,
            (filtered(facet) if facet in filters else found).docs,
            facet,
            request,
        )
        for facet in request.facets
    }
    hits = _ranked(snapshot, found, request)
    return Result(total=len(found.docs), hits=tuple(hits), facets=facets)


def _ranked(snapshot: Snapshot, found: Found, request: Request) -> list[Hit]:
    """Return the hits asked for: by their key, and where that is equal by their id."""
    wanted = request.offset + request.limit
    if not wanted:
        return []
    if request.sort == "relevance":
        found = _best(found, wanted)
        keys = None if found.scores is None else -_rounded(found)
    else:
        keys = _days(snapshot, found.docs, newest=request.sort == "-date")
    candidates: list[tuple[float, str, float]] = []
    for segment, (here, docs) in zip(
        snapshot.segments, snapshot.split(found.docs), strict=True
    ):
        ids = segment.values("id")
        numbers = ids.of_each()[docs]
        chosen = _first(None if keys is None else keys[here], numbers, wanted)
        if not len(chosen):
            continue
        order = np.zeros(len(chosen)) if keys is None else keys[here][chosen]
        scores = _rounded(found.kept(here).kept(chosen)) / _UNIT
        names = [ids.vocabulary[number] for number in numbers[chosen].tolist()]
        candidates += zip(order.tolist(), names, scores.tolist(), strict=True)
    best = heapq.nsmallest(wanted, candidates)
    hits = [Hit(id, score) for _, id, score in best[request.offset :]]
    for hit in hits:
        if not rules.ID.fullmatch(hit.id):
            raise Damage("a document has an impossible id")
    return hits


def _best(found: Found, wanted: int) -> Found:
    """Return those among which are the *wanted* best, whatever rounding makes equal."""
    scores = found.scores
    if scores is None or len(scores) <= wanted:
        return found
    limit = np.partition(scores, -wanted)[-wanted] - 1 / _UNIT
    return found.kept(np.flatnonzero(scores >= limit))


def _first(keys: Array | None, ids: Array, wanted: int) -> Array:
    """Return where the *wanted* smallest are, by their keys and then their ids."""
    if keys is None:
        keys, ids = ids, ids
    if len(keys) <= wanted:
        return np.arange(len(keys))
    limit = np.partition(keys, wanted - 1)[wanted - 1]
    below, equal = np.flatnonzero(keys < limit), np.flatnonzero(keys == limit)
    missing = wanted - len(below)
    if len(equal) > missing:
        equal = equal[np.argpartition(ids[equal], missing - 1)[:missing]]
    return np.concatenate([below, equal])


def _rounded(found: Found) -> Array:
    if found.scores is None:
        return np.zeros(len(found.docs))
    rounded: Array = np.rint(found.scores * _UNIT)
    return rounded


def _days(snapshot: Snapshot, docs: Array, *, newest: bool) -> Array:
    """The day by which documents are sorted; what has no date comes last."""
    earliest, latest = (bound.take(docs) for bound in snapshot.days)
    if newest:
        days = -np.where(latest == OPEN_END, earliest, latest)
    else:
        days = np.where(earliest == OPEN_START, latest, earliest)
    found: Array = np.where(earliest > latest, OPEN_END + 1, days)
    return found


def _facet(
    snapshot: Snapshot, docs: Array, facet: str, request: Request
) -> tuple[Count, ...]:
    names, counts = (
        _by_period(snapshot, docs, facet, request.month_years)
        if facet in PERIODS
        else _by_value(snapshot, docs, facet, request)
    )
    present = np.flatnonzero(counts)
    # Names are sorted, so their numbers decide between equal counts.
    best = present[_first(-counts[present], present, request.most_values)]
    pairs = [Count(names[n], int(counts[n])) for n in best.tolist()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.count, pair.value)))


def _by_value(
    snapshot: Snapshot, docs: Array, facet: str, request: Request
) -> tuple[Sequence[str], Array]:
    names, numbers = snapshot.names(facet)
    broader = request.broader.get(facet)
    counts = np.zeros(len(names), np.int64)
    if broader is not None:
        names = sorted({*names, *(n for name in names for n in broader.get(name, ()))})
        counts = np.zeros(len(names), np.int64)
    place = {name: number for number, name in enumerate(names)}
    for segment, (_, part), number in zip(
        snapshot.segments, snapshot.split(docs), numbers, strict=True
    ):
        values = segment.values(facet)
        held, times = values.held(part)
        if broader is None:
            few = np.bincount(held, minlength=len(values.vocabulary))
            if number is None:
                counts += few
            else:
                counts[number] += few
            continue
        # Each value counts for itself and what is broader, once in a document.
        wider = [
            [place[n] for n in {name, *broader.get(name, ())}]
            for name in values.vocabulary
        ]
        sizes = np.array([len(some) for some in wider], np.int64)
        flat = np.array([n for some in wider for n in some], np.int64)
        doc = np.repeat(np.repeat(np.arange(len(part)), times), sizes[held])
        every = flat[spans((np.cumsum(sizes) - sizes)[held], sizes[held])]
        once = np.unique(doc * len(names) + every) % max(len(names), 1)
        counts += np.bincount(once, minlength=len(names))
    return names, counts


def _by_period(
    snapshot: Snapshot, docs: Array, period: str, years: tuple[int, int]
) -> tuple[Sequence[str], Array]:
    first, start, end = snapshot.periods(period)
    begun, over = np.bincount(start.take(docs)), np.bincount(end.take(docs))
    steps = np.zeros(max(1, len(begun), len(over)), np.int64)
    steps[1 : len(begun)] += begun[1:]
    steps[1 : len(over)] -= over[1:]
    counts = np.cumsum(steps)
    numbers = range(first - 1, first - 1 + len(counts))
    if period == "year":
        return [f"{number:04}" for number in numbers], counts
    low, high = 12 * years[0], 12 * years[1] + 11
    counts[: max(0, low - numbers.start)] = 0
    counts[max(0, high + 1 - numbers.start) :] = 0
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers], counts
