"""How our documents lie in PostgreSQL: tables, rows, and the limits of a tsvector.

One row a document. The analyser's terms stand in a tsvector with their positions, the
title's after the text's; weights tell them apart, and stems from words. Nothing of
PostgreSQL's own parsers is used. The other fields are arrays and days. One GIN index
serves them all. A vocabulary table lists the terms, because GIN cannot, and in how many
documents each occurs: prefixes, wildcards and fuzzy words are looked up there.

A tsvector silently keeps 256 positions of a term and none past 16,383. A document that
needs more is *long*: its vector says only which terms it has, its positions stand whole
in a column beside it, and phrases are looked for there.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from errors import Unavailable
from search.analyzer import (
    ANALYZER_VERSION,
    TEXT_GAP,
    postings,
    stemmed_language,
    word_of_term,
)
from search.engine import DOCUMENTS_VERSION, Document
from search.fields import FIELDS, VALUE_FIELDS, Match

#: The schema that is the engine's own; it may be dropped at any time.
SCHEMA = "dragoman_search"

#: What an index must say of itself to be read; the first number is this layout's.
VERSION = f"postgresql 3, documents {DOCUMENTS_VERSION}, analyser {ANALYZER_VERSION}"

#: What a tsvector holds: positions from 1, so many of a term, so many bytes of terms.
LAST_PLACE = 16_382
MOST_PLACES = 255
MOST_BYTES = 1 << 20

#: The fields of words and the weights of their words and stems; subjects have a vector
#: of their own.
WEIGHTS = {"text": "DC", "title": "AB"}

#: Rows are not compressed or cut up before they fill a page: ranking reads them whole.
TOAST = 8160

#: Those whose values a query may give a part of.
_SHAPED = tuple(field.reads for field in FIELDS if field.match is Match.SLUG)

#: One row: which tables are in use, and what is known of all their documents.
STATE = sa.Table(
    "state",
    sa.MetaData(schema=SCHEMA),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("totals", JSONB, nullable=False),
    sa.Column("languages", ARRAY(sa.Text), nullable=False),
    sa.Column("token", sa.Text),
)


@dataclass(frozen=True)
class Totals:
    """What is known of all documents of a kind."""

    documents: int = 0
    text: int = 0
    """How many words their texts have."""
    title: int = 0
    """How many words their titles have."""
    long: int = 0
    """How many documents are long."""


@dataclass(frozen=True)
class Tables:
    """The tables of one generation; a rebuild makes the next one."""

    document: sa.Table
    vocabulary: sa.Table


def _required(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


@lru_cache(maxsize=8)
def tables(generation: int) -> Tables:
    """Return the tables of a generation; whether they exist is another question."""
    metadata = sa.MetaData(schema=SCHEMA)
    name = f"document_{generation}"
    document = sa.Table(
        name,
        metadata,
        # What has one width comes first: it is soon found in a row.
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        _required("text_length", sa.Integer),
        _required("title_length", sa.Integer),
        _required("earliest", sa.Integer),
        _required("latest", sa.Integer),
        *(_required(key, ARRAY(sa.Text)) for key in VALUE_FIELDS),
        _required("id", sa.Text(collation="C")),
        _required("words", TSVECTOR),
        _required("subject", TSVECTOR),
        sa.Column("long", sa.Text),
        _required("owner", sa.Text(collation="C")),
        _required("digest", sa.LargeBinary),
    )
    sa.Index(f"{name}_id", document.c.id, unique=True)
    sa.Index(f"{name}_owner", document.c.owner)
    sa.Index(f"{name}_days", document.c.earliest, document.c.latest)
    sa.Index(
        f"{name}_gin",
        *(document.c[key] for key in ("words", "subject", *VALUE_FIELDS)),
        postgresql_using="gin",
    )
    vocabulary = sa.Table(
        f"vocabulary_{generation}",
        metadata,
        sa.Column("field", sa.Text(collation="C"), primary_key=True),
        sa.Column("term", sa.Text(collation="C"), primary_key=True),
        sa.Column("word", sa.Text(collation="C")),
        # How many documents have it here; those that have it in the text already are
        # not counted for the title. Counted for text and title only.
        _required("documents", sa.BigInteger),
    )
    sa.Index(f"vocabulary_{generation}_word", vocabulary.c.word)
    return Tables(document, vocabulary)


#: The columns that a document fills, in the order of `Rows.of`.
COLUMNS = tuple(key for key in tables(0).document.c.keys() if key != "number")


@dataclass
class Rows:
    """Makes rows of documents and remembers what is known of them together."""

    vocabulary: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Every field and term that came, and in how many documents (see `tables`)."""
    languages: set[str] = field(default_factory=set)
    """The stemmed languages that came."""
    _ids: set[str] = field(default_factory=set)

    def of(self, documents: Iterable[Document]) -> Iterator[tuple[Any, ...]]:
        """Yield the row of each document, in the order of `COLUMNS`."""
        for document in documents:
            if document.id in self._ids:
                raise ValueError(f"{document.id} comes twice")
            self._ids.add(document.id)
            yield self._row(document)

    def terms(self) -> Iterator[tuple[str, str, str | None, int]]:
        """Yield the rows of the vocabulary."""
        for (key, term), count in self.vocabulary.items():
            word = term if key in _SHAPED else word_of_term(term)
            yield key, term, word, count

    def _row(self, document: Document) -> tuple[Any, ...]:
        texts, text_length = postings(document.text)
        titles, title_length = postings(document.title)
        subjects, _ = postings((label, None) for label in document.subjects)
        values = {**document.values, "kind": (document.kind.value,)}
        held = self.vocabulary
        held.update(("text", term) for term in texts)
        for term in titles:
            held["title", term] += term not in texts
        others = [
            ("subject", subjects),
            *((key, values.get(key, ())) for key in _SHAPED),
        ]
        held.update(dict.fromkeys(((key, t) for key, some in others for t in some), 0))
        for _, language in document.text + document.title:
            if stemmed := stemmed_language(language):
                self.languages.add(stemmed)
        first_of_title = _last(texts) + TEXT_GAP + 1
        parts = (("DC", 1, texts), ("AB", first_of_title + 1, titles))
        words, subject = _vector(parts), _vector((("DC", 1, subjects),))
        long = None
        if words is None or subject is None:
            words = _outline((("DC", 1, texts), ("AB", 2, titles)))
            subject = _outline((("DC", 1, subjects),))
            # ASCII: whatever the terms hold, COPY and JSON read it back the same.
            long = json.dumps({"text": texts, "title": titles, "subject": subjects})
        for vector in (words, subject):
            if len(vector.encode()) > MOST_BYTES:
                raise Unavailable(
                    f"{document.id} has more different words than PostgreSQL can index "
                    "in one document. Split its source into shorter passages."
                )
        days = document.days()
        return (
            text_length,
            title_length,
            *days,
            *(list(values.get(key, ())) for key in VALUE_FIELDS),
            document.id,
            words,
            subject,
            long,
            document.owner,
            document.digest(),
        )


