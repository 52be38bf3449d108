"""What to offer where nothing is found: the nearest searches that find something."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from search import saying
from search.tree import Node

#: How many searches are tried at each step, so that a long query costs little more than
#: a short one.
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
    """The parameter that it does without; null if it differs in the query, or does
    without several."""
    drops: tuple[str, ...] = ()
    """All parameters that it does without."""


#: The values of each filter that is set.
Filters = Mapping[str, tuple[str, ...]]

#: Counts what a query finds, without the filters of some names.
Counts = Callable[[str, Collection[str]], int]

_Try = tuple[str, str, tuple[str, ...]]
"""How a search differs, its query, and the filters that it does without."""


def nearest(tree: Node, filters: Filters, counts: Counts) -> tuple[Nearby, ...]:
    """Return searches that find something, the nearest first.

    Without one of the filters, without one part of the query, or each part alone; where
    none of these finds anything, without the filters that are in the way together, and
    at last parts of the query without any filter. Whatever part of the query finds
    something by itself, something is offered.
    """
    if not str(tree):  # a query without any words that could be read
        return ()
    steps: tuple[Callable[[], Iterator[_Try]], ...] = (
        lambda: _tries(tree, filters),
        lambda: _several(tree, filters, counts),
        lambda: _parts(tree, filters, tuple(filters)),
    )
    for step in steps:
        found = tuple(
            Nearby(
                sentence=sentence,
                total=total,
                query=query,
                without=drops[0] if len(drops) == 1 else None,
                drops=drops,
            )
            for sentence, query, drops in islice(step(), MOST_TRIED)
            if (total := counts(query, drops))
        )
        if found:
            return found
    return ()


def _tries(tree: Node, filters: Filters) -> Iterator[_Try]:
    for name in filters:
        yield f"without {_said(filters, [name])}", str(tree), (name,)
    yield from _parts(tree, filters, ())


def _several(tree: Node, filters: Filters, counts: Counts) -> Iterator[_Try]:
    """The filters that are in the way together: each is put back if it is not."""
    if len(filters) < 2 or not counts(str(tree), tuple(filters)):
        return
    drops = list(filters)
    for name in filters:
        fewer = [one for one in drops if one != name]
        if counts(str(tree), fewer):
            drops = fewer
    yield f"without {_said(filters, drops)}", str(tree), tuple(drops)


def _parts(tree: Node, filters: Filters, drops: tuple[str, ...]) -> Iterator[_Try]:
    """Without one part of the query, then each part alone."""
    parts = saying.parts(tree)
    if len(parts) < 2:
        return
    besides = f" and without {_said(filters, drops)}" if drops else ""
    for part in parts:
        yield f"without {part.query}{besides}", part.without, drops
    if len(parts) > 2:
        for part in parts:
            yield f"with {part.query} alone{besides}", part.query, drops


def _said(filters: Filters, names: Collection[str]) -> str:
    return " and ".join(
        " or ".join(f"{name}:{value}" for value in filters[name][:3]) for name in names
    )
