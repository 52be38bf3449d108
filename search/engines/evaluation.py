"""Evaluating a query on arrays: every document that matches, exactly.

Each leaf is looked up in every segment and gives an ascending array of documents with
their scores; the tree is evaluated on these, and only the best are sorted. Nothing is
skipped on the strength of a bound, so totals and facets come out exact; what makes it
fast is that no step runs in Python once per document.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

import numpy as np

from search import scoring
from search.analysis import word_of_term
from search.engines import Count, Hit, Request, Result
from search.engines.arrays import Array
from search.engines.segments import (
    GROUPS,
    OPEN_END,
    OPEN_START,
    Piece,
    Segment,
    Vocabulary,
    spans,
)
from search.fields import BY_KEY, SCORED, Match
from search.language import QueryError
from search.patterns import (
    AnyTerm,
    Like,
    Row,
    Step,
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
)
from search.tree import Words as WordsNode

#: How many words a prefix, wildcard or fuzzy word may stand for.
MOST_WORDS = 2_000

#: A set is looked up in another by binary search if it is so many times smaller.
_MUCH_SMALLER = 16

_UNIT = 10**scoring.PLACES
T = TypeVar("T")


class Found(NamedTuple):
    """Documents of a segment, ascending, with their scores; None for all zero."""

    docs: Array
    scores: Array | None = None

    def kept(self, keep: Array) -> "Found":
        """Return some of them."""
        return Found(
            self.docs[keep], None if self.scores is None else self.scores[keep]
        )


class Snapshot:
    """The segments of one commit, and what is known only of the whole."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.documents = sum(segment.count for segment in segments)
        self.languages = frozenset(
            language
            for segment in segments
            for language in segment.values("language").vocabulary
        )
        self._known: dict[tuple[str, str], Any] = {}

    def gains(self, field: str) -> list[Array]:
        """Return what one occurrence in a field adds to each document's frequency."""

        def read() -> list[Array]:
            names, numbers = self.names("kind")
            words, documents = np.zeros((2, len(names)))
            found = []
            for segment, number in zip(self.segments, numbers, strict=True):
                live, lengths = segment.all(), segment.array(f"{field}.lengths")
                kinds = segment.values("kind").of_each()
                kinds = kinds if number is None else number[kinds]
                words += np.bincount(kinds[live], lengths[live], len(names))
                documents += np.bincount(kinds[live], minlength=len(names))
                found.append((lengths, kinds))
            # A kind without words divides by nothing that anybody asks for.
            means = np.maximum(words, 0.5) / np.maximum(documents, 1)
            return [
                scoring.frequency(field, 1, lengths, means[kinds])
                for lengths, kinds in found
            ]

        return self._once(("gains", field), read)

    def factors(self) -> list[Array | None]:
        """Return what each document's score is multiplied by; None for 1."""

        def read() -> list[Array | None]:
            found: list[Array | None] = []
            for segment in self.segments:
                factors = None
                for kind, factor in scoring.FACTORS.items():
                    for docs in segment.values("kind").holding([kind]):
                        if factors is None:
                            factors = np.ones(segment.size)
                        factors[docs] = factor
                found.append(factors)
            return found

        return self._once(("factors", ""), read)

    def names(self, field: str) -> tuple[Sequence[str], list[Array | None]]:
        """Return all values of a field, and the number of each segment's among them."""

        def read() -> tuple[Sequence[str], list[Array | None]]:
            found = [segment.values(field).vocabulary for segment in self.segments]
            if len(found) == 1:
                return found[0], [None]
            every = [list(vocabulary) for vocabulary in found]
            names = sorted(set().union(*every))
            number = {name: place for place, name in enumerate(names)}
            return names, [np.array([number[n] for n in some], int) for some in every]

        return self._once(("names", field), read)

    def years(self) -> tuple[int, list[tuple[Array, Array]]]:
        """Return the first year of any date, and from it the years of each document.

        They are counted from 1, the end is after the last year; 0 is for no date. An
        open side goes to the first or the last year known, so that the count of a year
        is what a search for that year finds.
        """

        def read() -> tuple[int, list[tuple[Array, Array]]]:
            known = [_known_days(segment) for segment in self.segments]
            days = np.concatenate([*known, np.zeros(0, np.int32)])
            if not len(days):
                empty = [np.zeros(s.size, np.int32) for s in self.segments]
                return 0, [(zeros, zeros) for zeros in empty]
            low, high = days.min(), days.max()
            first = _year(low)
            found = []
            for segment in self.segments:
                start = _year(segment.earliest.clip(low, high))
                end = _year(segment.latest.clip(low, high))
                dated = segment.earliest <= segment.latest
                found.append(
                    (
                        np.where(dated, start - first + 1, 0),
                        np.where(dated, end - first + 2, 0),
                    )
                )
            return int(first), found

        return self._once(("years", ""), read)

    def _once(self, key: tuple[str, str], read: Callable[[], T]) -> T:
        """Two threads may both read what is not known yet; that does no harm."""
        if key not in self._known:
            self._known[key] = read()
        found: T = self._known[key]
        return found


