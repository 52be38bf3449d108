"""A query as a condition on the table of documents, which its GIN index serves.

What a tsquery cannot say exactly, a wide slop and phrases in long documents, is looked
for here in the positions of the documents that have all the words, and becomes a list
of their numbers.

Statements are text with placeholders: composed as expressions they took longer to
compile than to run. What comes from a query or a document is always a placeholder.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import comb
from typing import Any

from search.analyzer import marks_of
from search.days import OPEN_END, OPEN_START, span
from search.engines.postgresql.known import Held, Leaf, Moved, Remembered, Row, Sql
from search.engines.postgresql.positions import places_of, starts
from search.engines.postgresql.store import STATE, VERSION, WEIGHTS, Tables, quoted
from search.engines.postgresql.tsquery import any_of, either, like_shape, phrase
from search.fields import BY_KEY, SCORED, Match
from search.patterns import (
    MOST_WORDS,
    AnyTerm,
    Like,
    pattern,
    too_many_words,
    value_pattern,
)
from search.tree import (
    All,
    And,
    AnyOf,
    Boost,
    Days,
    Favour,
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


class Snapshot:
    """The index at one commit, and what the words of a query stand for in it.

    There is no transaction: each statement reads the state along with its rows, and if
    a commit came since the last one, `Moved` is raised.
    """

    def __init__(self, connection: Any, tables: Tables, known: Remembered) -> None:
        self.document = f"{tables.document.fullname} d"
        self.known = known
        self.terms: dict[str, Held] = {}
        """The terms of the query that the index has."""
        self._connection = connection
        self._vocabulary = tables.vocabulary.fullname
        self._given: dict[str, Any] = {}
        self._leaves: dict[Words, Leaf] = {}

    def put(self, value: Any) -> Sql:
        """Return a placeholder for a value."""
        name = f"v{len(self._given)}"
        self._given[name] = value
        return f"%({name})s"

    def texts(self, values: Iterable[str]) -> Sql:
        """Return a placeholder for an array of texts."""
        return f"{self.put(sorted(values))}::text[]"

    def matches(self, column: Sql, query: str) -> Sql:
        """Return the condition that a vector matches a tsquery."""
        return f"{column} @@ {self.put(query)}::tsquery"

    def rows(self, select: Sql) -> list[Any]:
        """Run a statement."""
        checked = (
            "SELECT s.version, s.generation, s.xmin::text, q.*"
            f" FROM {STATE.fullname} s"
            f" LEFT JOIN (SELECT true, q.* FROM ({select}) q) q ON true"
        )
        found = self._connection.execute(checked, self._given).fetchall()
        at = (VERSION, self.known.generation, self.known.written)
        if not found or found[0][:3] != at:
            raise Moved
        return [row[4:] for row in found if row[3]]

    def check(self) -> None:
        """Fail if a table is missing."""
        self.number(["d.number = 0"])
        self._find_words(SCORED, Like("a", "a"))

    def number(self, conditions: Sequence[Sql]) -> list[int]:
        """Count the documents that meet each of some conditions."""
        counts = (
            f"(SELECT count(*) FROM {self.document} WHERE {condition})"
            for condition in conditions
        )
        return list(self.rows(f"SELECT {', '.join(counts)}")[0])

    def leaf(self, leaf: Words) -> Leaf:
        """Return what a leaf stands for; it must have been looked up."""
        return self._leaves[leaf]

    def matching(self, leaves: Iterable[Words]) -> dict[Words, int]:
        """In how many documents each leaf occurs."""
        counts = {leaf: self.known.counts.get(leaf) for leaf in leaves}
        found: dict[Words, tuple[int, Sql]] = {}
        for leaf, count in counts.items():
            if count is None:
                found[leaf] = self._counting(leaf)
        asked = {leaf: missing for leaf, (_, missing) in found.items() if missing}
        numbers = self.number(list(asked.values())) if asked else []
        missed = dict(zip(asked, numbers, strict=True))
        for leaf, (known, _) in found.items():
            counts[leaf] = known + missed.get(leaf, 0)
            self.known.remember(leaf, known + missed.get(leaf, 0))
        return {leaf: count or 0 for leaf, count in counts.items()}

    def _counting(self, leaf: Words) -> tuple[int, Sql]:
        """Return how many documents have a leaf: a number, and what to count besides.

        The vocabulary knows it for each term. Of a word in several forms the documents
        that have the others but not the most frequent one are left to be counted.
        """
        meaning = self._leaves[leaf]
        if not meaning.rows:
            return 0, ""
        [first, *more] = meaning.rows
        if more or len(first.steps) > 1 or meaning.fields != SCORED:
            return 0, meaning.condition
        terms = sorted(first.steps[0], key=self._documents)
        most, others = terms[-1], terms[:-1]
        if not others:
            return self._documents(most), ""
        if len(terms) > MOST_AT_ONCE:
            return 0, meaning.condition
        besides = f"{any_of(others)} & !{quoted(most)}"
        return self._documents(most), self.matches("d.words", besides)

    def _documents(self, term: str) -> int:
        """In how many documents a term occurs, in text or title."""
        held = self.terms.get(term, {})
        return sum(held.get(name, 0) for name in SCORED)

    def most(self, node: Node) -> int:
        """Return a number that the documents which match a tree do not exceed."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                meaning = self._leaves[node]
                if not meaning.scored:
                    return self.known.documents
                steps = (
                    min(sum(map(self._documents, step)) for step in row.steps)
                    for row in meaning.rows
                )
                return sum(steps)
            case And(below, _) if below:
                return min(map(self.most, below))
            case Or(below):
                return sum(map(self.most, below))
            case Boost(child, _) | Favour(child, _):
                return self.most(child)
            case _:
                return self.known.documents

    def reach(self) -> tuple[int, int]:
        """The first and the last day that any date names; the last first for none."""
        if self.known.days is None:
            bounds = (
                f"(SELECT {extreme}({day}) FROM {self.document}"
                f" WHERE {day} NOT IN ({OPEN_START}, {OPEN_END}))"
                for extreme in ("min", "max")
                for day in ("d.earliest", "d.latest")
            )
            found = self.rows(f"SELECT {', '.join(bounds)}")[0]
            known = [day for day in found if day is not None]
            self.known.days = (min(known), max(known)) if known else (1, 0)
        return self.known.days

    def among(self, numbers: Iterable[int]) -> Sql:
        """Return the condition that a document has one of these numbers."""
        return f"d.number = ANY({self.put(list(numbers))}::bigint[])"

    # What the leaves stand for

    def resolved(self, node: Node) -> Node:
        """Replace the parts of values, as in `source:art*`, by the values there are."""
        match node:
            case Prefix(_, key) | Wildcard(_, key) if (
                key and BY_KEY[key].match is not Match.WORDS
            ):
                reads = BY_KEY[key].reads
                return AnyOf(reads, self.words((reads,), value_pattern(node)))
            case And(below, optional):
                resolved = (tuple(map(self.resolved, p)) for p in (below, optional))
                return And(*resolved)
            case Or(below):
                return Or(tuple(map(self.resolved, below)))
            case Not(child):
                return Not(self.resolved(child))
            case Boost(child, factor):
                return Boost(self.resolved(child), factor)
            case Favour(child, days):
                return Favour(self.resolved(child), days)
            case _:
                return node

    def words(self, fields: Sequence[str], like: Like) -> tuple[str, ...]:
        """The words of some fields that pass a test."""
        if (found := self.known.words.get((fields, like))) is None:
            found = self._find_words(fields, like)
            self.known.remember_words(fields, like, found)
        return found

    def _find_words(self, fields: Sequence[str], like: Like) -> tuple[str, ...]:
        asked = (
            f"SELECT DISTINCT word FROM {self._vocabulary}"
            f" WHERE field = ANY({self.texts(fields)})"
        )
        if like.edits:
            shortest, longest = (len(like.shape) + n * like.edits for n in (-1, 1))
            asked += f" AND char_length(word) BETWEEN {shortest} AND {longest}"
        else:
            asked += f" AND word LIKE {self.put(like_shape(like.shape))}"
            if like.shape == like.prefix + "*" and fields[0] in (*SCORED, "subject"):
                asked += f" LIMIT {MOST_WORDS + 1}"  # all of them pass the test
        accepts = like.tester()
        return tuple(word for [word] in self.rows(asked) if accepts(word))

    def look_up(self, nodes: Iterable[Node]) -> None:
        """Find out what all leaves stand for, with few statements."""
        leaves = list(dict.fromkeys(leaf for node in nodes for leaf in leaves_of(node)))
        wanted: dict[Words, list[tuple[list[frozenset[str]], int]]] = {}
        for leaf in leaves:
            wanted[leaf] = [
                ([self._terms(leaf, step) for step in row.steps], row.slop)
                for row in pattern(leaf, self.known.languages).rows
            ]
        self._look_up(
            term
            for rows in wanted.values()
            for steps, _ in rows
            for step in steps
            for term in step
        )
        for leaf, written in wanted.items():
            fields = _fields(leaf)
            known = {
                term
                for term, held in self.terms.items()
                if any(name in held for name in fields)
            }
            found = tuple(
                Row(tuple(step & known for step in steps), slop)
                for steps, slop in written
            )
            rows_held = tuple(row for row in found if all(row.steps))
            conditions = [self._row(row, fields) for row in rows_held]
            self._leaves[leaf] = Leaf(fields, rows_held, either(conditions))

    def _terms(self, leaf: Words, step: AnyTerm | Like) -> frozenset[str]:
        if isinstance(step, AnyTerm):
            return step.terms
        words = self.words(_fields(leaf), step)
        if len(words) > MOST_WORDS:
            raise too_many_words(leaf)
        tongues = [f"={mark}" for mark in marks_of(self.known.languages)]
        return frozenset(word + mark for word in words for mark in ("", *tongues))

    def _look_up(self, terms: Iterable[str]) -> None:
        """Find out which fields have which terms."""
        found = {term: self.known.terms.get(term) for term in terms}
        missing = [term for term, held in found.items() if held is None]
        if missing:
            read: dict[str, dict[str, int]] = {term: {} for term in missing}
            for name, term, documents in self.rows(
                f"SELECT field, term, documents FROM {self._vocabulary}"
                " WHERE field IN ('text', 'title', 'subject')"
                f" AND term = ANY({self.texts(missing)})"
            ):
                read[term][name] = documents
            found |= read
            self.known.remember_terms(read)
        self.terms = {term: held for term, held in found.items() if held}

    # Conditions

    def condition(self, node: Node) -> Sql:
        """Return the condition that a document matches a tree."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._leaves[node].condition
            case AnyOf(_, ()):
                return "false"
            case AnyOf(key, values):
                return f"d.{BY_KEY[key].reads} && {self.texts(values)}"
            case Days(first, last, _):
                low, high = map(self.put, span(first, last))
                return (
                    f"(d.earliest <= {high} AND d.latest >= {low}"
                    " AND d.earliest <= d.latest)"
                )
            case All():
                return "true"
            case Not(child):
                return f"NOT {self.condition(child)}"
            case Boost(child, _) | Favour(child, _):
                return self.condition(child)
            case Or(below):
                return either(map(self.condition, below))
            case And(below, _):
                return f"({' AND '.join(map(self.condition, below)) or 'true'})"
        raise TypeError(f"{type(node).__name__} is for search.meaning to resolve")

    def _row(self, row: Row, fields: tuple[str, ...]) -> Sql:
        column = "d.subject" if fields == ("subject",) else "d.words"
        # Text and title lie in one vector, further apart than any slop may bridge.
        mark = WEIGHTS.get(fields[0], "") if len(fields) == 1 else ""
        if len(row.steps) == 1:
            terms = sorted(row.steps[0])
            some = (
                terms[n : n + MOST_AT_ONCE] for n in range(0, len(terms), MOST_AT_ONCE)
            )
            return either(self.matches(column, any_of(part, mark)) for part in some)
        steps = [any_of(step, mark) for step in row.steps]
        everywhere = self.matches(column, " & ".join(steps))
        long = "d.long IS NOT NULL"
        if comb(row.slop + len(steps) - 1, row.slop) > MOST_WAYS:
            return self.among(self._checked(everywhere, row, fields))
        together = self.matches(column, phrase(steps, row.slop))
        if not self.known.long_documents:
            return together
        checked = self._checked(f"{long} AND {everywhere}", row, fields)
        return f"(NOT {long} AND {together} OR {self.among(checked)})"

    def _checked(self, condition: Sql, row: Row, fields: tuple[str, ...]) -> list[int]:
        """The numbers of documents that have a row, looked for in their positions."""
        numbers = [
            number
            for [number] in self.rows(
                f"SELECT d.number FROM {self.document} WHERE {condition}"
            )
        ]
        terms = frozenset().union(*row.steps)
        columns = ", ".join(self.places(fields))
        found = []
        for first in range(0, len(numbers), BATCH):
            batch = self.among(numbers[first : first + BATCH])
            asked = f"SELECT d.number, {columns} FROM {self.document} WHERE {batch}"
            for number, *held in self.rows(asked):
                places = places_of(held, terms)
                if any(starts((row,), places.get(name, {})) for name in fields):
                    found.append(number)
        return found

    def places(self, fields: Iterable[str]) -> list[Sql]:
        """Return three columns for `places_of`, with the positions in some fields."""
        columns = []
        for column, names in (("words", SCORED), ("subject", ("subject",))):
            needed = not set(names).isdisjoint(fields)
            columns.append(f"d.{column}::text" if needed else "NULL")
        columns.append("d.long" if self.known.long_documents else "NULL")
        return columns


def leaves_of(node: Node) -> Iterator[Words]:
    """Every word and phrase of a tree."""
    if isinstance(node, Words):
        yield node
    for child in children(node):
        yield from leaves_of(child)


def _fields(leaf: Words) -> tuple[str, ...]:
    return (leaf.field,) if leaf.field else SCORED
