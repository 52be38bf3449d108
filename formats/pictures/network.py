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
from formats.pictures.frames import DESK, Frame
from formats.pictures.labels import Box, overlap, text_width, wrap
from formats.pictures.layout import Place, layout

LINES = 3
"""How many lines a name has at most."""
LINE = 14
"""The height of a line."""


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A node with its name."""

    node: Node
    label: tuple[str, ...]
    """The lines of its name; the first stands at `text_y`, each 14 below the last."""
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


def draw_stances(found: StanceNetwork, frame: Frame = DESK) -> NetworkPicture | None:
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
        frame,
        two_modes=found.nodes_are == Nodes.AFFILIATION,
    )


def draw_meetings(found: MeetingNetwork, frame: Frame = DESK) -> NetworkPicture | None:
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
    return _draw(found.nodes, found.total_nodes, lines, found.total_edges, frame)


def draw_relations(
    found: RelationNetwork, frame: Frame = DESK
) -> NetworkPicture | None:
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
        found.nodes, found.total_nodes, lines, found.total_edges, frame, directed=True
    )


def _draw(
    nodes: Sequence[Node],
    every: int,
    lines: Sequence[_Line],
    total: int,
    frame: Frame,
    two_modes: bool = False,
    directed: bool = False,
) -> NetworkPicture | None:
    joined = {slug for line in lines for slug in (line.a, line.b)}
    shown = [node for node in nodes if node.thing.slug in joined][: frame.nodes]
    if not shown:
        return None
    number = {node.thing.slug: at for at, node in enumerate(shown)}
    drawn = [line for line in lines if line.a in number and line.b in number][
        : frame.edges
    ]
    heaviest = max((abs(line.weight) for line in drawn), default=1) or 1
    pulls = tuple(
        (number[line.a], number[line.b], max(0.1, line.weight / heaviest))
        for line in drawn
        if line.kind != "against" or two_modes
    )
    places = layout(len(shown), pulls, frame)
    largest = max(node.size for node in shown) or 1
    radii = [5 + 11 * math.sqrt(node.size / largest) for node in shown]
    return NetworkPicture(
        width=frame.width,
        height=frame.height,
        circles=tuple(_circles(shown, places, radii, frame)),
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


def _circles(
    nodes: Sequence[Node],
    places: Sequence[Place],
    radii: Sequence[float],
    frame: Frame,
) -> Iterator[Circle]:
    """Give each node a name beside it, where no other name or node stands if it can."""
    taken: list[Box] = [
        (x - radius, y - radius, x + radius, y + radius)
        for (x, y), radius in zip(places, radii, strict=True)
    ]
    for at, node in enumerate(nodes):
        (x, y), radius = places[at], radii[at]
        label = wrap(node.thing.label, frame.label, LINES)
        width = max(map(text_width, label), default=0)
        high = LINE * len(label)
        ways = (
            ("start", x + radius + 4, y - high / 2),
            ("end", x - radius - 4 - width, y - high / 2),
            ("middle", x - width / 2, y - radius - 3 - high),
            ("middle", x - width / 2, y + radius + 3),
        )
        # No name is cut: one that would leave the picture is moved into it.
        boxes = []
        for anchor, left, top in ways:
            left = min(max(left, 2), frame.width - 2 - width)
            top = min(max(top, 2), frame.height - 2 - high)
            boxes.append((anchor, (left, top, left + width, top + high)))
        crowd = [sum(overlap(box, other) for other in taken) for _, box in boxes]
        anchor, box = boxes[crowd.index(min(crowd))]
        taken.append(box)
        text_x = {"start": box[0], "end": box[2], "middle": (box[0] + box[2]) / 2}
        yield Circle(
            node=node,
            label=label,
            x=x,
            y=y,
            radius=round(radius, 1),
            text_x=round(text_x[anchor], 1),
            text_y=round(box[1] + 11, 1),
            anchor=anchor,
        )
