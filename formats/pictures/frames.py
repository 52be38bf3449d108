"""How large a picture is drawn: once for a desk and once for a phone.

A picture for a desk would be read on a phone with a glass or by scrolling, so there is
one of its own, with fewer marks and the same letters; the page shows the one that fits.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The sizes of a picture, in pixels, and how much it holds."""

    width: int
    height: int
    """The height of a network; a timeline is as high as its lanes."""
    side: int
    """The room beside a network's outermost nodes, for their names."""
    label: int
    """The widest line of a name in a network."""
    nodes: int
    """How many nodes are drawn, those with the most edges; more hide each other."""
    edges: int
    """How many edges are drawn, the heaviest among those nodes."""
    ticks: int
    """How many days a scale names at most."""


DESK = Frame(width=960, height=660, side=110, label=230, nodes=60, edges=400, ticks=14)
PHONE = Frame(width=340, height=460, side=44, label=120, nodes=16, edges=60, ticks=4)
