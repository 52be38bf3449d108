"""Dates as engines store and compare them: two whole numbers of days.

A day is its ordinal (`date.toordinal`). An open side is a number beyond all real days,
and an unknown date starts after its end, so that it overlaps nothing.
"""

from datetime import date

#: The facets that are counted from days, and not from values that documents hold.
PERIODS = ("year", "month")

OPEN_START, OPEN_END = -1, 1 << 30

UNDATED = (OPEN_END, OPEN_START)


def periods(period: str, first: date, last: date, years: tuple[int, int]) -> list[str]:
    """Name the years from one day to another, or the months within some years.

    >>> periods("month", date(2021, 11, 30), date(2022, 2, 1), (2022, 2022))
    ['2022-01', '2022-02']
    """
    if period == "year":
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    low = max(12 * first.year + first.month - 1, 12 * years[0])
    high = min(12 * last.year + last.month - 1, 12 * years[1] + 11)
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(low, high + 1)]


def span(first: date | None, last: date | None) -> tuple[int, int]:
    """Return two days as numbers; None is an open side."""
    low = OPEN_START if first is None else first.toordinal()
    return low, OPEN_END if last is None else last.toordinal()
