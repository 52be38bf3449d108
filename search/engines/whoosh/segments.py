"""Reading a segment: sorted vocabularies, postings, columns, all of them arrays.

A segment never changes, but for which of its documents are deleted. Documents, words
and values are numbered from 0 within it. What the arrays are called stands in
`search.engines.whoosh.shaping`, which says what they are.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from search.engines.whoosh import rules
from search.engines.whoosh.arrays import Array, ArrayFile, Damage
from search.engines.whoosh.rules import BLOCK

T = TypeVar("T")

#: Stands behind each word of a vocabulary; no UTF-8 has this byte.
SEPARATOR = b"\xff"

#: How many blocks of a vocabulary are remembered: some four megabytes.
MOST_BLOCKS = 1_000


def spans(starts: Array, counts: Array) -> Array:
    """Return the numbers of several ranges, one range after the other."""
    ends = np.cumsum(counts, dtype=np.int64)
    if not len(ends):
        return ends
    return np.arange(ends[-1]) + np.repeat(starts - ends + counts, counts)


class Vocabulary(Sequence[str]):
    """Words in order, found by binary search without reading them all."""

    def __init__(self, file: ArrayFile, field: str, count: int) -> None:
        self._file = file
        self._name = f"{field}.words"
        self._blocks: Array = file[f"{field}.blocks"]
        self._count = count
        self._block = lru_cache(MOST_BLOCKS)(self._read_block)

    def __len__(self) -> int:
        return self._count

    # Of a sequence `bisect` needs only this; a slice would read blocks without bound.
    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        return self._block(number // BLOCK)[number % BLOCK].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n")[:-1])

    def verify(self) -> None:
        """Raise `Damage` if the words are not in order."""
        if any(word >= after for word, after in pairwise(self)):
            raise Damage(f"“{self._name}” are not in order")

    def find(self, word: str) -> int:
        """Return the number of a word, -1 if there is none such."""
        encoded = word.encode()
        block = bisect_right(self._heads, encoded) - 1
        if block < 0:
            return -1
        words = self._block(block)
        place = bisect_left(words, encoded)
        if place == len(words) or words[place] != encoded:
            return -1
        return block * BLOCK + place

    def beginning(self, prefix: str) -> Iterator[tuple[int, str]]:
        """Yield the words that begin so, with their numbers."""
        encoded = prefix.encode()
        first = max(0, bisect_left(self._heads, encoded) - 1)
        for block in range(first, len(self._blocks) - 1):
            for place, word in enumerate(self._block(block)):
                if word.startswith(encoded):
                    yield block * BLOCK + place, word.decode()
                elif word > encoded:
                    return

    def matching(self, expression: str) -> Iterator[tuple[int, str]]:
        """Yield the words that a regular expression matches, with their numbers."""
        text = "\n".join(self)
        number = last = 0
        for found in re.finditer(f"^(?:{expression})$", text, re.MULTILINE):
            number += text.count("\n", last, found.start())
            last = found.start()
            yield number, found[0]

    def some(self, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield some of the words, by their numbers, which must ascend."""
        for block, group in groupby(numbers, lambda number: number // BLOCK):
            words = self._block(block)
            for number in group:
                yield number, words[number % BLOCK].decode()

    @cached_property
    def shapes(self) -> tuple[Array, Array]:
        """For each word, which letters it has, as bits, and how many.

        Enough to tell that two words are far apart. What follows `=` or `~` in a term
        does not count.
        """
        letters = np.frombuffer(self._text.encode("utf-32-le"), np.uint32)
        ends = np.flatnonzero(letters == ord("\n"))
        marks = np.flatnonzero((letters == ord("=")) | (letters == ord("~")))
        bits = np.uint64(1) << (letters & 63).astype(np.uint64)
        starts = np.concatenate(([0], ends + 1))[: len(ends)]
        number = np.searchsorted(ends, marks)
        first = np.concatenate(([True], number[1:] != number[:-1]))[: len(number)]
        marks, number = marks[first], number[first]
        tails = ends[number] - marks
        bits[spans(marks, tails)] = 0
        bits[ends] = 0
        sizes = ends - starts
        sizes[number] -= tails
        return np.bitwise_or.reduceat(bits, starts), sizes

    @property
    def _text(self) -> str:
        """All words, each with a line end behind it."""
        blob = bytes(self._file[self._name]).replace(SEPARATOR, b"\n")
        return self._decoded(blob, self._count)

    @cached_property
    def _heads(self) -> list[bytes]:
        blob = bytes(self._file[self._name])
        starts = self._blocks[:-1].tolist()
        if any(blob[start - 1 : start] not in (b"", SEPARATOR) for start in starts):
            raise Damage(f"a block of “{self._name}” begins within a word")
        ends = [blob.find(SEPARATOR, start) for start in starts]
        if -1 in ends:
            raise Damage(f"“{self._name}” has no end")
        return [blob[start:end] for start, end in zip(starts, ends, strict=True)]

    def _read_block(self, number: int) -> list[bytes]:
        start, stop = self._blocks[number : number + 2].tolist()
        blob = bytes(self._file.part(self._name, start, stop))
        count = min(BLOCK, self._count - number * BLOCK)
        self._decoded(blob.replace(SEPARATOR, b"\n"), count)
        return blob.split(SEPARATOR)[:-1]

    def _decoded(self, blob: bytes, count: int) -> str:
        try:
            text = blob.decode()
        except UnicodeDecodeError:
            text = ""
        if text.count("\n") != count or not text.endswith("\n" * bool(count)):
            raise Damage(f"“{self._name}” is no list of {count:,} words")
        return text


class Piece(NamedTuple):
    """Some postings that stand side by side."""

    start: int
    stop: int
    number: int
    """Whose the first of them are."""


class Postings:
    """Words or values, and the documents that have them."""

    def __init__(self, file: ArrayFile, field: str, count: int) -> None:
        self._file, self._field = file, field
        self._starts = file[f"{field}.starts"]
        self.vocabulary = Vocabulary(file, field, count)

    def of(self, number: int) -> Piece:
        """Return the postings of a word."""
        start, stop = self._starts[number : number + 2].tolist()
        return Piece(start, stop, number)

    def docs(self, piece: Piece) -> Array:
        """Return the documents of postings: of one word, ascending.

        They are of the type that numpy indexes by: it would turn them to it each time.
        """
        docs = self._file.part(f"{self._field}.docs", piece.start, piece.stop)
        return docs.astype(np.intp)


class Words(Postings):
    """A group of fields with words: where these stand, and how often."""

    def __init__(self, file: ArrayFile, group: str) -> None:
        self._covered = file[f"{group}.covered"]
        self._united = file[f"{group}.united"]
        self._whole = file[f"{group}.whole"]
        super().__init__(file, group, len(self._covered))

    def find(self, terms: Iterable[str]) -> dict[int, str]:
        """Return those of the terms that there are.

        One whose every place another of them stands in as well is left out.
        """
        numbers = {self.vocabulary.find(term): term for term in terms}
        numbers.pop(-1, None)
        return {
            number: term
            for number, term in numbers.items()
            if "=" in term or int(self._covered[number]) not in numbers
        }

    def united(self, numbers: Iterable[int]) -> list[Piece]:
        """Return the postings of words; of two forms of one stem united, if it can be.

        These have documents and counts, but no places.
        """
        found: dict[int, int] = {}  # by what unites it: a word
        for number in numbers:
            both = int(self._united[number])
            if both < 0:
                found[number] = number
            else:
                found[both] = both if both in found else number
        return [self.of(number) for number in found.values()]

    def whole(self, number: int) -> bool:
        """Whether a word is a compound written together somewhere."""
        return bool(self._whole[number])

    def counts(self, piece: Piece, field: str) -> Array:
        """Return how often a word stands in a field of each of its documents."""
        return self._file.part(f"{field}.counts", piece.start, piece.stop)

    def places(self, piece: Piece, field: str, chosen: Array) -> Array:
        """Return the places of chosen postings of a piece, in order.

        A place is a document, and in the lower 32 bits a position.
        """
        every = self.counts(piece, field)
        ends = np.cumsum(every, dtype=np.int64)
        counts = every[chosen].astype(np.int64)
        starts = ends[chosen] - counts
        first = int(self._file[f"{field}.at"][piece.number])
        last = first + int(ends[-1]) if len(ends) else first
        places = self._file.part(f"{field}.places", first, last)
        docs = self.docs(piece)[chosen]
        found: Array = np.repeat(docs << 32, counts)
        found += places[spans(starts, counts)]
        return found


class Values(Postings):
    """A field with values, both ways: also those of each document."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        super().__init__(file, field, len(file[f"{field}.starts"]) - 1)
        self._of = file[f"{field}.of"]
        self._ids = file[f"{field}.ids"]

    def holding(self, values: Iterable[str]) -> list[Array]:
        """Return the documents that hold each of the values that there are."""
        numbers = map(self.vocabulary.find, dict.fromkeys(values))
        return [self.docs(self.of(number)) for number in numbers if number >= 0]

    def held(self, docs: Array) -> tuple[Array, Array]:
        """Return the values of documents, and how many each has."""
        starts = self._of[docs]
        counts = self._of[docs + 1] - starts
        if len(counts) and counts.max() == 1 and counts.min() == 1:
            return self._ids[starts], counts
        return self._ids[spans(starts.astype(np.int64), counts)], counts

    def of_each(self) -> Array:
        """Return the value of each document, where all have one."""
        return self._ids


class Segment:
    """A part of an index, in a file."""

    def __init__(self, file: ArrayFile, deleted: Collection[int] = ()) -> None:
        self._file = file
        self._opened: dict[str, Any] = {}
        self.earliest: Array = file["earliest"]
        self.latest: Array = file["latest"]
        self.size = len(self.earliest)
        self.count = self.size - len(deleted)
        self.alive: Array | None = None
        if deleted:
            self.alive = np.ones(self.size, bool)
            self.alive[list(deleted)] = False

    @classmethod
    def open(cls, path: Path, deleted: Collection[int] = ()) -> "Segment":
        """Open the segment in a file.

        Raises:
            Damage: it is none.
        """
        file = ArrayFile(path)
        rules.keep(file)
        return cls(file, deleted)

    def without(self, deleted: Collection[int]) -> "Segment":
        """Return the same segment with other documents deleted."""
        segment = Segment(self._file, deleted)
        segment._opened = self._opened
        return segment

    def verify(self) -> None:
        """Read it all, so that no damage stays unnoticed.

        Raises:
            Damage: something is not what was written, or could not have been.
        """
        self._file.verify()
        rules.add_up(self._file)
        for postings in (
            *map(self.words, rules.GROUPS),
            *map(self.values, rules.COLUMNS),
        ):
            postings.vocabulary.verify()

    def all(self) -> Array:
        """Return all documents that are not deleted."""
        if self.alive is None:
            return np.arange(self.size)
        return np.flatnonzero(self.alive)

    def words(self, group: str) -> Words:
        """Return a group of fields with words."""
        return self._once(group, Words)

    def values(self, field: str) -> Values:
        """Return a field with values."""
        return self._once(field, Values)

    @property
    def digests(self) -> Array:
        """The digest of each document."""
        return self._file["digest"]

    def array(self, name: str) -> Array:
        """Return an array by its name."""
        return self._file[name]

    def _once(self, field: str, make: Callable[[ArrayFile, str], T]) -> T:
        if field not in self._opened:
            self._opened[field] = make(self._file, field)
        found: T = self._opened[field]
        return found
