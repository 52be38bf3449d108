"""A query as a condition on the table of documents, which its GIN index serves.

What a tsquery cannot say exactly, a wide slop and phrases in long documents, is looked
for here in the positions of the documents that have all the words, and becomes a list
of their numbers.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import comb
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from search.engines.counting import MOST_WORDS
from search.engines.postgresql_store import (
    OPEN_END,
    OPEN_START,
    WEIGHTS,
    Tables,
    Totals,
    quoted,
    span,
)
from search.fields import BY_KEY, SCORED, Match
from search.language import QueryError
from search.patterns import AnyTerm, Like, chains, distance, pattern, value_pattern
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
    children,
)

#: A phrase with more ways to place its gaps is looked for in the positions instead.
MOST_WAYS = 100

#: The index looks at all terms of a tsquery for every document that has one of them, so
#: that several short ones are found sooner than one long.
MOST_AT_ONCE = 50

#: How many documents' positions are read at once.
BATCH = 2_000

#: How many counts are remembered until the next commit.
MOST_REMEMBERED = 10_000

Condition: TypeAlias = sa.ColumnElement[bool]
Places: TypeAlias = dict[str, dict[str, list[int]]]
"""Positions by field and term."""


@dataclass
class Remembered:
    """What is known of one commit of the index; the next one starts anew."""

    generation: int
    commits: int
    totals: Mapping[str, Totals]
    languages: frozenset[str]
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
    condition: Condition

    @property
    def scored(self) -> bool:
        return set(self.fields) <= set(SCORED)

    @property
    def terms(self) -> frozenset[str]:
        return frozenset().union(*(step for row in self.rows for step in row.steps))


class Snapshot:
    """The index at one moment, and what the words of a query stand for in it."""

    def __init__(
        self, connection: sa.Connection, tables: Tables, known: Remembered
    ) -> None:
        self.document = tables.document.c
        self.known = known
        self.held: dict[str, frozenset[str]] = {}
        """Which terms of the query each field has."""
        self._connection = connection
        self._vocabulary = tables.vocabulary.c
        self._leaves: dict[Words, Leaf] = {}

    def rows(self, asked: "sa.Select[Any] | sa.CompoundSelect[Any]") -> Any:
        """Run a statement."""
        return self._connection.execute(asked)

    def check(self) -> None:
        """Fail if a table is missing."""
        self.number(self.document.number == 0)
        self._words(SCORED, Like("a", "a"))

    def number(self, condition: Condition) -> int:
        """Count the documents that meet a condition."""
        counted = sa.select(sa.func.count()).select_from(self.document.id.table)
        return self._connection.scalar(counted.where(condition)) or 0

    def leaf(self, leaf: Words) -> Leaf:
        """Return what a leaf stands for; it must have been looked up."""
        return self._leaves[leaf]

    def matching(self, leaf: Words) -> int:
        """In how many documents a leaf occurs."""
        counts = self.known.counts
        if leaf not in counts:
            if len(counts) >= MOST_REMEMBERED:
                counts.clear()
            counts[leaf] = self.number(self._leaves[leaf].condition)
        return counts[leaf]

    def reach(self) -> tuple[int, int]:
        """The first and the last day that any date names; the last first for none."""
        if self.known.days is None:
            columns = (self.document.earliest, self.document.latest)
            bounds = [
                sa.select(extreme(column)).where(column.not_in((OPEN_START, OPEN_END)))
                for extreme in (sa.func.min, sa.func.max)
                for column in columns
            ]
            asked = sa.select(*(bound.scalar_subquery() for bound in bounds))
            first, other, latest, last = self.rows(asked).one()
            known = [day for day in (first, other, latest, last) if day is not None]
            self.known.days = (min(known), max(known)) if known else (1, 0)
        return self.known.days

    def similar(self, word: str, limit: int) -> tuple[str, ...]:
        """Words of the texts that *word* may have been meant for, the best first."""
        edits = 1 if len(word) <= 4 else 2
        away: dict[int, list[str]] = {}
        for found in self._words(SCORED, Like("", word, edits)):
            away.setdefault(distance(found, word, edits), []).append(found)
        best: list[str] = []
        for near in range(1, edits + 1):
            if len(best) < limit:
                counts = [(-self._holding(w), w) for w in away.get(near, ())]
                best += [found for count, found in sorted(counts) if count]
        return tuple(best[:limit])

    def _holding(self, word: str) -> int:
        """In how many documents a word stands as it is written."""
        terms = [word, *(f"{word}={tongue}" for tongue in self.known.languages)]
        return self.number(matches(self.document.words, any_of(terms)))

    def among(self, numbers: Iterable[int]) -> Condition:
        """Return the condition that a document has one of these numbers."""
        wanted = sa.cast(list(numbers), ARRAY(sa.BigInteger))
        return self.document.number == sa.any_(wanted)

    # What the leaves stand for

    def resolved(self, node: Node) -> Node:
        """Replace the parts of values, as in `source:art*`, by the values there are."""
        match node:
            case Prefix(_, key) | Wildcard(_, key) if (
                key and BY_KEY[key].match is not Match.WORDS
            ):
                reads = BY_KEY[key].reads
                return AnyOf(reads, self._words((reads,), value_pattern(node)))
            case And(below, optional):
                resolved = (tuple(map(self.resolved, p)) for p in (below, optional))
                return And(*resolved)
            case Or(below):
                return Or(tuple(map(self.resolved, below)))
            case Not(child):
                return Not(self.resolved(child))
            case Boost(child, factor):
                return Boost(self.resolved(child), factor)
            case _:
                return node

    def _words(self, fields: Sequence[str], like: Like) -> tuple[str, ...]:
        """The words of some fields that pass a test."""
        word = self._vocabulary.word
        asked = sa.select(word).distinct().where(self._vocabulary.field.in_(fields))
        if like.edits:
            shortest, longest = (len(like.shape) + n * like.edits for n in (-1, 1))
            asked = asked.where(sa.func.char_length(word).between(shortest, longest))
        else:
            asked = asked.where(word.like(_sql_shape(like.shape)))
            if like.shape == like.prefix + "*" and fields[0] in (*SCORED, "subject"):
                asked = asked.limit(MOST_WORDS + 1)  # all of them pass the test
        accepts = like.tester()
        return tuple(filter(accepts, self._connection.scalars(asked)))

    def look_up(self, nodes: Iterable[Node]) -> None:
        """Find out what all leaves stand for, with few statements."""
        leaves = list(dict.fromkeys(leaf for node in nodes for leaf in leaves_of(node)))
        patterns = {leaf: pattern(leaf, self.known.languages).rows for leaf in leaves}
        wanted: dict[Words, list[tuple[list[frozenset[str]], int]]] = {}
        for leaf, rows in patterns.items():
            wanted[leaf] = [
                ([self._terms(leaf, step) for step in row.steps], row.slop)
                for row in rows
            ]
        everything = {
            term
            for rows in wanted.values()
            for steps, _ in rows
            for step in steps
            for term in step
        }
        held = self._held(everything)
        for leaf, written in wanted.items():
            fields = _fields(leaf)
            known = frozenset().union(*(held.get(name, frozenset()) for name in fields))
            found = tuple(
                Row(tuple(step & known for step in steps), slop)
                for steps, slop in written
            )
            rows_held = tuple(row for row in found if all(row.steps))
            condition = sa.or_(
                sa.false(), *(self._row(row, fields) for row in rows_held)
            )
            self._leaves[leaf] = Leaf(fields, rows_held, condition)
        self.held = held

    def _terms(self, leaf: Words, step: AnyTerm | Like) -> frozenset[str]:
        if isinstance(step, AnyTerm):
            return step.terms
        words = self._words(_fields(leaf), step)
        if len(words) > MOST_WORDS:
            raise QueryError(
                f"{leaf} stands for more than {MOST_WORDS:,} different words; "
                "write more of it."
            )
        tongues = [f"={tongue}" for tongue in self.known.languages]
        return frozenset(word + mark for word in words for mark in ("", *tongues))

    def _held(self, terms: Iterable[str]) -> dict[str, frozenset[str]]:
        """Which of some terms each field has."""
        held: dict[str, set[str]] = {}
        wanted = texts(terms)
        for name, term in self._connection.execute(
            sa.select(self._vocabulary.field, self._vocabulary.term).where(
                self._vocabulary.field.in_((*SCORED, "subject")),
                self._vocabulary.term == sa.any_(wanted),
            )
        ):
            held.setdefault(name, set()).add(term)
        return {name: frozenset(found) for name, found in held.items()}

    # Conditions

    def condition(self, node: Node) -> Condition:
        """Return the condition that a document matches a tree."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._leaves[node].condition
            case AnyOf(_, ()):
                return sa.false()
            case AnyOf(key, values):
                column = self.document[BY_KEY[key].reads]
                return column.bool_op("&&")(texts(values))
            case Days(first, last, _):
                low, high = span(first, last)
                earliest, latest = self.document.earliest, self.document.latest
                return sa.and_(earliest <= high, latest >= low, earliest <= latest)
            case All():
                return sa.true()
            case Not(child):
                return sa.not_(self.condition(child))
            case Boost(child, _):
                return self.condition(child)
            case Or(below):
                return sa.or_(sa.false(), *map(self.condition, below))
            case And(below, _):
                return sa.and_(sa.true(), *map(self.condition, below))
        raise TypeError(f"{type(node).__name__} is for search.meaning to settle")

    def _row(self, row: Row, fields: tuple[str, ...]) -> Condition:
        in_subject = fields == ("subject",)
        column = self.document.subject if in_subject else self.document.words
        # Text and title lie in one vector, further apart than any slop may bridge.
        mark = WEIGHTS.get(fields[0], "") if len(fields) == 1 else ""
        if len(row.steps) == 1:
            terms = sorted(row.steps[0])
            some = (
                terms[n : n + MOST_AT_ONCE] for n in range(0, len(terms), MOST_AT_ONCE)
            )
            return sa.or_(*(matches(column, any_of(chunk, mark)) for chunk in some))
        steps = [any_of(step, mark) for step in row.steps]
        everywhere = matches(column, " & ".join(steps))
        long = self.document.long.is_not(None)
        if comb(row.slop + len(steps) - 1, row.slop) > MOST_WAYS:
            return self.among(self._checked(everywhere, row, fields))
        phrase = matches(column, _phrase(steps, row.slop))
        if not self.known.long_documents:
            return phrase
        checked = self._checked(sa.and_(long, everywhere), row, fields)
        return sa.or_(sa.and_(sa.not_(long), phrase), self.among(checked))

    def _checked(
        self, condition: Condition, row: Row, fields: tuple[str, ...]
    ) -> list[int]:
        """The numbers of documents that have a row, looked for in their positions."""
        numbers = self._connection.scalars(
            sa.select(self.document.number).where(condition)
        ).all()
        terms = frozenset().union(*row.steps)
        found = []
        for first in range(0, len(numbers), BATCH):
            batch = numbers[first : first + BATCH]
            for number, places in self.places(batch, terms, fields).items():
                if any(starts((row,), places.get(name, {})) for name in fields):
                    found.append(number)
        return found

    def places(
        self, numbers: Sequence[int], terms: Iterable[str], fields: Iterable[str]
    ) -> dict[int, Places]:
        """The positions of some terms in some documents."""
        wanted = frozenset(terms)
        found: dict[int, Places] = {number: {} for number in numbers}
        if not wanted:
            return found
        columns = []
        if not {"text", "title"}.isdisjoint(fields):
            columns.append((self.document.words, {"D": "text", "A": "title"}))
        if "subject" in fields:
            columns.append((self.document.subject, {"D": "subject"}))
        for column, names in columns:
            parts = sa.func.unnest(column).table_valued(
                "lexeme", "positions", "weights"
            )
            for number, term, places, weights in self._connection.execute(
                sa.select(self.document.number, *parts.c)
                .join(parts, sa.true())
                .where(
                    self.among(numbers),
                    self.document.long.is_(None),
                    parts.c.lexeme == sa.any_(texts(wanted)),
                )
            ):
                for place, weight in zip(places, weights, strict=True):
                    field = found[number].setdefault(names[weight], {})
                    field.setdefault(term, []).append(place)
        if self.known.long_documents:
            for number, long in self._connection.execute(
                sa.select(self.document.number, self.document.long).where(
                    self.among(numbers), self.document.long.is_not(None)
                )
            ):
                found[number] = {
                    name: {t: p for t, p in held.items() if t in wanted}
                    for name, held in json.loads(long).items()
                }
        return found


