"""The meeting network: which actors met.

Two actors met as often as both took part in one meeting, themselves or
represented. Held and planned are counted apart. A visit is its stops: two who met at a
stop did not meet once more on the visit. What was denied, cancelled, postponed
or stalled, and participants who were absent or are denied, count for nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import String, and_, case, cast, select
from sqlalchemy.orm import Session

from analysis.networks.graph import EDGES, Node, shown_nodes
from analysis.statements import (
    Fold,
    Folded,
    Period,
    Sides,
    Statements,
    folded,
)
from models import Meeting, Participation
from models.enums import (
    ActorKind,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    Phase,
    Presence,
    Role,
)
from queries.meetings import STATUS, select_meetings
from queries.shapes import Basis, Ref

HELD = MeetingStatus.of(Phase.HAPPENED)
PLANNED = MeetingStatus.of(Phase.PLANNED)


CROWD = 200
"""Meetings of more actors make no pairs: they grow with the square, and all members of
the United Nations meeting says little of any two of them."""
MEETINGS = 50
"""How many meetings of each pair a page holds, the latest."""


@dataclass(frozen=True, kw_only=True)
class FormatCount:
    """How many meetings had a format."""

    format: MeetingFormat
    """The format."""
    count: int
    """How many."""


@dataclass(frozen=True, kw_only=True)
class MeetingEdge:
    """Two actors and the meetings in which both take part."""

    a: str
    """The slug of the one; it sorts before the other."""
    b: str
    """The slug of the other."""
    weight: int
    """In how many meetings both take part, held or planned."""
    held: int
    """How many of them are held or under way."""
    planned: int
    """How many are expected or announced."""
    formats: tuple[FormatCount, ...]
    """Their formats, the most frequent first."""
    hosted_by_a: int
    """How many the one hosts: by its role or, where nobody has that, in its country."""
    hosted_by_b: int
    """How many the other hosts."""
    hosted_elsewhere: int
    """How many somebody else hosts, or nobody knows who."""
    meetings: tuple[Ref, ...]
    """The meetings, the latest first; on a page 50 of them, in the files all."""


@dataclass(frozen=True, kw_only=True)
class MeetingNetwork:
    """Which actors met, how often, in which formats, and who was host."""

    period: Period
    """The days in which the meetings may have been."""
    nodes: tuple[Node, ...]
    """The actors, those with the most edges first. A page holds those of its edges and
    the first 500; the files hold all."""
    total_nodes: int
    """How many actors there are in all."""
    edges: tuple[MeetingEdge, ...]
    """The pairs, those who met most often first."""
    total_edges: int
    """How many pairs there are in all."""
    held: int
    """How many meetings are held or under way."""
    planned: int
    """How many are expected or announced."""
    left_out: int
    """How many are denied, cancelled, postponed, stalled or of unknown status."""
    alone: int
    """How many of the held and planned name fewer than two actors that differ."""
    crowded: int
    """How many of them name more than 200 actors: pairs of those are only counted when
    actors are asked for."""
    unnamed: int
    """How many participants are left out because no actor is named."""
    folded: Folded
    """To whom the participants are attributed."""
    basis: Basis | None
    """What it rests on; not counted out here, the meetings lead to the passages."""


class _Table(NamedTuple):
    """A meeting with those who sit at its table."""

    ref: Ref
    planned: bool
    format: MeetingFormat
    country: int | None
    visit: int | None
    """The visit of which it is a stop."""
    actors: set[int]
    hosts: set[int]


def load_meeting_network(
    session: Session,
    *,
    meeting_format: MeetingFormat | None = None,
    actors: Sequence[str] = (),
    actor_kind: ActorKind | None = None,
    status: str | None = None,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    limit: int | None = EDGES,
) -> MeetingNetwork:
    """Load the meeting network.

    Args:
        session: an open session.
        meeting_format: only meetings of this format.
        actors: only edges of these.
        actor_kind: only actors of this kind.
        status: only `held` or only `planned` meetings.
        period: only meetings that may be in these days.
        fold: for whom a person counts; with `none`, persons meet.
        limit: how many edges; None for all.

    Raises:
        NotFound: there is no such actor.
    """
    period = period or Period()
    sides = Sides(session, fold)
    wanted = {sides.find(slug).slug for slug in actors}
    tables, left_out = _tables(session, meeting_format, period)
    unnamed, folds = _group(session, sides, tables)
    chosen = [
        table
        for table in tables.values()
        if status is None or table.planned == (status == "planned")
    ]
    if actor_kind:
        for table in chosen:
            table.actors.intersection_update(
                [id for id in table.actors if sides.actors[id].kind == actor_kind]
            )
    pairs: dict[tuple[str, str], list[_Table]] = defaultdict(list)
    at_stops = _at_stops(tables.values())
    size: Counter[int] = Counter()
    slugs = {actor.slug: id for id, actor in sides.actors.items()}
    for id, table in tables.items():
        if status is not None and table.planned != (status == "planned"):
            continue
        size.update(table.actors)
        names = sorted(sides.actors[id].slug for id in table.actors)
        stops = at_stops.get(id, ())
        for pair in _pairs(names, wanted):
            one, other = slugs[pair[0]], slugs[pair[1]]
            if not any(one in stop.actors and other in stop.actors for stop in stops):
                pairs[pair].append(table)
    ordered = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
    degrees = Counter(slug for pair in pairs for slug in pair)
    nodes = [
        Node(
            thing=sides.actors[id].ref,
            kind=sides.actors[id].kind,
            size=size[id],
            degree=degrees[slug],
        )
        for slug, id in slugs.items()
        if size[id] and (not wanted or slug in wanted or degrees[slug])
    ]
    nodes.sort(key=lambda node: (-node.degree, -node.size, node.thing.slug))
    planned = sum(table.planned for table in chosen)
    most = None if limit is None else MEETINGS
    ends = {end for pair, _ in ordered[:limit] for end in pair}
    return MeetingNetwork(
        period=period,
        nodes=shown_nodes(nodes, ends, limit),
        total_nodes=len(nodes),
        edges=tuple(
            _edge(pair, together, slugs, most) for pair, together in ordered[:limit]
        ),
        total_edges=len(pairs),
        held=len(chosen) - planned,
        planned=planned,
        left_out=left_out,
        alone=sum(len(table.actors) < 2 for table in chosen),
        crowded=0 if wanted else sum(len(one.actors) > CROWD for one in chosen),
        unnamed=unnamed,
        folded=folds,
        basis=None,
    )


def _pairs(names: Sequence[str], wanted: set[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a meeting, in the order of their slugs; of a crowd none."""
    if wanted:
        for one in wanted.intersection(names):
            for other in names:
                if one < other or (other < one and other not in wanted):
                    yield min(one, other), max(one, other)
    elif len(names) <= CROWD:
        yield from combinations(names, 2)


