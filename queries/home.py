"""The first page: what there is, and what happened last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Actor,
    Meeting,
    Passage,
    Proposition,
    Source,
    Stance,
    Topic,
)
from models.enums import MeetingStatus, Phase
from queries.evidence import last_changed
from queries.meetings import STATUS, MeetingItem, load_items, select_meetings
from queries.shapes import Basis


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many records there are of each kind."""

    meetings: int
    """Meetings."""
    actors: int
    """Actors."""
    topics: int
    """Topics."""
    propositions: int
    """Propositions."""
    stances: int
    """Stances."""
    sources: int
    """Sources."""
    passages: int
    """Passages."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """The first page."""

    recent: tuple[MeetingItem, ...]
    """The latest meetings that took place or are under way, the last first."""
    coming: tuple[MeetingItem, ...]
    """Meetings that are expected or announced as far as the record knows, the first
    first. They may lie in the past: the record does not guess what became of them."""
    counts: Counts
    """How many records there are."""
    changed: datetime | None
    """When the record was last changed, in UTC."""


#: How many meetings each of the two lists shows.
SHORT_LIST = 6

_HAPPENED = MeetingStatus.of(Phase.HAPPENED)
_AHEAD = MeetingStatus.of(Phase.PLANNED)


def load_home(session: Session) -> Home:
    """Load the first page."""
    meetings = select_meetings()
    status = STATUS
    nulls_last = Meeting.earliest.is_(None)
    recent = meetings.where(status.in_(_HAPPENED)).order_by(
        nulls_last, Meeting.earliest.desc(), Meeting.slug
    )
    coming = meetings.where(status.in_(_AHEAD)).order_by(
        nulls_last, Meeting.earliest, Meeting.slug
    )
    return Home(
        recent=load_items(session, recent.limit(SHORT_LIST)),
        coming=load_items(session, coming.limit(SHORT_LIST)),
        counts=_counts(session),
        changed=last_changed(session),
    )


def load_basis(session: Session) -> Basis:
    """Count all sources and passages: what the record as a whole rests on."""
    counts = _counts(session)
    return Basis(
        sources=counts.sources,
        passages=counts.passages,
        changed=last_changed(session),
    )


def _counts(session: Session) -> Counts:
    tables: dict[str, Any] = {
        "meetings": Meeting,
        "actors": Actor,
        "topics": Topic,
        "propositions": Proposition,
        "stances": Stance,
        "sources": Source,
        "passages": Passage,
    }
    numbers = (
        select(func.count()).select_from(entity).scalar_subquery().label(name)
        for name, entity in tables.items()
    )
    return Counts(**session.execute(select(*numbers)).one()._asdict())
