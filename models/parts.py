"""Parts of a list, each small enough for one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def in_parts(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`, none of them empty."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
