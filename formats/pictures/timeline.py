"""The picture of a timeline: a lane for each issue or actor, a mark for each stance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.timeline import Dot, Lane, Timeline, span
from formats.pictures.labels import shorten
from formats.pictures.scale import MARGIN, WIDTH, Scale, Tick
from queries.dates import WrittenDate
from queries.meetings import MeetingItem

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


def draw_timeline(timeline: Timeline) -> TimelinePicture | None:
    """Place the stances and meetings of a timeline; None if nothing has a date."""
    days = span(timeline)
    dated = any(dot.stance.stated.known for lane in timeline.lanes for dot in lane.dots)
    if days is None or not dated:
        return None
    scale = Scale(*days)
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


def _marks(lane: Lane, scale: Scale, top: float) -> Iterator[Mark]:
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


def _place(stated: WrittenDate, scale: Scale) -> tuple[float, float, float]:
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


def _lines(meetings: Sequence[MeetingItem], scale: Scale) -> Iterator[Line]:
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
