"""Local keys of children: readable, unique within their record, made of its content."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from exchange.records import Date

Row = TypeVar("Row")


def numbered(
    keys: Iterable[str], sinces: Sequence[Date | None] | None = None
) -> list[str]:
    """Tell equal keys apart: by the date since when, or else by number from 2."""
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for i, key in enumerate(keys):
        since = sinces[i] if sinces else None
        if seen[key] and since is not None:
            seen[key] += 1
            key = f"{key}/{since.edtf}"
        seen[key] += 1
        unique.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return unique


def keyed(
    rows: Sequence[Row], key_of: Callable[[Row], str]
) -> Iterator[tuple[str, Row]]:
    """Yield rows with their keys, numbered as `numbered` numbers those of a record."""
    keys = [key_of(row) for row in rows]
    if len(set(keys)) < len(keys):
        keys = numbered(keys)
    return iter(zip(keys, rows, strict=True))
