"""Who agrees with whom, and who met whom.

**Stances.** The arithmetic is that of discourse network analysis: Philip Leifeld,
“Discourse Network Analysis: Policy Debates as Dynamic Networks”, in Victor, Montgomery
and Lubell (eds), *The Oxford Handbook of Political Networks*, 2017, chapter 12; and the
program Discourse Network Analyzer (DNA, version 3, class `Exporter`). Let *n(a, c, k)*
be how often actor *a* took level *k* on proposition *c* after duplicates are dropped.

One-mode weights of *a* and *b*, summed over propositions *c* and levels *k*, *l*:

=========== ============================================================================
congruence  Σ n(a, c, k) · n(b, c, l) · (1 − |k − l| / range)
conflict    Σ n(a, c, k) · n(b, c, l) · |k − l| / range
subtract    congruence − conflict
ignore      Σ over c of (Σ over k of n(a, c, k)) · (Σ over k of n(b, c, k))
=========== ============================================================================

Levels are signs, −1 and 1 (range 2: like signs agree wholly, unlike ones conflict
wholly), or strengths, −2 to 2 (range 4). DNA takes the range from the data; here it is
fixed, so that a filter does not change what agreement means. With signs, neutral
stances are left out; positions without polarity (mixed, declined, cannot tell, unclear)
are left out of everything but *ignore*, which asks only who spoke of the same thing.

Normalisations, with *N(a)* = Σ n(a, c, k), all statements of *a*:

=========== ============================================================================
none        the weight
average     weight / ((N(a) + N(b)) / 2)
jaccard     weight / (m10 + m01 + m11), where m10 sums n(a, c, k) over the (c, k) that b
            has not, m01 the other way round, and m11 sums n(a, c, k) · n(b, c, k)
cosine      weight / (√Σ n(a, c, k)² · √Σ n(b, c, k)²)
=========== ============================================================================

Of the cosine DNA 3 computes √(N(a)²) · √(N(b)²), which is N(a) · N(b); the definition
of the cosine is kept here, and the two differ wherever an actor has two statements.

Duplicates are equal statements: the same actor, proposition and level. They count all,
or once for each source, day, ISO week, month or year, or once at all. A statement's day
is the last on which it may have been stated; its source is the one shown first.

Two-mode weights join actors and propositions: *subtract* Σ k · n(a, c, k), *ignore*
Σ n(a, c, k). They are not normalised.

**Meetings.** Two actors met as often as both took part in one meeting, themselves or
represented. Held and planned are counted apart; what was denied, cancelled, postponed
or stalled, and participants who were absent or are denied, count for nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
from sqlalchemy import String, case, cast, select
from sqlalchemy.orm import Session

from analysis.statements import (
    Bools,
    Columns,
    Days,
    Floats,
    Fold,
    Folded,
    Ints,
    Period,
    Sides,
    Statements,
    find_topic,
    folded,
    in_parts,
    load_columns,
    load_statements,
    runs,
    uncollected,
)
from errors import BadRequest
from models import (
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Participation,
    Proposition,
    Source,
    SourceText,
    Stance,
)
from models.enums import (
    ActorKind,
    EvidenceRole,
    MeetingStatus,
    Presence,
    PropositionKind,
    Role,
)
from models.enums import MeetingFormat as MeetingFormat
from queries.meetings import select_meetings
from queries.refs import proposition_ref
from queries.shapes import Basis, Ref
from queries.stances import CURRENT, under_topic

EDGES = 300
"""How many edges a page holds, the heaviest; the files hold all."""
WINDOWS = 60
"""How many time windows are shown, the latest."""


class Nodes(StrEnum):
    """What the nodes are."""

    ACTORS = "actors"
    AFFILIATION = "affiliation"


class Weight(StrEnum):
    """What the weight of an edge counts."""

    SUBTRACT = "subtract"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    IGNORE = "ignore"


class Normalisation(StrEnum):
    """What the weight is divided by."""

    NONE = "none"
    AVERAGE = "average"
    JACCARD = "jaccard"
    COSINE = "cosine"


class Duplicates(StrEnum):
    """How often equal statements count."""

    ALL = "all"
    SOURCE = "source"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


class Levels(StrEnum):
    """What is compared of two positions."""

    SIGN = "sign"
    STRENGTH = "strength"


class Windows(StrEnum):
    """Into which windows of time the days are cut."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


