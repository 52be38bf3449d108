"""From days to places on a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from formats.pictures.labels import text_width

WIDTH = 960
MARGIN = 24


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A day of the scale."""

    x: float
    label: str
    day: date
    text_x: float
    """The middle of the label: beside the day at the ends, where it would be cut."""


class Scale:
    """From days to places between the margins."""

    def __init__(
        self, first: date, last: date, width: float = WIDTH, margin: float = MARGIN
    ) -> None:
        padding = max(2, (last - first).days // 40)
        self.first = first - timedelta(days=min(padding, first.toordinal() - 1))
        self.last = last + timedelta(
            days=min(padding, date.max.toordinal() - last.toordinal())
        )
        self.left, self.right = margin, width - margin
        self._days = max(1, (self.last - self.first).days)

    def at(self, day: date) -> float:
        share = (day - self.first).days / self._days
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self, most: int = 14) -> Iterator[Tick]:
        """The days of the scale, at most so many, each the first of something."""
        for day, label in _calendar(self.first, self.last, most):
            x, half = self.at(day), text_width(label, 12) / 2
            text_x = min(max(x, half + 2), self.right + self.left - half - 2)
            yield Tick(x=x, label=label, day=day, text_x=round(text_x, 1))


def _calendar(first: date, last: date, most: int) -> Iterator[tuple[date, str]]:
    days = (last - first).days
    for step in (1, 2, 5, 10):
        if days / step < most:
            yield from _days(first, last, step)
            return
    for step in (1, 2, 3, 6):
        if days / 30.4 / step < most:
            yield from _months(first, last, step)
            return
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    step = next(n for n in steps if days / 365.25 / n < most)
    for year in range(first.year + 1, last.year + 1):
        if year % step == 0:
            yield date(year, 1, 1), str(year)


def _days(first: date, last: date, step: int) -> Iterator[tuple[date, str]]:
    """Days; of a longer time the first, the eleventh and the twenty-first."""
    said = 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if (day.day in (1, 11, 21)) if step == 10 else number % step == 0:
            year = f" {day.year}" if day.year != said else ""
            said = day.year
            yield day, f"{day.day} {day:%b}{year}"


def _months(first: date, last: date, step: int) -> Iterator[tuple[date, str]]:
    """The first days of months; the year stands where it begins, and at the first."""
    said = 0
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        if month % step == 0:
            year_too = f" {year}" if year != said else ""
            said = year
            yield date(year, month + 1, 1), f"{date(year, month + 1, 1):%b}{year_too}"
