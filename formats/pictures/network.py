"""The picture of a network: circles, strokes between them, names beside them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.networks import (
    MeetingNetwork,
    Node,
    Nodes,
    RelationNetwork,
    StanceNetwork,
)
from formats.pictures.labels import shorten
from formats.pictures.layout import ACROSS, DOWN, Place, layout

NODES = 60
"""How many nodes are drawn, those with the most edges; more would hide each other."""
DRAWN = 400
"""How many edges are drawn, the heaviest among those nodes."""


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
    head: str = ""
    """The path of the arrow's head, of a network with directions."""


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
        found.nodes,
        found.total_nodes,
        lines,
        found.total_edges,
        found.nodes_are == Nodes.AFFILIATION,
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
    return _draw(found.nodes, found.total_nodes, lines, found.total_edges, False)


def draw_relations(found: RelationNetwork) -> NetworkPicture | None:
    """Place a network of relations, with arrows; None if it has no edges."""
    names = {node.thing.slug: node.thing.label for node in found.nodes}
    lines = [
        _Line(
            edge.a,
            edge.b,
            edge.weight,
            "for" if edge.weight > 0 else "against" if edge.weight < 0 else "both",
            f"{names[edge.a]} towards {names[edge.b]}: {edge.in_favour} for, "
            f"{edge.against} against, {edge.neutral + edge.other} other",
        )
        for edge in found.edges
    ]
    return _draw(
        found.nodes, found.total_nodes, lines, found.total_edges, False, directed=True
    )


def _draw(
    nodes: Sequence[Node],
    every: int,
    lines: Sequence[_Line],
    total: int,
    two_modes: bool,
    directed: bool = False,
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
            _stroke(
                line,
                round(1 + 5 * abs(line.weight) / heaviest, 1),
                places[number[line.a]],
                places[number[line.b]],
                radii[number[line.b]] if directed else None,
            )
            for line in reversed(drawn)
        ),
        hidden_nodes=every - len(shown),
        hidden_edges=total - len(drawn),
    )


ASIDE = 4
"""How far an arrow runs beside the straight line, so that the one back is seen too."""


def _stroke(
    line: _Line, width: float, start: Place, end: Place, radius: float | None
) -> Stroke:
    """Draw a line or, if the radius of the circle at its end is given, an arrow."""
    (x1, y1), (x2, y2) = start, end
    head = ""
    length = math.hypot(x2 - x1, y2 - y1)
    if radius is not None and length > 0:
        along_x, along_y = (x2 - x1) / length, (y2 - y1) / length
        aside_x, aside_y = -along_y * ASIDE, along_x * ASIDE
        # The tip touches the circle; two circles that overlap leave no room for more.
        tip = max(length - math.sqrt(max(radius**2 - ASIDE**2, 0)), length / 2)
        long, broad = 7 + width, 3 + width
        neck = max(tip - long, 0)
        tip_x, tip_y = x1 + along_x * tip + aside_x, y1 + along_y * tip + aside_y
        x2, y2 = x1 + along_x * neck + aside_x, y1 + along_y * neck + aside_y
        x1, y1 = x1 + aside_x, y1 + aside_y
        corners = [
            (tip_x, tip_y),
            (x2 - along_y * broad, y2 + along_x * broad),
            (x2 + along_y * broad, y2 - along_x * broad),
        ]
        head = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"
    return Stroke(
        x1=round(x1, 1),
        y1=round(y1, 1),
        x2=round(x2, 1),
        y2=round(y2, 1),
        width=width,
        kind=line.kind,
        title=line.title,
        head=head,
    )


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
