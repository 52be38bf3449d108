"""Dates and ranges in a query: `date:2022-06`, `date:[2022 TO *]`, `position:>0`."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.date_words import read_date
from models.dates import DateError, EdtfDate
from search.fields import POLARITIES
from search.query_error import QueryError
from search.tree import Days, Node, Or, Value

#: The two ends of a range, None for an open one, and whether each belongs to it.
Ends = Sequence[str | None]
Bounds = tuple[bool, bool]


def day(written: str, position: int) -> Days:
    """Read a date; *position* is where it stands in the query."""
    if written == "*":
        return Days(None, None, "*")
    when = _edtf(written, position)
    plain = re.fullmatch(r"[^\s()\[\]{}\"\\<>*'“”„‟«»＂]+", written)
    shown = written if plain else '"' + re.sub(r'(["\\])', r"\\\1", written) + '"'
    return Days(when.earliest, when.latest, shown)


def days(written: Ends, bounds: Bounds, position: int) -> Days:
    """Read a range of dates."""
    first, last = None, None
    try:
        if written[0] is not None:
            low = _edtf(written[0], position)
            first = low.earliest if bounds[0] else _shifted(low.latest, 1)
        if written[1] is not None:
            high = _edtf(written[1], position)
            last = high.latest if bounds[1] else _shifted(high.earliest, -1)
    except OverflowError:
        detail = "The range leaves the calendar."
        raise QueryError(detail, position=position) from None
    if first is not None and last is not None and first > last:
        raise QueryError(
            "The range ends before it begins.", position=position, field="date"
        )
    low_text, high_text = (text or "*" for text in written)
    opening, closing = "{["[bounds[0]], "}]"[bounds[1]]
    return Days(first, last, f"{opening}{low_text} TO {high_text}{closing}")


def polarities(written: Ends, bounds: Bounds, position: int) -> Node:
    """Read a range of polarities, which go from -2 to 2."""
    try:
        low = -9 if written[0] is None else int(written[0])
        high = 9 if written[1] is None else int(written[1])
    except ValueError:
        raise QueryError(
            "A range of position: goes from one number to another, -2 to 2.",
            position=position,
            field="position",
        ) from None
    low += not bounds[0]
    high -= not bounds[1]
    found = [text for text in POLARITIES if low <= int(text) <= high]
    if not found:
        raise QueryError(
            "No polarity lies in that range; they go from -2 to 2.",
            position=position,
            field="position",
        )
    values = tuple(Value("position", text) for text in found)
    return values[0] if len(values) == 1 else Or(values)


def _edtf(text: str, position: int) -> EdtfDate:
    try:
        return read_date(text).date
    except DateError as error:
        raise QueryError(error.detail, position=position, field="date") from None


def _shifted(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days)
