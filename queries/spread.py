"""Spreading the first page over the sources.

A long transcript about one thing would fill the first page with itself. So the first
page holds at most two passages of one source; the others follow right after it, in
their order. Only the best results are rearranged, always the same ones: so pages stay
stable, and nothing comes twice or is left out.
"""

from collections import Counter
from collections.abc import Sequence

from search.engine import Hit
from search.fields import Kind
from search.tree import Node, wanted

#: How many passages of a source the first page holds.
MOST_OF_A_SOURCE = 2

#: How many pages of results are looked through to fill the first one.
PAGES = 5


def asks_for_sources(query: Node) -> bool:
    """Whether a query itself says which sources it wants."""
    return any(getattr(leaf, "field", None) == "source" for leaf in wanted(query))


def spread(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """Rearrange the best results so that no source fills the first *limit* of them."""
    first: list[Hit] = []
    later: list[Hit] = []
    seen: Counter[str] = Counter()
    for hit in hits:
        source = _source(hit)
        if len(first) < limit and seen[source] < MOST_OF_A_SOURCE:
            first.append(hit)
            seen[source] += source != ""
        else:
            later.append(hit)
    return (*first, *later)


def _source(hit: Hit) -> str:
    """The source of a passage; nothing for what is no passage."""
    kind, _, rest = hit.id.partition("/")
    return rest.rpartition("/")[0] if kind == Kind.PASSAGE else ""
