"""From documents to the arrays of a segment, and from several segments to one.

Nothing here runs once per word: a document leaves the numbers of its spellings, and
when enough have come together numpy makes postings of them. The arrays are:

==========================  ==========================================================
``F.words``, ``F.blocks``   the vocabulary of a field: its words, where blocks begin
``F.starts``                by word: where its documents begin in ``F.docs``; an end
``F.docs``                  the documents of each word, ascending
``F.ends``                  by document of a word: where its positions begin; an end
``F.places``                these positions
``F.covered``               by word: a stem that stands wherever the word stands, or -1
``F.mixed``                 by word: whether ``x=en`` and ``x~en`` share a place
``F.lengths``               by document: how many words it has
``V.of``, ``V.ids``         by document: where its values begin, an end; the values
``earliest``, ``latest``    by document: days
``digest``                  by document: eight bytes
==========================  ==========================================================

*F* is a field with words; *V* is one with values, which has the first four as well.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from search.analysis import TEXT_GAP, entry, spellings, stemmed_language
from search.engines import Document, Text
from search.engines.arrays import Array
from search.engines.segments import (
    BLOCK,
    SEPARATOR,
    VALUE_FIELDS,
    WORD_FIELDS,
    Postings,
    Segment,
    pack_days,
    spans,
)

Arrays: TypeAlias = dict[str, Array]

#: How many words a builder takes before it is full: what bounds its memory.
MOST_TOKENS = 3_000_000

#: How many spellings are remembered. No language has as many; garbage has.
MOST_SPELLINGS = 1_000_000

_LOW = np.int64((1 << 32) - 1)


class Builder:
    """Takes documents until it is full, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._texts = {field: _Texts() for field in WORD_FIELDS}
        self._empty()

    def _empty(self) -> None:
        self.size = 0
        self._values = {field: _Column() for field in VALUE_FIELDS}
        self._days = array("i")
        self._digests: list[bytes] = []

    @property
    def full(self) -> bool:
        """Whether it is time to take the arrays."""
        return sum(len(texts.numbers) for texts in self._texts.values()) >= MOST_TOKENS

    def add(self, document: Document) -> None:
        """Take a document."""
        texts = {
            "text": document.text,
            "title": document.title,
            "subject": tuple((label, None) for label in document.subjects),
        }
        languages: set[str | None] = set()
        for field, parts in texts.items():
            if parts:
                self._texts[field].add(self.size, parts)
                languages.update(stemmed_language(language) for _, language in parts)
        values = {
            **document.values,
            "id": (document.id,),
            "owner": (document.owner,),
            "kind": (document.kind.value,),
            "language": tuple(filter(None, languages)),
        }
        for field, column in self._values.items():
            column.add(values.get(field, ()))
        self._days.extend(pack_days(document.dated, document.earliest, document.latest))
        self._digests.append(document.digest())
        self.size += 1

    def take(self) -> Arrays:
        """Return the arrays of what it took, and begin anew."""
        found: Arrays = {}
        for field, texts in self._texts.items():
            found |= _named(field, texts.take(self.size))
        for field, column in self._values.items():
            found |= _named(field, column.take())
        days = np.array(self._days).reshape(-1, 2)
        found["earliest"], found["latest"] = days.T
        found["digest"] = np.frombuffer(b"".join(self._digests), np.uint64)
        self._empty()
        return found


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
    for field in WORD_FIELDS:
        found |= _named(field, _merged_words(field, segments, numbers))
        lengths = [
            segment.words(field).lengths[docs]
            for segment, docs in zip(segments, live, strict=True)
        ]
        found[f"{field}.lengths"] = np.concatenate(lengths)
    for field in VALUE_FIELDS:
        columns = [segment.values(field) for segment in segments]
        names, renamed = _united(columns)
        values, counts = [], []
        for column, docs, new in zip(columns, live, renamed, strict=True):
            held, count = column.held(docs)
            values.append(new[held])
            counts.append(count)
        found |= _named(
            field, _column(names, np.concatenate(values), np.concatenate(counts))
        )
    return found


def _named(field: str, arrays: Arrays) -> Arrays:
    return {f"{field}.{name}": array for name, array in arrays.items()}


