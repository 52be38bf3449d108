"""Dates as the record keeps them: EDTF text with its earliest and latest day.

EDTF is ISO 8601-2:2019, levels 0 and 1 and the parts of 2 that days can bound
(https://www.loc.gov/standards/datetime/). The ``edtf`` library parses what is not
plain; the bounds are our own, because the library widens ``2022-06~`` to two years
and fails on open intervals. Plain days, months, years and their intervals skip the
library, which reads 203 dates a second.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from errors import DragomanError

LONGEST_DATE = 64
_PLAIN = re.compile(r"(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?\Z", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:.]+(?:Z|[+-]\d\d(?::?\d\d)?)?\Z", re.ASCII)
_REFUSED = {"Y": "years of more than four digits are not kept", "T": "it has a time"}
EXPECTED = "a date in EDTF, such as 2022-07-12, 2022-07 or 2022-06-01/2022-06-10"


class DateError(DragomanError):
    """A text that is not an EDTF date we can bound."""

    def __init__(self, text: str, why: str, nearest: str | None = None) -> None:
        """Say why it is none and, where there is one, the nearest reading."""
        shown = text if len(text) <= LONGEST_DATE else text[:LONGEST_DATE] + "…"
        self.text = text
        self.why = why
        self.nearest = nearest
        self.expected = EXPECTED
        if nearest is not None:
            self.expected += f"; the nearest reading is {nearest}"
        super().__init__(f"“{shown}” is not a date: {why}. Expected {self.expected}.")


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """An EDTF text and the days it may cover; None is an open side."""

    edtf: str
    earliest: date | None
    latest: date | None

    def __str__(self) -> str:
        return self.edtf


class DateColumns(NamedTuple):
    """The names of the columns that keep one date of a record."""

    edtf: str
    earliest: str
    latest: str
    as_written: str


@cache
def date_columns(name: str) -> DateColumns:
    """Return the names of a date's columns.

    >>> date_columns("stated")[:3], date_columns("date")[:3]
    (('stated', 'stated_earliest', 'stated_latest'), ('date', 'earliest', 'latest'))
    """
    prefix = "" if name == "date" else f"{name}_"
    return DateColumns(
        name, f"{prefix}earliest", f"{prefix}latest", f"{name}_as_written"
    )


def keep_day(text: str) -> str:
    """Drop the time of day, if any: the record counts in days."""
    found = _TIME.match(text)
    return found[1] if found else text


@lru_cache(maxsize=65536)
def parse_edtf(text: str) -> EdtfDate:
    """Read an EDTF date and bound it by its earliest and latest day.

    An approximate or uncertain date (``~``, ``?``, ``%``) keeps the bounds of the
    date it qualifies: the mark says that the source is unsure, not by how much.
    A set (``{…}``, ``[…]``) is bounded by its first and last day.

    Raises:
        DateError: not EDTF, a day that no calendar has, an end before its start,
            or a form without bounds in the years 0001 to 9999.
    """
    if len(text) > LONGEST_DATE:
        raise DateError(text, f"it is longer than {LONGEST_DATE} characters")
    if not text or text != text.strip():
        raise DateError(text, "it is empty" if not text.strip() else "it has spaces")
    if "/" in text:
        return _interval(text)
    earliest, latest = _bounds(text, text)
    return EdtfDate(text, earliest, latest)


def _interval(text: str) -> EdtfDate:
    start, _, end = text.partition("/")
    if "/" in end:
        raise DateError(text, "an interval has one “/”")
    earliest = None if start in ("", "..") else _bounds(start, text)[0]
    latest = None if end in ("", "..") else _bounds(end, text)[1]
    if earliest is None and latest is None:
        raise DateError(text, "both of its sides are open")
    if earliest and latest and earliest > latest:
        raise DateError(text, "its end is before its start")
    return EdtfDate(text, earliest, latest)


def _bounds(part: str, whole: str) -> tuple[date, date]:
    found = _PLAIN.match(part)
    if found:
        return _plain_bounds(found, whole)
    return _parsed_bounds(part, whole)


def _plain_bounds(found: re.Match[str], whole: str) -> tuple[date, date]:
    year, month, day = int(found[1]), found[2], found[3]
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            last = calendar.monthrange(year, int(month))[1] if year else 1
            return date(year, int(month), 1), date(year, int(month), last)
        return (only := date(year, int(month), int(day))), only
    except ValueError:
        raise DateError(whole, "no calendar has that day") from None


def _parsed_bounds(part: str, whole: str) -> tuple[date, date]:
    """Bound what only the library reads: qualified, unspecified, seasons, sets."""
    for letter, why in _REFUSED.items():
        if letter in part:
            raise DateError(whole, why)
    if not part.isascii():
        raise DateError(whole, "it has characters that EDTF does not use")
    _check_days(part, whole)
    import edtf  # costs a tenth of a second, and plain dates do without it

    try:
        parsed = edtf.parse_edtf(part)
        lower: Any = parsed.lower_strict()
        upper: Any = parsed.upper_strict()
        bounds = date(*lower[:3]), date(*upper[:3])
    except (edtf.EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise DateError(whole, "it is not EDTF") from error
    if bounds[0] > bounds[1]:
        raise DateError(whole, "its end is before its start")
    return bounds


def _check_days(part: str, whole: str) -> None:
    """Refuse 2022-02-29~ and the like: the library lets them through."""
    for year, month, day in re.findall(r"(\d{4})-(\d\d)-(\d\d)", part):
        try:
            date(int(year), int(month), int(day))
        except ValueError:
            raise DateError(whole, "no calendar has that day") from None