def _at_stops(tables: Iterable[_Table]) -> dict[int, list[_Table]]:
    """The stops of each visit."""
    found: dict[int, list[_Table]] = defaultdict(list)
    for table in tables:
        if table.visit is not None:
            found[table.visit].append(table)
    return found


def _tables(
    session: Session, format: MeetingFormat | None, period: Period
) -> tuple[dict[int, _Table], int]:
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
            STATUS,
        )
        .order_by(Meeting.earliest.is_(None).desc(), Meeting.earliest, Meeting.slug)
    )
    if format:
        statement = statement.where(Meeting.format == format)
    if period.since:
        statement = statement.where(Meeting.latest >= period.since)
    if period.until:
        statement = statement.where(Meeting.earliest <= period.until)
    tables: dict[int, _Table] = {}
    left_out = 0
    for id, slug, title, shape, country, visit, status in session.execute(statement):
        if status in HELD or status in PLANNED:
            ref = Ref(kind="meeting", slug=slug, label=title)
            tables[id] = _Table(
                ref, status in PLANNED, shape, country, visit, set(), set()
            )
        else:
            left_out += 1
    return tables, left_out


def _group(
    session: Session, sides: Sides, tables: Mapping[int, _Table]
) -> tuple[int, Folded]:
    """Group the participants by meeting; count those that no actor identifies."""
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
        .where(Participation.presence.not_in(Presence.of(Phase.OFF, Phase.UNKNOWN)))
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


def _edge(
    pair: tuple[str, str],
    tables: Sequence[_Table],
    slugs: Mapping[str, int],
    most: int | None,
) -> MeetingEdge:
    a, b = pair
    hosts = [
        table.hosts or ({table.country} if table.country else set()) for table in tables
    ]
    by_a = sum(slugs[a] in found for found in hosts)
    by_b = sum(slugs[b] in found for found in hosts)
    elsewhere = sum(not {slugs[a], slugs[b]} & found for found in hosts)
    planned = sum(table.planned for table in tables)
    formats = Counter(table.format for table in tables)
    return MeetingEdge(
        a=a,
        b=b,
        weight=len(tables),
        held=len(tables) - planned,
        planned=planned,
        formats=tuple(
            FormatCount(format=format, count=count)
            for format, count in sorted(
                formats.items(), key=lambda item: (-item[1], item[0])
            )
        ),
        hosted_by_a=by_a,
        hosted_by_b=by_b,
        hosted_elsewhere=elsewhere,
        meetings=tuple(table.ref for table in tables[::-1][:most]),
    )
