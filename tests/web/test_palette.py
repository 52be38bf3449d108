"""The stylesheet's colours, computed: WCAG 2.2 AA in the light and in the dark."""

import re

import pytest

from settings import CHECKOUT

STYLE = "".join(
    (CHECKOUT / "static" / f"{name}.css").read_text(encoding="utf-8")
    for name in ("palette", "dragoman")
)

SURFACES = ("paper", "sheet")
TEXT = ("ink", "soft", "link", "visited", "alert")
PAIRS = [
    *((text, surface) for text in TEXT for surface in SURFACES),
    ("paper", "ink"),
    ("for", "for-tint"),
    ("on-for-strong", "for-strong"),
    ("against", "against-tint"),
    ("on-against-strong", "against-strong"),
    ("on-mark", "mark"),
    ("on-mark", "mark-2"),
    ("on-mark", "mark-3"),
]
BORDERS = [("edge", surface) for surface in SURFACES]
BORDERS += [("mark-edge", surface) for surface in SURFACES]


def palette(scheme: str) -> dict[str, str]:
    """The custom properties of a scheme, those of the light one where it has none."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    light, dark, printed = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks
    )
    return light | {"light": {}, "dark": dark, "print": printed}[scheme]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_text_stands_out_from_what_is_under_it(
    scheme: str, text: str, surface: str
) -> None:
    colours = palette(scheme)
    assert contrast(colours[text], colours[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("border", "surface"), BORDERS)
def test_what_is_not_text_can_be_seen(scheme: str, border: str, surface: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[border], colours[surface]) >= 3


def test_every_colour_is_a_property_with_a_dark_counterpart() -> None:
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) <= {"#000000", "#666666"}
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    light, dark = (set(re.findall(r"--([\w-]+): #", block)) for block in blocks[:2])
    assert light == dark
