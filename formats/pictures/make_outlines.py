"""Make `outlines.json`, the countries as the map draws them. Run by hand, very rarely.

    python -m formats.pictures.make_outlines COUNTRIES-110M COUNTRIES-50M CODES

The first two are files of the npm package `world-atlas` (2.0.2), which are Natural
Earth's outlines, public domain, as TopoJSON; the third is `codes.json` of the npm
package `i18n-iso-countries`, for ISO's letters by its numbers. The coarse file gives
the outlines, the finer one the middles: it has the countries that are too small for
the other. Borders are Natural Earth's, which draws who rules where.

The projection is Gall's stereographic one, true at 45° north and south: a cylinder, so
that any window of it is a map, and kinder to the north than a plain grid of degrees.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

ACROSS = 8_000
"""The width of the world; 1 is some 5 km at the equator."""
TOLERANCE = 4.0
"""A point nearer than this to the line without it is left out."""
SMALLEST = 60.0
"""The area of the smallest island that is drawn, unless it is its country's largest."""
SOUTH = -56.0
"""Nothing below this is drawn: nobody meets in Antarctica, and it fills a third."""
USER_ASSIGNED = {"Kosovo": "XKX"}
"""The letters in use where ISO has none."""


def project(longitude: float, latitude: float) -> Point:
    """From degrees to the plane, from the north-west corner."""
    scale = ACROSS / (2 * math.pi / math.sqrt(2))

    def down(degrees: float) -> float:
        return (1 + math.sqrt(2) / 2) * math.tan(math.radians(degrees) / 2)

    x = math.radians(longitude + 180) / math.sqrt(2)
    return x * scale, (down(84) - down(latitude)) * scale


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """The lines that a TopoJSON file is made of, in degrees."""
    (scale_x, scale_y), (first_x, first_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + first_x, y * scale_y + first_y))
        found.append(line)
    return found


def thinned(line: Ring) -> Ring:
    """A line without the points that hardly matter (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def away(point: Point) -> float:
        x, y = point
        if length < 1e-9:
            return math.hypot(x - ax, y - ay)
        return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length

    far = max(range(1, len(line) - 1), key=lambda at: away(line[at]))
    if away(line[far]) < TOLERANCE:
        return [line[0], line[-1]]
    return thinned(line[: far + 1])[:-1] + thinned(line[far:])


def rings(shape: dict[str, Any], arcs: Sequence[Ring]) -> Iterator[Ring]:
    """The outer rings of a country."""
    many = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in many:
        ring: Ring = []
        for number in polygon[0]:
            line = arcs[number] if number >= 0 else arcs[~number][::-1]
            ring += line[1:] if ring else line
        yield unbroken(ring)


def unbroken(ring: Ring) -> Ring:
    """A ring that crosses 180 degrees, beyond the edge instead of back along the map.

    What lies beyond is not drawn on the other side: a few capes of Siberia and Fiji.
    """
    found = ring[:1]
    for x, y in ring[1:]:
        around = round((found[-1][0] - x) / ACROSS) * ACROSS
        found.append((x + around, y))
    least = min(x for x, _ in found)
    back = math.floor(least / ACROSS + 1e-9) * ACROSS if least < -1 else 0
    return [(x - back, y) for x, y in found]


def area(ring: Ring) -> float:
    """The area within a ring; negative where it runs the other way."""
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in edges) / 2


def middle(ring: Ring) -> Point:
    """The centre of the area within a ring."""
    size = area(ring) or 1.0
    x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        x, y = x + (ax + bx) * cross, y + (ay + by) * cross
    return x / (6 * size), y / (6 * size)


def path(ring: Ring) -> str:
    """A ring as the path of an SVG picture, in whole numbers."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = [
        f"{bx - ax} {by - ay}"
        for (ax, ay), (bx, by) in zip(whole, whole[1:], strict=False)
        if (ax, ay) != (bx, by)
    ]
    return f"M{whole[0][0]} {whole[0][1]}l" + " ".join(steps[:-1]) + "z"


def countries(coarse: Any, fine: Any, codes: Any) -> dict[str, Any]:
    """The countries by ISO's three letters; those without have a name in brackets."""
    letters = {number: alpha3 for _, alpha3, number, _ in codes}
    found: dict[str, Any] = {}

    def key(shape: dict[str, Any]) -> str:
        name = str(shape["properties"]["name"])
        return letters.get(shape.get("id", "")) or USER_ASSIGNED.get(name, f"({name})")

    arcs = [[project(*point) for point in line] for line in arcs_of(fine)]
    for shape in fine["objects"]["countries"]["geometries"]:
        largest = max(rings(shape, arcs), key=lambda ring: abs(area(ring)))
        x, y = middle(largest)
        found[key(shape)] = {"x": round(x), "y": round(y)}
    arcs = [thinned([project(*point) for point in line]) for line in arcs_of(coarse)]
    for shape in coarse["objects"]["countries"]["geometries"]:
        drawn = sorted(rings(shape, arcs), key=lambda ring: -abs(area(ring)))
        drawn = [drawn[0], *(ring for ring in drawn[1:] if abs(area(ring)) > SMALLEST)]
        points = [point for ring in drawn for point in ring]
        xs, ys = zip(*points, strict=True)
        found[key(shape)] |= {
            "box": [round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))],
            "path": "".join(path(ring) for ring in drawn if len(ring) > 3),
        }
    found.pop("ATA")
    return found


def main(coarse: str, fine: str, codes: str) -> None:
    read = [json.loads(Path(name).read_text("utf-8")) for name in (coarse, fine, codes)]
    south = round(project(0, SOUTH)[1])
    made = {"width": ACROSS, "height": south, "countries": countries(*read)}
    lines = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    target = Path(__file__).with_name("outlines.json")
    target.write_text(lines.replace("},", "},\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
