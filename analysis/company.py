"""Whom an actor met and when: the small picture of an actor's page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from analysis.networks.tables import CROWD, Table, load_tables
from analysis.statements import Fold, Sides
from models import Meeting, Participation
from models.enums import ActorKind
from queries.dates import in_words
from queries.shapes import Ref

LATEST = 100
"""How many meetings of an actor are looked at, the latest."""
COUNTERPARTS = 8
"""How many counterparts are shown, those met most often."""


@dataclass(frozen=True, kw_only=True)
class Encounter:
    """A meeting with a counterpart."""

    meeting: Ref
    """The meeting."""
    words: str
    """When, in words."""
    earliest: date | None
    """The first day that it may have been."""
    latest: date | None
    """The last day."""
    planned: bool
    """Whether it is expected or announced; else it was held."""


@dataclass(frozen=True, kw_only=True)
class Counterpart:
    """Who was met, and when."""

    actor: Ref
    """The actor."""
    encounters: tuple[Encounter, ...]
    """The meetings with it, the first first; those without a date first of all."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """Whom an actor met at the latest of its meetings."""

    counterparts: tuple[Counterpart, ...]
    """Those met most often, up to eight."""
    total: int
    """How many it met at those meetings."""
    partial: bool
    """Whether it has more meetings than were looked at."""


def load_company(session: Session, slug: str, kind: ActorKind) -> Company:
    """Load whom an actor met; a person as a person, anyone else with office-holders.

    Meetings are counted as the meeting network counts them: held and planned ones, by
    those who were or are expected to be there.
    """
    sides = Sides(session, Fold.NONE if kind == ActorKind.PERSON else Fold.OFFICE)
    actor = sides.find(slug).id
    speakers = sides.may_speak_for(actor)
    part = exists().where(
        Participation.meeting_id == Meeting.id,
        or_(
            Participation.person_id.in_(speakers),
            Participation.represented_id.in_(speakers),
        ),
    )
    latest = (
        select(Meeting.id)
        .where(part)
        .order_by(Meeting.earliest.is_(None), Meeting.earliest.desc(), Meeting.slug)
        .limit(LATEST + 1)
    )
    ids = session.scalars(latest).all()
    if not ids:
        return Company(counterparts=(), total=0, partial=False)
    tables = load_tables(session, sides, Meeting.id.in_(ids[:LATEST])).tables
    met: defaultdict[int, list[Table]] = defaultdict(list)
    for table in tables.values():
        if actor in table.actors and len(table.actors) <= CROWD:
            for other in table.actors - {actor}:
                met[other].append(table)
    first = sorted(met, key=lambda id: (-len(met[id]), sides.actors[id].slug))
    return Company(
        counterparts=tuple(
            Counterpart(
                actor=sides.actors[id].ref,
                encounters=tuple(map(_encounter, met[id])),
            )
            for id in first[:COUNTERPARTS]
        ),
        total=len(met),
        partial=len(ids) > LATEST,
    )


def _encounter(table: Table) -> Encounter:
    return Encounter(
        meeting=table.ref,
        words=in_words(table.edtf),
        earliest=table.earliest,
        latest=table.latest,
        planned=table.planned,
    )
