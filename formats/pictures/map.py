"""The map of where meetings were: a circle in the middle of each country.

A record knows the state and the city of a meeting and no coordinates, so a circle
stands for a country and in its middle. The map is as wide as its page: the outlines
stretch, while circles and names keep their size, and stand at shares of its width and
height. A name that would lie on another is left out: first on a phone, then everywhere.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.places import Place
from formats.pictures.labels import Box, free, inside, text_width, ways
from formats.pictures.outlines import Outline, world

ASPECT = 16 / 9
"""Width by height; `.map` in the stylesheet has the same."""
NEAREST = 1_500
"""The narrowest window, in units of the map: some 67 degrees."""
AROUND = 0.12
"""The share of the window that is left free at each of its sides."""
PHONE, DESK = 320, 640
"""The widths, in pixels, for which names are chosen."""
SMALLEST, LARGEST = 4.5, 14
"""The radius of a circle, in pixels; its area grows with the meetings."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """The circle of a country, at shares of the map's width and height in percent."""

    place: Place
    x: float
    y: float
    radius: float
    label: str
    """Empty where there is no room for it at all."""
    dx: float
    """From the middle of the circle to the label, in pixels."""
    dy: float
    anchor: str
    roomy: bool
    """Whether the label has room on a wide screen only."""


@dataclass(frozen=True, kw_only=True)
class MapPicture:
    """Everything that the template of a map draws."""

    window: tuple[int, int, int, int]
    """The part of the world that is shown: left, top, width, height."""
    land: tuple[str, ...]
    """The outlines of the countries without a meeting."""
    marked: tuple[str, ...]
    """The outlines of those that have one."""
    spots: tuple[Spot, ...]
    nowhere: tuple[Place, ...]
    """The places that the map does not have."""


def draw_map(places: Sequence[Place]) -> MapPicture | None:
    """Place the countries in which meetings were; None if the map has none of them."""
    known = world().countries
    found = [(place, known[place.code]) for place in places if place.code in known]
    if not found:
        return None
    window = _window([outline for _, outline in found])
    codes = {place.code for place, _ in found}
    seen = {key: one for key, one in known.items() if one.path and _meets(one, window)}
    return MapPicture(
        window=window,
        land=tuple(one.path for key, one in seen.items() if key not in codes),
        marked=tuple(one.path for key, one in seen.items() if key in codes),
        spots=_spots(found, window),
        nowhere=tuple(place for place in places if place.code not in known),
    )


def _window(shown: Sequence[Outline]) -> tuple[int, int, int, int]:
    """The part of the world that holds some countries' middles, with room around."""
    xs, ys = [one.x for one in shown], [one.y for one in shown]
    grown = 1 + 2 * AROUND
    width = max(
        NEAREST,
        (max(xs) - min(xs)) * grown,
        (max(ys) - min(ys)) * grown * ASPECT,
    )
    width = min(width, world().width)
    height = width / ASPECT
    left = _within((min(xs) + max(xs) - width) / 2, world().width - width)
    top = _within((min(ys) + max(ys) - height) / 2, world().height - height)
    return round(left), round(top), round(width), round(height)


def _within(value: float, most: float) -> float:
    """Keep a window on the map; one that is larger has the map in its middle."""
    return min(max(value, 0), most) if most >= 0 else most / 2


def _meets(one: Outline, window: tuple[int, int, int, int]) -> bool:
    left, top, width, height = window
    if one.box is None:
        return False
    return (
        one.box[0] < left + width
        and one.box[2] > left
        and one.box[1] < top + height
        and one.box[3] > top
    )


def _spots(
    found: Sequence[tuple[Place, Outline]], window: tuple[int, int, int, int]
) -> tuple[Spot, ...]:
    """Give each country its circle and, where there is room, its name."""
    left, top, width, height = window
    most = max(place.total for place, _ in found)
    circles = [
        (
            (one.x - left) / width,
            (one.y - top) / height,
            max(SMALLEST, LARGEST * math.sqrt(place.total / most)),
        )
        for place, one in found
    ]
    # Circles do not shrink on a phone, so each width has boxes of its own.
    taken: dict[int, list[Box]] = {
        wide: [
            (x * wide - r, y * wide / ASPECT - r, x * wide + r, y * wide / ASPECT + r)
            for x, y, r in circles
        ]
        for wide in (PHONE, DESK)
    }
    spots = []
    for at, ((place, _), (x, y, radius)) in enumerate(zip(found, circles, strict=True)):
        label = f"{' '.join(place.country.label.split())} {place.total:,}"
        chosen: tuple[float, float, str] | None = None
        roomy = False
        for widths in ((PHONE, DESK), (DESK,)):
            for number in range(4):
                boxes = {}
                for wide in widths:
                    here = x * wide, y * wide / ASPECT
                    text_x, text_y, anchor, box = list(
                        ways(*here, radius, text_width(label))
                    )[number]
                    boxes[wide] = box
                    offset = text_x - here[0], text_y - here[1], anchor
                if all(
                    inside(box, wide, wide / ASPECT)
                    and free(box, taken[wide][:at] + taken[wide][at + 1 :])
                    for wide, box in boxes.items()
                ):
                    chosen, roomy = offset, widths == (DESK,)
                    for wide, box in boxes.items():
                        taken[wide].append(box)
                    break
            if chosen:
                break
        dx, dy, anchor = chosen or (0, 0, "start")
        spots.append(
            Spot(
                place=place,
                x=round(100 * x, 2),
                y=round(100 * y, 2),
                radius=round(radius, 1),
                label=label if chosen else "",
                dx=round(dx, 1),
                dy=round(dy, 1),
                anchor=anchor,
                roomy=roomy,
            )
        )
    return tuple(spots)
