"""How many sources and passages a page rests on, and since when."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import LoadRun
from queries.shapes import Basis, Citation


def last_changed(session: Session) -> datetime | None:
    """When the record was last changed, in UTC."""
    at = session.scalar(select(func.max(LoadRun.at)))
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def basis_of(session: Session, citations: Iterable[Citation]) -> Basis:
    """Count the sources and passages on which the facts of a page rest."""
    shown = list(citations)
    sources = {item.source.slug: item.original for item in shown}
    return Basis(
        sources=len(sources),
        derived=sum(original in sources for original in sources.values()),
        passages=len({(item.source.slug, item.passage) for item in shown}),
        changed=last_changed(session),
    )
