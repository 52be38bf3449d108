"""Read the words that mean a date: one reader for datasets, filters, forms and queries.

English months, in the orders that people write them, numbers in the orders that leave
no doubt, parts of a month or year, seasons, quarters, spans, and what is relative to a
given day. What may mean two days is refused with both. The rules stand in
docs/dates.md; a part of a month is ten days, of a year four months, of a decade none.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.alike import likest
from models.dates import LONGEST_DATE, DateError, EdtfDate, keep_day, parse_edtf


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date, and the words in which it was given; None if they are its EDTF."""

    date: EdtfDate
    as_written: str | None = None


_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_PARTS = {
    **dict.fromkeys(("early", "beginning", "start"), 0),
    **dict.fromkeys(("mid", "middle"), 1),
    **dict.fromkeys(("late", "end"), 2),
}
_UNITS = ("day", "week", "month", "quarter", "year")
_NEAR = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1}
_WORDS = [
    *_MONTHS, *_SEASONS, *_ORDINALS, *_PARTS, *_UNITS, *_NEAR, "quarter", "half", "of",
    "today", "yesterday", "tomorrow", "since", "until", "before", "after", "between",
]  # fmt: skip

_LEADING = re.compile(
    r"(?:(?:on|in|at|during) )?(?:the )?(?:year |month of )?"
    rf"(?:(?:{'|'.join(calendar.day_name).lower()}) (?:the )?)?"
)
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>\d{4})"
_PART = "(?P<part>" + "|".join(_PARTS) + ")(?: of| in)?[- ](?:the )?"

Groups = dict[str, str]
Meaning = Callable[[Groups], str]


def read_date(text: str, today: date | None = None) -> ReadDate:
    """Read EDTF, or the words that mean a date.

    `today` is the day that "last week" is relative to; without it, such words are
    refused. A time of day is dropped.

    Raises:
        DateError: it is no date, or may be two; the sentence says what was expected
            and, where there is one, the nearest reading.
    """
    if len(text) > LONGEST_DATE:
        return ReadDate(parse_edtf(text))  # which refuses it
    given = keep_day(text.strip())
    try:
        return ReadDate(parse_edtf(given))
    except DateError as error:
        words = _plain(given)
        found = _read(words, today)
        if isinstance(found, str):
            return ReadDate(_parsed(given, found), given)
        why = error.why if not re.search("[a-z]{3}|/", words) else _NOT_READ
        nearest = _nearest(words, today)
        raise DateError(text, why, nearest) from None


_NOT_READ = "its words are not ones that are read as a date"


def _plain(text: str) -> str:
    """Return the words in one case, with single spaces, hyphens for dashes."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub("[‐‑‒–—―−]", "-", text).replace(",", " ")
    words = " ".join(text.split())
    return _LEADING.sub("", words)


def _parsed(given: str, edtf: str) -> EdtfDate:
    try:
        return parse_edtf(edtf)
    except DateError as error:
        raise DateError(given, error.why, _last_day(edtf)) from None


def _last_day(edtf: str) -> str | None:
    """Return the last day of a month, for a day that it does not have."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-\d\d", edtf)
    if found is None or found[1] == "0000":
        return None
    last = calendar.monthrange(int(found[1]), int(found[2]))[1]
    return f"{found[1]}-{found[2]}-{last}"


def _nearest(words: str, today: date | None) -> str | None:
    """Return the EDTF of the nearest words that can be read."""
    if found := _last_day(words):
        return found

    def closest(word: re.Match[str]) -> str:
        place = likest(word[0], _WORDS)
        return "" if place is None else _WORDS[place]

    mended = _plain(re.sub("[a-z]{2,}", closest, words))
    tries = [mended] if today is None else [mended, f"{mended} {today.year}"]
    for each in tries:
        try:
            if (found := _read(each, today)) is not None:
                return parse_edtf(found).edtf
        except DateError:
            continue
    return None


def _read(words: str, today: date | None) -> str | None:
    """Return the EDTF of plain words; None if they are not read."""
    for pattern, meaning in _FORMS:
        if found := pattern.fullmatch(words):
            groups = {k: v for k, v in found.groupdict().items() if v is not None}
            return meaning(groups)
    if found := _RELATIVE.fullmatch(words):
        return _relative(words, found.groupdict(), today)
    if about := _ABOUT.fullmatch(words):
        inner = _single(about["date"])
        return f"{inner.edtf}~" if inner and "/" not in inner.edtf else None
    return _span(words)


# Single dates


def _day(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}"


def _day_of(g: Groups) -> str:
    return _day(int(g["year"]), _MONTHS[g["month"]], int(g["day"]))


