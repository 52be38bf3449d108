"""Labels that fit: how wide they are, where a line of them breaks, which may stay."""

import unicodedata
from collections.abc import Iterator, Sequence

from queries.shapes import Ref

LONGEST_LABEL = 118

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def shorten(ref: Ref, longest: int = LONGEST_LABEL) -> str:
    """A label that fits on its line; the whole of it stands in the table."""
    label = " ".join(ref.label.split())
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def text_width(text: str, size: float = 13) -> float:
    """How wide a text is, in pixels; rather too much than too little.

    Nothing is measured in a browser: fonts differ, and a picture is drawn before it is
    sent. The widths are those of DejaVu Sans, wider than most.
    """
    return size * sum(map(_width, text))


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "ijl.,:;'|!’ ":
        return 0.34
    return 0.72 if letter.isupper() or letter in "mwMW@%…—" else 0.6


def overlap(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def ways(
    x: float, y: float, radius: float, width: float
) -> Iterator[tuple[float, float, str, Box]]:
    """Where a label may stand beside a circle: its point, its anchor, its box."""
    for text_x, text_y, anchor, left in (
        (x + radius + 4, y + 4, "start", x + radius + 4),
        (x - radius - 4, y + 4, "end", x - radius - 4 - width),
        (x, y - radius - 5, "middle", x - width / 2),
        (x, y + radius + 14, "middle", x - width / 2),
    ):
        yield text_x, text_y, anchor, (left, text_y - 11, left + width, text_y + 3)


def inside(box: Box, width: float, height: float) -> bool:
    """Whether a box lies within a picture."""
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def free(box: Box, taken: Sequence[Box]) -> bool:
    """Whether nothing stands there yet."""
    return not any(overlap(box, other) for other in taken)
