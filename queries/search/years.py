"""How hits spread over time: a bar for each year or month, drawn to one scale."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from queries.dates import in_words
from search.engine import Count

#: How many years are asked for and drawn.
MOST_YEARS = 200

#: Over how many years, at most, hits are counted by month.
MOST_MONTH_YEARS = 2


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A time, and how many hits may be of it."""

    label: str
    """The time in words."""
    count: int
    """How many hits may be of it; one of several years or months counts for each."""
    selected: bool
    """Whether the results are narrowed to it."""
    height: int
    """The count in per cent of the highest, at least 1 where there is any."""


@dataclass(frozen=True, kw_only=True)
class YearBar(Bar):
    """A year, and how many hits may be of it."""

    year: str
    """The year, in four digits: what the parameter `year` takes."""


@dataclass(frozen=True, kw_only=True)
class MonthBar(Bar):
    """A month, and how many hits may be of it."""

    month: str
    """The month, such as 2022-07: what the parameter `month` takes."""


def year_bars(counts: Iterable[Count], chosen: Collection[str]) -> tuple[YearBar, ...]:
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
    return tuple(
        YearBar(
            year=year, label=year, count=count, selected=year in chosen, height=height
        )
        for year, count, height in _heights(years, found)
    )


def month_bars(
    counts: Iterable[Count], chosen: Collection[str]
) -> tuple[MonthBar, ...]:
    """Return a bar for each month from the first that has hits to the last.

    None where there is but one, unless the results are narrowed to it.
    """
    found = {one.value: one.count for one in counts if one.count}
    if len(found) < 2 and not (found and chosen):
        return ()
    first, last = (
        12 * int(end[:4]) + int(end[5:]) - 1 for end in (min(found), max(found))
    )
    months = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]
    return tuple(
        MonthBar(
            month=month,
            label=in_words(month),
            count=count,
            selected=month in chosen,
            height=height,
        )
        for month, count, height in _heights(months, found)
    )


def _heights(
    times: Iterable[str], found: dict[str, int]
) -> Iterator[tuple[str, int, int]]:
    highest = max(found.values())
    for time in times:
        count = found.get(time, 0)
        yield time, count, -(-100 * count // highest)