RANGES = {Levels.SIGN: 2, Levels.STRENGTH: 4}
UNSIDED = 10
"""From here on levels stand for positions without polarity, for *ignore* only."""

# The arithmetic, without a database


@dataclass(frozen=True)
class Votes(Columns):
    """Statements as the arithmetic sees them: a row of each array is one of them."""

    actor: Ints
    proposition: Ints
    level: Ints
    """What can be compared, or `UNSIDED` and more."""
    day: Days
    """NaT if there is none."""
    source: Ints


@dataclass(frozen=True)
class Counts:
    """How often each actor took each level on each proposition: a row each.

    Actors and propositions are places in the lists of their ids.
    """

    actors: Ints
    propositions: Ints
    actor: Ints
    proposition: Ints
    level: Ints
    number: Ints

    @property
    def total(self) -> Ints:
        """How many statements each actor made."""
        return _sums(self.actor, self.number, len(self.actors))

    def after(self, first: int) -> "Counts":
        """The same without the actors before a place."""
        kept = self.actor >= first
        return replace(
            self,
            actors=self.actors[first:],
            actor=self.actor[kept] - first,
            proposition=self.proposition[kept],
            level=self.level[kept],
            number=self.number[kept],
        )


def _sums(place: Ints, number: Ints, size: int) -> Ints:
    """Add up numbers by place; exact, as whole numbers are to 2 to the 53."""
    return np.bincount(place, number, size).astype(np.int64)


def count_votes(votes: Votes, duplicates: Duplicates) -> Counts:
    """Count the votes of each actor, equal ones as `duplicates` says."""
    bucket = _bucket(votes, duplicates)
    order = np.lexsort((bucket, votes.level, votes.proposition, votes.actor))
    votes, bucket = votes.at(order), bucket[order]
    if duplicates != Duplicates.ALL:
        votes = votes.at(runs(votes.actor, votes.proposition, votes.level, bucket))
    starts = runs(votes.actor, votes.proposition, votes.level)
    actors, actor = np.unique(votes.actor[starts], return_inverse=True)
    propositions, place = np.unique(votes.proposition[starts], return_inverse=True)
    return Counts(
        actors=actors,
        propositions=propositions,
        actor=actor,
        proposition=place,
        level=votes.level[starts],
        number=np.diff(starts, append=len(votes)),
    )


def _bucket(votes: Votes, duplicates: Duplicates) -> Ints:
    """What equal statements must share to count once; undated ones share that."""
    if duplicates == Duplicates.SOURCE:
        return votes.source
    if duplicates in (Duplicates.ALL, Duplicates.ONCE):
        return np.zeros(len(votes), np.int64)
    if duplicates == Duplicates.WEEK:
        return _weeks(votes.day)
    unit = {"day": "M8[D]", "month": "M8[M]", "year": "M8[Y]"}[duplicates.value]
    return votes.day.astype(unit).astype(np.int64)


def _weeks(days: Days) -> Ints:
    """The number of the ISO week: 1 January 1970 was a Thursday."""
    return (days.astype("M8[D]").astype(np.int64) + 3) // 7


@dataclass(frozen=True)
class Ties(Columns):
    """Edges: a row of each array is one of them, and what its weight was made of."""

    a: Ints
    b: Ints
    value: Floats
    congruence: Floats
    conflict: Floats
    shared: Ints


ACTORS, PROPOSITIONS = 256, 1024
"""How many are compared at a time, so that memory stays bounded."""


def one_mode(
    counts: Counts,
    weight: Weight,
    normalisation: Normalisation = Normalisation.NONE,
    levels: Levels = Levels.SIGN,
) -> Ties:
    """Compute the edges between actors: each pair once, where there is anything.

    Sums of products over propositions are products of matrices. All numbers are whole,
    or quarters, so that nothing is rounded before the division.

    Returns:
        Of *subtract*, pairs that agree as much as they differ are there, with the
        weight 0.
    """
    found = [
        _block(counts.after(at), weight, normalisation, RANGES[levels])
        for at in range(0, max(1, len(counts.actors)), ACTORS)
    ]
    return Ties.joined(found)


