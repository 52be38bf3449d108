"""The network of stances: actors joined by what they agree and differ on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from sqlalchemy import case, select
from sqlalchemy.orm import Session

from analysis.networks.arithmetic import (
    UNSIDED,
    Counts,
    Ties,
    Votes,
    count_votes,
    one_mode,
    sums,
    two_mode,
)
from analysis.networks.choices import (
    OF_ACTORS,
    OF_TWO_MODES,
    Duplicates,
    Levels,
    Nodes,
    Normalisation,
    Weight,
    Windows,
)
from analysis.networks.graph import EDGES, Edge, Node, StanceNetwork, shown_nodes
from analysis.networks.windows import cut_windows, rounded
from analysis.statements import (
    Bools,
    Contrary,
    Fold,
    Ints,
    Period,
    Sides,
    Statements,
    find_topic,
    folded,
    is_said,
    load_columns,
    load_derived,
    load_statements,
)
from errors import BadRequest
from models import Evidence, Proposition, Source, SourceText, Stance
from models.enums import ActorKind, EvidenceRole, PropositionKind
from models.parts import in_parts
from queries.refs import proposition_ref
from queries.shapes import Ref
from queries.stances import CURRENT, under_topic
from queries.trees import topics_under


@dataclass(frozen=True, kw_only=True)
class StanceNetworkRequest:
    """What a network of stances is asked for."""

    nodes: Nodes = Nodes.ACTORS
    """Actors, or actors and propositions."""
    weight: Weight = Weight.SUBTRACT
    """What the weight of an edge counts."""
    normalisation: Normalisation = Normalisation.NONE
    """What it is divided by."""
    duplicates: Duplicates = Duplicates.ONCE
    """How often equal statements count."""
    levels: Levels = Levels.SIGN
    """What is compared of two positions."""
    windows: Windows | None = None
    """Also cut the days into windows."""
    kind: PropositionKind | None = None
    """Only propositions of this kind."""
    actor_kind: ActorKind | None = None
    """Only actors of this kind."""
    actors: Sequence[str] = ()
    """Only these, by their slugs."""
    topic: str | None = None
    """Only what is under this topic or below it."""
    period: Period = Period()
    """Only statements that may have been made in these days."""
    fold: Fold = Fold.OFFICE
    """To whom a person's and a body's stances are attributed."""
    contrary: Contrary = Contrary.OFF
    """Whether who is for a proposition counts as against those contrary to it, unless
    it has said itself where it stands on them."""
    limit: int | None = EDGES
    """How many edges; None for all."""

    def __post_init__(self) -> None:
        two_modes = self.nodes == Nodes.AFFILIATION
        if two_modes and self.weight in (Weight.CONGRUENCE, Weight.CONFLICT):
            raise BadRequest(
                f"weight is “{self.weight}”, which compares two actors; an actor and a "
                "proposition have “subtract” or “ignore”.",
                field="weight",
                position=0,
            )
        if self.normalisation in (OF_ACTORS if two_modes else OF_TWO_MODES):
            fitting = [Normalisation.NONE, *(OF_TWO_MODES if two_modes else OF_ACTORS)]
            raise BadRequest(
                f"normalisation is “{self.normalisation}”, expected one of "
                f"{', '.join(fitting)} with nodes={self.nodes}.",
                field="normalisation",
                position=0,
            )


def load_stance_network(
    session: Session, asked: StanceNetworkRequest | None = None
) -> StanceNetwork:
    """Load the network of agreement and conflict, or of actors and propositions.

    Stances that another supersedes or retracts are left out unless days are asked for:
    then each was said in its time.

    Raises:
        NotFound: there is no such topic or actor.
    """
    asked = asked or StanceNetworkRequest()
    weight, levels, duplicates = asked.weight, asked.levels, asked.duplicates
    confined = find_topic(session, asked.topic) if asked.topic else None
    sides = Sides(session, asked.fold)
    wanted = {sides.find(slug).id for slug in asked.actors}
    items, derived = _load(session, asked)
    counted = sides.count(items)
    here = np.ones(len(items), bool)
    if wanted:
        here &= np.isin(counted.actor, list(wanted))
    if asked.actor_kind:
        here &= np.isin(counted.actor, sides.of_kind(asked.actor_kind))
    comparable = _comparable(items, levels)
    own = ~derived
    here &= own | ~is_said(
        counted.actor, items.proposition, counted.actor[own], items.proposition[own]
    )
    speaks = here & (comparable | (weight == Weight.IGNORE))
    by_source = duplicates == Duplicates.SOURCE
    votes = Votes(
        actor=counted.actor,
        proposition=items.proposition,
        level=_level(items, levels),
        day=np.where(items.dated, items.made, np.datetime64("NaT")),
        source=_sources(session, items) if by_source else items.proposition,
    )
    compared = votes.at(here & comparable)
    if weight == Weight.IGNORE:
        votes = replace(votes, level=_any_level(items))
    counts = count_votes(votes.at(speaks), duplicates)
    one_sort = asked.nodes == Nodes.ACTORS

    def join(counts: Counts) -> Ties:
        if one_sort:
            return one_mode(counts, weight, asked.normalisation, levels)
        return two_mode(counts, weight, asked.normalisation)

    ties = join(counts)
    recorded = count_votes(votes.at(speaks & own), duplicates)
    of_recorded = {}
    if derived.any():
        of_recorded = {(a, b): shared for a, b, *_, shared in join(recorded).rows()}
    order = np.lexsort((ties.b, ties.a, -ties.shared, -abs(ties.value)))
    shown = ties.at(order[: asked.limit])
    things = {} if one_sort else _propositions(session, counts)
    names = {id: sides.actors[id].slug for id in counts.actors.tolist()}
    targets = names if one_sort else {key: ref.slug for key, (ref, _) in things.items()}
    shown_windows, total_windows = (
        cut_windows(compared, asked.windows, duplicates, levels)
        if asked.windows
        else ((), 0)
    )
    nodes = _nodes(sides, counts, ties, things)
    edges = tuple(
        Edge(
            a=names[a],
            b=targets[b],
            weight=rounded(value),
            congruence=rounded(congruence),
            conflict=rounded(conflict),
            shared=shared,
            derived=shared - of_recorded.get((a, b), 0) if derived.any() else 0,
        )
        for a, b, value, congruence, conflict, shared in shown.rows()
    )
    return StanceNetwork(
        nodes_are=asked.nodes,
        weight=weight,
        normalisation=asked.normalisation,
        duplicates=duplicates,
        levels=levels,
        period=asked.period,
        topic=confined,
        nodes=shown_nodes(
            nodes, {end for edge in edges for end in (edge.a, edge.b)}, asked.limit
        ),
        total_nodes=len(nodes),
        edges=edges,
        total_edges=len(ties),
        statements=int(counts.number.sum()),
        left_out=int((here & ~speaks).sum()),
        contrary=asked.contrary == Contrary.ON,
        derived=int(counts.number.sum() - recorded.number.sum()),
        windows=shown_windows,
        total_windows=total_windows,
        undated=int((speaks & ~items.dated).sum()),
        folded=folded(asked.fold, counted.reason[speaks & own]),
        basis=None,
    )


def _load(session: Session, asked: StanceNetworkRequest) -> tuple[Statements, Bools]:
    """Load the statements, and which of them are derived from contrary ones."""
    stood = [asked.period.touches()]
    if asked.period.open:
        stood.append(CURRENT)
    conditions = [Stance.proposition_id.is_not(None), *stood]
    chosen = [Proposition.kind == asked.kind] if asked.kind else []
    if asked.topic:
        conditions.append(under_topic(asked.topic))
    if chosen:
        conditions.append(
            Stance.proposition_id.in_(select(Proposition.id).where(*chosen))
        )
    items = load_statements(session, *conditions)
    if asked.contrary == Contrary.OFF:
        return items, np.zeros(len(items), bool)
    if asked.topic:
        chosen.append(Proposition.topic_id.in_(topics_under(asked.topic)))
    more = load_derived(session, stood, chosen)
    derived = np.arange(len(items) + len(more)) >= len(items)
    return Statements.joined([items, more]), derived


def _comparable(items: Statements, levels: Levels) -> Bools:
    """Which statements can agree and differ: with signs, neutral ones cannot."""
    sided: Bools = items.sided
    return sided if levels == Levels.STRENGTH else sided & (items.polarity != 0)


def _level(items: Statements, levels: Levels) -> Ints:
    return np.sign(items.polarity) if levels == Levels.SIGN else items.polarity


def _any_level(items: Statements) -> Ints:
    """A level for each statement, those included that cannot be compared."""
    return np.where(items.sided, items.polarity, UNSIDED + items.position)


def _sources(session: Session, items: Statements) -> Ints:
    """The source that is shown first of each stance; 0 if it has none."""
    role = case(
        (Evidence.role == EvidenceRole.SUPPORTS, 0),
        (Evidence.role == EvidenceRole.CONTRADICTS, 1),
        else_=2,
    )
    stance, text, rank, evidence = load_columns(
        session,
        Evidence.stance_id,
        Evidence.source_text_id,
        role,
        Evidence.id,
        where=[Evidence.stance_id.is_not(None)],
    )
    # The texts are few, and looking each up in the join took longer than all the rest.
    texts, sources, derived = load_columns(
        session,
        SourceText.id,
        Source.id,
        case((Source.derived_from_id.is_(None), 0), else_=1),
        where=[Source.id == SourceText.source_id],
    )
    by_id = np.argsort(texts)
    place = by_id[np.searchsorted(texts, text, sorter=by_id)]
    order = np.lexsort((evidence, derived[place], rank, stance))
    stance, source = stance[order], sources[place][order]
    if not len(stance):
        return np.zeros(len(items), np.int64)
    first = np.searchsorted(stance, items.id)
    first = np.minimum(first, len(stance) - 1)
    return np.where(stance[first] == items.id, source[first], 0)


def _propositions(session: Session, counts: Counts) -> dict[int, tuple[Ref, str]]:
    found = {}
    for part in in_parts(counts.propositions.tolist(), 10_000):
        for item in session.scalars(
            select(Proposition).where(Proposition.id.in_(part))
        ):
            found[item.id] = proposition_ref(item), str(item.kind)
    return found


def _nodes(
    sides: Sides,
    counts: Counts,
    ties: Ties,
    things: Mapping[int, tuple[Ref, str]],
) -> tuple[Node, ...]:
    def often(ids: Ints, *ends: Ints) -> list[int]:
        found = np.searchsorted(ids, np.concatenate(ends))
        return list(np.bincount(found, minlength=len(ids)).tolist())

    spoken = sums(counts.proposition, counts.number, len(counts.propositions))
    speakers = [sides.actors[id] for id in counts.actors.tolist()]
    actors = zip(
        [(speaker.ref, str(speaker.kind)) for speaker in speakers],
        counts.total.tolist(),
        often(counts.actors, ties.a, *([] if things else [ties.b])),
        strict=True,
    )
    propositions = zip(
        [things[id] for id in counts.propositions.tolist()] if things else [],
        spoken.tolist() if things else [],
        often(counts.propositions, ties.b) if things else [],
        strict=True,
    )
    nodes = [
        Node(thing=ref, kind=kind, size=size, degree=degree)
        for (ref, kind), size, degree in chain(actors, propositions)
    ]
    nodes.sort(key=lambda node: (-node.degree, -node.size, node.thing.slug))
    return tuple(nodes)
