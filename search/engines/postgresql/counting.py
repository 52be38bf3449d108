"""Totals and facets: what meets a condition, counted in one statement."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

from search.days import PERIODS, UNDATED, periods
from search.engine import Count, Request
from search.engines.postgresql.known import Sql
from search.engines.postgresql.snapshot import Snapshot

_Counts: TypeAlias = list[tuple[Sequence[Any], int]]


class Counted:
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
            held = ("d.earliest", "d.latest") if facet in PERIODS else (f"d.{facet}",)
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
            facet: most(self._index, facet, held, self._request)
            for facet, held in self._counts.items()
        }


def _values(facet: str, request: Request) -> Sql:
    """Count the values of a facet, or, where more counts than they, what is held."""
    if facet in PERIODS:
        return (
            f"SELECT '{facet}', ARRAY[earliest::text, latest::text], count(*)"
            " FROM found GROUP BY earliest, latest"
        )
    if facet in request.broader:
        return f"SELECT '{facet}', {facet}, count(*) FROM found GROUP BY {facet}"
    return (
        f"(SELECT '{facet}', ARRAY[value], count(*)"
        f" FROM found, unnest({facet}) AS value GROUP BY value"
        f' ORDER BY count(*) DESC, value COLLATE "C" LIMIT {request.most_values:d})'
    )


def most(
    index: Snapshot, facet: str, held: _Counts, request: Request
) -> tuple[Count, ...]:
    """Return the most frequent values of a facet, with those above them."""
    counts: Counter[str] = Counter()
    broader = request.broader.get(facet, {})
    if facet in PERIODS:
        counts = _periods(index, held, facet, request.month_years)
    else:
        for values, count in held:
            wider = {above for value in values for above in broader.get(value, ())}
            for value in {*values, *wider}:
                counts[value] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*item) for item in ordered[: request.most_values])


def _periods(
    index: Snapshot, held: _Counts, period: str, years: tuple[int, int]
) -> Counter[str]:
    """Count what documents touch, as far as any date of the index reaches."""
    counts: Counter[str] = Counter()
    first, last = index.reach()
    for days, count in held:
        start, end = map(int, days)
        if (start, end) == UNDATED or first > last:
            continue
        low = date.fromordinal(max(start, first))
        high = date.fromordinal(min(end, last))
        counts.update(dict.fromkeys(periods(period, low, high, years), count))
    return counts
