"""The outlines of the countries, as `make_outlines` made them of Natural Earth's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("outlines.json")


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A country, in the units of the map."""

    x: float
    """Its middle: the centre of the area of its largest part."""
    y: float
    path: str = ""
    """Its outline as the path of an SVG picture; none of those that are very small."""
    box: tuple[float, float, float, float] | None = None
    """From where to where its outline reaches: left, top, right, bottom."""


@dataclass(frozen=True, kw_only=True)
class World:
    """All countries, in the units of the map, from the north-west corner."""

    width: float
    height: float
    countries: Mapping[str, Outline]
    """By the three letters of ISO 3166-1; a territory without them has another key."""


@lru_cache(maxsize=1)
def world() -> World:
    """Read the outlines, once."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return World(
        width=read["width"],
        height=read["height"],
        countries={key: Outline(**one) for key, one in read["countries"].items()},
    )