_Part = tuple[str, int, Mapping[str, list[int]]]


def _last(terms: Mapping[str, list[int]]) -> int:
    return max((places[-1] for places in terms.values()), default=0)


def _vector(parts: Iterable[_Part]) -> str | None:
    """Write terms as a tsvector; None if it would not keep all of their positions.

    A part is the weights of its words and stems, what to add to its positions, and its
    terms.
    """
    entries: dict[str, list[str]] = {}
    for weights, shift, terms in parts:
        for term, places in terms.items():
            if places[-1] + shift > LAST_PLACE:
                return None
            mark = weights["~" in term]
            marked = [f"{place + shift}{mark}" for place in places]
            entries.setdefault(term, []).extend(marked)
    if any(len(places) > MOST_PLACES for places in entries.values()):
        return None
    written = [f"{quoted(t)}:{','.join(places)}" for t, places in entries.items()]
    vector = " ".join(written)
    return vector if len(vector.encode()) <= MOST_BYTES else None


def _outline(parts: Iterable[_Part]) -> str:
    """Write terms as a tsvector that says which parts have them, and no more."""
    entries: dict[str, list[str]] = {}
    for weights, place, terms in parts:
        for term in terms:
            mark = weights["~" in term]
            entries.setdefault(term, []).append(f"{place}{mark}")
    return " ".join(f"{quoted(t)}:{','.join(p)}" for t, p in entries.items())


def quoted(term: str) -> str:
    """Write a term as tsvectors and tsqueries read it."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