def _block(
    counts: Counts, weight: Weight, normalisation: Normalisation, reach: int
) -> Ties:
    """Compute the edges of the first of the actors with those that come after them."""
    rows = slice(ACTORS)
    levels = np.unique(counts.level)
    size = len(counts.actors[rows]), len(counts.actors)
    congruence, both, shared, same, one, other = np.zeros((6, *size))
    for at in range(0, len(counts.propositions), PROPOSITIONS):
        cube = _cube(counts, levels, at)
        spoken = cube.sum(0)
        both += _products(spoken[rows], spoken)
        spoken = np.minimum(spoken, 1)
        shared += _products(spoken[rows], spoken)
        for level, taken in zip(levels, cube, strict=True):
            if weight != Weight.IGNORE:
                nearness = 1 - abs(levels - level) / reach
                near = np.einsum("l,lap->ap", nearness, cube)
                congruence += _products(taken[rows], near)
            if normalisation == Normalisation.JACCARD:
                has = np.minimum(taken, 1)
                same += _products(taken[rows], taken)
                one += _products(taken[rows], has)
                other += _products(has[rows], taken)
    conflict = both - congruence
    value: Floats = {
        Weight.CONGRUENCE: congruence,
        Weight.CONFLICT: conflict,
        Weight.SUBTRACT: congruence - conflict,
        Weight.IGNORE: both,
    }[weight]
    total = counts.total
    if normalisation == Normalisation.AVERAGE:
        value = value / ((total[rows, None] + total) / 2)
    elif normalisation == Normalisation.COSINE:
        squares = _sums(counts.actor, counts.number**2, len(counts.actors))
        value = value / (np.sqrt(squares[rows, None]) * np.sqrt(squares))
    elif normalisation == Normalisation.JACCARD:
        apart = (total[rows, None] - one) + (total - other)
        value = np.divide(value, apart + same, where=shared > 0, out=np.zeros(size))
    joined = (value != 0) | ((weight == Weight.SUBTRACT) & (shared > 0))
    a, b = np.nonzero(np.triu(joined, 1))
    if weight == Weight.IGNORE:
        congruence = conflict = np.zeros(size)
    return Ties(
        a=counts.actors[rows][a],
        b=counts.actors[b],
        value=value[a, b],
        congruence=congruence[a, b],
        conflict=conflict[a, b],
        shared=shared[a, b].astype(np.int64),
    )


def _products(some: Floats, every: Floats) -> Floats:
    """The sums of products of each row with each row.

    `some @ every.T` would start threads that wait for each other: three times as fast
    on an idle machine, but on a busy one a page took 340 ms instead of 90.
    """
    found: Floats = np.vecdot(some[:, None], every[None])
    return found


def _cube(counts: Counts, levels: Ints, first: int) -> Floats:
    """Levels × actors × propositions, from one proposition on."""
    last = min(first + PROPOSITIONS, len(counts.propositions))
    here = (counts.proposition >= first) & (counts.proposition < last)
    cube = np.zeros((len(levels), len(counts.actors), last - first))
    place = np.searchsorted(levels, counts.level[here])
    cube[place, counts.actor[here], counts.proposition[here] - first] = counts.number[
        here
    ]
    return cube


def two_mode(counts: Counts, weight: Weight) -> Ties:
    """Compute the edges from actors to propositions, for *subtract* and *ignore*."""
    starts = runs(counts.actor, counts.proposition)
    place = np.repeat(
        np.arange(len(starts)), np.diff(starts, append=len(counts.number))
    )
    strength = np.where(counts.level < UNSIDED, counts.level, 0) * counts.number
    positive = _sums(place, np.maximum(strength, 0), len(starts))
    negative = _sums(place, np.maximum(-strength, 0), len(starts))
    spoken = _sums(place, counts.number, len(starts))
    value = spoken if weight == Weight.IGNORE else positive - negative
    return Ties(
        a=counts.actors[counts.actor[starts]],
        b=counts.propositions[counts.proposition[starts]],
        value=value.astype(np.float64),
        congruence=positive.astype(np.float64),
        conflict=negative.astype(np.float64),
        shared=np.ones(len(starts), np.int64),
    )