def leaves_of(node: Node) -> Iterator[Words]:
    """Every word and phrase of a tree."""
    if isinstance(node, Words):
        yield node
    for child in children(node):
        yield from leaves_of(child)


def starts(rows: Iterable[Row], places: Mapping[str, Sequence[int]]) -> set[int]:
    """Where rows begin in a field, given the positions of its terms."""
    found: set[int] = set()
    for row in rows:
        united = [
            sorted({place for term in step for place in places.get(term, ())})
            for step in row.steps
        ]
        found.update(chain[0] for chain in chains(united, row.slop))
    return found


def any_of(terms: Iterable[str], weight: str = "") -> str:
    """Write a tsquery for any of some terms, in parts of a vector with a weight."""
    mark = f":{weight}" if weight else ""
    return "(" + " | ".join(quoted(term) + mark for term in sorted(terms)) + ")"


def matches(column: "sa.ColumnElement[Any]", query: str) -> Condition:
    """Return the condition that a vector matches a tsquery."""
    return column.bool_op("@@")(sa.cast(query, TSQUERY))


def texts(values: Iterable[str]) -> sa.ColumnElement[Any]:
    """Write texts as an array."""
    return sa.cast(sorted(values), ARRAY(sa.Text))


def _fields(leaf: Words) -> tuple[str, ...]:
    return (leaf.field,) if leaf.field else SCORED


def _phrase(steps: Sequence[str], slop: int) -> str:
    """Write the ways to place at most *slop* words between steps."""
    ways = []
    for cut in combinations(range(slop + len(steps) - 1), len(steps) - 1):
        gaps = [after - before for before, after in pairwise((-1, *cut))]
        followed = (
            f" <{gap}> {step}" for gap, step in zip(gaps, steps[1:], strict=True)
        )
        ways.append(f"({steps[0]}{''.join(followed)})")
    return " | ".join(ways)


def _sql_shape(shape: str) -> str:
    """Write a wildcard for LIKE."""
    escaped = re.sub(r"([\\%_])", r"\\\1", shape)
    return escaped.replace("*", "%").replace("?", "_")
