"""What is known of one commit of the index, and what words stand for in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from search.engines.postgresql.store import Totals
from search.fields import SCORED
from search.patterns import Like
from search.tree import Words

#: How many counts and how many terms are remembered until the next commit.
MOST_REMEMBERED = 10_000

#: Of how many patterns the words are; there may be thousands of each.
MOST_PATTERNS = 100

Sql: TypeAlias = str
"""A part of a statement, with placeholders."""
Held: TypeAlias = Mapping[str, int]
"""The fields that have a term, and what the vocabulary counts for each."""


class Moved(Exception):
    """The index is at another commit than the one that is being read."""


@dataclass
class Remembered:
    """What is known of one commit of the index; the next one starts anew."""

    generation: int
    written: str
    """By which transaction the state was written."""
    totals: Mapping[str, Totals]
    languages: frozenset[str]
    token: str | None = None
    """What ties the commit to a state of the record (`search.tie`)."""
    terms: dict[str, Held] = field(default_factory=dict)
    """What the vocabulary says of terms that were asked for."""
    words: dict[tuple[Sequence[str], Like], tuple[str, ...]] = field(
        default_factory=dict
    )
    """The words of fields that pass tests."""
    counts: dict[Words, int] = field(default_factory=dict)
    """In how many documents a leaf occurs."""
    days: tuple[int, int] | None = None
    """The first and the last day of any date, once asked for."""

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return sum(total.documents for total in self.totals.values())

    @property
    def long_documents(self) -> int:
        """How many of them are long."""
        return sum(total.long for total in self.totals.values())

    def means(self, field: str) -> dict[str, float]:
        """The mean length of a field, by kind; 1 where all are empty."""
        return {
            kind: (getattr(total, field) or total.documents) / total.documents
            for kind, total in self.totals.items()
            if total.documents
        }

    def remember(self, leaf: Words, count: int) -> None:
        """Remember in how many documents a leaf occurs."""
        if len(self.counts) >= MOST_REMEMBERED:
            self.counts.clear()
        self.counts[leaf] = count

    def remember_words(
        self, fields: Sequence[str], like: Like, found: tuple[str, ...]
    ) -> None:
        """Remember which words of some fields pass a test."""
        if len(self.words) >= MOST_PATTERNS:
            self.words.clear()
        self.words[fields, like] = found

    def remember_terms(self, held: Mapping[str, Held]) -> None:
        """Remember which fields have which terms."""
        if len(self.terms) >= MOST_REMEMBERED:
            self.terms.clear()
        self.terms.update(held)


@dataclass(frozen=True)
class Row:
    """Steps in order, each a set of terms that the index has."""

    steps: tuple[frozenset[str], ...]
    slop: int


@dataclass(frozen=True)
class Leaf:
    """What a word or phrase stands for in this index."""

    fields: tuple[str, ...]
    rows: tuple[Row, ...]
    condition: Sql

    @property
    def scored(self) -> bool:
        return set(self.fields) <= set(SCORED)

    @property
    def terms(self) -> frozenset[str]:
        return frozenset().union(*(step for row in self.rows for step in row.steps))
