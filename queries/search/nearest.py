"""What to offer where nothing is found: the nearest searches that find something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from search import saying
from search.language import parse
from search.tree import Node

#: How many searches are tried, so that a long query costs little more than a short one.
MOST_TRIED = 12


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """A search near the one that found nothing."""

    sentence: str
    """How it differs: "without kind:meeting"."""
    total: int
    """How many things it finds; never 0."""
    query: str
    """Its query."""
    without: str | None = None
    """The parameter that it does without; null if it differs in the query."""


#: The values of each filter that is set.
Filters = Mapping[str, tuple[str, ...]]

#: Counts what a query finds, without the filter of a name if one is given.
Counts = Callable[[Node, str | None], int]


def nearest(tree: Node, filters: Filters, counts: Counts) -> tuple[Nearby, ...]:
    """Return searches that find something, the nearest first.

    First without one of the filters, then without one part of the query, then each
    part alone.
    """
    return tuple(
        Nearby(sentence=sentence, total=total, query=query, without=without)
        for sentence, query, without in islice(_tries(tree, filters), MOST_TRIED)
        if (total := counts(parse(query), without))
    )


def _tries(tree: Node, filters: Filters) -> Iterator[tuple[str, str, str | None]]:
    query = str(tree)
    if not query:  # a query without any words that could be read
        return
    for name, values in filters.items():
        said = " or ".join(f"{name}:{value}" for value in values[:3])
        yield f"without {said}", query, name
    parts = saying.parts(tree)
    if len(parts) < 2:
        return
    for part in parts:
        yield f"without {part.query}", part.without, None
    if len(parts) > 2:
        for part in parts:
            yield f"with {part.query} alone", part.query, None
