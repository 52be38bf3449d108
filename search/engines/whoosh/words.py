"""Words: from the texts of documents to the postings of a segment.

A document leaves the numbers of its spellings; a spelling is analysed once, when it is
first met, and its terms are filled in for all documents together.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from search.analyzer import TEXT_GAP, entry, spellings, stemmed_language
from search.engine import Text
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.segments import spans
from search.engines.whoosh.shaping import (
    LOW,
    Arrays,
    chosen,
    narrow,
    starts_of,
    with_united,
)

#: How many spellings are remembered. No language has as many; garbage has.
MOST_SPELLINGS = 1_000_000


class Texts:
    """The texts of a group of fields, as numbers of spellings."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields
        self._lexicon = _Lexicon()
        self._empty()

    def _empty(self) -> None:
        self.numbers = array("i")
        self._sizes = array("i")
        self._columns = array("q")  # of each text: its document, and which field it is
        self._last: dict[int, tuple[Text, list[int]]] = {}

    def add(self, doc: int, column: int, texts: Iterable[Text]) -> None:
        for text in texts:
            # One source's passages come together, and all have its title.
            known = self._last.get(column)
            if known is None or known[0] != text:
                number = self._lexicon.numbers(stemmed_language(text[1]))
                known = text, [number[word] for word in spellings(text[0])]
                self._last[column] = known
            self.numbers.extend(known[1])
            self._sizes.append(len(known[1]))
            self._columns.append(doc * len(self._fields) + column)

    def take(self, group: str, size: int) -> Arrays:
        """Return the postings of *size* documents, and begin anew."""
        spelling, sizes = np.array(self.numbers), np.array(self._sizes)
        columns, lexicon = np.array(self._columns), self._lexicon
        self._empty()
        if len(lexicon.length) > MOST_SPELLINGS:
            self._lexicon = _Lexicon()

        # How many positions each spelling takes, and so where each one stands.
        length = np.array(lexicon.length)
        before = np.concatenate(([0], np.cumsum(length[spelling], dtype=np.int64)))
        text_end = np.cumsum(sizes, dtype=np.int64)
        begins = before[text_end - sizes]
        taken = before[text_end] - begins
        width = len(self._fields)
        lengths = np.bincount(columns, taken, size * width).astype(np.uint32)
        shift = np.cumsum(taken + TEXT_GAP) - (taken + TEXT_GAP)
        first = np.concatenate(([True], columns[1:] != columns[:-1]))[: len(columns)]
        shift -= np.maximum.accumulate(np.where(first, shift, 0))
        place = (before[:-1] + np.repeat(shift - begins, sizes)).astype(np.int32)
        doc = np.repeat((columns // width).astype(np.int32), sizes)
        column = np.repeat((columns % width).astype(np.int8), sizes)

        # Each spelling becomes its terms.
        terms = np.array(lexicon.first)
        counts = terms[spelling + 1] - terms[spelling]
        inner = spans(terms[spelling], counts).astype(np.int32)
        term = np.array(lexicon.term)[inner]
        place = np.repeat(place, counts) + np.array(lexicon.offset)[inner]
        doc, column = np.repeat(doc, counts), np.repeat(column, counts)
        del spelling, inner, before

        names, new = chosen(list(lexicon.terms), np.bincount(term))
        # A number fits beside its place, so sorting numbers is sorting stably.
        key = new[term].astype(np.int64) << 32
        key |= np.arange(len(key))
        key.sort()
        order = key & LOW
        word = (key >> 32).astype(np.int32)
        del key, term
        doc, column, place = doc[order], column[order], place[order]
        first = np.concatenate(([True], doc[1:] != doc[:-1]))[: len(doc)]
        first[1:] |= word[1:] != word[:-1]
        posting = np.cumsum(first) - 1
        found = {
            "starts": starts_of(word[first], len(names)),
            "docs": doc[first],
            "covered": lexicon.covers(new, len(names)),
            "whole": np.array([name in lexicon.wholes for name in names], bool),
        }
        here = {
            field: np.flatnonzero(column == number)
            for number, field in enumerate(self._fields)
        }
        occurring = {
            field: np.bincount(posting[some], minlength=len(found["docs"]))
            for field, some in here.items()
        }
        arrays = with_united(group, names, found, occurring)
        for number, (field, some) in enumerate(here.items()):
            arrays |= {
                f"{field}.at": np.searchsorted(
                    word[some], np.arange(len(names) + 1)
                ).astype(np.uint32),
                f"{field}.places": narrow(place[some]),
                f"{field}.lengths": lengths[number::width],
            }
        return arrays


class _Lexicon:
    """The terms of a field, numbered as they come, and what each spelling yields."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.wholes: set[str] = set()
        self._covered: dict[int, int] = {}
        self._spellings: dict[str | None, _Spellings] = {}
        self.length = array("i")  # by spelling: how many positions it takes
        self.first = array("i", [0])  # by spelling: where its terms begin; an end
        self.term = array("i")
        self.offset = array("i")

    def numbers(self, language: str | None) -> "_Spellings":
        """Return the numbers of the spellings in a language."""
        if language not in self._spellings:
            self._spellings[language] = _Spellings(self, language)
        return self._spellings[language]

    def add(self, spelling: str, language: str | None) -> int:
        """Take a new spelling and return its number."""
        length, placed, wholes = entry(spelling, language)
        self.length.append(length)
        self.wholes.update(wholes)
        for place, here in groupby(placed, itemgetter(0)):
            terms = [term for _, term in here]
            if len(terms) > 1:
                # Who looks for a stem looks for both its forms: one of them is enough.
                every = set(terms)
                terms = [t for t in terms if t.replace("~", "=") not in every - {t}]
            numbers = [self.terms.setdefault(t, len(self.terms)) for t in terms]
            self.term.extend(numbers)
            self.offset.extend([place] * len(numbers))
            stems = [n for n, term in zip(numbers, terms, strict=True) if "~" in term]
            for number, term in zip(numbers, terms, strict=True):
                if "~" not in term and "=" not in term:
                    known = self._covered.get(number, stems[0] if stems else -1)
                    self._covered[number] = known if known in stems else -1
        self.first.append(len(self.term))
        return len(self.length) - 1

    def covers(self, new: Array, count: int) -> Array:
        """Return which word covers each word, by their new numbers."""
        found = np.full(count, -1, np.int32)
        known = np.array(list(self._covered.items()), np.int64).reshape(-1, 2)
        known = new[known[known[:, 1] >= 0]]
        known = known[(known >= 0).all(axis=1)]
        found[known[:, 0]] = known[:, 1]
        return found


class _Spellings(dict[str, int]):
    """The numbers of spellings in one language; looking up a new one adds it."""

    def __init__(self, lexicon: _Lexicon, language: str | None) -> None:
        super().__init__()
        self._lexicon, self._language = lexicon, language

    def __missing__(self, spelling: str) -> int:
        number = self[spelling] = self._lexicon.add(spelling, self._language)
        return number