def _known_days(segment: Segment) -> Array:
    live = segment.all()
    days = np.concatenate([segment.earliest[live], segment.latest[live]])
    return days[(days != OPEN_START) & (days != OPEN_END)]


def _year(days: Array) -> Array:
    since = np.asarray(days, np.int64) - date(1970, 1, 1).toordinal()
    years = since.astype("datetime64[D]").astype("datetime64[Y]")
    found: Array = years.astype(np.int64) + 1970
    return found


def answer(snapshot: Snapshot, request: Request) -> Result:
    """Answer a request from all documents of a snapshot."""
    evaluation = _Evaluation(snapshot)
    scored = [
        _scored(_live(segment, found), factors)
        for segment, found, factors in zip(
            snapshot.segments,
            evaluation.matches(request.query),
            snapshot.factors(),
            strict=True,
        )
    ]
    filters = {name: evaluation.masks(node) for name, node in request.filters}

    def filtered(but: str | None) -> list[Found]:
        masks = [found for name, found in filters.items() if name != but]
        return [
            found.kept(np.logical_and.reduce([m[number][found.docs] for m in masks]))
            if masks
            else found
            for number, found in enumerate(scored)
        ]

    found = filtered(None)
    facets = {
        facet: _facet(
            snapshot, filtered(facet) if facet in filters else found, facet, request
        )
        for facet in request.facets
    }
    return Result(
        total=sum(len(part.docs) for part in found),
        hits=tuple(_ranked(snapshot.segments, found, request)),
        facets=facets,
    )


def _live(segment: Segment, found: Found) -> Found:
    if segment.alive is None:
        return found
    return found.kept(segment.alive.take(found.docs))


def _scored(found: Found, factors: Array | None) -> Found:
    if factors is None or found.scores is None:
        return found
    return Found(found.docs, found.scores * factors[found.docs])