# The networks of stances


@dataclass(frozen=True, kw_only=True)
class Node:
    """An actor or a proposition."""

    thing: Ref
    """The actor or the proposition."""
    kind: str
    """The kind of actor, or of proposition."""
    size: int
    """How many statements count for the actor or are about the proposition, duplicates
    dropped; of the network of meetings, how many meetings."""
    degree: int
    """How many edges it has."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Two nodes and how they are joined."""

    a: str
    """The slug of the one: an actor."""
    b: str
    """The slug of the other: an actor or, with two modes, a proposition."""
    weight: float
    """The weight, normalised."""
    congruence: float
    """How much they agree, not normalised; with two modes, how much the actor is
    for."""
    conflict: float
    """How much they differ, not normalised; with two modes, how much the actor is
    against."""
    shared: int
    """On how many propositions both are counted."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The network of one stretch of time."""

    since: date
    """Its first day."""
    until: date
    """Its last day."""
    statements: int
    """How many statements were made in it, duplicates dropped."""
    actors: int
    """How many actors made them."""
    edges: int
    """How many edges the network has."""
    congruence: float
    """The sum of agreement over all pairs, not normalised."""
    conflict: float
    """The sum of conflict over all pairs, not normalised."""


@dataclass(frozen=True, kw_only=True)
class StanceNetwork:
    """Actors joined by what they agree and differ on, or actors and propositions."""

    nodes_are: Nodes
    """Whether all nodes are actors, or actors and propositions."""
    weight: Weight
    """What the weights count."""
    normalisation: Normalisation
    """What they are divided by."""
    duplicates: Duplicates
    """How often equal statements count."""
    levels: Levels
    """What is compared of two positions."""
    period: Period
    """The days in which the statements were made."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    nodes: tuple[Node, ...]
    """The nodes, those with the most edges first; those without any are there."""
    edges: tuple[Edge, ...]
    """The edges, the heaviest first."""
    total_edges: int
    """How many edges there are in all."""
    statements: int
    """How many statements are counted, duplicates dropped."""
    left_out: int
    """How many are left out because they have no level to compare."""
    windows: tuple[Window, ...]
    """The network over time, if asked for: weeks, months or years of the calendar, the
    latest 60; a statement falls by the last day on which it may have been made."""
    total_windows: int
    """How many windows hold any statement."""
    undated: int
    """How many statements are in no window because they have no date."""
    folded: Folded
    """For whom the stances count."""
    basis: Basis | None
    """What it rests on; not counted out here, the matrix leads to the passages."""


def load_stance_network(
    session: Session,
    *,
    nodes: Nodes = Nodes.ACTORS,
    weight: Weight = Weight.SUBTRACT,
    normalisation: Normalisation = Normalisation.NONE,
    duplicates: Duplicates = Duplicates.ONCE,
    levels: Levels = Levels.SIGN,
    windows: Windows | None = None,
    kind: PropositionKind | None = None,
    actor_kind: ActorKind | None = None,
    actors: Sequence[str] = (),
    topic: str | None = None,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    limit: int | None = EDGES,
) -> StanceNetwork:
    """Load the network of agreement and conflict, or of actors and propositions.

    Stances that another supersedes or retracts are left out unless days are asked for:
    then each was said in its time.

    Args:
        session: an open session.
        nodes: actors, or actors and propositions.
        weight: what the weight of an edge counts.
        normalisation: what it is divided by.
        duplicates: how often equal statements count.
        levels: what is compared of two positions.
        windows: also cut the days into windows.
        kind: only propositions of this kind.
        actor_kind: only actors of this kind.
        actors: only these.
        topic: only what is under this topic or below it.
        period: only statements that may have been made in these days.
        fold: for whom a person's and a body's stances count.
        limit: how many edges; None for all.

    Raises:
        NotFound: there is no such topic or actor.
        BadRequest: two modes have no congruence, no conflict and no normalisation.
    """
    if nodes == Nodes.AFFILIATION:
        _check_two_modes(weight, normalisation)
    period = period or Period()
    confined = find_topic(session, topic) if topic else None
    sides = Sides(session, fold)
    wanted = {sides.find(slug).id for slug in actors}
    conditions = [Stance.proposition_id.is_not(None), period.touches()]
    if period.open:
        conditions.append(CURRENT)
    if topic:
        conditions.append(under_topic(topic))
    if kind:
        conditions.append(
            Stance.proposition_id.in_(
                select(Proposition.id).where(Proposition.kind == kind)
            )
        )
    items = load_statements(session, *conditions)
    counted = sides.count(items)
    here = np.ones(len(items), bool)
    if wanted:
        here &= np.isin(counted.actor, list(wanted))
    if actor_kind:
        here &= np.isin(counted.actor, sides.of_kind(actor_kind))
    comparable = _comparable(items, levels)
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
    one_sort = nodes == Nodes.ACTORS
    ties = (
        one_mode(counts, weight, normalisation, levels)
        if one_sort
        else two_mode(counts, weight)
    )
    order = np.lexsort((ties.b, ties.a, -ties.shared, -abs(ties.value)))
    shown = ties.at(order[:limit])
    things = {} if one_sort else _propositions(session, counts)
    names = {id: sides.actors[id].slug for id in counts.actors.tolist()}
    targets = names if one_sort else {key: ref.slug for key, (ref, _) in things.items()}
    shown_windows, total_windows = (
        _windows(compared, windows, duplicates, levels) if windows else ((), 0)
    )
    return StanceNetwork(
        nodes_are=nodes,
        weight=weight,
        normalisation=normalisation,
        duplicates=duplicates,
        levels=levels,
        period=period,
        topic=confined,
        nodes=_nodes(sides, counts, ties, things),
        edges=tuple(
            Edge(
                a=names[a],
                b=targets[b],
                weight=_round(value),
                congruence=_round(congruence),
                conflict=_round(conflict),
                shared=shared,
            )
            for a, b, value, congruence, conflict, shared in shown.rows()
        ),
        total_edges=len(ties),
        statements=int(counts.number.sum()),
        left_out=int((here & ~speaks).sum()),
        windows=shown_windows,
        total_windows=total_windows,
        undated=int((speaks & ~items.dated).sum()),
        folded=folded(fold, counted.reason[speaks]),
        basis=None,
    )


def _check_two_modes(weight: Weight, normalisation: Normalisation) -> None:
    if weight in (Weight.CONGRUENCE, Weight.CONFLICT):
        raise BadRequest(
            f"weight is “{weight}”, which compares two actors; an actor and a "
            "proposition have “subtract” or “ignore”.",
            field="weight",
            position=0,
        )
    if normalisation != Normalisation.NONE:
        raise BadRequest(
            f"normalisation is “{normalisation}”, which compares two actors; for "
            "actors and propositions it is “none”.",
            field="normalisation",
            position=0,
        )


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
    for part in in_parts(counts.propositions.tolist()):
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

    spoken = _sums(counts.proposition, counts.number, len(counts.propositions))
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


def _round(value: float) -> float:
    """Drop what floating point adds: 12 digits after the point are plenty."""
    return round(float(value), 12)


def _windows(
    votes: Votes, windows: Windows, duplicates: Duplicates, levels: Levels
) -> tuple[tuple[Window, ...], int]:
    """Cut the votes into consecutive windows, of which empty ones are left out.

    Returns:
        The latest, and how many there are.
    """
    votes = votes.at(~np.isnat(votes.day))
    first = _first_days(votes.day, windows)
    shown = []
    every = np.unique(first)
    for day in every[-WINDOWS:]:
        counts = count_votes(votes.at(first == day), duplicates)
        ties = one_mode(counts, Weight.SUBTRACT, levels=levels)
        shown.append(
            Window(
                since=day.item(),
                until=_last_day(day.item(), windows),
                statements=int(counts.number.sum()),
                actors=len(counts.actors),
                edges=len(ties),
                congruence=_round(ties.congruence.sum()),
                conflict=_round(ties.conflict.sum()),
            )
        )
    return tuple(shown), len(every)


def _first_days(days: Days, windows: Windows) -> Days:
    if windows == Windows.WEEK:
        return (_weeks(days) * 7 - 3).astype("M8[D]")
    unit = "M8[M]" if windows == Windows.MONTH else "M8[Y]"
    return days.astype(unit).astype("M8[D]")


def _last_day(first: date, windows: Windows) -> date:
    if windows == Windows.WEEK:
        return first + timedelta(days=6)
    if windows == Windows.MONTH:
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(month=12, day=31)


# The network of meetings

HELD = (MeetingStatus.HELD, MeetingStatus.UNDER_WAY)
PLANNED = (MeetingStatus.EXPECTED, MeetingStatus.ANNOUNCED)


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
    """The meetings, the latest first."""


@dataclass(frozen=True, kw_only=True)
class MeetingNetwork:
    """Who met whom, how often, in which formats, hosted by whom."""

    period: Period
    """The days in which the meetings may have been."""
    nodes: tuple[Node, ...]
    """The actors, those with the most edges first."""
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
    unnamed: int
    """How many participants are left out because no actor is named."""
    folded: Folded
    """For whom the participants count."""
    basis: Basis | None
    """What it rests on; not counted out here, the meetings lead to the passages."""


class _Table(NamedTuple):
    """A meeting with those who sit at its table."""

    ref: Ref
    planned: bool
    format: MeetingFormat
    country: int | None
    actors: set[int]
    hosts: set[int]


@uncollected()
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
    """Load the network of who met whom.

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
    unnamed, folds = _seat(session, sides, tables)
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
    size: Counter[int] = Counter()
    slugs = {actor.slug: id for id, actor in sides.actors.items()}
    for table in chosen:
        size.update(table.actors)
        names = sorted(sides.actors[id].slug for id in table.actors)
        for a, b in combinations(names, 2):
            if not wanted or a in wanted or b in wanted:
                pairs[a, b].append(table)
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
    return MeetingNetwork(
        period=period,
        nodes=tuple(nodes),
        edges=tuple(_edge(pair, together, slugs) for pair, together in ordered[:limit]),
        total_edges=len(pairs),
        held=len(chosen) - planned,
        planned=planned,
        left_out=left_out,
        alone=sum(len(table.actors) < 2 for table in chosen),
        unnamed=unnamed,
        folded=folds,
        basis=None,
    )


