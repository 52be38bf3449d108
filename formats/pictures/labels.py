"""Labels that fit."""

from queries.shapes import Ref

LONGEST_LABEL = 118


def shorten(ref: Ref, longest: int = LONGEST_LABEL) -> str:
    """A label that fits on its line; the whole of it stands in the table."""
    label = " ".join(ref.label.split())
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"