def _month_of(g: Groups) -> str:
    return f"{g['year']}-{_MONTHS[g['month']]:02}"


def _dotted(g: Groups) -> str:
    return _day(int(g["year"]), int(g["b"]), int(g["a"]))


def _year_first(g: Groups) -> str:
    return _day(int(g["year"]), int(g["a"]), int(g["b"]))


def _slashed(g: Groups) -> str:
    """Read 19/07/2022 and 07/19/2022; refuse 03/04/2022, which is both."""
    year, a, b = int(g["year"]), int(g["a"]), int(g["b"])
    if a <= 12 and b <= 12 and a != b:
        raise DateError(
            f"{g['a']}/{g['b']}/{g['year']}",
            f"it may be {_day(year, b, a)} (day first) or {_day(year, a, b)} "
            "(month first); write one of them",
        )
    return _day(year, a, b) if b > 12 else _day(year, b, a)


def _part_of_month(g: Groups) -> str:
    year, month, part = int(g["year"]), _MONTHS[g["month"]], _PARTS[g["part"]]
    last = 10 * part + 10 if part < 2 else calendar.monthrange(year or 1, month)[1]
    return f"{_day(year, month, 10 * part + 1)}/{_day(year, month, last)}"


def _part_of_year(g: Groups) -> str:
    first = 4 * _PARTS[g["part"]] + 1
    return f"{g['year']}-{first:02}/{g['year']}-{first + 3:02}"


def _season(g: Groups) -> str:
    """Read a season of the northern year; a winter lies in two years."""
    if g["season"] == "winter":
        year = int(g["year"])
        raise DateError(
            f"winter {year}",
            f"it may be the one of {year - 1}/{year % 100:02} or of "
            f"{year}/{(year + 1) % 100:02}; write one of them",
        )
    return f"{g['year']}-{_SEASONS[g['season']]}"


def _winter(g: Groups) -> str:
    year, second = int(g["year"]), int(g["second"])
    if (year + 1) % 100 != second % 100 or (second > 99 and second != year + 1):
        raise DateError(f"winter {year}/{second}", "a winter lies in adjoining years")
    return f"{year:04}-12-01/{_day(year + 1, 2, 28 + calendar.isleap(year + 1))}"


def _quarter(g: Groups) -> str:
    number = _number(g)
    return f"{g['year']}-{3 * number - 2:02}/{g['year']}-{3 * number:02}"


def _half(g: Groups) -> str:
    number = _number(g)
    return f"{g['year']}-{6 * number - 5:02}/{g['year']}-{6 * number:02}"


def _number(g: Groups) -> int:
    return _ORDINALS.get(g["number"]) or int(g["number"][0])


def _week(g: Groups) -> str:
    try:
        first = date.fromisocalendar(int(g["year"]), int(g["week"]), 1)
        return f"{first}/{first + timedelta(days=6)}"
    except (ValueError, OverflowError):
        raise DateError(f"{g['year']}-W{g['week']}", "no year has that week") from None


def _form(pattern: str, meaning: Meaning) -> tuple[re.Pattern[str], Meaning]:
    return re.compile(pattern, re.ASCII), meaning


_A_B = r"(?P<a>\d{1,2})%s(?P<b>\d{1,2})"
_QUARTER = "(?P<number>[1-4](?:st|nd|rd|th)|first|second|third|fourth)"
_HALF = "(?P<number>[12](?:st|nd)|first|second)"
_FORMS = [
    _form(rf"{_YEAR}", lambda g: g["year"]),
    _form(r"(?P<year>\d{3})0s", lambda g: f"{g['year']}X"),
    _form(rf"{_DAY}(?: of)?[- ]?{_MONTH}[- ]{_YEAR}", _day_of),
    _form(rf"{_MONTH} (?:the )?{_DAY} {_YEAR}", _day_of),
    _form(rf"{_YEAR}[- ]{_MONTH}[- ]{_DAY}", _day_of),
    _form(rf"{_MONTH}(?: of)?[- ]{_YEAR}", _month_of),
    _form(rf"{_YEAR}[- ]{_MONTH}", _month_of),
    _form(_A_B % r"\." + rf"\.{_YEAR}", _dotted),
    _form(_A_B % "[/-]" + rf"[/-]{_YEAR}", _slashed),
    _form(rf"{_YEAR}[-/.]" + _A_B % "[-/.]", _year_first),
    _form(rf"{_PART}{_MONTH}(?: of)?[- ]{_YEAR}", _part_of_month),
    _form(rf"{_PART}{_YEAR}", _part_of_year),
    _form(rf"(?P<season>{'|'.join(_SEASONS)})(?: of)?[- ]{_YEAR}", _season),
    _form(rf"winter(?: of)? {_YEAR}[-/](?P<second>\d\d(?:\d\d)?)", _winter),
    _form(rf"{_QUARTER} quarter(?: of)? {_YEAR}", _quarter),
    _form(rf"q(?P<number>[1-4])[- ]{_YEAR}", _quarter),
    _form(rf"{_YEAR}[- ]?q(?P<number>[1-4])", _quarter),
    _form(rf"{_HALF} half(?: of)? {_YEAR}", _half),
    _form(rf"h(?P<number>[12])[- ]{_YEAR}", _half),
    _form(rf"{_YEAR}-?w(?P<week>\d\d?)", _week),
    _form(rf"week (?P<week>\d\d?)(?: of)? {_YEAR}", _week),
]