def _vocabulary(words: Sequence[str]) -> Arrays:
    blob = np.frombuffer(b"".join([w.encode() + SEPARATOR for w in words]), np.uint8)
    ends = np.flatnonzero(blob == SEPARATOR[0]) + 1
    starts = np.concatenate(([0], ends[:-1]))[: len(words)]
    return {"words": blob, "blocks": np.append(starts[::BLOCK], len(blob))}


def _chosen(names: Sequence[str], used: Array) -> tuple[list[str], Array]:
    """Sort those of the names that are used; return the new number of each name."""
    order = sorted(np.flatnonzero(used).tolist(), key=names.__getitem__)
    new = np.full(len(names), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return [names[number] for number in order], new


def _starts(words: Array, count: int) -> Array:
    """Return where each word begins in a sorted column of words, and the end."""
    return np.searchsorted(words, np.arange(count + 1)).astype(np.uint32)


# Words


class _Texts:
    """The texts of one field, as numbers of spellings."""

    def __init__(self) -> None:
        self._lexicon = _Lexicon()
        self._empty()

    def _empty(self) -> None:
        self.numbers = array("i")
        self._sizes = array("i")
        self._docs = array("i")
        self._last: tuple[Text, list[int]] | None = None

    def add(self, doc: int, texts: Iterable[Text]) -> None:
        for text in texts:
            # One source's passages come together, and all have its title.
            if self._last is None or self._last[0] != text:
                known = self._lexicon.numbers(stemmed_language(text[1]))
                self._last = text, [known[word] for word in spellings(text[0])]
            found = self._last[1]
            self.numbers.extend(found)
            self._sizes.append(len(found))
            self._docs.append(doc)

    def take(self, size: int) -> Arrays:
        """Return the postings of *size* documents, and begin anew."""
        spelling, sizes = np.array(self.numbers), np.array(self._sizes)
        docs, lexicon = np.array(self._docs), self._lexicon
        self._empty()
        if len(lexicon.length) > MOST_SPELLINGS:
            self._lexicon = _Lexicon()

        # How many positions each spelling takes, and so where each one stands.
        length = np.array(lexicon.length)
        before = np.concatenate(([0], np.cumsum(length[spelling], dtype=np.int64)))
        text_end = np.cumsum(sizes, dtype=np.int64)
        begins = before[text_end - sizes]
        taken = before[text_end] - begins
        lengths = np.bincount(docs, taken, size).astype(np.uint32)
        shift = np.cumsum(taken + TEXT_GAP) - (taken + TEXT_GAP)
        first = np.concatenate(([True], docs[1:] != docs[:-1]))[: len(docs)]
        shift -= np.maximum.accumulate(np.where(first, shift, 0))
        place = (before[:-1] + np.repeat(shift - begins, sizes)).astype(np.int32)
        doc = np.repeat(docs, sizes)

        # Each spelling becomes its terms.
        terms = np.array(lexicon.first)
        counts = terms[spelling + 1] - terms[spelling]
        inner = spans(terms[spelling], counts).astype(np.int32)
        term = np.array(lexicon.term)[inner]
        place = np.repeat(place, counts) + np.array(lexicon.offset)[inner]
        doc = np.repeat(doc, counts)
        del spelling, inner, before

        names, new = _chosen(list(lexicon.terms), np.bincount(term))
        # A number fits beside its place, so sorting numbers is sorting stably.
        key = new[term].astype(np.int64) << 32
        key |= np.arange(len(key))
        key.sort()
        order = key & _LOW
        word = (key >> 32).astype(np.int32)
        del key, term
        doc, place = doc[order], place[order]
        changes = (word[1:] != word[:-1]) | (doc[1:] != doc[:-1])
        posting = np.flatnonzero(np.concatenate(([True], changes)))[: len(word)]
        return {
            **_vocabulary(names),
            "starts": _starts(word[posting], len(names)),
            "docs": doc[posting],
            "ends": np.append(posting, len(word)).astype(np.uint32),
            "places": _narrow(place),
            "covered": lexicon.covers(new, len(names)),
            "mixed": np.array([name in lexicon.mixed for name in names], bool),
            "lengths": lengths,
        }


class _Lexicon:
    """The terms of a field, numbered as they come, and what each spelling yields."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.mixed: set[str] = set()
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
        length, placed = entry(spelling, language)
        self.length.append(length)
        for place, here in groupby(placed, itemgetter(0)):
            terms = [term for _, term in here]
            numbers = [self.terms.setdefault(t, len(self.terms)) for t in terms]
            self.term.extend(numbers)
            self.offset.extend([place] * len(numbers))
            stems = [n for n, term in zip(numbers, terms, strict=True) if "~" in term]
            for number, term in zip(numbers, terms, strict=True):
                if "~" in term:
                    if term.replace("~", "=") in terms:
                        self.mixed |= {term, term.replace("~", "=")}
                elif "=" not in term:
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


def _narrow(places: Array) -> Array:
    """Write positions in two bytes where all of them fit."""
    small = not len(places) or places.max() < 1 << 16
    return places.astype(np.uint16 if small else np.uint32)


def _united(fields: Sequence[Postings]) -> tuple[list[str], list[Array]]:
    """Unite vocabularies; return the new numbers of the words of each."""
    words = [list(field.vocabulary) for field in fields]
    names = sorted(set().union(*words))
    number = {name: place for place, name in enumerate(names)}
    return names, [np.array([number[w] for w in some], np.int32) for some in words]


def _merged_words(
    field: str, segments: Sequence[Segment], numbers: Sequence[Array]
) -> Arrays:
    names, renamed = _united([segment.words(field) for segment in segments])
    words, docs, counts, begins, places = [], [], [], [], []
    covered = np.full(len(names), -2, np.int32)
    mixed = np.zeros(len(names), bool)
    base = 0
    for segment, new_doc, new in zip(segments, numbers, renamed, strict=True):
        starts = segment.array(f"{field}.starts").astype(np.int64)
        ends = segment.array(f"{field}.ends").astype(np.int64)
        doc = new_doc[segment.array(f"{field}.docs")]
        kept = doc >= 0
        words.append(np.repeat(new, np.diff(starts))[kept])
        docs.append(doc[kept])
        counts.append(np.diff(ends)[kept].astype(np.int32))
        begins.append(ends[:-1][kept] + base)
        places.append(segment.array(f"{field}.places"))
        base += len(places[-1])
        mixed[new] |= segment.array(f"{field}.mixed")
        cover = segment.array(f"{field}.covered")
        cover = np.where(cover >= 0, new[cover], -1) if len(new) else cover
        before = covered[new]
        covered[new] = np.where((before == -2) | (before == cover), cover, -1)
    word, doc = np.concatenate(words), np.concatenate(docs)
    count, begin = np.concatenate(counts), np.concatenate(begins)
    key = word.astype(np.int64) << 32
    key |= np.arange(len(key))
    key.sort()
    order = key & _LOW
    names, new = _chosen(names, np.bincount(word, minlength=len(names)))
    word, count = new[word[order]], count[order]
    place = np.concatenate(places)[spans(begin[order], count)]
    cover = covered[new >= 0]
    return {
        **_vocabulary(names),
        "starts": _starts(word, len(names)),
        "docs": doc[order],
        "ends": np.concatenate(([0], np.cumsum(count, dtype=np.int64))).astype(
            np.uint32
        ),
        "places": _narrow(place),
        "covered": np.where(cover >= 0, new[cover], -1) if len(cover) else cover,
        "mixed": mixed[new >= 0],
    }


# Values


class _Column:
    """The values of one field, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._values = array("i")
        self._counts = array("i")

    def add(self, values: Sequence[str]) -> None:
        numbers = self._numbers
        for value in values:
            self._values.append(numbers.setdefault(value, len(numbers)))
        self._counts.append(len(values))

    def take(self) -> Arrays:
        return _column(
            list(self._numbers), np.array(self._values), np.array(self._counts)
        )


def _column(names: Sequence[str], values: Array, counts: Array) -> Arrays:
    """Return the arrays of a field from the values of its documents, side by side."""
    names, new = _chosen(names, np.bincount(values, minlength=len(names)))
    values = new[values]
    docs = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    key = values.astype(np.int64) << 32 | docs
    key.sort()
    ends = np.cumsum(counts, dtype=np.int64)
    return {
        **_vocabulary(names),
        "starts": _starts(key >> 32, len(names)),
        "docs": (key & _LOW).astype(np.int32),
        "of": np.concatenate(([0], ends)).astype(np.uint32),
        "ids": values,
    }
