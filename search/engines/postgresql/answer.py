"""Answering a request with SQL: totals, facets, and the best results.

What matches is read once, for the total, the facets and the bounds together. Where the
vocabulary says that it is little, it is fetched instead, and all of that is done here.
"""

from collections.abc import Sequence

from search.engine import Hit, Request, Result
from search.engines.postgresql.counting import Counted
from search.engines.postgresql.ranking import Ranking
from search.engines.postgresql.snapshot import Snapshot


def answer(index: Snapshot, request: Request) -> Result:
    """Answer a request."""
    query = index.resolved(request.query)
    filters = {name: index.resolved(node) for name, node in request.filters}
    index.look_up([query, *filters.values()])
    asked = index.condition(query)
    kept = {name: index.condition(node) for name, node in filters.items()}
    found = f"({' AND '.join([asked, *kept.values()])})"
    by_score = request.sort == "relevance" and request.limit > 0
    ranking = Ranking(index, query, found, request, alone=not kept)
    if by_score and not kept and ranking.is_rare():
        if (result := ranking.few()) is not None:
            return result
    unfiltered = [name for name in request.facets if name not in kept]
    counted = Counted(index, found, unfiltered, request)
    hits: Sequence[Hit]
    if by_score:
        hits = ranking.best(counted)
    else:
        counted.read()
        hits = ranking.by_day(counted.total) if request.limit else ()
    facets = counted.facets()
    for facet in request.facets:
        if facet in kept:
            others = [other for name, other in kept.items() if name != facet]
            rest = f"({' AND '.join([asked, *others])})"
            alone = Counted(index, rest, [facet], request)
            alone.read()
            facets |= alone.facets()
    ordered = {name: facets[name] for name in request.facets}
    return Result(total=counted.total, hits=tuple(hits), facets=ordered)
