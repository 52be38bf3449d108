"""How often a word or phrase of the query occurs in which documents.

Two words of a step may stand in one place: a compound written together stands where its
first part does, and so may a word beside its stem. A place counts once. Where that
cannot be, and it seldom can, counts are added up and no place is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from search.analyzer import word_of_term
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.rules import GROUPS
from search.engines.whoosh.segments import Piece, Vocabulary, Words
from search.engines.whoosh.sets import (
    NO_DOCS,
    NO_PLACES,
    any_of,
    concatenated,
    distinct,
    positions,
    several,
    summed,
    within,
)
from search.engines.whoosh.snapshot import Snapshot
from search.patterns import MOST_WORDS, AnyTerm, Like, Row, Step, too_many_words
from search.tree import Words as Leaf

Counted = tuple[Array, Array]
"""Documents, and how often something occurs in each, or how much that counts."""


class _Part(NamedTuple):
    """Postings of a segment; their documents are numbered as in the snapshot."""

    words: Words
    piece: Piece
    base: int

    def __len__(self) -> int:
        return self.piece.stop - self.piece.start

    def docs(self) -> Array:
        docs = self.words.docs(self.piece)
        return docs + self.base if self.base else docs

    def counts(self, field: str) -> Array:
        return self.words.counts(self.piece, field)

    def places(self, field: str, chosen: Array) -> Array:
        places = self.words.places(self.piece, field, chosen)
        return places + (self.base << 32) if self.base else places


class Counting:
    """Counts a leaf of the query in some fields, which share a vocabulary.

    *gains* say by field what an occurrence counts in each document, None for 1.
    """

    def __init__(
        self, snapshot: Snapshot, gains: Mapping[str, Array | None], leaf: Leaf
    ) -> None:
        [group] = [name for name, some in GROUPS.items() if set(gains) <= set(some)]
        self._segments = [
            (segment.words(group), base)
            for segment, base in zip(snapshot.segments, snapshot.bases, strict=True)
        ]
        self._size = snapshot.size
        self._gains = gains
        self._partial = len(gains) < len(GROUPS[group])
        self._leaf = leaf
        self._stands_for: set[str] = set()

    def of(self, rows: Sequence[Row]) -> Counted:
        """Count the occurrences of any of the rows; documents ascend."""
        if len(rows) == 1 and len(rows[0].steps) == 1:
            return self._word(rows[0].steps[0])
        starts = {field: [NO_PLACES] for field in self._gains}
        for row in rows:
            for field, places in self._starts(row):
                starts[field].append(places)
        return summed(
            self._size,
            [
                self._weighed(field, *_by_document(distinct(places)))
                for field, places in starts.items()
            ],
        )

    def _word(self, step: Step) -> Counted:
        found = [
            (words, base, self._terms(words, step)) for words, base in self._segments
        ]
        found = [(words, base, terms) for words, base, terms in found if terms]
        if not found:
            return NO_DOCS, np.zeros(0)
        apart = all(_apart(terms.values()) for _, _, terms in found)
        pieces = [
            words.united(terms) if apart else _runs(words, terms)
            for words, _, terms in found
        ]
        parts = [
            _Part(words, piece, base)
            for (words, base, _), some in zip(found, pieces, strict=True)
            for piece in some
        ]
        docs = concatenated([part.docs() for part in parts])
        counts = {
            field: concatenated([part.counts(field) for part in parts])
            for field in self._gains
        }
        shared: list[Counted] = []
        if not apart:
            suspects = several(self._size, docs)
            if isinstance(step, Like):  # one of the two is a compound written together
                wholes = [
                    _Part(words, words.of(number), base).docs()
                    for words, base, terms in found
                    for number in terms
                    if words.whole(number)
                ]
                suspects &= within(self._size, docs, any_of(self._size, wholes))
            shared = self._shared(parts, np.flatnonzero(suspects))
        if self._partial:  # another field may be all that has the word
            [(field, count)] = counts.items()
            kept = np.flatnonzero(count)
            docs, counts = docs[kept], {field: count[kept]}
        sums = np.zeros(len(docs))
        for field, count in counts.items():
            if np.count_nonzero(count):
                sums += self._weighed(field, docs, count)[1]
        if apart and all(len(some) == 1 for some in pieces):
            return docs, sums
        return summed(self._size, [(docs, sums), *shared])

    def _shared(self, parts: Sequence[_Part], asked: Array) -> list[Counted]:
        """Return what to take off where several of the words share a place.

        *asked* are the postings that may, numbered through all parts.
        """
        if not len(asked):
            return []
        found = []
        for field in self._gains:
            every, start = [NO_PLACES], 0
            for part in parts:
                first, last = np.searchsorted(asked, (start, start + len(part)))
                if first < last:
                    every.append(part.places(field, asked[first:last] - start))
                start += len(part)
            places = np.concatenate(every)
            places.sort()
            docs, times = _by_document(places[1:][places[1:] == places[:-1]])
            found.append(self._weighed(field, docs, -times))
        return found

    def _starts(self, row: Row) -> Iterator[tuple[str, Array]]:
        """Yield the places in each field at which a row occurs."""
        steps: list[list[_Part]] = []
        for step in row.steps:
            parts = [
                _Part(words, words.of(number), base)
                for words, base in self._segments
                for number in sorted(self._terms(words, step))
            ]
            if not parts:
                return
            steps.append(parts)
        # The rarest first: the others are then looked up in few documents.
        docs, *others = (
            any_of(self._size, [part.docs() for part in parts])
            for parts in sorted(steps, key=lambda parts: sum(map(len, parts)))
        )
        for having in others:
            docs = docs[within(self._size, docs, having)]
        if not len(docs):
            return
        # Places of two documents are further apart than any slop that can be asked for.
        longest = min(len(steps) - 1 + row.slop, (1 << 31) - 1)
        for field in self._gains:
            lasts = firsts = self._places(steps[0], field, docs)
            for parts in steps[1:]:
                if not len(firsts):
                    break
                places = self._places(parts, field, docs)
                after = np.searchsorted(places, lasts, side="right")
                there = after < len(places)
                firsts, lasts = firsts[there], places[after[there]]
                near = lasts - firsts <= longest
                firsts, lasts = firsts[near], lasts[near]
            yield field, firsts

    def _places(self, parts: Iterable[_Part], field: str, docs: Array) -> Array:
        """Return the places of a step's terms in some documents."""
        return distinct(
            [
                part.places(field, positions(self._size, part.docs(), docs))
                for part in parts
            ]
        )

    def _weighed(self, field: str, docs: Array, counts: Array) -> Counted:
        gain = self._gains[field]
        return docs, counts if gain is None else counts * gain.take(docs)

    def _terms(self, words: Words, step: Step) -> dict[int, str]:
        if isinstance(step, AnyTerm):
            return words.find(step.terms)
        found = {}
        accepts = step.tester()
        for number, term in candidates(words.vocabulary, step):
            word = word_of_term(term)
            if word is not None and (word in self._stands_for or accepts(word)):
                self._stands_for.add(word)
                if len(self._stands_for) > MOST_WORDS:
                    raise too_many_words(self._leaf)
                found[number] = term
        return found


def candidates(vocabulary: Vocabulary, step: Like) -> Iterator[tuple[int, str]]:
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


def _apart(terms: Iterable[str]) -> bool:
    """Whether no two of the terms can stand in one place.

    A text is in one language, and of ``x=en`` and ``x~en`` a place has only one.
    """
    marked = [term.replace("~", "=").partition("=") for term in terms]
    if len(marked) == 1:
        return True
    return all(mark for _, mark, _ in marked) and all(
        one == other or one[2] != other[2] for one, other in combinations(marked, 2)
    )


def _runs(words: Words, numbers: Iterable[int]) -> list[Piece]:
    """Return the postings of words, those that stand side by side as one piece."""
    found: list[Piece] = []
    for piece in map(words.of, sorted(numbers)):
        if found and piece.start == found[-1].stop:
            found[-1] = found[-1]._replace(stop=piece.stop)
        else:
            found.append(piece)
    return found


def _by_document(places: Array) -> Counted:
    """Return the documents of ascending places, and how many are in each."""
    docs = places >> 32
    first = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))[: len(docs)]
    return docs[first], np.diff(first, append=len(docs))
