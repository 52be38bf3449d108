"""The network of relations: who stands where towards whom.

Its edges are the stances whose target is an actor. They have a direction, from the
holder to the target, and a sign: the weight of an edge is how many of its stances are
for the target less how many are against it; neutral ones, and those without polarity
(mixed, declined, cannot tell, unclear), are counted beside it. Holder and target are
folded by the same rule, so that both ends of an edge are of one sort. What an actor
says of itself or of its own bodies joins no two, and is only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from analysis.networks.graph import EDGES, Node, shown_nodes
from analysis.networks.windows import rounded
from analysis.statements import (
    Fold,
    Folded,
    Ints,
    Period,
    Sides,
    Statements,
    find_topic,
    folded,
    load_statements,
    runs,
)
from models import Stance
from models.enums import ActorKind
from models.parts import in_parts
from queries.evidence import stance_label
from queries.shapes import Basis, Ref
from queries.stances import CURRENT, under_topic

STANCES = 20
"""How many stances of each edge a page holds, the latest; the files hold all."""


@dataclass(frozen=True, kw_only=True)
class RelationEdge:
    """What one actor holds towards another."""

    a: str
    """The slug of the holder."""
    b: str
    """The slug of the actor towards whom."""
    weight: int
    """How many stances are for it less how many are against it."""
    in_favour: int
    """How many are for it."""
    against: int
    """How many are against it."""
    neutral: int
    """How many are neutral."""
    other: int
    """How many are mixed, unclear, decline or cannot tell."""
    polarity: float | None
    """The mean polarity of those for, against and neutral, −2 to 2; null if none is."""
    total: int
    """How many stances there are in all."""
    stances: tuple[Ref, ...]
    """The stances, the latest first; on a page 20 of them, in the files all."""


@dataclass(frozen=True, kw_only=True)
class RelationNetwork:
    """Actors joined by where the one stands towards the other: directed and signed."""

    period: Period
    """The days in which the stances were stated."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    nodes: tuple[Node, ...]
    """The actors, those with the most edges first. A page holds those of its edges and
    the first 500; the files hold all."""
    total_nodes: int
    """How many actors there are in all."""
    edges: tuple[RelationEdge, ...]
    """From holder to target, those with the most stances first."""
    total_edges: int
    """How many edges there are in all."""
    statements: int
    """How many stances are counted."""
    own: int
    """How many are left out because holder and target count for the same actor."""
    folded: Folded
    """For whom the stances of the holders count; the targets are folded alike."""
    basis: Basis | None
    """What it rests on; not counted out here, the stances lead to the passages."""


def load_relation_network(
    session: Session,
    *,
    actors: Sequence[str] = (),
    actor_kind: ActorKind | None = None,
    topic: str | None = None,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    limit: int | None = EDGES,
) -> RelationNetwork:
    """Load the network of where actors stand towards each other.

    Stances that another supersedes or retracts are left out unless days are asked for:
    then each was said in its time.

    Args:
        session: an open session.
        actors: only edges from or to these.
        actor_kind: only edges between actors of this kind.
        topic: only stances under this topic or below it.
        period: only stances that may have been stated in these days.
        fold: for whom a person's and a body's stances count, and for whom a person or
            a body is meant.
        limit: how many edges; None for all.

    Raises:
        NotFound: there is no such topic or actor.
    """
    period = period or Period()
    confined = find_topic(session, topic) if topic else None
    sides = Sides(session, fold)
    wanted = [sides.find(slug).id for slug in actors]
    conditions = [Stance.target_actor_id.is_not(None), period.touches()]
    if period.open:
        conditions.append(CURRENT)
    if topic:
        conditions.append(under_topic(topic))
    items = load_statements(session, *conditions)
    counted = sides.count(items)
    holder, target = counted.actor, sides.meant(items)
    here = np.ones(len(items), bool)
    if wanted:
        here &= np.isin(holder, wanted) | np.isin(target, wanted)
    if actor_kind:
        of_kind = sides.of_kind(actor_kind)
        here &= np.isin(holder, of_kind) & np.isin(target, of_kind)
    own = here & (holder == target)
    here &= ~own
    reason = counted.reason[here]
    order = items.at(here).in_order(holder[here], target[here])
    items = items.at(here).at(order)
    holder, target = holder[here][order], target[here][order]
    starts = runs(holder, target)
    ends = np.append(starts[1:], len(items)) if len(starts) else starts
    first = np.argsort(starts - ends, kind="stable")
    most = len(items) if limit is None else STANCES
    shown = [
        (items.at(slice(start, end)), int(holder[start]), int(target[start]))
        for start, end in zip(starts[first], ends[first], strict=True)
    ][:limit]
    latest = [rows.id[::-1][:most].tolist() for rows, _, _ in shown]
    refs = _refs(session, [id for ids in latest for id in ids])
    edges = tuple(
        _edge(
            sides.actors[a].slug, sides.actors[b].slug, rows, [refs[id] for id in ids]
        )
        for (rows, a, b), ids in zip(shown, latest, strict=True)
    )
    nodes = _nodes(sides, holder, target, starts)
    return RelationNetwork(
        period=period,
        topic=confined,
        nodes=shown_nodes(
            nodes, {end for edge in edges for end in (edge.a, edge.b)}, limit
        ),
        total_nodes=len(nodes),
        edges=edges,
        total_edges=len(starts),
        statements=len(items),
        own=int(own.sum()),
        folded=folded(fold, reason),
        basis=None,
    )


def _edge(a: str, b: str, items: Statements, stances: Sequence[Ref]) -> RelationEdge:
    sided = items.sided
    in_favour = int((items.polarity > 0).sum())
    against = int((items.polarity < 0).sum())
    return RelationEdge(
        a=a,
        b=b,
        weight=in_favour - against,
        in_favour=in_favour,
        against=against,
        neutral=int((sided & (items.polarity == 0)).sum()),
        other=int((~sided).sum()),
        polarity=rounded(items.polarity[sided].mean()) if sided.any() else None,
        total=len(items),
        stances=tuple(stances),
    )


def _refs(session: Session, ids: Sequence[int]) -> dict[int, Ref]:
    """References to stances by their ids; each says who holds what towards whom."""
    found = {}
    for part in in_parts(ids, 10_000):
        statement = (
            select(Stance)
            .where(Stance.id.in_(part))
            .options(joinedload(Stance.holder), joinedload(Stance.target_actor))
        )
        for item in session.scalars(statement):
            label = stance_label(item)
            found[item.id] = Ref(kind="stance", slug=item.slug, label=label)
    return found


def _nodes(sides: Sides, holder: Ints, target: Ints, starts: Ints) -> tuple[Node, ...]:
    """The actors at either end, with their stances held or met with, and edges."""
    ends = np.concatenate([holder, target])
    ids, size = np.unique(ends, return_counts=True)
    joined = np.concatenate([holder[starts], target[starts]])
    degree = np.bincount(np.searchsorted(ids, joined), minlength=len(ids))
    nodes = [
        Node(
            thing=sides.actors[id].ref,
            kind=sides.actors[id].kind,
            size=often,
            degree=edges,
        )
        for id, often, edges in zip(
            ids.tolist(), size.tolist(), degree.tolist(), strict=True
        )
    ]
    nodes.sort(key=lambda node: (-node.degree, -node.size, node.thing.slug))
    return tuple(nodes)
