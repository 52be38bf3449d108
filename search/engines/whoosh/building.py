"""From documents to the arrays of a segment, and from several segments to one.

Nothing here runs once per word: a document leaves the numbers of its spellings, and
when enough have come together numpy makes postings of them. The arrays are:

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

Long because building and merging write the same arrays.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from search.analyzer import TEXT_GAP, entry, spellings, stemmed_language
from search.engine import Document, Text
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.rules import BLOCK, COLUMNS, GROUPS
from search.engines.whoosh.segments import SEPARATOR, Postings, Segment, spans

Arrays: TypeAlias = dict[str, Array]

#: How many words a builder takes before it is full: what bounds its memory.
MOST_TOKENS = 3_000_000

#: How many numbers a merge moves at a time: what bounds its memory.
AT_ONCE = 4_000_000

#: How many spellings are remembered. No language has as many; garbage has.
MOST_SPELLINGS = 1_000_000

_LOW = np.int64((1 << 32) - 1)


class Builder:
    """Takes documents until it is full, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._texts = {group: _Texts(fields) for group, fields in GROUPS.items()}
        self._empty()

    def _empty(self) -> None:
        self.size = 0
        self._values = {field: _Column() for field in COLUMNS}
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
        for group, fields in GROUPS.items():
            for number, field in enumerate(fields):
                self._texts[group].add(self.size, number, texts[field])
                languages.update(stemmed_language(tag) for _, tag in texts[field])
        values = {
            **document.values,
            "id": (document.id,),
            "owner": (document.owner,),
            "kind": (document.kind.value,),
            "language": tuple(filter(None, languages)),
        }
        for field, given in values.items():
            if given:
                self._values[field].add(self.size, given)
        self._days.extend(document.days())
        self._digests.append(document.digest())
        self.size += 1

    def take(self) -> Arrays:
        """Return the arrays of what it took, and begin anew."""
        found: Arrays = {}
        for group, texts in self._texts.items():
            found |= texts.take(group, self.size)
        for field, column in self._values.items():
            found |= _named(field, column.take(self.size))
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

        names, new = _chosen(list(lexicon.terms), np.bincount(term))
        # A number fits beside its place, so sorting numbers is sorting stably.
        key = new[term].astype(np.int64) << 32
        key |= np.arange(len(key))
        key.sort()
        order = key & _LOW
        word = (key >> 32).astype(np.int32)
        del key, term
        doc, column, place = doc[order], column[order], place[order]
        first = np.concatenate(([True], doc[1:] != doc[:-1]))[: len(doc)]
        first[1:] |= word[1:] != word[:-1]
        posting = np.cumsum(first) - 1
        found = {
            "starts": _starts(word[first], len(names)),
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
        arrays = _with_united(group, names, found, occurring)
        for number, (field, some) in enumerate(here.items()):
            arrays |= {
                f"{field}.at": np.searchsorted(
                    word[some], np.arange(len(names) + 1)
                ).astype(np.uint32),
                f"{field}.places": _narrow(place[some]),
                f"{field}.lengths": lengths[number::width],
            }
        return arrays


def _with_united(
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
    arrays = _named(
        group,
        {
            **_vocabulary(names),
            **postings,
            "starts": np.concatenate((starts, more)).astype(np.uint32),
            "docs": np.concatenate((docs, (key & _LOW).astype(np.int32))),
            "united": united,
        },
    )
    for field, each in counts.items():
        both = np.zeros(0, np.uint8)
        if len(first):
            both = np.add.reduceat(each[chosen], first, dtype=np.int64)
        arrays[f"{field}.counts"] = np.concatenate((_narrow(each), _narrow(both)))
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


def _narrow(numbers: Array) -> Array:
    """Write numbers in as few bytes as the largest needs."""
    return numbers.astype(np.min_scalar_type(numbers.max(initial=0)), copy=False)


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
    names, new = _chosen(names, used)
    cover = covered[used]
    found = {
        "starts": _bounds(sizes[:, used]),
        "docs": _moved(docs, renamed, sizes),
        "covered": np.where(cover >= 0, new[cover], -1) if len(cover) else cover,
        "whole": whole[used],
    }
    occurring = {field: _moved(counts[field], renamed, sizes) for field in fields}
    arrays = _with_united(group, names, found, occurring)
    for field in fields:
        arrays[f"{field}.at"] = _bounds(taken[field][:, used])
        moved = _moved(places[field], renamed, taken[field])
        arrays[f"{field}.places"] = _narrow(moved)
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


# Values


class _Column:
    """The values of one field, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._values = array("i")
        self._docs = array("i")

    def add(self, doc: int, values: Sequence[str]) -> None:
        numbers = self._numbers
        for value in values:
            self._values.append(numbers.setdefault(value, len(numbers)))
            self._docs.append(doc)

    def take(self, size: int) -> Arrays:
        """Return the arrays of *size* documents."""
        counts = np.bincount(np.array(self._docs), minlength=size)
        return _column(list(self._numbers), np.array(self._values), counts)


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
