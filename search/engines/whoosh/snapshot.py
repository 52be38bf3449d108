"""The segments of one commit as one: their documents are numbered on, in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np

from search import scoring
from search.analyzer import stemmed_language
from search.days import OPEN_END, OPEN_START
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.sets import NO_DOCS, concatenated

T = TypeVar("T")


class Snapshot:
    """The segments of one commit, and what is known only of the whole.

    What is read once is kept. Two threads may both read what is not known yet; that
    does no harm.
    """

    def __init__(self, segments: Sequence[Segment], token: str | None = None) -> None:
        self.segments = segments
        self.token = token
        *self.bases, self.size = accumulate((s.size for s in segments), initial=0)
        self.documents = sum(segment.count for segment in segments)
        self.languages = frozenset(
            language
            for segment in segments
            for language in segment.values("language").vocabulary
            if stemmed_language(language) == language
        )
        self._known: dict[tuple[str, str], Any] = {}

    @cached_property
    def alive(self) -> Array | None:
        """Which documents are not deleted; None for all."""
        if all(segment.alive is None for segment in self.segments):
            return None
        alive = np.zeros(self.size, bool)
        alive[self.all()] = True
        return alive

    def all(self) -> Array:
        """Return all documents that are not deleted."""
        return self.over(Segment.all)

    def over(self, read: Callable[[Segment], Array]) -> Array:
        """Return documents of all segments."""
        parts = [
            read(segment) + base if base else read(segment)
            for segment, base in zip(self.segments, self.bases, strict=True)
        ]
        return concatenated(parts or [NO_DOCS])

    def split(self, docs: Array) -> Iterator[tuple[slice, Array]]:
        """Yield for each segment where its documents stand in *docs*, and them as its
        own are numbered.
        """
        bounds = np.searchsorted(docs, [*self.bases, self.size]).tolist()
        for base, (first, last) in zip(self.bases, pairwise(bounds), strict=True):
            yield slice(first, last), docs[first:last] - base

    def live(self, docs: Array) -> int:
        """Count those of the documents that are not deleted."""
        if self.alive is None:
            return len(docs)
        return int(np.count_nonzero(self.alive.take(docs)))

    @cached_property
    def days(self) -> tuple[Array, Array]:
        """The first and the last day of each document."""
        earliest = [segment.earliest for segment in self.segments]
        latest = [segment.latest for segment in self.segments]
        return concatenated(earliest or [NO_DOCS]), concatenated(latest or [NO_DOCS])

    def gain(self, field: str) -> Array:
        """Return what one occurrence in a field adds to each document's frequency."""

        def read() -> Array:
            live = self.all()
            lengths, kinds = self._lengths(field), self._kinds
            count = len(self.names("kind")[0])
            words = np.bincount(kinds[live], lengths[live], count)
            documents = np.bincount(kinds[live], minlength=count)
            # A kind without words divides by nothing that anybody asks for.
            means = np.maximum(words, 0.5) / np.maximum(documents, 1)
            return scoring.frequency(field, 1, lengths, means[kinds])

        return self._once(("gain", field), read)

    @cached_property
    def factors(self) -> Array | None:
        """What each document's score is multiplied by; None for 1."""
        names, _ = self.names("kind")
        factors = np.array([scoring.FACTORS.get(name, 1.0) for name in names])
        return None if (factors == 1).all() else factors[self._kinds]

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

    def periods(self, period: str) -> tuple[int, Array, Array]:
        """The first year or month of any date, and from it those of each document.

        They are counted from 1, the end is after the last; 0 is for no date. An open
        side goes to the first or the last one known, so that the count of a year is
        what a search for that year finds. A month is 12 times its year, and from 0.
        """
        return self._once(("periods", period), lambda: self._periods(_NUMBERS[period]))

    def _periods(self, number: Callable[[Array], Array]) -> tuple[int, Array, Array]:
        earliest, latest = self.days
        live = self.all()
        known = np.concatenate((earliest[live], latest[live]))
        known = known[(known != OPEN_START) & (known != OPEN_END)]
        if not len(known):
            zeros = np.zeros(self.size, np.int32)
            return 0, zeros, zeros
        low, high = known.min(), known.max()
        first = int(number(low))
        dated = earliest <= latest
        return (
            first,
            np.where(dated, number(earliest.clip(low, high)) - first + 1, 0),
            np.where(dated, number(latest.clip(low, high)) - first + 2, 0),
        )

    def _lengths(self, field: str) -> Array:
        found = [segment.array(f"{field}.lengths") for segment in self.segments]
        return concatenated(found or [NO_DOCS])

    @cached_property
    def _kinds(self) -> Array:
        _, numbers = self.names("kind")
        found = []
        for segment, number in zip(self.segments, numbers, strict=True):
            kinds = segment.values("kind").of_each()
            found.append(kinds if number is None else number[kinds])
        return concatenated(found or [NO_DOCS])

    def _once(self, key: tuple[str, str], read: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = read()
        found: T = self._known[key]
        return found


def _year(days: Array) -> Array:
    since = np.asarray(days, np.int64) - date(1970, 1, 1).toordinal()
    years = since.astype("datetime64[D]").astype("datetime64[Y]")
    found: Array = years.astype(np.int64) + 1970
    return found


def _month(days: Array) -> Array:
    since = np.asarray(days, np.int64) - date(1970, 1, 1).toordinal()
    months = since.astype("datetime64[D]").astype("datetime64[M]")
    found: Array = months.astype(np.int64) + 12 * 1970
    return found


_NUMBERS: Mapping[str, Callable[[Array], Array]] = {"year": _year, "month": _month}
