"""The ways in which a statement counts for somebody, and why it does."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.statements.columns import Ints


class Fold(StrEnum):
    """To whom a statement is attributed."""

    OFFICE = "office"
    REPRESENTED = "represented"
    NONE = "none"


FOLDS: dict[Fold, str] = {
    Fold.OFFICE: "A person’s stance is attributed to the state or body for which it "
    "was spoken and, where the record does not say for which, to the body in which "
    "the person was in office on that day; a body’s to its state.",
    Fold.REPRESENTED: "A person’s stance is attributed to the state or body for which "
    "the record says it was spoken, and for no other reason; a body’s to its state.",
    Fold.NONE: "Each stance is attributed to its holder alone.",
}
"""What each way of grouping means, in words for the page."""


class Reason(StrEnum):
    """Why a statement is attributed to an actor."""

    ITSELF = "itself"
    REPRESENTS = "represents"
    OFFICE = "office"
    BODY = "body"


REASONS = tuple(Reason)
ITSELF, REPRESENTS, OFFICE, BODY = range(len(REASONS))
"""Reasons as numbers."""


@dataclass(frozen=True, kw_only=True)
class Folded:
    """How many stances are attributed to another than their holder, and why."""

    rule: str
    """To whom a stance is attributed, in a sentence."""
    total: int
    """How many stances are counted."""
    represents: int
    """How many are attributed to a state or body that they are said to represent."""
    office: int
    """How many are attributed to a body in which the holder was in office that day."""
    body: int
    """How many are a body's, attributed to its state."""


def folded(fold: Fold, reasons: Ints) -> Folded:
    """Say how many stances were grouped, and why: places in `REASONS`."""
    often = np.bincount(reasons, minlength=len(REASONS)).tolist()
    return Folded(
        rule=FOLDS[fold],
        total=sum(often),
        represents=often[REPRESENTS],
        office=often[OFFICE],
        body=often[BODY],
    )