class _Evaluation:
    """One query on all segments; a match may be deleted."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._segments = snapshot.segments

    def masks(self, node: Node) -> list[Array]:
        """Return for each segment which documents match."""
        found = []
        for segment, part in zip(self._segments, self.matches(node), strict=True):
            mask = np.zeros(segment.size, bool)
            mask[part.docs] = True
            found.append(mask)
        return found

    def matches(self, node: Node) -> list[Found]:
        """Return the matching documents of each segment."""
        match node:
            case Prefix() | Wildcard() if (
                node.field and BY_KEY[node.field].match is not Match.WORDS
            ):
                return [self._like(part, node, node.field) for part in self._segments]
            case Term() | Phrase() | Fuzzy() | Prefix() | Wildcard():
                return self._leaf(node)
            case AnyOf(field, values):
                return [
                    Found(_any(part.size, part.values(field).holding(values)))
                    for part in self._segments
                ]
            case Days():
                return [
                    Found(docs[_within(part, node, docs)])
                    for part in self._segments
                    for docs in [part.all()]
                ]
            case All():
                return [Found(part.all()) for part in self._segments]
            case Not(_):
                return [Found(np.flatnonzero(~mask)) for mask in self.masks(node.child)]
            case Boost(child, factor):
                return [
                    Found(docs, None if scores is None else scores * factor)
                    for docs, scores in self.matches(child)
                ]
            case Or(below):
                return self._joined(_union, below)
            case And(below, optional):
                # Days tell of few documents in less time than they find many.
                days = [node for node in below if isinstance(node, Days)]
                others = [node for node in below if node not in days]
                found = self._joined(_intersection, others or below)
                for test in days if others else ():
                    found = [
                        part.kept(_within(segment, test, part.docs))
                        for segment, part in zip(self._segments, found, strict=True)
                    ]
                for extra in optional:
                    found = [
                        _enriched(part.size, scores, more)
                        for part, scores, more in zip(
                            self._segments, found, self.matches(extra), strict=True
                        )
                    ]
                return found
        raise TypeError(f"{type(node).__name__} is for search.meaning to settle")

    def _joined(
        self, join: Callable[[int, Sequence[Found]], Found], nodes: Iterable[Node]
    ) -> list[Found]:
        parts = [self.matches(node) for node in nodes]
        return [
            join(segment.size, [part[number] for part in parts])
            for number, segment in enumerate(self._segments)
        ]

    def _leaf(self, leaf: WordsNode) -> list[Found]:
        rows = pattern(leaf, self._snapshot.languages).rows
        words: set[str] = set()
        fields = (leaf.field,) if leaf.field else SCORED
        scored = set(fields) <= set(SCORED)
        found = []
        for number, segment in enumerate(self._segments):
            gains = [self._snapshot.gains(f)[number] for f in fields if scored]
            counting = _Counting(segment, fields, gains or [None], leaf, words)
            found.append(counting.of(rows))
        if not scored:
            return [Found(docs) for docs, _ in found]
        matching = sum(
            part.live(docs)
            for part, (docs, _) in zip(self._segments, found, strict=True)
        )
        rarity = scoring.rarity(self._snapshot.documents, matching)
        return [
            Found(docs, scoring.score(rarity, frequency)) for docs, frequency in found
        ]

    def _like(self, segment: Segment, leaf: Prefix | Wildcard, field: str) -> Found:
        """Documents of which a coded value passes the test of *leaf*."""
        step = value_pattern(leaf)
        accepts = step.tester()
        values = segment.values(BY_KEY[field].reads)
        docs = [
            values.docs(values.of(number))
            for number, value in values.vocabulary.beginning(step.prefix)
            if accepts(value)
        ]
        return Found(_any(segment.size, docs))


Counted = tuple[Array, Array]
"""Documents, and how often something occurs in each, or how much that counts."""


class _Counting:
    """Counts a leaf of the query in some fields of a segment that share a vocabulary.

    *gains* say by field what an occurrence counts in each document, None for 1. *words*
    collects what prefixes and the like stand for, in all segments.
    """

    def __init__(
        self,
        segment: Segment,
        fields: Sequence[str],
        gains: Sequence[Array | None],
        leaf: WordsNode,
        words: set[str],
    ) -> None:
        [group] = [name for name, some in GROUPS.items() if fields[0] in some]
        self._size = segment.size
        self._words = segment.words(group)
        self._fields = dict(zip(fields, gains, strict=True))
        self._others = set(GROUPS[group]) - set(fields)
        self._leaf, self._known = leaf, words

    def of(self, rows: Sequence[Row]) -> Counted:
        """Count the occurrences of any of the rows."""
        if len(rows) == 1 and len(rows[0].steps) == 1:
            return self._word(rows[0].steps[0])
        starts = [(f, places) for row in rows for f, places in self._starts(row)]
        found = []
        for field, gain in self._fields.items():
            places = _distinct(
                [_NO_PLACES, *(some for f, some in starts if f == field)]
            )
            found.append(_weighed(gain, *_counted(places)))
        return _summed(self._size, found)

    def _word(self, step: Step) -> Counted:
        terms = self._terms(step)
        apart = len(terms) <= 1 or self._apart(terms)
        if not terms:
            return _NOTHING
        if apart:
            pieces = self._words.united(terms)
        else:
            pieces = _runs(self._words.of(number) for number in sorted(terms))
        docs = _concatenated([self._words.docs(piece) for piece in pieces])
        counts = {
            field: _concatenated([self._words.counts(piece, field) for piece in pieces])
            for field in self._fields
        }
        shared = [] if apart else self._shared(step, terms, pieces, docs)
        if self._others:  # they may be all that has the word
            [(field, count)] = counts.items()
            kept = np.flatnonzero(count)
            docs, counts = docs[kept], {field: count[kept]}
        sums = np.zeros(len(docs))
        for field, count in counts.items():
            if np.count_nonzero(count):
                sums += _weighed(self._fields[field], docs, count)[1]
        if len(pieces) == 1 and apart:
            return docs, sums
        return _summed(self._size, [(docs, sums), *shared])

    def _shared(
        self, step: Step, terms: Mapping[int, str], pieces: Sequence[Piece], docs: Array
    ) -> Iterator[Counted]:
        """Yield what to take off where several of the words share a place."""
        words = self._words
        several = _several(self._size, docs)
        if isinstance(step, Like):  # one of the two is a compound written together
            wholes = [words.docs(words.of(n)) for n in terms if words.whole(n)]
            several &= _within_sorted(self._size, docs, _any(self._size, wholes))
        asked = np.flatnonzero(several)
        if not len(asked):
            return
        for field, gain in self._fields.items():
            keys, start = [_NO_PLACES], 0
            for piece in pieces:
                stop = start + piece.stop - piece.start
                first, last = np.searchsorted(asked, (start, stop))
                if first < last:
                    keys.append(words.keys(piece, field, asked[first:last] - start))
                start = stop
            places = np.concatenate(keys)
            places.sort()
            again, times = _counted(places[1:][places[1:] == places[:-1]])
            yield _weighed(gain, again, -times)

    def _terms(self, step: Step) -> dict[int, str]:
        if isinstance(step, AnyTerm):
            return self._words.find(step.terms)
        found = {}
        accepts = step.tester()
        for number, term in _candidates(self._words.vocabulary, step):
            word = word_of_term(term)
            if word is not None and (word in self._known or accepts(word)):
                self._known.add(word)
                if len(self._known) > MOST_WORDS:
                    raise QueryError(
                        f"{self._leaf} stands for more than {MOST_WORDS:,} different "
                        "words; write more of it."
                    )
                found[number] = term
        return found

    def _apart(self, terms: Mapping[int, str]) -> bool:
        """Whether no two of the terms can stand in one place.

        A text is in one language, and of ``x=en`` and ``x~en`` a place has only one.
        """
        marked = [term.replace("~", "=").partition("=") for term in terms.values()]
        if not all(mark for _, mark, _ in marked):
            return False
        return all(
            one == other or one[2] != other[2] for one, other in combinations(marked, 2)
        )

    def _starts(self, row: Row) -> Iterator[tuple[str, Array]]:
        """Yield the places in each field at which a row occurs."""
        steps: list[list[Piece]] = []
        for step in row.steps:
            pieces = [self._words.of(number) for number in sorted(self._terms(step))]
            if not pieces:
                return
            steps.append(pieces)
        # The rarest first: the others are then looked up in few documents.
        docs, *others = (
            _any(self._size, [self._words.docs(piece) for piece in pieces])
            for pieces in sorted(steps, key=_postings)
        )
        for having in others:
            docs = docs[_within_sorted(self._size, docs, having)]
        if not len(docs):
            return
        # Places of two documents are further apart than any slop that can be asked for.
        longest = min(len(steps) - 1 + row.slop, (1 << 31) - 1)
        for field in self._fields:
            lasts = firsts = self._keys(steps[0], field, docs)
            for pieces in steps[1:]:
                keys = self._keys(pieces, field, docs)
                after = np.searchsorted(keys, lasts, side="right")
                there = after < len(keys)
                firsts, lasts = firsts[there], keys[after[there]]
                near = lasts - firsts <= longest
                firsts, lasts = firsts[near], lasts[near]
            yield field, firsts

    def _keys(self, pieces: Sequence[Piece], field: str, docs: Array) -> Array:
        """Return the places of a step's terms in some documents."""
        keys = []
        for piece in pieces:
            having = self._words.docs(piece)
            chosen = _positions(self._size, having, docs)
            keys.append(self._words.keys(piece, field, chosen))
        return _distinct(keys)


