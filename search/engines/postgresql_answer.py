"""Answering a request with SQL: totals, facets, and the best results.

The server counts. It cannot compute the score of `search.scoring`: two terms of one
word may stand at a position, and it would count both. What it can compute is a score
that no document exceeds. So documents are taken from the top of that order and scored
exactly, from their positions, until none below can come before those found. The bound
is the score itself for most documents, so a page needs few more than it shows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, array

from search import scoring
from search.analysis import word_of_term
from search.engines import Count, Hit, Request, Result
from search.engines.postgresql_query import (
    Condition,
    Places,
    Row,
    Snapshot,
    any_of,
    leaves_of,
    starts,
    texts,
)
from search.engines.postgresql_store import (
    OPEN_END,
    OPEN_START,
    UNDATED,
    WEIGHTS,
    span,
)
from search.fields import BY_KEY, SCORED
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

#: How many documents are scored exactly, at most, to find the best: a bound on the time
#: that wide prefixes and phrases take. Those after them come in the bound's order.
MOST_SCORED = 20_000

#: How many more documents than a page needs are scored at first.
SPARE = 20

#: A step with more terms is counted by a join, not for each document by itself.
MOST_RANKED = 12

_UNIT = 10**scoring.PLACES

Number: TypeAlias = sa.ColumnElement[Any]


def answer(index: Snapshot, request: Request) -> Result:
    """Answer a request."""
    query = index.resolved(request.query)
    filters = {name: index.resolved(node) for name, node in request.filters}
    index.look_up([query, *filters.values()])
    asked = index.condition(query)
    kept = {name: index.condition(node) for name, node in filters.items()}
    found = sa.and_(asked, *kept.values())
    unfiltered = [name for name in request.facets if name not in kept]
    total, facets = _count(index, found, unfiltered, request)
    for facet in request.facets:
        if facet in kept:
            others = [other for name, other in kept.items() if name != facet]
            facets |= _count(index, sa.and_(asked, *others), [facet], request)[1]
    hits: list[Hit] = []
    if request.offset < total and request.limit:
        hits = _Ranking(index, query, found, request).hits()
    ordered = {name: facets[name] for name in request.facets}
    return Result(total=total, hits=tuple(hits), facets=ordered)


# Counting

_Counts: TypeAlias = list[tuple[list[str], int]]


def _count(
    index: Snapshot, condition: Condition, facets: Sequence[str], request: Request
) -> tuple[int, dict[str, tuple[Count, ...]]]:
    """Count what meets a condition, and the values of some facets in it."""
    columns = {
        key: index.document[key]
        for facet in facets
        for key in (("earliest", "latest") if facet == "year" else (facet,))
    }
    listed = columns.values() or [index.document.number]
    found = sa.select(*listed).where(condition).cte("found")
    found = found.prefix_with("MATERIALIZED")
    nothing = sa.cast(array([]), ARRAY(sa.Text))
    everything = sa.select(sa.literal(""), nothing, sa.func.count())
    counting = [everything.select_from(found)]
    counting += [_values(found, facet, request) for facet in facets]
    counts: dict[str, _Counts] = {facet: [] for facet in facets}
    total = 0
    for facet, held, count in index.rows(sa.union_all(*counting)):
        if facet:
            counts[facet].append((held, count))
        else:
            total = count
    return total, {
        facet: _most(index, facet, held, request) for facet, held in counts.items()
    }


def _values(found: sa.CTE, facet: str, request: Request) -> Any:
    """Count the values of a facet, or, where more counts than they, what is held."""
    counted = sa.func.count()
    if facet == "year":
        days = found.c.earliest, found.c.latest
        held = array([sa.cast(day, sa.Text) for day in days])
        return sa.select(sa.literal(facet), held, counted).group_by(*days)
    column = found.c[facet]
    if facet in request.broader:
        return sa.select(sa.literal(facet), column, counted).group_by(column)
    values = sa.func.unnest(column).table_valued("value").render_derived()
    value = values.c.value
    most = (
        sa.select(sa.literal(facet), array([value]), counted)
        .select_from(found.join(values, sa.true()))
        .group_by(value)
        .order_by(counted.desc(), value.collate("C"))
        .limit(request.most_values)
        .subquery()
    )
    return sa.select(*most.c)


def _most(
    index: Snapshot, facet: str, held: _Counts, request: Request
) -> tuple[Count, ...]:
    counts: Counter[str] = Counter()
    broader = request.broader.get(facet, {})
    if facet == "year":
        counts = _years(index, held)
    else:
        for values, count in held:
            wider = {above for value in values for above in broader.get(value, ())}
            for value in {*values, *wider}:
                counts[value] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*item) for item in ordered[: request.most_values])


def _years(index: Snapshot, held: _Counts) -> Counter[str]:
    """Count the years that documents touch, as far as any date of the index reaches."""
    counts: Counter[str] = Counter()
    first, last = index.reach()
    for days, count in held:
        start, end = map(int, days)
        if (start, end) == UNDATED or first > last:
            continue
        years = range(
            date.fromordinal(max(start, first)).year,
            date.fromordinal(min(end, last)).year + 1,
        )
        counts.update({f"{year:04}": count for year in years})
    return counts


# Ranking


@dataclass(frozen=True)
class _Seen:
    """A document, as far as a query can tell."""

    id: str
    kind: str
    lengths: Mapping[str, int]
    days: tuple[int, int]
    values: Mapping[str, frozenset[str]]
    places: Places


class _Ranking:
    """Orders what a query found."""

    def __init__(
        self, index: Snapshot, query: Node, found: Condition, request: Request
    ) -> None:
        self._index = index
        self._query = query
        self._found = found
        self._request = request
        self._means = {name: index.known.means(name) for name in SCORED}
        self._table = index.document.id.table
        self._joined: dict[frozenset[str], Any] = {}
        """Counts of the positions of many terms, by the terms."""
        self._leaves = [
            (leaf, index.leaf(leaf)) for leaf in dict.fromkeys(leaves_of(query))
        ]
        self._rarity = {
            leaf: scoring.rarity(index.known.documents, index.matching(leaf))
            for leaf, meaning in self._leaves
            if meaning.scored
        }

    def hits(self) -> list[Hit]:
        """Return the results that are asked for, in order."""
        first, last = self._request.offset, self._request.offset + self._request.limit
        document = self._index.document
        if self._request.sort != "relevance":
            day = _day(document, newest=self._request.sort == "-date")
            rows = self._rows((day.nulls_last(), document.id), first, last - first)
            scored = [(seen.id, self._score(seen)) for _, seen in rows]
            return [Hit(id, score) for id, score in scored]
        return self._best(last)[first:]

    def _best(self, wanted: int) -> list[Hit]:
        """Return the best results, in order; see the module."""
        document = self._index.document
        bound = self._bound(self._query)
        if isinstance(bound, float):  # nothing tells the documents apart
            return [
                Hit(seen.id, 0.0) for _, seen in self._rows((document.id,), 0, wanted)
            ]
        factors = [
            (document.kind.overlap(texts([kind])), factor)
            for kind, factor in scoring.FACTORS.items()
        ]
        bound = bound * sa.case(*factors, else_=1.0)
        # Half a unit up: the bound of a score that is rounded, whatever the last bits.
        key = sa.func.floor(bound * float(_UNIT) + 0.501)
        order = (key.desc(), document.id)
        taken = wanted + SPARE
        while True:
            rows = self._rows(order, 0, taken, key)
            best = sorted((-self._score(seen), seen.id) for _, seen in rows)[:wanted]
            if len(rows) < taken or taken >= MOST_SCORED:
                break
            last, (score, id) = rows[-1], best[-1]
            if (round(score * _UNIT), id) <= (-last[0], last[1].id):
                break
            taken = min(4 * taken, MOST_SCORED)
        return [Hit(id, -score) for score, id in best]

    def _rows(
        self,
        order: Sequence[Number],
        offset: int,
        limit: int,
        key: Number | None = None,
    ) -> list[tuple[float, _Seen]]:
        """Read the documents that were found, from one place of an order to another."""
        document = self._index.document
        tables: Any = self._table
        if key is not None:
            for counts in self._joined.values():
                tables = tables.outerjoin(counts, counts.c.number == document.number)
        keys = sorted(set(_fields_of_values(self._query)) | {"kind"})
        rows = self._index.rows(
            sa.select(
                document.number,
                sa.literal(0.0) if key is None else key,
                document.id,
                document.text_length,
                document.title_length,
                document.earliest,
                document.latest,
                *(document[key] for key in keys),
            )
            .select_from(tables)
            .where(self._found)
            .order_by(*order)
            .offset(offset)
            .limit(limit)
        ).all()
        fields = {name for _, meaning in self._leaves for name in meaning.fields}
        terms = frozenset().union(*(meaning.terms for _, meaning in self._leaves))
        places = self._index.places([row[0] for row in rows], terms, fields)
        found = []
        for number, key_of, id, text, title, earliest, latest, *held in rows:
            values = dict(zip(keys, map(frozenset, held), strict=True))
            [kind] = values["kind"]
            lengths = {"text": text, "title": title}
            days = earliest, latest
            seen = _Seen(id, kind, lengths, days, values, places[number])
            found.append((float(key_of), seen))
        return found

    # The exact score

    def _score(self, seen: _Seen) -> float:
        score = self._match(self._query, seen)
        factor = scoring.FACTORS.get(seen.kind, 1.0)
        return round((score or 0.0) * factor, scoring.PLACES)

    def _match(self, node: Node, seen: _Seen) -> float | None:
        """Return the score of a document; None if it does not match."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._match_leaf(node, seen)
            case AnyOf(key, values):
                held = seen.values[BY_KEY[key].reads]
                return None if held.isdisjoint(values) else 0.0
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
        raise TypeError(f"{type(node).__name__} is for search.meaning to settle")

    def _match_leaf(self, leaf: Words, seen: _Seen) -> float | None:
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

    # A score that no document exceeds

    def _bound(self, node: Node) -> Number | float:
        """Return an upper bound of the score: a number, or SQL that gives one."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._bound_of_leaf(node)
            case Boost(child, factor):
                return self._bound(child) * factor
            case And() | Or():
                total: Number | float = 0.0
                for child in children(node):
                    total = total + self._bound(child)
                return total
            case _:
                return 0.0

    def _bound_of_leaf(self, leaf: Words) -> Number | float:
        meaning = self._index.leaf(leaf)
        if not meaning.scored or not meaning.rows:
            return 0.0
        document = self._index.document
        frequency: Number = sa.literal(0.0)
        for name in meaning.fields:
            w, b = scoring.WEIGHTS[name]
            counts = [self._occurrences(row, name) for row in meaning.rows]
            mean = sa.case(self._means[name], value=document.kind[1])
            length = sa.cast(document[f"{name}_length"], sa.Double) / mean
            occurrences = sum(counts[1:], counts[0])
            frequency = frequency + w * occurrences / (1 - b + b * length)
        highest = self._rarity[leaf] * (scoring.K + 1)
        # f / (f + k), with f written once: SQL computes what it reads as often.
        bound = highest * (1 - scoring.K / (frequency + scoring.K))
        return sa.case((document.long.is_not(None), highest), else_=bound)

    def _occurrences(self, row: Row, name: str) -> Number:
        """Count the occurrences of a row in a field, or more.

        Each has another first word, and where nothing may stand between, any other.
        """
        steps = row.steps[:1] if row.slop else row.steps
        counts = [self._places(step, name) for step in steps]
        return sa.func.least(*counts) if len(counts) > 1 else counts[0]

    def _places(self, step: frozenset[str], name: str) -> Number:
        """Count the positions of a step in a field."""
        terms = step & self._index.held.get(name, frozenset())
        if not terms:
            return sa.literal(0.0)
        if len(terms) > MOST_RANKED:
            return self._listed(terms, name)
        words = {term for term in terms if word_of_term(term) == term}
        stems = {term for term in terms if word_of_term(term) is None}
        places = self._covers(any_of(terms, WEIGHTS[name]))
        if words and stems:  # they stand together, and count once
            both = (any_of(some, WEIGHTS[name]) for some in (words, stems))
            places = places - self._covers(" <0> ".join(both))
        return places

    def _covers(self, query: str) -> Number:
        """Count the places at which a tsquery for one position is met.

        With all weights 1, each of them is a cover that adds 1 to `ts_rank_cd`.
        """
        alike = sa.cast(array([1.0, 1.0, 1.0, 1.0]), ARRAY(sa.REAL))
        words, asked = self._index.document.words, sa.cast(query, TSQUERY)
        return sa.cast(sa.func.ts_rank_cd(alike, words, asked), sa.Double)

    def _listed(self, terms: frozenset[str], name: str) -> Number:
        """Count the positions of many terms: for all documents at once, in a join."""
        if terms not in self._joined:
            document = self._index.document
            parts = sa.func.unnest(document.words).table_valued("lexeme", "weights")
            marks = sa.func.unnest(parts.c.weights).table_valued("mark")
            marks = marks.render_derived()
            wanted = sa.select(sa.func.unnest(texts(terms)))
            self._joined[terms] = (
                sa.select(
                    document.number,
                    *(
                        sa.func.count().filter(marks.c.mark == weight).label(field)
                        for field, weight in WEIGHTS.items()
                    ),
                )
                .select_from(self._table.join(parts, sa.true()).join(marks, sa.true()))
                .where(self._found, parts.c.lexeme.in_(wanted))
                .group_by(document.number)
                .subquery()
            )
        return sa.func.coalesce(sa.cast(self._joined[terms].c[name], sa.Double), 0.0)


def _fields_of_values(node: Node) -> Iterator[str]:
    if isinstance(node, AnyOf):
        yield BY_KEY[node.field].reads
    for child in children(node):
        yield from _fields_of_values(child)


def _day(document: Any, *, newest: bool) -> Number:
    """The day by which documents are sorted; NULL where unknown."""
    earliest, latest = document.earliest, document.latest
    day: Number
    if newest:
        day = -sa.case((latest == OPEN_END, earliest), else_=latest)
    else:
        day = sa.case((earliest == OPEN_START, latest), else_=earliest)
    unknown = sa.and_(earliest == UNDATED[0], latest == UNDATED[1])
    return sa.case((unknown, None), else_=day)
