"""Records under others of their kind: never under themselves, never too deep."""

from collections.abc import Iterator, Sequence

from errors import Fault
from exchange.reading import Located
from exchange.records import Kind
from exchange.stored import Stored
from wording import with_article

DEEPEST = 10_000
"""Levels of one record under another at most."""


def cycles(
    records: Sequence[Located], stored: Stored
) -> Iterator[tuple[Located, Fault]]:
    """Yield the records that are under themselves, or under too many others."""
    chains: tuple[tuple[Kind, str], ...] = (
        ("actor", "parent"),
        ("topic", "parent"),
        ("meeting", "parent"),
        ("source", "derived_from"),
    )
    for kind, field in chains:
        given: dict[str, str | None] = {
            located.slug: getattr(located.record, field)
            for located in records
            if located.kind == kind
        }
        named = {slug for slug in given.values() if slug is not None}
        if not named:
            continue
        depths = _depths(stored.ancestry(kind, named) | given)
        for located in records:
            if located.kind != kind:
                continue
            depth = depths[located.slug]
            if depth is not None and depth <= DEEPEST:
                continue
            expected = f"{with_article(kind)} that is not itself under {located.slug}"
            if depth is not None:
                expected = f"{with_article(kind)} with at most {DEEPEST - 1:,} above it"
            value = given[located.slug]
            yield located, located.fault((field,), value, expected)


def in_circles(above: dict[str, str | None]) -> set[str]:
    """Return what stands above itself; each is given with what stands above it."""
    return {slug for slug, depth in _depths(above).items() if depth is None}


def _depths(parents: dict[str, str | None]) -> dict[str, int | None]:
    """Return how many are above each; None where it is above itself.

    Each step is taken once, so that a chain of thousands takes thousands.
    """
    depths: dict[str, int | None] = {}
    for start in parents:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in depths and at not in path:
            path[at] = len(path)
            at = parents.get(at)
        steps = list(path)
        if at is not None and at in path:
            circle = steps[path[at] :]
            depths.update(dict.fromkeys(circle))
            steps = steps[: path[at]]
            depth = 0  # what leads to a circle is named by the circle's own faults
        else:
            depth = 0 if at is None else (depths[at] or 0) + 1
        for slug in reversed(steps):
            depths[slug] = depth
            depth += 1
    return depths
