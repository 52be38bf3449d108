"""Stances as rows to count.

They are kept as columns so that fifty thousand of them can be read and counted while a
page is waited for: a row as an object costs more than all that is done with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statements.columns import Bools, Columns, Days, Ints
from models import POLARITIES
from queries.badges import POSITION_ORDER

NOBODY = -1
"""For whom somebody spoke of whom it is recorded that it was for nobody else."""
EARLIEST, LATEST = "0000-01-01", "9999-12-31"
"""What stands for an open side of a date."""
CODES: dict[str, int] = {position: code for code, position in enumerate(POSITION_ORDER)}
"""Positions as numbers, from for to unclear."""
SIDED = np.array([position in POLARITIES for position in POSITION_ORDER])
"""Which of them have a polarity."""


@dataclass(frozen=True)
class Statements(Columns):
    """Stances to count: a row of each array is one of them."""

    id: Ints
    holder: Ints
    represents: Ints
    """The actor represented; `NOBODY`, or 0 if none is recorded."""
    proposition: Ints
    """0 if it is about an actor."""
    target: Ints
    """The actor it is about; 0 if it is about a proposition."""
    position: Ints
    """A number of `CODES`."""
    polarity: Ints
    """0 if the position has none."""
    first: Days
    last: Days

    @classmethod
    def spoken(
        cls, rows: Iterable[tuple[int, int, str | None, str | None]]
    ) -> "Statements":
        """What somebody did for somebody from a first day to a last, a stance or not.

        Args:
            rows: the actor; for whom, 0 for itself; the days.
        """
        found = list(rows)
        nothing = np.zeros(len(found), np.int64)
        return cls(
            id=nothing,
            holder=np.array([row[0] for row in found], np.int64),
            represents=np.array([row[1] for row in found], np.int64),
            proposition=nothing,
            target=nothing,
            position=nothing,
            polarity=nothing,
            first=np.array([row[2] or EARLIEST for row in found], "M8[D]"),
            last=np.array([row[3] or LATEST for row in found], "M8[D]"),
        )

    @property
    def sided(self) -> Bools:
        """Which of them have a polarity."""
        return SIDED[self.position]

    @property
    def dated(self) -> Bools:
        """Which of them have a date, be it open on one side."""
        return (self.first > _day(EARLIEST)) | (self.last < _day(LATEST))

    @property
    def made(self) -> Days:
        """The last day on which each may have been stated, else the first."""
        return np.where(self.last < _day(LATEST), self.last, self.first)

    def in_order(self, *before: NDArray[Any]) -> Ints:
        """The places of the statements as they were made; what has no date is first.

        By the last day on which they may have been stated, then the first, then as they
        were recorded. Columns given stand before that, the first of them first.
        """
        return np.lexsort((self.id, self.first, self.made, *reversed(before)))


def _day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")
