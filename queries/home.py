"""The first page: what there is, the meetings to come or the last ones, examples."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Actor,
    LoadRun,
    Meeting,
    Passage,
    Proposition,
    Source,
    Stance,
    Topic,
)
from queries.evidence import last_changed
from queries.examples import examples
from queries.meetings import MeetingItem, load_items, select_meetings
from queries.shapes import Basis

ON_THE_LINE = 16
"""How many meetings the time line shows."""
AHEAD = 12
"""How many of them lie ahead at most, so that some of the last are there too."""


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

    line: tuple[MeetingItem, ...]
    """The next meetings and those before them, the first first; those without a date
    last, where there is room. In an old record none lies ahead, and these are its
    latest."""
    ahead: int
    """How many of them lie ahead: today is not after their last day."""
    examples: tuple[str, ...]
    """Searches that find something in this record."""
    counts: Counts
    """How many records there are."""
    changed: datetime | None
    """When the record was last changed, in UTC."""


def load_home(session: Session, today: date | None = None) -> Home:
    """Load the first page, as of a day: today, unless said."""
    today = today or datetime.now(UTC).date()
    begins = func.coalesce(Meeting.earliest, Meeting.latest)
    ends = func.coalesce(Meeting.latest, Meeting.earliest)
    chosen = select_meetings()

    def some(statement: Any, room: int) -> tuple[MeetingItem, ...]:
        return load_items(session, statement.limit(room)) if room > 0 else ()

    ahead = some(chosen.where(ends >= today).order_by(begins, Meeting.slug), AHEAD)
    past = some(
        chosen.where(ends < today).order_by(ends.desc(), begins.desc(), Meeting.slug),
        ON_THE_LINE - len(ahead),
    )
    undated = some(
        chosen.where(ends.is_(None)).order_by(Meeting.slug),
        ON_THE_LINE - len(ahead) - len(past),
    )
    return Home(
        line=(*sorted(past, key=_first_day), *ahead, *undated),
        ahead=len(ahead),
        examples=tuple(examples(session)),
        counts=_counts(session),
        changed=last_changed(session),
    )


def _first_day(meeting: MeetingItem) -> tuple[date, str]:
    return meeting.date.earliest or meeting.date.latest or date.max, meeting.slug


def load_basis(session: Session) -> Basis:
    """Count all sources and passages: what the record as a whole rests on."""
    numbers = session.execute(
        select(
            select(func.count()).select_from(Source).scalar_subquery(),
            select(func.count()).select_from(Passage).scalar_subquery(),
        )
    ).one()
    return Basis(sources=numbers[0], passages=numbers[1], changed=last_changed(session))


def growth(session: Session) -> tuple[int | None, ...]:
    """Return what differs whenever something has been added: the newest numbers.

    Asked of three indexes, where counting reads a whole one.
    """
    newest = (func.max(entity.id) for entity in (Source, Passage, LoadRun))
    return tuple(
        session.execute(
            select(*(select(number).scalar_subquery() for number in newest))
        ).one()
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
