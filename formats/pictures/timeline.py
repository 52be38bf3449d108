"""The picture of a timeline: a lane for each issue or actor, a mark for each stance."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.timeline import Dot, Lane, Succession, Timeline, span
from formats.pictures.frames import DESK, Frame
from formats.pictures.labels import wrap
from formats.pictures.scale import MARGIN, Scale, Tick
from queries.dates import WrittenDate
from queries.meetings import MeetingItem

HEAD = 44
"""Room above the lanes for the numbers of the meetings and the scale."""
LABEL = 26
"""Room in a lane for a label of one line."""
LINE, LINES = 17, 4
"""The height of each further line, and how many lines a label has at most."""
STEP = 8
"""The height of one step of polarity."""
ASIDE = 18
"""Room below for positions that take no side, in lanes that have any."""
MIDDLE = LABEL + 2 * STEP
LANE = MIDDLE + 2 * STEP + 10
BEHIND = 22
"""How far a stance stands behind the one that it supersedes, at least."""
RADIUS = 7
"""How near to the middle of a mark an arrow comes."""
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
    label: tuple[str, ...]
    """Its lines."""
    top: float
    middle: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From a stance to the one that took its place."""

    shaft: str
    """The path of its line."""
    head: str
    """The path of its head."""
    title: str


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
    arrows: tuple[Arrow, ...]


def draw_timeline(timeline: Timeline, frame: Frame = DESK) -> TimelinePicture | None:
    """Place the stances and meetings of a timeline; None if nothing has a date."""
    days = span(timeline)
    dated = any(dot.stance.stated.known for lane in timeline.lanes for dot in lane.dots)
    if days is None or not dated:
        return None
    scale = Scale(*days, width=frame.width)
    before: defaultdict[str, list[str]] = defaultdict(list)
    for one in timeline.successions:
        before[one.later].append(one.earlier)
    bands, top = [], float(HEAD)
    for lane in timeline.lanes:
        label = wrap(lane.about.label, scale.right - scale.left, LINES)
        more = LINE * (len(label) - 1)
        marks = tuple(_marks(lane, scale, top + more, before))
        if marks:
            bands.append(
                Band(
                    lane=lane,
                    label=label,
                    top=top,
                    middle=top + more + MIDDLE,
                    marks=marks,
                )
            )
            aside = any(mark.dot.stance.polarity is None for mark in marks)
            top += more + LANE + ASIDE * aside
    return TimelinePicture(
        width=frame.width,
        height=int(top) + 8,
        left=MARGIN,
        right=frame.width - MARGIN,
        ticks=tuple(scale.ticks(frame.ticks)),
        bands=tuple(bands),
        lines=tuple(_lines(timeline.meetings, scale)),
        arrows=tuple(_arrows(bands, timeline.successions)),
    )


def _in_succession(lane: Lane, before: Mapping[str, Sequence[str]]) -> Iterator[Dot]:
    """The dated stances of a lane, each after those that it supersedes."""
    waiting = {dot.stance.slug: dot for dot in lane.dots if dot.stance.stated.known}
    while waiting:
        free = [
            slug
            for slug in waiting
            if not any(other in waiting for other in before.get(slug, ()))
        ]
        # Stances that supersede each other in a circle come in the order of the lane.
        for slug in free or list(waiting):
            yield waiting.pop(slug)


def _marks(
    lane: Lane, scale: Scale, top: float, before: Mapping[str, Sequence[str]]
) -> Iterator[Mark]:
    taken: set[tuple[int, float]] = set()
    places: dict[str, float] = {}
    last = scale.right + MARGIN - 8
    for dot in _in_succession(lane, before):
        stated = dot.stance.stated
        left, right, x = _place(stated, scale)
        polarity = dot.stance.polarity
        y = top + (LANE if polarity is None else MIDDLE - polarity * STEP)
        # After what it took the place of, even where the dates do not say so.
        for slug in before.get(dot.stance.slug, ()):
            x = max(x, min(places.get(slug, 0) + BEHIND, last))
        while (round(x / 10), y) in taken and x < last:
            x += 10  # beside the one that stands there already
        taken.add((round(x / 10), y))
        places[dot.stance.slug] = x
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
    left = scale.at(stated.earliest) if stated.earliest else scale.left
    right = scale.at(stated.latest) if stated.latest else scale.right
    if stated.earliest is None:
        return left, right, right
    if stated.latest is None:
        return left, right, left
    return left, right, (left + right) / 2


def _arrows(bands: Sequence[Band], pairs: Sequence[Succession]) -> Iterator[Arrow]:
    """From each mark to the one that took its place, where both are drawn."""
    marks = {mark.dot.stance.slug: mark for band in bands for mark in band.marks}
    for pair in pairs:
        if pair.earlier not in marks or pair.later not in marks:
            continue
        start, end = marks[pair.earlier], marks[pair.later]
        length = math.hypot(end.x - start.x, end.y - start.y)
        if length <= 2 * RADIUS:
            continue
        x, y = (end.x - start.x) / length, (end.y - start.y) / length
        tip_x, tip_y = end.x - x * RADIUS, end.y - y * RADIUS
        neck_x, neck_y = tip_x - x * 6, tip_y - y * 6
        yield Arrow(
            shaft=f"M{start.x + x * RADIUS:.1f} {start.y + y * RADIUS:.1f}"
            f"L{neck_x:.1f} {neck_y:.1f}",
            head=f"M{tip_x:.1f} {tip_y:.1f}"
            f"L{neck_x - y * 3.5:.1f} {neck_y + x * 3.5:.1f}"
            f"L{neck_x + y * 3.5:.1f} {neck_y - x * 3.5:.1f}Z",
            title=f"{end.dot.stance.badge.word} took the place of "
            f"{start.dot.stance.badge.word}",
        )


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
