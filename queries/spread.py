"""Spreading the first page over the sources.

A long transcript about one thing would fill the first page with itself. So the first
page holds one passage of a source; the others follow right after it, in their order,
and each says how many more there are. Only the best results are rearranged, always the
same ones: so pages stay stable, and nothing comes twice or is left out.
"""

from collections import Counter
from collections.abc import Sequence

from search.engine import Hit
from search.fields import Kind
from search.tree import Node, wanted

#: How many passages of a source the first page holds.
MOST_OF_A_SOURCE = 1

#: How many pages of results are looked through to fill the first one.
PAGES = 5


def asks_for_sources(query: Node) -> bool:
    """Whether a query itself says which sources it wants."""
    return any(getattr(leaf, "field", None) == "source" for leaf in wanted(query))


def spread(
    hits: Sequence[Hit], limit: int, shown: Counter[str] | None = None
) -> tuple[Hit, ...]:
    """Rearrange the best results so that no source fills the first *limit* of them.

    Args:
        hits: the best results in their order.
        limit: how many places the first page has for them.
        shown: how many passages of each source stand on that page already.
    """
    first: list[Hit] = []
    later: list[Hit] = []
    seen = Counter(shown or ())
    for hit in hits:
        source = source_of(hit)
        if len(first) < limit and seen[source] < MOST_OF_A_SOURCE:
            first.append(hit)
            seen[source] += source != ""
        else:
            later.append(hit)
    return (*first, *later)


def sources_of(hits: Sequence[Hit]) -> Counter[str]:
    """Count the passages of each source; what is no passage counts for none."""
    found = Counter(map(source_of, hits))
    del found[""]
    return found


def source_of(hit: Hit) -> str:
    """The source of a passage; nothing for what is no passage."""
    kind, _, rest = hit.id.partition("/")
    return rest.rpartition("/")[0] if kind == Kind.PASSAGE else ""
