"""Labels that fit: how wide they are, where a line of them breaks, which may stay."""

import unicodedata
from collections.abc import Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


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


def wrap(text: str, width: float, most: int, size: float = 13) -> tuple[str, ...]:
    """Break a text into lines of a width; words longer than a line are broken too.

    What does not fit on as many lines ends in an ellipsis: pages hold the whole text.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and text_width(lines[-1] + letter, size) > width:
                lines.append("")
            lines[-1] += letter
            if len(lines) > most:
                break
        if len(lines) > most:
            break
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(f"{last}…", size) > width:
            last = last[:-1]
        lines[most - 1 :] = [f"{last.rstrip()}…"]
    return tuple(lines)


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
