"""The best results: taken from the top of a bound's order, and scored exactly.

Documents are scored from their positions until none below can come before those found.
The bound (`bounds`) is the score itself for most documents, so that a page needs few
more than it shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import scoring
from search.days import OPEN_END, OPEN_START, PERIODS, UNDATED, span
from search.engine import Hit, Request, Result
from search.engines.postgresql.bounds import Bounds
from search.engines.postgresql.counting import Counted, most
from search.engines.postgresql.known import Sql
from search.engines.postgresql.positions import Places, places_of, starts
from search.engines.postgresql.snapshot import Snapshot, leaves_of
from search.fields import BY_KEY, SCORED
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

#: Up to so many documents are fetched whole rather than counted on the server.
FEW = 100

#: How many documents are scored exactly, at most, to find the best: a bound on the time
#: that wide prefixes and phrases take. Those after them come in the bound's order.
MOST_SCORED = 20_000

#: How many more documents than a page needs are scored at first.
SPARE = 10

_UNIT = 10**scoring.PLACES


@dataclass(frozen=True)
class Seen:
    """A document, as far as a query can tell."""

    number: int
    id: str
    lengths: Mapping[str, int]
    days: tuple[int, int]
    values: Mapping[str, Sequence[str]]
    places: Places

    @property
    def kind(self) -> str:
        return self.values["kind"][0]


class Ranking:
    """Orders what a query found."""

    def __init__(
        self,
        index: Snapshot,
        query: Node,
        found: Sql,
        request: Request,
        *,
        alone: bool,
    ) -> None:
        self._index = index
        self._query = query
        self._found = found
        self._request = request
        self._means = {name: index.known.means(name) for name in SCORED}
        self._leaves = {
            leaf: index.leaf(leaf) for leaf in dict.fromkeys(leaves_of(query))
        }
        self._terms = frozenset().union(*(leaf.terms for leaf in self._leaves.values()))
        values = {"kind", *_fields_of_values(query), *request.facets}
        self._keys = sorted(values.difference(PERIODS))
        self._rarity: dict[Words, float] = {}
        #: The leaf that the query is, if it is one: its matches are the total.
        self._only = _only(query) if alone else None
        self._bounds = Bounds(index, self._means, self._rarity)

    def is_rare(self) -> bool:
        """Whether to try fetching all: a phrase is rarer than its words."""
        return isinstance(_only(self._query), Phrase) or (
            self._index.most(self._query) <= FEW
        )

    def few(self) -> Result | None:
        """Answer from all documents that match, unless they are many."""
        facets = self._request.facets
        seen = self._seen(f"{self._found} LIMIT {FEW + 1}")
        if len(seen) > FEW:
            return None
        self._weigh(len(seen))
        counts = {}
        for facet in facets:
            values = (
                one.days if facet in PERIODS else one.values[facet] for one in seen
            )
            held = [(some, 1) for some in values]
            counts[facet] = most(self._index, facet, held, self._request)
        scored = sorted((-self._score(one), one.id) for one in seen)
        return Result(total=len(seen), hits=tuple(self._page(scored)), facets=counts)

    def by_day(self, total: int) -> Sequence[Hit]:
        """Return the results that are asked for, by their day."""
        self._weigh(total)
        day = _day(newest=self._request.sort == "-date")
        return self._in_order(f"{day} NULLS LAST, d.id")

    def best(self, counted: Counted) -> Sequence[Hit]:
        """Count, and return the best results, in order; see the module."""
        if self._only is None:
            self._weigh(0)
        bound = self._bounds.of(self._query)
        if bound is None:  # nothing tells the documents apart
            counted.read()
            return self._in_order("d.id")
        # Half a unit up: the bound of a score that is rounded, whatever the last bits.
        factor = self._bounds.by_kind(scoring.FACTORS, 1.0)
        unit = self._index.put(float(_UNIT))
        key = f"floor({bound} * {factor} * {unit} + 0.501::float8)::bigint"
        wanted = self._request.offset + self._request.limit
        taken = wanted + SPARE
        columns = self._read_columns()
        beside = self._weighing()
        while True:
            # Many may share the last key: their ids decide.
            top = (
                f"SELECT t.key, {', '.join(columns)} FROM (SELECT f.number, f.key FROM"
                f" (SELECT number, {key} AS key FROM found{beside}"
                f" ORDER BY key DESC FETCH FIRST {taken:d} ROWS WITH TIES) f"
                f" JOIN {self._index.document} ON d.number = f.number"
                f" ORDER BY f.key DESC, d.id LIMIT {taken:d}) t"
                f" JOIN {self._index.document} ON d.number = t.number"
            )
            rows = counted.read(self._bounds.columns, top, len(columns))
            self._weigh(counted.total)
            seen = [(key, self._seen_in(row)) for key, *row in rows]
            scored = sorted((-self._score(one), one.id) for _, one in seen)
            if len(rows) < taken or taken >= MOST_SCORED:
                return self._page(scored)
            score, id = scored[wanted - 1]
            if (round(score * _UNIT), id) <= max((-key, one.id) for key, one in seen):
                return self._page(scored)
            taken = min(4 * taken, MOST_SCORED)

    def _in_order(self, order: Sql) -> Sequence[Hit]:
        offset, limit = self._request.offset, self._request.limit
        numbers = self._index.rows(
            f"SELECT d.number FROM {self._index.document} WHERE {self._found}"
            f" ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}"
        )
        places = {number: place for place, [number] in enumerate(numbers)}
        seen = self._seen(self._index.among(places)) if places else []
        seen.sort(key=lambda one: places[one.number])
        return [Hit(one.id, self._score(one)) for one in seen]

    def _page(self, scored: Sequence[tuple[float, str]]) -> Sequence[Hit]:
        first, last = self._request.offset, self._request.offset + self._request.limit
        return tuple(Hit(id, -score) for score, id in scored[first:last])

    def _weigh(self, total: int) -> None:
        """Find out how rare the leaves are, given how many documents match in all."""
        if self._rarity:
            return
        if self._only is not None:
            self._index.known.remember(self._only, total)
        scored = [leaf for leaf, meaning in self._leaves.items() if meaning.scored]
        documents = self._index.known.documents
        self._rarity.update(
            (leaf, scoring.rarity(documents, count))
            for leaf, count in self._index.matching(scored).items()
        )

    def _seen(self, condition: Sql) -> list[Seen]:
        """Read the documents that meet a condition."""
        rows = self._index.rows(
            f"SELECT {', '.join(self._read_columns())}"
            f" FROM {self._index.document} WHERE {condition}"
        )
        return [self._seen_in(row) for row in rows]

    def _read_columns(self) -> list[Sql]:
        """The columns that `_seen_in` reads."""
        fields = {name for leaf in self._leaves.values() for name in leaf.fields}
        return [f"d.{key}" for key in self._keys] + [
            *("d.number", "d.id", "d.text_length", "d.title_length"),
            *("d.earliest", "d.latest", *self._index.places(fields)),
        ]

    def _seen_in(self, row: Sequence[Any]) -> Seen:
        number, id, text, title, earliest, latest, *places = row[len(self._keys) :]
        return Seen(
            number=number,
            id=id,
            lengths={"text": text, "title": title},
            days=(earliest, latest),
            values=dict(zip(self._keys, row, strict=False)),
            places=places_of(places, self._terms),
        )

    # The exact score

    def _score(self, seen: Seen) -> float:
        score = self._match(self._query, seen)
        factor = scoring.FACTORS.get(seen.kind, 1.0)
        return round((score or 0.0) * factor, scoring.PLACES)

    def _match(self, node: Node, seen: Seen) -> float | None:
        """Return the score of a document; None if it does not match."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._match_leaf(node, seen)
            case AnyOf(key, values):
                held = seen.values[BY_KEY[key].reads]
                return None if set(values).isdisjoint(held) else 0.0
            case Days(first, last, _):
                low, high = span(first, last)
                earliest, latest = seen.days
                within = earliest <= high and latest >= low and earliest <= latest
                return 0.0 if within else None
            case All():
                return 0.0
            case Not(child):
                return 0.0 if self._match(child, seen) is None else None
            case Boost(child, factor):
                score = self._match(child, seen)
                return None if score is None else score * factor
            case Favour(child, days):
                score = self._match(child, seen)
                near = any(self._match(day, seen) is not None for day in days)
                return score and score * (scoring.FAVOURED if near else 1)
            case Or(below):
                parts = [self._match(child, seen) for child in below]
                scores = [score for score in parts if score is not None]
                return sum(scores) if scores else None
            case And(below, optional):
                parts = [self._match(child, seen) for child in below]
                extra = [self._match(child, seen) for child in optional]
                if None in parts:
                    return None
                return sum(score for score in parts + extra if score is not None)
        raise TypeError(f"{type(node).__name__} is for search.meaning to resolve")

    def _match_leaf(self, leaf: Words, seen: Seen) -> float | None:
        meaning = self._index.leaf(leaf)
        frequency, occurs = 0.0, False
        for name in meaning.fields:
            count = len(starts(meaning.rows, seen.places.get(name, {})))
            occurs = occurs or count > 0
            if count and meaning.scored:
                length, mean = seen.lengths[name], self._means[name][seen.kind]
                frequency += scoring.frequency(name, count, length, mean)
        if not occurs:
            return None
        return scoring.score(self._rarity[leaf], frequency) if meaning.scored else 0.0

    def _weighing(self) -> Sql:
        """The rarity of the only leaf, from what is found: a table beside `found`."""
        if self._rarity:
            return ""
        documents = self._index.put(float(self._index.known.documents))
        return (
            f", (SELECT ln(1 + ({documents} - n + 0.5) / (n + 0.5)) AS rarity"
            " FROM (SELECT count(*)::float8 AS n FROM found) n) r"
        )


def _only(node: Node) -> Words | None:
    """The leaf that a query is, whatever its boost."""
    while isinstance(node, Boost):
        node = node.child
    return node if isinstance(node, Words) else None


def _fields_of_values(node: Node) -> Iterator[str]:
    if isinstance(node, AnyOf):
        yield BY_KEY[node.field].reads
    for child in children(node):
        yield from _fields_of_values(child)


def _day(*, newest: bool) -> Sql:
    """The day by which documents are sorted; NULL where unknown."""
    unknown = f"d.earliest = {UNDATED[0]} AND d.latest = {UNDATED[1]}"
    known = f"CASE d.earliest WHEN {OPEN_START} THEN d.latest ELSE d.earliest END"
    if newest:
        known = f"-CASE d.latest WHEN {OPEN_END} THEN d.earliest ELSE d.latest END"
    return f"CASE WHEN {unknown} THEN NULL ELSE {known} END"
