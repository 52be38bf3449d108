"""Answering a request with SQL: totals, facets, and the best results.

The server counts. It cannot compute the score of `search.scoring`: two terms of one
word may stand at a position, and it would count both. What it can compute is a score
that no document exceeds. So documents are taken from the top of that order and scored
exactly, from their positions, until none below can come before those found. The bound
is the score itself for most documents, so a page needs few more than it shows.

What matches is read once, for the total, the facets and the bounds together. Where the
vocabulary says that it is little, it is fetched instead, and all of that is done here.

Long because totals, facets and results are parts of one statement.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from search import scoring
from search.analyzer import word_of_term
from search.days import OPEN_END, OPEN_START, UNDATED, span
from search.engine import Count, Hit, Request, Result
from search.engines.postgresql.query import (
    Places,
    Row,
    Snapshot,
    Sql,
    any_of,
    leaves_of,
    places_of,
    starts,
)
from search.engines.postgresql.store import (
    quoted,
)
from search.fields import BY_KEY, SCORED
from search.patterns import beginning
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

#: A step with more terms is counted in the vector as it lies, not by a tsquery.
MOST_RANKED = 12

_UNIT = 10**scoring.PLACES

#: `ts_rank_cd` adds these for a position of text and of title: one number says both.
_TITLE = 4096
_BOTH = f"'{{1, 1, {1 / _TITLE}, {1 / _TITLE}}}'::real[]"  # D, C, B, A


def answer(index: Snapshot, request: Request) -> Result:
    """Answer a request."""
    query = index.resolved(request.query)
    filters = {name: index.resolved(node) for name, node in request.filters}
    index.look_up([query, *filters.values()])
    asked = index.condition(query)
    kept = {name: index.condition(node) for name, node in filters.items()}
    found = f"({' AND '.join([asked, *kept.values()])})"
    by_score = request.sort == "relevance" and request.limit > 0
    ranking = _Ranking(index, query, found, request, alone=not kept)
    # A phrase is rarer than its words: it is worth a try.
    if by_score and not kept:
        if isinstance(_only(query), Phrase) or index.most(query) <= FEW:
            if (result := ranking.few()) is not None:
                return result
    unfiltered = [name for name in request.facets if name not in kept]
    counted = _Counted(index, found, unfiltered, request)
    hits: Sequence[Hit]
    if by_score:
        hits = ranking.best(counted)
    else:
        counted.read()
        hits = ranking.by_day(counted.total) if request.limit else ()
    facets = counted.facets()
    for facet in request.facets:
        if facet in kept:
            others = [other for name, other in kept.items() if name != facet]
            rest = f"({' AND '.join([asked, *others])})"
            alone = _Counted(index, rest, [facet], request)
            alone.read()
            facets |= alone.facets()
    ordered = {name: facets[name] for name in request.facets}
    return Result(total=counted.total, hits=tuple(hits), facets=ordered)


# Counting

_Counts: TypeAlias = list[tuple[Sequence[Any], int]]


class _Counted:
    """What meets a condition, counted in one statement."""

    def __init__(
        self, index: Snapshot, condition: Sql, facets: Sequence[str], request: Request
    ) -> None:
        self.total = 0
        self._index = index
        self._condition = condition
        self._request = request
        self._counts: dict[str, _Counts] = {facet: [] for facet in facets}

    def read(
        self, columns: Iterable[Sql] = (), top: Sql | None = None, width: int = 0
    ) -> list[Any]:
        """Count.

        Args:
            columns: what else of each document *top* needs.
            top: what to select from `found` besides: a key and so many columns.
            width: how many.

        Returns:
            what *top* selects.
        """
        for counts in self._counts.values():
            counts.clear()
        listed = dict.fromkeys(("d.number", *columns))
        for facet in self._counts:
            held = ("d.earliest", "d.latest") if facet == "year" else (f"d.{facet}",)
            listed |= dict.fromkeys(held)
        parts = ["SELECT '', NULL::text[], count(*) FROM found"]
        parts += [_values(facet, self._request) for facet in self._counts]
        if top:  # it comes first and says of which types the columns are
            nothing = ", NULL" * width
            parts = [f"SELECT p.*{nothing} FROM ({part}) p" for part in parts]
            parts.insert(0, f"SELECT '#', NULL::text[], t.* FROM ({top}) t")
        best = []
        for row in self._index.rows(
            f"WITH found AS MATERIALIZED (SELECT {', '.join(listed)}"
            f" FROM {self._index.document} WHERE {self._condition})"
            f" {' UNION ALL '.join(parts)}"
        ):
            facet, held, count = row[:3]
            if facet == "#":
                best.append(row[2:])
            elif facet:
                self._counts[facet].append((held, count))
            else:
                self.total = count
        return best

    def facets(self) -> dict[str, tuple[Count, ...]]:
        """The most frequent values of each facet."""
        return {
            facet: _most(self._index, facet, held, self._request)
            for facet, held in self._counts.items()
        }


def _values(facet: str, request: Request) -> Sql:
    """Count the values of a facet, or, where more counts than they, what is held."""
    if facet == "year":
        return (
            "SELECT 'year', ARRAY[earliest::text, latest::text], count(*)"
            " FROM found GROUP BY earliest, latest"
        )
    if facet in request.broader:
        return f"SELECT '{facet}', {facet}, count(*) FROM found GROUP BY {facet}"
    return (
        f"(SELECT '{facet}', ARRAY[value], count(*)"
        f" FROM found, unnest({facet}) AS value GROUP BY value"
        f' ORDER BY count(*) DESC, value COLLATE "C" LIMIT {request.most_values:d})'
    )


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

    number: int
    id: str
    lengths: Mapping[str, int]
    days: tuple[int, int]
    values: Mapping[str, Sequence[str]]
    places: Places

    @property
    def kind(self) -> str:
        return self.values["kind"][0]


class _Ranking:
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
        self._keys = sorted(values - {"year"})
        self._rarity: dict[Words, float] = {}
        self._columns: dict[Sql, None] = {}
        """What the bound is computed from, for each document."""
        self._ranked: dict[frozenset[str], Sql] = {}
        """The columns that count the positions of steps."""
        #: The leaf that the query is, if it is one: its matches are the total.
        self._only = _only(query) if alone else None

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
                one.days if facet == "year" else one.values[facet] for one in seen
            )
            held = [(some, 1) for some in values]
            counts[facet] = _most(self._index, facet, held, self._request)
        scored = sorted((-self._score(one), one.id) for one in seen)
        return Result(total=len(seen), hits=tuple(self._page(scored)), facets=counts)

    def by_day(self, total: int) -> Sequence[Hit]:
        """Return the results that are asked for, by their day."""
        self._weigh(total)
        day = _day(newest=self._request.sort == "-date")
        return self._in_order(f"{day} NULLS LAST, d.id")

    def best(self, counted: _Counted) -> Sequence[Hit]:
        """Count, and return the best results, in order; see the module."""
        if self._only is None:
            self._weigh(0)
        bound = self._bound(self._query)
        if bound is None:  # nothing tells the documents apart
            counted.read()
            return self._in_order("d.id")
        # Half a unit up: the bound of a score that is rounded, whatever the last bits.
        factor = self._by_kind(scoring.FACTORS, 1.0)
        key = f"floor({bound} * {factor} * {self._put(_UNIT)} + 0.501::float8)::bigint"
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
            rows = counted.read(self._columns, top, len(columns))
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
        self._rarity = {
            leaf: scoring.rarity(documents, count)
            for leaf, count in self._index.matching(scored).items()
        }

    def _seen(self, condition: Sql) -> list[_Seen]:
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

    def _seen_in(self, row: Sequence[Any]) -> _Seen:
        number, id, text, title, earliest, latest, *places = row[len(self._keys) :]
        return _Seen(
            number=number,
            id=id,
            lengths={"text": text, "title": title},
            days=(earliest, latest),
            values=dict(zip(self._keys, row, strict=False)),
            places=places_of(places, self._terms),
        )

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

    def _bound(self, node: Node) -> Sql | None:
        """Return an upper bound of the score, or None for a score of nothing."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._bound_of_leaf(node)
            case Boost(child, factor):
                bound = self._bound(child)
                return bound and f"({bound} * {self._put(factor)})"
            case Favour(child, _):
                bound = self._bound(child)
                return bound and f"({bound} * {self._put(scoring.FAVOURED)})"
            case And() | Or():
                bounds = list(filter(None, map(self._bound, children(node))))
                return _sum(bounds) if bounds else None
            case _:
                return None

    def _bound_of_leaf(self, leaf: Words) -> Sql | None:
        meaning = self._leaves[leaf]
        if not meaning.scored or not meaning.rows:
            return None
        frequencies = []
        for name in meaning.fields:
            w, b = scoring.WEIGHTS[name]
            counts = _sum(self._occurrences(leaf, row, name) for row in meaning.rows)
            slopes = {kind: b / mean for kind, mean in self._means[name].items()}
            self._columns[f"d.{name}_length"] = None
            frequencies.append(
                f"{self._put(w)} * {counts} / ({self._put(1 - b)}"
                f" + {self._by_kind(slopes, 1.0)} * {name}_length)"
            )
        k = self._put(scoring.K)
        rarity = self._put(self._rarity[leaf]) if self._rarity else "r.rarity"
        highest = f"{rarity} * {self._put(scoring.K + 1)}"
        # f / (f + k), with f written once: SQL computes what it reads as often.
        bound = f"{highest} * (1 - {k} / ({_sum(frequencies)} + {k}))"
        if self._index.known.long_documents:
            self._columns["d.long IS NOT NULL AS is_long"] = None
            bound = f"CASE WHEN is_long THEN {highest} ELSE {bound} END"
        return f"({bound})"

    def _weighing(self) -> Sql:
        """The rarity of the only leaf, from what is found: a table beside `found`."""
        if self._rarity:
            return ""
        documents = self._put(self._index.known.documents)
        return (
            f", (SELECT ln(1 + ({documents} - n + 0.5) / (n + 0.5)) AS rarity"
            " FROM (SELECT count(*)::float8 AS n FROM found) n) r"
        )

    def _by_kind(self, values: Mapping[str, float], other: float) -> Sql:
        """Return a number that depends on the kind of a document."""
        by_kind = {
            kind: values.get(kind, other)
            for kind, totals in sorted(self._index.known.totals.items())
            if totals.documents
        }
        if len(set(by_kind.values())) == 1:
            return self._put(by_kind.popitem()[1])
        self._columns["d.kind"] = None
        cases = (f"WHEN '{kind}' THEN {self._put(n)}" for kind, n in by_kind.items())
        return f"CASE kind[1] {' '.join(cases)} END"

    def _occurrences(self, leaf: Words, row: Row, name: str) -> Sql:
        """Count the occurrences of a row in a field, or more.

        Each has another first word, and where nothing may stand between, any other.
        """
        steps = row.steps[:1] if row.slop else row.steps
        columns = [self._places(leaf, step) for step in steps]
        whole = (f"floor({column})" for column in columns)
        if name == "title":
            whole = (f"({c} - floor({c})) * {_TITLE}" for c in columns)
        counts = list(whole)
        return f"least({', '.join(counts)})" if len(counts) > 1 else counts[0]

    def _places(self, leaf: Words, terms: frozenset[str]) -> Sql:
        """Return a column with the positions of a step: text, and a part for title."""
        if terms in self._ranked:
            return self._ranked[terms]
        words = {term for term in terms if word_of_term(term) == term}
        stems = {term for term in terms if word_of_term(term) is None}
        if len(terms) <= MOST_RANKED:
            column = self._covers(any_of(terms))
            if words and stems:  # they stand together, and count once
                together = f"{any_of(words)} <0> {any_of(stems)}"
                column += f" - {self._covers(together)}"
        elif isinstance(leaf, Prefix):
            column = self._covers(f"{quoted(beginning(leaf))}:*DA")
        else:
            column = (
                "(SELECT coalesce(sum(CASE WHEN weight IN ('D', 'C')"
                f" THEN 1 ELSE {1 / _TITLE} END), 0) FROM unnest(d.words) u,"
                " unnest(u.weights) AS weight"
                f" WHERE lexeme = ANY({self._index.texts(terms)}))"
            )
        name = f"x{len(self._ranked)}"
        self._columns[f"{column} AS {name}"] = None
        return self._ranked.setdefault(terms, name)

    def _covers(self, query: str) -> Sql:
        """Count the places at which a tsquery for one position is met.

        Each of them is a cover that adds its weight to `ts_rank_cd`.
        """
        asked = f"{self._index.put(query)}::tsquery"
        return f"ts_rank_cd({_BOTH}, d.words, {asked})::float8"

    def _put(self, number: float) -> Sql:
        return self._index.put(float(number))


def _sum(parts: Iterable[Sql]) -> Sql:
    return f"({' + '.join(parts)})"


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
