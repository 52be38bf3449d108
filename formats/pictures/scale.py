"""From days to places on a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 960
MARGIN = 24


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A day of the scale."""

    x: float
    label: str


class Scale:
    """From days to places between the margins."""

    def __init__(self, first: date, last: date) -> None:
        padding = max(2, (last - first).days // 40)
        self.first = first - timedelta(days=min(padding, first.toordinal() - 1))
        self.last = last + timedelta(
            days=min(padding, date.max.toordinal() - last.toordinal())
        )
        self._days = max(1, (self.last - self.first).days)

    def at(self, day: date) -> float:
        share = (day - self.first).days / self._days
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def ticks(self) -> Iterator[Tick]:
        for day, label in _calendar(self.first, self.last):
            yield Tick(x=self.at(day), label=label)


def _calendar(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Days for a scale, about ten of them, each the first of something."""
    days = (last - first).days
    if days <= 16:
        for number in range(0, days + 1, 1 if days <= 10 else 2):
            day = first + timedelta(days=number)
            yield day, f"{day.day} {day:%b}"
        return
    if days <= 80:
        day = first
        while day <= last:
            if day.day in (1, 11, 21):
                yield day, f"{day.day} {day:%b}" + (f" {day.year}" if days > 60 else "")
            day += timedelta(days=1)
        return
    if days <= 1200:
        step = next(n for n in (1, 2, 3, 6) if days / 30.4 / n <= 14 or n == 6)
        year, month = first.year, first.month
        while True:
            month += 1
            if month > 12:
                year, month = year + 1, 1
            if year > last.year or date(year, month, 1) > last:
                return
            if (month - 1) % step == 0:
                day = date(year, month, 1)
                with_year = month == 1 or step > 2
                yield day, f"{day:%b} {year}" if with_year else f"{day:%b}"
    years = days / 365.25
    step = next(
        n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if years / n <= 14
    )
    for year in range(first.year + 1, last.year + 1):
        if year % step == 0:
            yield date(year, 1, 1), str(year)
