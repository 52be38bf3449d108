"""The ways in which a statement counts for somebody, and why it does."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.statements.columns import Ints


class Fold(StrEnum):
    """For whom a statement counts."""

    OFFICE = "office"
    REPRESENTED = "represented"
    NONE = "none"


FOLDS: dict[Fold, str] = {
    Fold.OFFICE: "A person’s stance counts for the state or body for which it was "
    "spoken and, where the record does not say for which, for the body whose office "
    "the person held on that day; a body’s counts for its state.",
    Fold.REPRESENTED: "A person’s stance counts for the state or body for which the "
    "record says it was spoken, and for no other reason; a body’s counts for its "
    "state.",
    Fold.NONE: "Each stance counts for its holder alone.",
}
"""What each way of folding means, in words for the page."""


class Reason(StrEnum):
    """Why a statement counts for an actor."""

    ITSELF = "itself"
    REPRESENTS = "represents"
    OFFICE = "office"
    BODY = "body"


REASONS = tuple(Reason)
ITSELF, REPRESENTS, OFFICE, BODY = range(len(REASONS))
"""Reasons as numbers."""


@dataclass(frozen=True, kw_only=True)
class Folded:
    """How many stances count for somebody other than their holder, and why."""

    rule: str
    """For whom a stance counts, in a sentence."""
    total: int
    """How many stances are counted."""
    represents: int
    """How many count for the state or body for which they were recorded as spoken."""
    office: int
    """How many count for the body whose office the holder held on the day."""
    body: int
    """How many are a body's and count for its state."""


def folded(fold: Fold, reasons: Ints) -> Folded:
    """Say how many stances were folded, and why: places in `REASONS`."""
    often = np.bincount(reasons, minlength=len(REASONS)).tolist()
    return Folded(
        rule=FOLDS[fold],
        total=sum(often),
        represents=often[REPRESENTS],
        office=often[OFFICE],
        body=often[BODY],
    )
