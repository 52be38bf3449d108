"""By which day a source counts: what is made from another is dated by its original.

A summary of 2026 of a report of July 2022 says what the report said in July 2022. As of
its own day it would be found by no search for the time that it is about, and would seem
to be news. Its own day of publication stays what its page says of it.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.source import Source


def load_dates(session: Session, sources: Collection[int]) -> dict[int, Any]:
    """Load by which day sources count, in one statement, however long their chains.

    Returns:
        By the id of a source a row with `published`, `published_earliest`,
        `published_latest` and `published_as_written` of its farthest original whose
        day is known, or its own; nothing where none of them is known.
    """
    chain = (
        sa.select(
            Source.id.label("source_id"),
            Source.id.label("original_id"),
            sa.literal(0).label("steps"),
        )
        .where(Source.id.in_(sources))
        .cte("originals", recursive=True)
    )
    # The database lets no source be made from itself by detours: this ends.
    chain = chain.union_all(
        sa.select(chain.c.source_id, Source.derived_from_id, chain.c.steps + 1)
        .join_from(chain, Source, Source.id == chain.c.original_id)
        .where(Source.derived_from_id.is_not(None))
    )
    rows = session.execute(
        sa.select(
            chain.c.source_id,
            Source.published,
            Source.published_earliest,
            Source.published_latest,
            Source.published_as_written,
        )
        .join_from(chain, Source, Source.id == chain.c.original_id)
        .where(Source.published.is_not(None))
        .order_by(chain.c.steps)
    )
    return {row.source_id: row for row in rows}
