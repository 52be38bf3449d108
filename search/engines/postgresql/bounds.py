"""A score that no document exceeds, as SQL: the score itself for most documents.

The server cannot compute the score of `search.scoring`: two terms of one word may stand
at a position, and it would count both.
"""

from collections.abc import Iterable, Mapping

from search import scoring
from search.analyzer import word_of_term
from search.engines.postgresql.known import Row, Sql
from search.engines.postgresql.snapshot import Snapshot
from search.engines.postgresql.store import quoted
from search.engines.postgresql.tsquery import any_of
from search.patterns import beginning
from search.tree import (
    And,
    Boost,
    Favour,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Words,
    children,
)

#: A step with more terms is counted in the vector as it lies, not by a tsquery.
MOST_RANKED = 12

#: `ts_rank_cd` adds these for a position of text and of title: one number says both.
_TITLE = 4096
_BOTH = f"'{{1, 1, {1 / _TITLE}, {1 / _TITLE}}}'::real[]"  # D, C, B, A


class Bounds:
    """Writes bounds of the score of a query's parts."""

    def __init__(
        self,
        index: Snapshot,
        means: Mapping[str, Mapping[str, float]],
        rarity: Mapping[Words, float],
    ) -> None:
        """Begin.

        Args:
            index: the index, with the leaves looked up.
            means: the mean lengths of fields, by kind.
            rarity: of each leaf, as soon as it is known; until then, it is read from
                the table that `Ranking` puts beside what is found.
        """
        self._index = index
        self._means = means
        self._rarity = rarity
        self.columns: dict[Sql, None] = {}
        """What the bound is computed from, for each document."""
        self._ranked: dict[frozenset[str], Sql] = {}
        """The columns that count the positions of steps."""

    def of(self, node: Node) -> Sql | None:
        """Return an upper bound of the score, or None for a score of nothing."""
        match node:
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self._bound_of_leaf(node)
            case Boost(child, factor):
                bound = self.of(child)
                return bound and f"({bound} * {self._put(factor)})"
            case Favour(child, _):
                bound = self.of(child)
                return bound and f"({bound} * {self._put(scoring.FAVOURED)})"
            case And() | Or():
                bounds = list(filter(None, map(self.of, children(node))))
                return _sum(bounds) if bounds else None
            case _:
                return None

    def _bound_of_leaf(self, leaf: Words) -> Sql | None:
        meaning = self._index.leaf(leaf)
        if not meaning.scored or not meaning.rows:
            return None
        frequencies = []
        for name in meaning.fields:
            w, b = scoring.WEIGHTS[name]
            counts = _sum(self._occurrences(leaf, row, name) for row in meaning.rows)
            slopes = {kind: b / mean for kind, mean in self._means[name].items()}
            self.columns[f"d.{name}_length"] = None
            frequencies.append(
                f"{self._put(w)} * {counts} / ({self._put(1 - b)}"
                f" + {self.by_kind(slopes, 1.0)} * {name}_length)"
            )
        k = self._put(scoring.K)
        rarity = self._put(self._rarity[leaf]) if self._rarity else "r.rarity"
        highest = f"{rarity} * {self._put(scoring.K + 1)}"
        # f / (f + k), with f written once: SQL computes what it reads as often.
        bound = f"{highest} * (1 - {k} / ({_sum(frequencies)} + {k}))"
        if self._index.known.long_documents:
            self.columns["d.long IS NOT NULL AS is_long"] = None
            bound = f"CASE WHEN is_long THEN {highest} ELSE {bound} END"
        return f"({bound})"

    def by_kind(self, values: Mapping[str, float], other: float) -> Sql:
        """Return a number that depends on the kind of a document."""
        by_kind = {
            kind: values.get(kind, other)
            for kind, totals in sorted(self._index.known.totals.items())
            if totals.documents
        }
        if len(set(by_kind.values())) == 1:
            return self._put(by_kind.popitem()[1])
        self.columns["d.kind"] = None
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
        self.columns[f"{column} AS {name}"] = None
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
