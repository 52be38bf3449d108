"""Who sat at which table: meetings with the actors that took part.

The meeting network and the first page count the same tables, so that they agree on who
met whom and where.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import String, and_, case, cast, select
from sqlalchemy.orm import Session

from analysis.statements import Folded, Sides, Statements, folded
from models import Meeting, Participation
from models.enums import (
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    Phase,
    Presence,
    Role,
)
from queries.meetings import STATUS, select_meetings
from queries.shapes import Ref

HELD = MeetingStatus.of(Phase.HAPPENED)
PLANNED = MeetingStatus.of(Phase.PLANNED)
CROWD = 200
"""Meetings of more actors make no pairs: they grow with the square, and all members of
the United Nations meeting says little of any two of them."""


class Table(NamedTuple):
    """A meeting with those who sit at its table."""

    id: int
    ref: Ref
    planned: bool
    format: MeetingFormat
    country: int | None
    visit: int | None
    """The visit of which it is a stop."""
    edtf: str | None
    earliest: date | None
    latest: date | None
    actors: set[int]
    hosts: set[int]


class Tables(NamedTuple):
    """Tables by the ids of their meetings, and what is not among them."""

    tables: dict[int, Table]
    left_out: int
    """Meetings that are neither held nor planned."""
    unnamed: int
    """Participants that no actor identifies."""
    folded: Folded


def load_tables(session: Session, sides: Sides, *conditions: Any) -> Tables:
    """Load held and planned meetings that satisfy conditions, with who takes part."""
    tables, left_out = _meetings(session, conditions)
    unnamed, folds = _seat(session, sides, tables, conditions)
    return Tables(tables, left_out, unnamed, folds)


Pairs = list[tuple[tuple[str, str], list[Table]]]


def pairs_of(
    tables: Mapping[int, Table],
    sides: Sides,
    chosen: Iterable[Table],
    wanted: Collection[str] = (),
) -> Pairs:
    """The pairs of actors that met at the chosen tables, the most frequent first.

    Two who met at a stop of a visit did not meet once more on the visit.
    """
    pairs: dict[tuple[str, str], list[Table]] = defaultdict(list)
    stops = at_stops(tables.values())
    slugs = {actor.slug: id for id, actor in sides.actors.items()}
    for table in chosen:
        names = sorted(sides.actors[id].slug for id in table.actors)
        below = stops.get(table.id, ())
        for pair in _pairs(names, set(wanted)):
            one, other = slugs[pair[0]], slugs[pair[1]]
            if not any(one in stop.actors and other in stop.actors for stop in below):
                pairs[pair].append(table)
    return sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))


def _pairs(names: Sequence[str], wanted: set[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a meeting, in the order of their slugs; of a crowd none."""
    if wanted:
        for one in wanted.intersection(names):
            for other in names:
                if one < other or (other < one and other not in wanted):
                    yield min(one, other), max(one, other)
    elif len(names) <= CROWD:
        yield from combinations(names, 2)


def at_stops(tables: Iterable[Table]) -> dict[int, list[Table]]:
    """The stops of each visit."""
    found: dict[int, list[Table]] = defaultdict(list)
    for table in tables:
        if table.visit is not None:
            found[table.visit].append(table)
    return found


def _meetings(
    session: Session, conditions: Sequence[Any]
) -> tuple[dict[int, Table], int]:
    """Load the held and planned meetings, and count the others."""
    visits = select(Meeting.id).where(Meeting.kind == MeetingKind.VISIT)
    is_stop = and_(
        Meeting.relation == MeetingRelation.STOP, Meeting.parent_id.in_(visits)
    )
    statement = (
        select_meetings()
        .with_only_columns(
            Meeting.id,
            Meeting.slug,
            Meeting.title,
            Meeting.format,
            Meeting.country_id,
            case((is_stop, Meeting.parent_id)),
            Meeting.date,
            Meeting.earliest,
            Meeting.latest,
            STATUS,
        )
        .where(*conditions)
        .order_by(Meeting.earliest.is_(None).desc(), Meeting.earliest, Meeting.slug)
    )
    tables: dict[int, Table] = {}
    left_out = 0
    for row in session.execute(statement):
        id, slug, title, shape, country, visit, edtf, earliest, latest, status = row
        if status in HELD or status in PLANNED:
            tables[id] = Table(
                id=id,
                ref=Ref(kind="meeting", slug=slug, label=title),
                planned=status in PLANNED,
                format=shape,
                country=country,
                visit=visit,
                edtf=edtf,
                earliest=earliest,
                latest=latest,
                actors=set(),
                hosts=set(),
            )
        else:
            left_out += 1
    return tables, left_out


def _seat(
    session: Session,
    sides: Sides,
    tables: Mapping[int, Table],
    conditions: Sequence[Any],
) -> tuple[int, Folded]:
    """Seat the participants at their tables; count those that no actor identifies."""
    statement = (
        select(
            Participation.meeting_id,
            Participation.person_id,
            Participation.represented_id,
            Participation.role,
            cast(Meeting.earliest, String),
            cast(Meeting.latest, String),
        )
        .join(Meeting, Meeting.id == Participation.meeting_id)
        .where(
            Participation.presence.not_in(Presence.of(Phase.OFF, Phase.UNKNOWN)),
            *conditions,
        )
    )
    rows = [row for row in session.execute(statement) if row[0] in tables]
    named = [row for row in rows if row[1] or row[2]]
    counted = sides.count(
        Statements.spoken(
            (person or represented or 0, person and represented or 0, first, last)
            for _, person, represented, _, first, last in named
        )
    )
    for (meeting, _, _, role, _, _), actor in zip(named, counted.actor, strict=True):
        tables[meeting].actors.add(int(actor))
        if role in (Role.HOST, Role.CO_HOST):
            tables[meeting].hosts.add(int(actor))
    return len(rows) - len(named), folded(sides.fold, counted.reason)
