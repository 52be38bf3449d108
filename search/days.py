"""Dates as engines store and compare them: two whole numbers of days.

A day is its ordinal (`date.toordinal`). An open side is a number beyond all real days,
and an unknown date starts after its end, so that it overlaps nothing.
"""

from datetime import date

OPEN_START, OPEN_END = -1, 1 << 30

UNDATED = (OPEN_END, OPEN_START)


def span(first: date | None, last: date | None) -> tuple[int, int]:
    """Return two days as numbers; None is an open side."""
    low = OPEN_START if first is None else first.toordinal()
    return low, OPEN_END if last is None else last.toordinal()
