"""The meeting network: which actors met.

Two actors met as often as both took part in one meeting, themselves or
represented. Held and planned are counted apart. A visit is its stops: two who met at a
stop did not meet once more on the visit. What was denied, cancelled, postponed
or stalled, and participants who were absent or are denied, count for nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.networks.graph import EDGES, Node, shown_nodes
from analysis.networks.tables import CROWD, Table, load_tables, pairs_of
from analysis.statements import Fold, Folded, Period, Sides
from models import Meeting
from models.enums import ActorKind, MeetingFormat
from queries.shapes import Basis, Ref

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
    conditions = [
        *([Meeting.format == meeting_format] if meeting_format else []),
        *([Meeting.latest >= period.since] if period.since else []),
        *([Meeting.earliest <= period.until] if period.until else []),
    ]
    tables, left_out, unnamed, folds = load_tables(session, sides, *conditions)
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
    size: Counter[int] = Counter()
    for table in chosen:
        size.update(table.actors)
    slugs = {actor.slug: id for id, actor in sides.actors.items()}
    ordered = pairs_of(tables, sides, chosen, wanted)
    degrees = Counter(slug for pair, _ in ordered for slug in pair)
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
        total_edges=len(ordered),
        held=len(chosen) - planned,
        planned=planned,
        left_out=left_out,
        alone=sum(len(table.actors) < 2 for table in chosen),
        crowded=0 if wanted else sum(len(one.actors) > CROWD for one in chosen),
        unnamed=unnamed,
        folded=folds,
        basis=None,
    )


def _edge(
    pair: tuple[str, str],
    tables: Sequence[Table],
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
