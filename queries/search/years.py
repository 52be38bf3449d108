"""How hits spread over the years: a bar for each, drawn to one scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.engine import Count

#: How many years are asked for and drawn.
MOST_YEARS = 200


@dataclass(frozen=True, kw_only=True)
class YearBar:
    """A year, and how many hits may be of it."""

    year: str
    """The year, in four digits: what the parameter `year` takes."""
    count: int
    """How many hits may be of it; one of several years counts for each."""
    selected: bool
    """Whether the results are narrowed to it."""
    height: int
    """The count in per cent of the highest, at least 1 where there is any."""


def bars(counts: Iterable[Count], chosen: Iterable[str]) -> tuple[YearBar, ...]:
    """Return a bar for each year, the earliest first, those without hits between.

    Without these where the years lie too far apart; none where there is but one year.
    """
    found = {one.value: one.count for one in counts if one.count}
    if len(found) < 2:
        return ()
    first, last = int(min(found)), int(max(found))
    years = sorted(found)
    if last - first < MOST_YEARS:
        years = [f"{year:04}" for year in range(first, last + 1)]
    highest = max(found.values())
    selected = set(chosen)
    return tuple(
        YearBar(
            year=year,
            count=found.get(year, 0),
            selected=year in selected,
            height=-(-100 * found.get(year, 0) // highest),
        )
        for year in years
    )
