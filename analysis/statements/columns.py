"""Rows as arrays of numpy, of the same length, one for each field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Rows as arrays of the same length, one for each field."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def at(self, chosen: Bools | Ints | slice) -> Self:
        """Those for which a mask is true, or those at these places."""
        return type(self)(*(getattr(self, part.name)[chosen] for part in fields(self)))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, as Python has them."""
        columns = (getattr(self, part.name).tolist() for part in fields(self))
        return zip(*columns, strict=True)

    @classmethod
    def joined(cls, found: Sequence[Self]) -> Self:
        """The rows of several, one after the other."""
        return cls(
            *(
                np.concatenate([getattr(one, part.name) for one in found])
                for part in fields(cls)
            )
        )


def runs(*columns: NDArray[Any]) -> Ints:
    """Where each run of equal rows begins in columns that are in order."""
    if not len(columns[0]):
        return np.empty(0, np.int64)
    new = np.ones(len(columns[0]), bool)
    new[1:] = np.logical_or.reduce([part[1:] != part[:-1] for part in columns])
    return np.flatnonzero(new)
