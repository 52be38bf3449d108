"""The list of results in its two parts: what has all of the words, then what has some.

Between words stands AND, and people type more words than any one passage has. So what
has all of them comes first, then a line, then what has some of them, each part in its
own order. The second part is asked for only when a page reaches past the line, so that
most searches cost what they did. `match=all` is the first part alone, `match=any` one
list of both; in an order other than relevance there is a second part only where the
first is empty, because a newer passage with one of the words would bury the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass

from queries.spread import PAGES, sources_of, spread
from search.engine import Hit, Result

#: Asks for one part: whether it is the first, from which place on, and how many.
Ask = Callable[[bool, int, int], Result]


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """One page of the list."""

    first: Result
    """The first part, with its facets; its total is that of the whole part."""
    some: int | None
    """How many the second part has; None where it was not asked for."""
    hits: tuple[Hit, ...]
    """The hits of this page."""
    line: int
    """How many hits of this page belong to the first part."""


def rank(
    ask: Ask, *, two: bool, sort: str, spreads: bool, page: int, limit: int
) -> Ranking:
    """Ask for as much of both parts as a page needs, and arrange it.

    Args:
        ask: asks the engine for one part.
        two: whether the query can have a second part.
        sort: the order.
        spreads: whether the first page keeps to few passages of a source.
        page: which page, from 1.
        limit: how many hits make a page.
    """
    low, high = (page - 1) * limit, page * limit
    end = high
    if rearranged := spreads and page <= PAGES:
        # The same window for each of these pages, so that nothing comes twice.
        low, high = 0, PAGES * limit
    first = ask(True, low, high - low)
    hits = first.hits
    rest: tuple[Hit, ...] = ()
    some: int | None = None
    if two and end >= first.total and (sort == "relevance" or not first.total):
        begin = max(low, first.total)
        second = ask(False, begin - first.total, max(0, high - begin))
        rest, some = second.hits, second.total
    if rearranged:
        if first.total > limit:
            hits = spread(hits, limit)
        elif first.total + len(rest) > limit:
            rest = spread(rest, limit - first.total, sources_of(hits))
        both = (*hits, *rest)[end - limit : end]
    else:
        both = (*hits, *rest)
    line = min(max(first.total - (end - limit), 0), len(both))
    return Ranking(first=first, some=some, hits=both, line=line)