# What is relative to a day

_RELATIVE = re.compile(
    rf"(?P<word>today|yesterday|tomorrow)"
    rf"|(?P<near>{'|'.join(_NEAR)}) (?P<unit>{'|'.join(_UNITS)})"
    rf"|(?P<ago>\d{{1,4}}) (?P<units>{'|'.join(_UNITS)})s? ago"
)


def _relative(words: str, g: dict[str, str | None], today: date | None) -> str:
    if today is None:
        raise DateError(words, "it depends on the day on which it is read")
    if word := g["word"]:
        unit, steps = "day", {"today": 0, "yesterday": -1, "tomorrow": 1}[word]
    elif near := g["near"]:
        unit, steps = g["unit"] or "day", _NEAR[near]
    else:
        unit, steps = g["units"] or "day", -int(g["ago"] or 0)
    try:
        return _shifted(today, unit, steps)
    except (ValueError, OverflowError):
        raise DateError(words, "no calendar has that day") from None


def _shifted(today: date, unit: str, steps: int) -> str:
    """Return the day, week (from Monday), month, quarter or year so many steps away."""
    if unit == "day":
        return str(today + timedelta(days=steps))
    if unit == "week":
        monday = today + timedelta(days=7 * steps - today.weekday())
        return f"{monday}/{monday + timedelta(days=6)}"
    if unit == "year":
        return f"{date(today.year + steps, 1, 1).year:04}"
    size = 3 if unit == "quarter" else 1
    first = (today.year * 12 + today.month - 1) // size * size + size * steps
    months = [date(n // 12, n % 12 + 1, 1) for n in (first, first + size - 1)]
    texts = [f"{month.year:04}-{month.month:02}" for month in months]
    return texts[0] if size == 1 else "/".join(texts)


# Spans: from one date to another, or open on one side

_BETWEEN = re.compile(
    r"(?:between (?P<a>.+) and |(?:from )?(?P<c>.+?) ?(?:to|until|till|through|-) ?)"
    r"(?P<b>.+)"
)
_ABOUT = re.compile(r"(?:c|ca|circa|about|around|approximately)\.? (?P<date>.+)")
_OPEN = re.compile(
    r"(?P<side>by|until|till|up to|before|since|from|after) (?P<date>.+)"
)


def _span(words: str) -> str | None:
    if found := _OPEN.fullmatch(words):
        inner = _single(found["date"])
        if inner is not None:
            return _open(found["side"], inner)
    if not (found := _BETWEEN.fullmatch(words)):
        return None
    last = _single(found["b"])
    if last is None:
        return None
    first = found["a"] or found["c"]
    # “3 to 5 March 2022” and “March to May 2022” leave to the end what they share.
    shared = [found["b"].split(" ")[n:] for n in (-2, -1)]
    for rest in ([], *shared):
        start = _single(" ".join([first, *rest]))
        if start is not None:
            return _joined(start, last)
    return None


def _single(words: str) -> EdtfDate | None:
    for pattern, meaning in _FORMS:
        if found := pattern.fullmatch(_plain(words)):
            groups = {k: v for k, v in found.groupdict().items() if v is not None}
            return parse_edtf(meaning(groups))
    try:
        return parse_edtf(words)
    except DateError:
        return None


def _joined(start: EdtfDate, end: EdtfDate) -> str:
    if "/" in start.edtf or "/" in end.edtf:
        return f"{start.earliest or '..'}/{end.latest or '..'}"
    return f"{start.edtf}/{end.edtf}"


def _open(side: str, inner: EdtfDate) -> str | None:
    first, last = inner.earliest, inner.latest
    if first is None or last is None:
        return None
    one_day = timedelta(days=1)
    try:
        if side == "before":
            return f"../{first - one_day}"
        if side == "after":
            return f"{last + one_day}/.."
    except OverflowError:
        return None
    plain = inner.edtf if "/" not in inner.edtf else None
    if side in ("since", "from"):
        return f"{plain or first}/.."
    return f"../{plain or last}"
