"""Where the marks of a picture stand: geometry, without words and without colour.

A picture is SVG that a template writes from these shapes. The same data gives the same
picture, always: nothing is random and nothing is measured in a browser. At most 2,000
marks are drawn; whoever makes the data says what is left out.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from analysis.networks import MeetingNetwork, Node, Nodes, StanceNetwork
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


# Networks

ACROSS, DOWN = 960, 660
NODES = 60
"""How many nodes are drawn, those with the most edges; more would hide each other."""
DRAWN = 400
"""How many edges are drawn, the heaviest among those nodes."""
ROUNDS = 80


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A node with its name."""

    node: Node
    label: str
    x: float
    y: float
    radius: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """An edge."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    kind: str
    """for, against, both or planned: what the line says by colour and by dashes."""
    title: str


@dataclass(frozen=True, kw_only=True)
class NetworkPicture:
    """Everything that the template of a network draws."""

    width: int
    height: int
    circles: tuple[Circle, ...]
    strokes: tuple[Stroke, ...]
    hidden_nodes: int
    hidden_edges: int


@dataclass(frozen=True)
class _Line:
    a: str
    b: str
    weight: float
    kind: str
    title: str


def draw_stances(found: StanceNetwork) -> NetworkPicture | None:
    """Place a network of stances; None if it has no edges."""
    names = {node.thing.slug: node.thing.label for node in found.nodes}
    lines = []
    for edge in found.edges:
        kind = "for" if edge.weight > 0 else "against" if edge.weight < 0 else "both"
        if found.weight == "conflict":
            kind = "against"
        lines.append(
            _Line(
                edge.a,
                edge.b,
                edge.weight,
                "both" if found.weight == "ignore" else kind,
                f"{names[edge.a]} and {names[edge.b]}: {edge.weight:g}",
            )
        )
    return _draw(
        found.nodes, lines, found.total_edges, found.nodes_are == Nodes.AFFILIATION
    )


def draw_meetings(found: MeetingNetwork) -> NetworkPicture | None:
    """Place a network of meetings; None if it has no edges."""
    names = {node.thing.slug: node.thing.label for node in found.nodes}
    lines = [
        _Line(
            edge.a,
            edge.b,
            edge.weight,
            "met" if edge.held else "planned",
            f"{names[edge.a]} and {names[edge.b]}: {edge.held} held, "
            f"{edge.planned} planned",
        )
        for edge in found.edges
    ]
    return _draw(found.nodes, lines, found.total_edges, False)


def _draw(
    nodes: Sequence[Node], lines: Sequence[_Line], total: int, two_modes: bool
) -> NetworkPicture | None:
    joined = {slug for line in lines for slug in (line.a, line.b)}
    shown = [node for node in nodes if node.thing.slug in joined][:NODES]
    if not shown:
        return None
    number = {node.thing.slug: at for at, node in enumerate(shown)}
    drawn = [line for line in lines if line.a in number and line.b in number][:DRAWN]
    heaviest = max((abs(line.weight) for line in drawn), default=1) or 1
    pulls = tuple(
        (number[line.a], number[line.b], max(0.1, line.weight / heaviest))
        for line in drawn
        if line.kind != "against" or two_modes
    )
    places = layout(len(shown), pulls)
    largest = max(node.size for node in shown) or 1
    radii = [5 + 11 * math.sqrt(node.size / largest) for node in shown]
    return NetworkPicture(
        width=ACROSS,
        height=DOWN,
        circles=tuple(_circles(shown, places, radii)),
        strokes=tuple(
            Stroke(
                x1=places[number[line.a]][0],
                y1=places[number[line.a]][1],
                x2=places[number[line.b]][0],
                y2=places[number[line.b]][1],
                width=round(1 + 5 * abs(line.weight) / heaviest, 1),
                kind=line.kind,
                title=line.title,
            )
            for line in reversed(drawn)
        ),
        hidden_nodes=len(nodes) - len(shown),
        hidden_edges=total - len(drawn),
    )


Place = tuple[float, float]


@lru_cache(maxsize=32)
def layout(count: int, pulls: tuple[tuple[int, int, float], ...]) -> tuple[Place, ...]:
    """Place nodes so that what is joined stands together: the same each time.

    Fruchterman and Reingold, “Graph Drawing by Force-directed Placement”, Software:
    Practice and Experience 21 (1991), from a spiral instead of random places, with a
    pull to the middle that keeps separate parts together.
    """
    golden = math.pi * (3 - math.sqrt(5))
    xs = [math.sqrt(n + 0.5) * math.cos(n * golden) for n in range(count)]
    ys = [math.sqrt(n + 0.5) * math.sin(n * golden) for n in range(count)]
    size = math.sqrt(count)
    ideal = 1.1
    for turn in range(ROUNDS if count > 1 else 0):
        dx = [-x * 0.25 for x in xs]
        dy = [-y * 0.25 for y in ys]
        for a in range(count):
            ax, ay = xs[a], ys[a]
            for b in range(a):
                x, y = ax - xs[b], ay - ys[b]
                push = ideal * ideal / (x * x + y * y + 1e-6)
                dx[a] += x * push
                dy[a] += y * push
                dx[b] -= x * push
                dy[b] -= y * push
        for a, b, weight in pulls:
            x, y = xs[a] - xs[b], ys[a] - ys[b]
            pull = math.hypot(x, y) / ideal * weight
            dx[a] -= x * pull
            dy[a] -= y * pull
            dx[b] += x * pull
            dy[b] += y * pull
        heat = size * 0.12 * (1 - turn / ROUNDS) + 0.01
        for n in range(count):
            length = math.hypot(dx[n], dy[n]) or 1
            step = min(length, heat) / length
            xs[n] += dx[n] * step
            ys[n] += dy[n] * step
    return tuple(zip(_fit(xs, ACROSS, 110), _fit(ys, DOWN, 40), strict=True))


def _fit(values: Sequence[float], room: int, margin: int) -> list[float]:
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return [room / 2] * len(values)
    scale = (room - 2 * margin) / (high - low)
    return [round(margin + (value - low) * scale, 1) for value in values]


Box = tuple[float, float, float, float]


def _circles(
    nodes: Sequence[Node], places: Sequence[Place], radii: Sequence[float]
) -> Iterator[Circle]:
    """Give each node a name beside it, where no other name or node stands if it can."""
    taken: list[Box] = [
        (x - radius, y - radius, x + radius, y + radius)
        for (x, y), radius in zip(places, radii, strict=True)
    ]
    for at, node in enumerate(nodes):
        (x, y), radius = places[at], radii[at]
        label = shorten(node.thing, 34)
        width = 6.7 * len(label)
        ways = (
            (x + radius + 4, y + 4, "start", x + radius + 4),
            (x - radius - 4, y + 4, "end", x - radius - 4 - width),
            (x, y - radius - 5, "middle", x - width / 2),
            (x, y + radius + 14, "middle", x - width / 2),
        )
        others = taken[:at] + taken[at + 1 :]

        def crowd(
            way: tuple[float, float, str, float],
            others: list[Box] = others,
            width: float = width,
        ) -> float:
            left, top, right, foot = way[3], way[1] - 11, way[3] + width, way[1] + 3
            outside = max(0.0, -left) + max(0.0, right - ACROSS)
            return outside * 20 + sum(
                (min(right, box[2]) - max(left, box[0]))
                * (min(foot, box[3]) - max(top, box[1]))
                for box in others
                if left < box[2] and box[0] < right and top < box[3] and box[1] < foot
            )

        text_x, text_y, anchor, left = min(ways, key=crowd)
        taken.append((left, text_y - 11, left + width, text_y + 3))
        yield Circle(
            node=node,
            label=label,
            x=x,
            y=y,
            radius=round(radius, 1),
            text_x=round(text_x, 1),
            text_y=round(text_y, 1),
            anchor=anchor,
        )
