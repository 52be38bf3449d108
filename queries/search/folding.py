"""Folding derived texts under their originals, among the hits of one page.

A summary and its original say the same thing once. After ranking, a passage of a
derived text folds under the best passage of its original on the same page; where none
is there it stands by itself, as on a fresh instance, where the summary may be the only
text. Nothing crosses the line between what has all of the words and what has some, or
a hit with all would be hidden below those with some. Totals, pages and the API keep
every hit: what folds is only told what it folds under.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Source
from queries.search.page import SearchHit


def fold_derived(session: Session, hits: Sequence[SearchHit]) -> tuple[SearchHit, ...]:
    """Tell each passage of a derived text which hit of the page it folds under."""
    best: dict[tuple[str, bool], str] = {}
    for hit in hits:
        if hit.source is not None:
            best.setdefault((hit.source.slug, hit.all_words), hit.slug)
    originals = _originals(session, {source for source, _ in best})

    def folded(hit: SearchHit) -> SearchHit:
        if hit.source is None:
            return hit
        found = None
        source = hit.source.slug
        # A summary of a summary goes under the first text of all that is there. The
        # database has no circles of them.
        while source := originals.get(source, ""):
            found = best.get((source, hit.all_words), found)
        return replace(hit, folded_under=found)

    return tuple(map(folded, hits))


def _originals(session: Session, slugs: Iterable[str]) -> Mapping[str, str]:
    """Which of these sources derive from which of these."""
    original = aliased(Source)
    among = sorted(slugs)
    if len(among) < 2:
        return {}
    rows = session.execute(
        select(Source.slug, original.slug)
        .join(original, original.id == Source.derived_from_id)
        .where(Source.slug.in_(among), original.slug.in_(among))
    )
    return {derived: slug for derived, slug in rows}
