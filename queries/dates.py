"""Dates in words: "week of 18 July 2022", "early June 2022", "by 12 July 2022".

The record keeps EDTF, which is exact and which nobody says aloud. `in_words` says what
the record says and no more: a month stays a month, an open side stays open, a date that
nobody knows is "date unknown", and a form that has no plain words stays EDTF.
"""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from models.folding import fold

UNKNOWN = "date unknown"

_MONTHS = calendar.month_name  # English: nothing here sets a locale
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_HEDGES = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_POINT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)
_OPEN = ("", "..")


@dataclass(frozen=True, kw_only=True)
class WrittenDate:
    """A date as it is recorded, bounded, written in the source, and said to people."""

    edtf: str | None
    """The date in EDTF (ISO 8601-2); null when it is not known."""
    earliest: date | None
    """The first day that it may cover; null for an open side."""
    latest: date | None
    """The last day that it may cover; null for an open side."""
    as_written: str | None
    """The words of the source."""
    for_people: str = field(init=False)
    """The date in words, such as "week of 18 July 2022" or "date unknown"."""
    remark: str | None = field(init=False)
    """The words of the source where they say something else than `for_people`."""

    def __post_init__(self) -> None:
        words = in_words(self.edtf)
        object.__setattr__(self, "for_people", words)
        says_more = self.as_written and not _repeats(self.as_written, words)
        object.__setattr__(self, "remark", self.as_written if says_more else None)

    @property
    def known(self) -> bool:
        """Whether anything is known of it."""
        return self.edtf is not None

    def __str__(self) -> str:
        """Return the words; for an unknown date with what the source says of it."""
        if self.known or not self.remark:
            return self.for_people
        return f"{self.for_people} (“{self.remark}”)"


def _repeats(written: str, words: str) -> bool:
    """Whether every word as written already stands in the date's words."""
    return set(fold(written).split()) <= set(fold(words).split())


@lru_cache(maxsize=4096)
def in_words(edtf: str | None) -> str:
    """Say an EDTF date in English."""
    if not edtf:
        return UNKNOWN
    start, slash, end = edtf.partition("/")
    if not slash:
        return _point(edtf)
    if start in _OPEN:
        return f"by {_point(end)}"
    if end in _OPEN:
        return f"since {_point(start)}"
    first, last = _day_of(start), _day_of(end)
    if first and last:
        return _span(first, last)
    if len(start) == len(end) == len("2022-06") and start[:4] == end[:4]:
        start_words = _point(start).removesuffix(f" {int(start[:4])}")
        return f"{start_words} to {_point(end)}"
    return f"{_point(start)} to {_point(end)}"


def _point(part: str) -> str:
    """Say one date that is no interval."""
    if hedge := _HEDGES.get(part[-1:]):
        return hedge + _point(part[:-1])
    if part.endswith("-XX"):
        known = part.removesuffix("-XX").removesuffix("-XX")
        unknown = "day" if "-" in known else "month"
        return f"{_point(known)}, {unknown} unknown"
    if re.fullmatch(r"\d{3}X", part):
        return f"{part[:3]}0s"
    if not (found := _POINT.match(part)):
        return part
    year, month, day = found.groups()
    if month is None:
        return str(int(year))
    if day is None and month in _SEASONS:
        return f"{_SEASONS[month]} {int(year)}"
    if not 1 <= int(month) <= 12:
        return part
    words = f"{_MONTHS[int(month)]} {int(year)}"
    return words if day is None else f"{int(day)} {words}"


def _day_of(part: str) -> date | None:
    try:
        return date.fromisoformat(part) if _POINT.match(part) else None
    except ValueError:
        return None


def _span(first: date, last: date) -> str:
    """Say a span of days: a week, a third of a month, a month, or first to last."""
    if first == last:
        return _day(first)
    if first.weekday() == 0 and (last - first).days == 6:
        return f"week of {_day(first)}"
    if first.year != last.year:
        return f"{_day(first)} to {_day(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month]} to {_day(last)}"
    month_end = calendar.monthrange(first.year, first.month)[1]
    parts = {(1, 10): "early ", (11, 20): "mid-", (21, month_end): "late "}
    parts[1, month_end] = ""
    part = parts.get((first.day, last.day))
    if part is None:
        return f"{first.day} to {_day(last)}"
    return f"{part}{_MONTHS[first.month]} {first.year}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month]} {day.year}"