def _candidates(vocabulary: Vocabulary, step: Like) -> Iterator[tuple[int, str]]:
    """Yield the terms that may pass the test of a step."""
    if step.prefix:
        yield from vocabulary.beginning(step.prefix)
        return
    if not step.edits:
        yield from vocabulary.matching(step.expression() + "(?:=[a-z]+)?")
        return
    # A change adds at most one letter and takes one away.
    wanted = np.uint64(0)
    for char in step.shape:
        wanted |= np.uint64(1 << (ord(char) & 63))
    letters, sizes = vocabulary.shapes
    near = np.bitwise_count(letters ^ wanted) <= 2 * step.edits
    near &= np.abs(sizes - len(step.shape)) <= step.edits
    yield from vocabulary.some(np.flatnonzero(near).tolist())


def _postings(pieces: Iterable[Piece]) -> int:
    return sum(piece.stop - piece.start for piece in pieces)


def _runs(pieces: Iterable[Piece]) -> list[Piece]:
    """Join pieces that stand side by side."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.start == found[-1].stop:
            found[-1] = found[-1]._replace(stop=piece.stop)
        else:
            found.append(piece)
    return found


# Sets of documents


_NO_PLACES: Array = np.zeros(0, np.int64)
_NOTHING: Counted = np.zeros(0, np.int32), np.zeros(0)


def _concatenated(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _weighed(gain: Array | None, docs: Array, counts: Array) -> Counted:
    return docs, counts if gain is None else counts * gain.take(docs)


def _summed(size: int, pieces: Iterable[Counted]) -> Counted:
    """Add up values by document; these may come in any order, and again."""
    every = list(pieces)
    docs = np.concatenate([docs for docs, _ in every])
    values = np.concatenate([values for _, values in every])
    if len(docs) * _MUCH_SMALLER < size:
        docs, place = np.unique(docs, return_inverse=True)
        return docs, np.bincount(place, values)
    seen = np.zeros(size, bool)
    seen[docs] = True
    sums = np.bincount(docs, values, size)
    docs = np.flatnonzero(seen)
    return docs, sums.take(docs)


def _distinct(sets: Sequence[Array]) -> Array:
    """Unite ascending sets of numbers; `np.unique` takes thrice the time."""
    if len(sets) == 1:
        return sets[0]
    numbers = np.concatenate(sets)
    numbers.sort()
    return numbers[
        np.concatenate(([True], numbers[1:] != numbers[:-1]))[: len(numbers)]
    ]


def _counted(keys: Array) -> tuple[Array, Array]:
    """Return the documents of ascending places, and how many are in each."""
    docs = keys >> 32
    first = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))[: len(docs)]
    return docs[first], np.diff(first, append=len(docs))


def _any(size: int, sets: Sequence[Array]) -> Array:
    """Return the documents of any of the sets, ascending."""
    if len(sets) == 1:
        return sets[0]
    if sum(map(len, sets)) * _MUCH_SMALLER < size:
        return _distinct([*sets, np.zeros(0, np.int32)])
    seen = np.zeros(size, bool)
    for docs in sets:
        seen[docs] = True
    return np.flatnonzero(seen)


def _several(size: int, docs: Array) -> Array:
    """Tell of each document whether it comes more than once."""
    if len(docs) * _MUCH_SMALLER < size:
        _, place, times = np.unique(docs, return_inverse=True, return_counts=True)
        return (times > 1)[place]
    return (np.bincount(docs, minlength=size) > 1)[docs]


def _within_sorted(size: int, docs: Array, other: Array) -> Array:
    """Tell of each document whether it is in another, ascending set."""
    if len(docs) * _MUCH_SMALLER < len(other):
        place = np.searchsorted(other, docs)
        place[place == len(other)] = 0
        return other[place] == docs
    seen = np.zeros(size, bool)
    seen[other] = True
    return seen.take(docs)


def _positions(size: int, docs: Array, wanted: Array) -> Array:
    """Return where the wanted documents stand in *docs*; both ascend."""
    if len(wanted) * _MUCH_SMALLER < len(docs):
        place = np.searchsorted(docs, wanted)
        place[place == len(docs)] = 0
        return place[docs[place] == wanted]
    return np.flatnonzero(_within_sorted(size, docs, wanted))


def _union(size: int, parts: Sequence[Found]) -> Found:
    if all(part.scores is None for part in parts):
        return Found(_any(size, [part.docs for part in parts]))
    pieces = [
        (docs, np.zeros(len(docs)) if scores is None else scores)
        for docs, scores in parts
    ]
    return Found(*_summed(size, pieces))


def _intersection(size: int, parts: Sequence[Found]) -> Found:
    docs = min((part.docs for part in parts), key=len)
    for part in parts:
        if part.docs is not docs:
            docs = docs[_within_sorted(size, docs, part.docs)]
    scores = None
    for part in parts:
        if part.scores is not None:
            own = part.scores
            if len(part.docs) != len(docs):
                own = own[_positions(size, part.docs, docs)]
            scores = own if scores is None else scores + own
    return Found(docs, scores)


def _enriched(size: int, found: Found, more: Found) -> Found:
    """Add the scores of *more* to what is found already."""
    if more.scores is None:
        return found
    shared = _within_sorted(size, more.docs, found.docs)
    scores = np.zeros(len(found.docs)) if found.scores is None else found.scores.copy()
    scores[_positions(size, found.docs, more.docs[shared])] += more.scores[shared]
    return Found(found.docs, scores)


def _within(segment: Segment, days: Days, docs: Array) -> Array:
    """Tell which of the documents may be of these days."""
    low = OPEN_START if days.first is None else days.first.toordinal()
    high = OPEN_END if days.last is None else days.last.toordinal()
    earliest, latest = segment.earliest.take(docs), segment.latest.take(docs)
    found: Array = (earliest <= high) & (latest >= low) & (earliest <= latest)
    return found


# Ranking and counting


def _ranked(
    segments: Sequence[Segment], found: Sequence[Found], request: Request
) -> list[Hit]:
    """Return the hits asked for: by their key, and where that is equal by their id."""
    wanted = request.offset + request.limit
    if not wanted:
        return []
    candidates: list[tuple[float, str, float]] = []
    for segment, part in zip(segments, found, strict=True):
        if not len(part.docs):
            continue
        if request.sort == "relevance":
            part = _best(part, wanted)
            keys = -_rounded(part) if part.scores is not None else None
        else:
            keys = _sort_days(segment, part.docs, newest=request.sort == "-date")
        ids = segment.values("id")
        chosen = _first(keys, ids.of_each()[part.docs], wanted)
        scores = _rounded(part.kept(chosen)) / _UNIT
        order = np.zeros(len(chosen)) if keys is None else keys[chosen]
        names = [ids.vocabulary[n] for n in ids.of_each()[part.docs[chosen]].tolist()]
        candidates += zip(order.tolist(), names, scores.tolist(), strict=True)
    best = heapq.nsmallest(wanted, candidates)
    return [Hit(id, score) for _, id, score in best[request.offset :]]


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
    return np.rint(found.scores * _UNIT)


def _sort_days(segment: Segment, docs: Array, *, newest: bool) -> Array:
    """The day by which documents are sorted; what has no date comes last."""
    earliest, latest = segment.earliest[docs], segment.latest[docs]
    if newest:
        days = -np.where(latest == OPEN_END, earliest, latest)
    else:
        days = np.where(earliest == OPEN_START, latest, earliest)
    days[earliest > latest] = OPEN_END + 1
    return days


def _facet(
    snapshot: Snapshot, found: Sequence[Found], facet: str, request: Request
) -> tuple[Count, ...]:
    names, counts = (
        _by_year(snapshot, found)
        if facet == "year"
        else _by_value(snapshot, found, facet, request)
    )
    present = np.flatnonzero(counts)
    # Names are sorted, so their numbers decide between equal counts.
    best = present[_first(-counts[present], present, request.most_values)]
    pairs = [Count(names[n], int(counts[n])) for n in best.tolist()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.count, pair.value)))


def _by_value(
    snapshot: Snapshot, found: Sequence[Found], facet: str, request: Request
) -> tuple[Sequence[str], Array]:
    names, numbers = snapshot.names(facet)
    broader = request.broader.get(facet)
    counts = np.zeros(len(names), np.int64)
    if broader is not None:
        names = sorted({*names, *(n for name in names for n in broader.get(name, ()))})
        counts = np.zeros(len(names), np.int64)
    place = {name: number for number, name in enumerate(names)} if broader else {}
    for segment, part, number in zip(snapshot.segments, found, numbers, strict=True):
        values = segment.values(facet)
        held, times = values.held(part.docs)
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
        doc = np.repeat(np.repeat(np.arange(len(part.docs)), times), sizes[held])
        every = flat[spans((np.cumsum(sizes) - sizes)[held], sizes[held])]
        once = np.unique(doc * len(names) + every) % max(len(names), 1)
        counts += np.bincount(once, minlength=len(names))
    return names, counts


def _by_year(snapshot: Snapshot, found: Sequence[Found]) -> tuple[Sequence[str], Array]:
    first, years = snapshot.years()
    steps = np.zeros(1, np.int64)
    for part, (start, end) in zip(found, years, strict=True):
        begun, over = np.bincount(start[part.docs]), np.bincount(end[part.docs])
        more = np.zeros(max(len(steps), len(begun), len(over)), np.int64)
        more[: len(steps)] += steps
        more[1 : len(begun)] += begun[1:]
        more[1 : len(over)] -= over[1:]
        steps = more
    counts = np.cumsum(steps)
    return [f"{first + number - 1:04}" for number in range(len(counts))], counts


# Words like a word


def similar(snapshot: Snapshot, word: str, limit: int) -> tuple[str, ...]:
    """Words of the texts at most two changes away from *word*, the best first."""
    edits = 1 if len(word) <= 4 else 2
    near: dict[str, int] = {}
    for segment in snapshot.segments:
        step = Like("", word, edits)
        for _, term in _candidates(segment.words("scored").vocabulary, step):
            found = word_of_term(term)
            if found is not None and found not in near:
                near[found] = distance(word, found, edits)
    words = [found for found, away in near.items() if 0 < away <= edits]
    frequent = {found: _documents(snapshot, found) for found in words}
    best = sorted(words, key=lambda found: (near[found], -frequent[found], found))
    return tuple([found for found in best if frequent[found]][:limit])


def _documents(snapshot: Snapshot, word: str) -> int:
    """In how many documents a word stands as it is written."""
    terms = [word, *(f"{word}={language}" for language in snapshot.languages)]
    total = 0
    for segment in snapshot.segments:
        scored = segment.words("scored")
        pieces = [scored.of(n) for n in map(scored.vocabulary.find, terms) if n >= 0]
        total += segment.live(_any(segment.size, [scored.docs(p) for p in pieces]))
    return total