def _tables(
    session: Session, format: MeetingFormat | None, period: Period
) -> tuple[dict[int, _Table], int]:
    """Load the held and planned meetings, and count the others."""
    statement = (
        select_meetings()
        .with_only_columns(
            Meeting.id,
            Meeting.slug,
            Meeting.title,
            Meeting.format,
            Meeting.country_id,
            MeetingStatusEvent.status,
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
    for id, slug, title, shape, country, status in session.execute(statement):
        if status in HELD or status in PLANNED:
            ref = Ref(kind="meeting", slug=slug, label=title)
            tables[id] = _Table(ref, status in PLANNED, shape, country, set(), set())
        else:
            left_out += 1
    return tables, left_out


def _seat(
    session: Session, sides: Sides, tables: Mapping[int, _Table]
) -> tuple[int, Folded]:
    """Seat the participants at their tables; count those whom no actor stands for."""
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
        .where(Participation.presence.not_in((Presence.ABSENT, Presence.DENIED)))
    )
    seated = [row for row in session.execute(statement) if row[0] in tables]
    named = [row for row in seated if row[1] or row[2]]
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
    return len(seated) - len(named), folded(sides.fold, counted.reason)


def _edge(
    pair: tuple[str, str], tables: Sequence[_Table], slugs: Mapping[str, int]
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
        meetings=tuple(table.ref for table in reversed(tables)),
    )
