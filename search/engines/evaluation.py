"""Evaluating a query on whole segments: every document that matches, exactly.

There is no shortcut here: each leaf is looked up in every segment, the tree is
evaluated on sets of documents, all of them are scored and the best are taken. What an
engine must offer for that is a `Segment`.
"""

import heapq
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Protocol

from search import scoring
from search.analysis import word_of_term
from search.engines import Count, Hit, Request, Result
from search.fields import BY_KEY, SCORED, Match
from search.language import QueryError
from search.patterns import (
    AnyTerm,
    Like,
    Row,
    Step,
    chains,
    distance,
    pattern,
    value_pattern,
)
from search.tree import (
    All,
    And,
    AnyOf,
    Boost,
    Days,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Words,
)

#: How many words a prefix, wildcard or fuzzy word may stand for.
MOST_WORDS = 2_000

#: How an open side of a date is written as a number of days; real ones lie between.
OPEN_START, OPEN_END = -1, 1 << 30

#: What an unknown date is written as: its start after its end, so it overlaps nothing.
UNDATED = (OPEN_END, OPEN_START)

_SIZE = array("I").itemsize


class Segment(Protocol):
    """A part of an index; documents are numbered from 0 within it."""

    live: frozenset[int]
    """The documents that are not deleted."""
    memo: dict[str, Any]
    """Whatever was worked out of it and holds while no other document is deleted."""

    def places(self, field: str, term: str) -> dict[int, bytes]:
        """Return the live documents with a term, and its packed positions in each."""
        ...

    def holding(self, field: str, value: str) -> frozenset[int]:
        """Return the live documents whose field holds a value."""
        ...

    def terms(self, field: str) -> Sequence[str]:
        """Return all terms or values of a field, sorted."""
        ...

    def values(self, field: str) -> Sequence[tuple[str, ...]]:
        """Return the values of a field, for each document."""
        ...

    def lengths(self, field: str) -> Sequence[int]:
        """Return how many words a field has, for each document."""
        ...

    def days(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the earliest and the latest day of each document (see `pack_days`)."""
        ...

    def ids(self) -> Sequence[str]:
        """Return the id of each document."""
        ...


def pack_places(places: Iterable[int]) -> bytes:
    """Write positions as an index keeps them."""
    return array("I", places).tobytes()


def unpack_places(packed: bytes) -> "array[int]":
    """Read positions as an index keeps them."""
    places = array("I")
    places.frombytes(packed)
    return places


def pack_days(
    dated: bool, earliest: date | None, latest: date | None
) -> tuple[int, int]:
    """Write a date as two numbers of days."""
    if not dated:
        return UNDATED
    return (
        OPEN_START if earliest is None else earliest.toordinal(),
        OPEN_END if latest is None else latest.toordinal(),
    )


def answer(
    segments: Sequence[Segment], languages: frozenset[str], request: Request
) -> Result:
    """Answer a request from all documents of the segments."""
    evaluation = _Evaluation(segments, languages)
    scored = list(map(_weighed, segments, evaluation.matches(request.query)))
    filters = {name: evaluation.matches(node) for name, node in request.filters}
    found = [
        _kept(part, [other[number] for other in filters.values()])
        for number, part in enumerate(scored)
    ]
    facets = {}
    for facet in request.facets:
        counted = found
        if facet in filters:
            others = [other for name, other in filters.items() if name != facet]
            counted = [
                _kept(part, [other[number] for other in others])
                for number, part in enumerate(scored)
            ]
        facets[facet] = _facet(segments, counted, facet, request)
    return Result(
        total=sum(map(len, found)),
        hits=tuple(_ranked(segments, found, request)),
        facets=facets,
    )


Scores = dict[int, float]


def _weighed(segment: Segment, scores: Scores) -> Scores:
    """Apply the factors of the kinds."""
    for kind, factor in scoring.FACTORS.items():
        for doc in segment.holding("kind", kind) & scores.keys():
            scores[doc] *= factor
    return scores


class _Evaluation:
    """One query on all segments: scores need what is known only of the whole."""

    def __init__(self, segments: Sequence[Segment], languages: frozenset[str]) -> None:
        self._segments = segments
        self._languages = languages
        self._documents = sum(len(segment.live) for segment in segments)
        self._means: dict[str, dict[str, float]] = {}

    def matches(self, node: Node) -> list[Scores]:
        """Return the matching documents and their scores, for each segment."""
        match node:
            case Term() | Phrase() | Fuzzy():
                return self._leaf(node)
            case Prefix() | Wildcard():
                if node.field and BY_KEY[node.field].match is not Match.WORDS:
                    return self._like(node, node.field)
                return self._leaf(node)
            case AnyOf(field, values):
                return [
                    dict.fromkeys(
                        chain.from_iterable(part.holding(field, v) for v in values), 0.0
                    )
                    for part in self._segments
                ]
            case Days(first, last, _):
                return [_within(part, first, last) for part in self._segments]
            case All():
                return [dict.fromkeys(part.live, 0.0) for part in self._segments]
            case Not(child):
                return [
                    dict.fromkeys(part.live - found.keys(), 0.0)
                    for part, found in zip(
                        self._segments, self.matches(child), strict=True
                    )
                ]
            case Boost(child, factor):
                return [
                    {doc: score * factor for doc, score in found.items()}
                    for found in self.matches(child)
                ]
            case Or(()):
                return [{} for _ in self._segments]
            case Or(below):
                return list(map(_union, zip(*map(self.matches, below), strict=True)))
            case And(below, optional):
                musts = zip(*map(self.matches, below), strict=True)
                found = list(map(_intersection, musts))
                for extra in map(self.matches, optional):
                    for scores, more in zip(found, extra, strict=True):
                        for doc in scores.keys() & more.keys():
                            scores[doc] += more[doc]
                return found
        raise TypeError(f"{type(node).__name__} is for search.meaning to settle")

    def _leaf(self, leaf: Words) -> list[Scores]:
        fields = (leaf.field,) if leaf.field else SCORED
        rows = pattern(leaf, self._languages).rows
        words: set[str] = set()
        counts = [
            {
                field: self._occurrences(part, field, rows, leaf, words)
                for field in fields
            }
            for part in self._segments
        ]
        if leaf.field is not None and not BY_KEY[leaf.field].scored:
            return [
                dict.fromkeys(chain.from_iterable(found.values()), 0.0)
                for found in counts
            ]
        frequencies = [
            self._frequencies(part, found)
            for part, found in zip(self._segments, counts, strict=True)
        ]
        rarity = scoring.rarity(self._documents, sum(map(len, frequencies)))
        return [
            {doc: scoring.score(rarity, frequency) for doc, frequency in found.items()}
            for found in frequencies
        ]

    def _frequencies(
        self, segment: Segment, counts: Mapping[str, Mapping[int, int]]
    ) -> dict[int, float]:
        found: dict[int, float] = {}
        for field, by_document in counts.items():
            if not by_document:
                continue
            means = self._mean_lengths(field)
            kinds = segment.values("kind")
            lengths = segment.lengths(field)
            for doc, count in by_document.items():
                mean = means[kinds[doc][0]]
                more = scoring.frequency(field, count, lengths[doc], mean)
                found[doc] = found[doc] + more if doc in found else more
        return found

    def _mean_lengths(self, field: str) -> dict[str, float]:
        """The mean length of a field, by the kind of document."""
        if field not in self._means:
            words: Counter[str] = Counter()
            documents: Counter[str] = Counter()
            for segment in self._segments:
                for kind, (number, total) in _lengths(segment, field).items():
                    documents[kind] += number
                    words[kind] += total
            self._means[field] = {
                kind: words[kind] / number for kind, number in documents.items()
            }
        return self._means[field]

    def _occurrences(
        self,
        segment: Segment,
        field: str,
        rows: Sequence[Row],
        leaf: Words,
        words: set[str],
    ) -> dict[int, int]:
        """Count a leaf's occurrences in each document; *words* collects expansions."""

        def places(step: Step) -> dict[int, bytes]:
            if isinstance(step, AnyTerm):
                terms: Iterable[str] = step.terms
            else:
                terms = list(_expanded(step, segment.terms(field), leaf, words))
            return _merged(segment.places(field, term) for term in terms)

        if len(rows) == 1 and len(rows[0].steps) == 1:
            found = places(rows[0].steps[0])
            return {doc: len(packed) // _SIZE for doc, packed in found.items()}
        starts: dict[int, set[int]] = {}
        for row in rows:
            for doc, first in _row(row, places):
                starts.setdefault(doc, set()).update(first)
        return {doc: len(first) for doc, first in starts.items()}

    def _like(self, leaf: Prefix | Wildcard, field: str) -> list[Scores]:
        """Documents of which a coded value passes the test of *leaf*."""
        step = value_pattern(leaf)
        accepts = step.tester()
        field = BY_KEY[field].reads
        found = []
        for segment in self._segments:
            docs: set[int] = set()
            for value in _from(segment.terms(field), step.prefix):
                if accepts(value):
                    docs |= segment.holding(field, value)
            found.append(dict.fromkeys(docs, 0.0))
        return found


def _lengths(segment: Segment, field: str) -> dict[str, tuple[int, int]]:
    """How many live documents there are of each kind, and words in their field."""
    known: dict[str, tuple[int, int]] | None = segment.memo.get(field)
    if known is None:
        found: dict[str, list[int]] = {}
        lengths, kinds = segment.lengths(field), segment.values("kind")
        for doc in segment.live:
            found.setdefault(kinds[doc][0], []).append(lengths[doc])
        known = {kind: (len(each), sum(each)) for kind, each in found.items()}
        segment.memo[field] = known
    return known


def _row(
    row: Row, places: Callable[[Step], dict[int, bytes]]
) -> Iterator[tuple[int, list[int]]]:
    """Yield the documents in which a row occurs, with the first positions."""
    found = [places(step) for step in row.steps]
    shared = set(found[0])
    for other in found[1:]:
        shared &= other.keys()
    for doc in shared:
        positions = [unpack_places(step[doc]) for step in found]
        if occurrences := chains(positions, row.slop):
            yield doc, [occurrence[0] for occurrence in occurrences]


def _merged(postings: Iterable[dict[int, bytes]]) -> dict[int, bytes]:
    """Unite the places of several terms."""
    merged: dict[int, bytes] = {}
    for found in filter(None, postings):
        if not merged:
            merged = dict(found)
            continue
        for doc, packed in found.items():
            before = merged.get(doc)
            if before is None:
                merged[doc] = packed
            else:
                both = {*unpack_places(before), *unpack_places(packed)}
                merged[doc] = pack_places(sorted(both))
    return merged


def _from(terms: Sequence[str], prefix: str) -> Iterator[str]:
    for number in range(bisect_left(terms, prefix), len(terms)):
        if not terms[number].startswith(prefix):
            return
        yield terms[number]


def _expanded(
    step: Like, terms: Sequence[str], leaf: Words, words: set[str]
) -> Iterator[str]:
    accepts = step.tester()
    for term in _from(terms, step.prefix):
        word = word_of_term(term)
        if word is not None and (word in words or accepts(word)):
            words.add(word)
            if len(words) > MOST_WORDS:
                raise QueryError(
                    f"{leaf} stands for more than {MOST_WORDS:,} different words; "
                    "write more of it."
                )
            yield term


def _within(segment: Segment, first: date | None, last: date | None) -> Scores:
    low = OPEN_START if first is None else first.toordinal()
    high = OPEN_END if last is None else last.toordinal()
    earliest, latest = segment.days()
    return {
        doc: 0.0
        for doc in segment.live
        if earliest[doc] <= high and latest[doc] >= low and earliest[doc] <= latest[doc]
    }


def _union(parts: Iterable[Scores]) -> Scores:
    united: Scores = {}
    for part in parts:
        for doc, score in part.items():
            united[doc] = united.get(doc, 0.0) + score
    return united


def _intersection(parts: Sequence[Scores]) -> Scores:
    shared = set(parts[0])
    for part in parts[1:]:
        shared &= part.keys()
    return {doc: sum([part[doc] for part in parts]) for doc in shared}


def _kept(scores: Scores, filters: Sequence[Scores]) -> Scores:
    for kept in filters:
        scores = {doc: score for doc, score in scores.items() if doc in kept}
    return scores


def _ranked(
    segments: Sequence[Segment], found: Sequence[Scores], request: Request
) -> list[Hit]:
    wanted = request.offset + request.limit
    if request.sort == "relevance":
        candidates = _best(segments, found, wanted)
    else:
        candidates = _by_day(segments, found, newest=request.sort == "-date")
    best = heapq.nsmallest(wanted, candidates)
    return [Hit(id, score) for _, id, score in best[request.offset :]]


def _best(
    segments: Sequence[Segment], found: Sequence[Scores], wanted: int
) -> Iterator[tuple[float, str, float]]:
    scores = heapq.nlargest(wanted, chain.from_iterable(f.values() for f in found))
    if not scores:
        return
    threshold = scores[-1] - 2 * 10**-scoring.PLACES
    for segment, part in zip(segments, found, strict=True):
        ids = segment.ids()
        for doc, score in part.items():
            if score >= threshold:
                rounded = round(score, scoring.PLACES)
                yield -rounded, ids[doc], rounded


def _by_day(
    segments: Sequence[Segment], found: Sequence[Scores], *, newest: bool
) -> Iterator[tuple[float, str, float]]:
    for segment, part in zip(segments, found, strict=True):
        ids = segment.ids()
        earliest, latest = segment.days()
        for doc, score in part.items():
            day = sort_day(earliest[doc], latest[doc], newest=newest)
            yield day, ids[doc], round(score, scoring.PLACES)


def sort_day(earliest: int, latest: int, *, newest: bool) -> float:
    """The day by which a document is sorted; what has no date comes last."""
    if (earliest, latest) == UNDATED:
        return float("inf")
    if newest:
        return -(earliest if latest == OPEN_END else latest)
    return latest if earliest == OPEN_START else earliest


def _facet(
    segments: Sequence[Segment], found: Sequence[Scores], facet: str, request: Request
) -> tuple[Count, ...]:
    counts: Counter[str] = Counter()
    broader = request.broader.get(facet)
    if facet == "year":
        counts = _years(segments, found)
    else:
        for segment, part in zip(segments, found, strict=True):
            held = map(segment.values(facet).__getitem__, part)
            if broader is None:
                counts.update(chain.from_iterable(held))
                continue
            for values, count in Counter(held).items():
                also = (broader.get(value, ()) for value in values)
                for value in {*values, *chain.from_iterable(also)}:
                    counts[value] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(value, count) for value, count in ordered[: request.most_values])


def _years(segments: Sequence[Segment], found: Sequence[Scores]) -> Counter[str]:
    """Count the years that documents touch; an open side goes to the last year known.

    So the count of a year is what a search for that year finds, as far as any date of
    the index reaches.
    """
    known = [
        day
        for segment in segments
        for days in segment.days()
        for doc, day in enumerate(days)
        if day not in (OPEN_START, OPEN_END) and doc in segment.live
    ]
    counts: Counter[str] = Counter()
    if not known:
        return counts
    first, last = min(known), max(known)
    spans: Counter[tuple[int, int]] = Counter()
    for segment, part in zip(segments, found, strict=True):
        earliest, latest = segment.days()
        spans.update((earliest[doc], latest[doc]) for doc in part)
    for (start, end), count in spans.items():
        if (start, end) == UNDATED:
            continue
        years = range(
            date.fromordinal(max(start, first)).year,
            date.fromordinal(min(end, last)).year + 1,
        )
        for year in years:
            counts[f"{year:04}"] += count
    return counts


def similar(
    segments: Sequence[Segment], languages: frozenset[str], word: str, limit: int
) -> tuple[str, ...]:
    """Words of the texts at most two changes away from *word*, the best first."""
    edits = 1 if len(word) <= 4 else 2
    near: dict[str, int] = {}
    for segment in segments:
        for field in SCORED:
            for term in segment.terms(field):
                found = word_of_term(term)
                if found is not None and found not in near:
                    near[found] = distance(word, found, edits)
    words = [found for found, away in near.items() if 0 < away <= edits]
    frequent = {found: _documents(segments, languages, found) for found in words}
    best = sorted(words, key=lambda found: (near[found], -frequent[found], found))
    return tuple([found for found in best if frequent[found]][:limit])


def _documents(
    segments: Sequence[Segment], languages: frozenset[str], word: str
) -> int:
    """In how many documents a word stands as it is written."""
    terms = [word, *(f"{word}={language}" for language in languages)]
    return sum(
        len(
            {
                doc
                for field in SCORED
                for term in terms
                for doc in segment.places(field, term)
            }
        )
        for segment in segments
    )
