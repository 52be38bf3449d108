"""The first page: what there is, and what happened last."""

from dataclasses import dataclass
from datetime import datetime

from queries.meetings import MeetingItem


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
