"""Where the marks of a picture stand: geometry, without words and without colour.

A picture is SVG that a template writes from these shapes. The same data gives the same
picture, always: nothing is random and nothing is measured in a browser. At most 2,000
marks are drawn; whoever makes the data says what is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.timeline import Dot, Lane, Timeline, span
from queries.dates import WrittenDate
from queries.meetings import MeetingItem
from queries.shapes import Ref

WIDTH = 960
MARGIN = 24
HEAD = 44
"""Room above the lanes for the numbers of the meetings and the scale."""
LABEL = 26
"""Room in a lane for its label."""
STEP = 8
"""The height of one step of polarity."""
ASIDE = 18
"""Room below for positions that take no side, in lanes that have any."""
MIDDLE = LABEL + 2 * STEP
LANE = MIDDLE + 2 * STEP + 10
APART = 12
"""Meetings nearer to each other than this share a label."""
LONGEST_LABEL = 118


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A stance: where it stands, and from when to when it may have been stated."""

    dot: Dot
    x: float
    y: float
    left: float
    right: float
    open_left: bool
    open_right: bool

    @property
    def wide(self) -> bool:
        """Whether the date is too imprecise for a point."""
        return self.right - self.left > 6


@dataclass(frozen=True, kw_only=True)
class Band:
    """A lane with its marks."""

    lane: Lane
    label: str
    top: float
    middle: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A day of the scale."""

    x: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A meeting: a vertical line, with its number or, the first of several, theirs."""

    meeting: MeetingItem
    number: int
    x: float
    label: str


@dataclass(frozen=True, kw_only=True)
class TimelinePicture:
    """Everything that the template of a timeline draws."""

    width: int
    height: int
    left: int
    right: int
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]


class _Scale:
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


def draw_timeline(timeline: Timeline) -> TimelinePicture | None:
    """Place the stances and meetings of a timeline; None if nothing has a date."""
    days = span(timeline)
    dated = any(dot.stance.stated.known for lane in timeline.lanes for dot in lane.dots)
    if days is None or not dated:
        return None
    scale = _Scale(*days)
    bands, top = [], float(HEAD)
    for lane in timeline.lanes:
        marks = tuple(_marks(lane, scale, top))
        if marks:
            bands.append(
                Band(
                    lane=lane,
                    label=shorten(lane.about),
                    top=top,
                    middle=top + MIDDLE,
                    marks=marks,
                )
            )
            aside = any(mark.dot.stance.polarity is None for mark in marks)
            top += LANE + ASIDE * aside
    return TimelinePicture(
        width=WIDTH,
        height=int(top) + 8,
        left=MARGIN,
        right=WIDTH - MARGIN,
        ticks=tuple(scale.ticks()),
        bands=tuple(bands),
        lines=tuple(_lines(timeline.meetings, scale)),
    )


def shorten(ref: Ref, longest: int = LONGEST_LABEL) -> str:
    """A label that fits on its line; the whole of it stands in the table."""
    label = " ".join(ref.label.split())
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def _marks(lane: Lane, scale: _Scale, top: float) -> Iterator[Mark]:
    taken: set[tuple[int, float]] = set()
    for dot in lane.dots:
        stated = dot.stance.stated
        if not stated.known:
            continue
        left, right, x = _place(stated, scale)
        polarity = dot.stance.polarity
        y = top + (LANE if polarity is None else MIDDLE - polarity * STEP)
        while (round(x / 10), y) in taken and x < WIDTH - 8:
            x += 10  # beside the one that stands there already
        taken.add((round(x / 10), y))
        yield Mark(
            dot=dot,
            x=round(x, 1),
            y=y,
            left=left,
            right=right,
            open_left=stated.earliest is None,
            open_right=stated.latest is None,
        )


def _place(stated: WrittenDate, scale: _Scale) -> tuple[float, float, float]:
    """From where to where a date reaches, and where its mark stands.

    The mark of an open date stands at the end that is known.
    """
    left = scale.at(stated.earliest) if stated.earliest else MARGIN
    right = scale.at(stated.latest) if stated.latest else WIDTH - MARGIN
    if stated.earliest is None:
        return left, right, right
    if stated.latest is None:
        return left, right, left
    return left, right, (left + right) / 2


def _lines(meetings: Sequence[MeetingItem], scale: _Scale) -> Iterator[Line]:
    places: list[tuple[float, int, MeetingItem]] = []
    for number, meeting in enumerate(meetings, 1):
        days = [day for day in (meeting.date.earliest, meeting.date.latest) if day]
        if days:
            x = sum(scale.at(day) for day in days) / len(days)
            places.append((round(x, 1), number, meeting))
    places.sort(key=lambda place: place[:2])
    while places:
        near = [place for place in places if place[0] - places[0][0] < APART]
        places = places[len(near) :]
        labels = [", ".join(str(number) for _, number, _ in near)] + [""] * len(near)
        for (x, number, meeting), label in zip(near, labels, strict=False):
            yield Line(meeting=meeting, number=number, x=x, label=label)


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
