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

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from heapq import nsmallest
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from analysis.statements import (
    Fold,
    Folded,
    Period,
    Reason,
    Sides,
    Statement,
    find_topic,
    folded,
    in_parts,
    load_statements,
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

# The arithmetic, without a database


class Vote(NamedTuple):
    """A statement as the arithmetic sees it."""

    actor: int
    proposition: int
    level: int | str
    """A number that can be compared or, for `ignore` only, the word of a position."""
    day: str | None
    source: int | None


Counts = dict[int, dict[tuple[int, int | str], int]]
"""How often each actor took each level on each proposition."""


def count_votes(votes: Iterable[Vote], duplicates: Duplicates) -> Counts:
    """Count the votes of each actor, equal ones as `duplicates` says."""
    counts: Counts = {}
    if duplicates == Duplicates.ONCE:
        for actor, proposition, level, _, _ in votes:
            counts.setdefault(actor, {})[proposition, level] = 1
        return counts
    seen: set[tuple[object, ...]] = set()
    for vote in votes:
        if duplicates != Duplicates.ALL:
            key = (*vote[:3], _bucket(vote, duplicates))
            if key in seen:
                continue
            seen.add(key)
        mine = counts.setdefault(vote.actor, {})
        cell = (vote.proposition, vote.level)
        mine[cell] = mine.get(cell, 0) + 1
    return counts


def _bucket(vote: Vote, duplicates: Duplicates | Windows) -> object:
    """What equal statements must share to count once; undated ones share that."""
    if duplicates == Duplicates.SOURCE:
        return vote.source
    if vote.day is None:
        return None
    if duplicates == Duplicates.WEEK:
        return date.fromisoformat(vote.day).isocalendar()[:2]
    return vote.day[: {"day": 10, "month": 7, "year": 4}[duplicates.value]]


class Pair(NamedTuple):
    """The weights of two actors before one is chosen and normalised."""

    congruence: float
    conflict: float
    ignore: int
    shared: int


class Profile:
    """What one actor said, as bit masks over propositions.

    Bit *c* of a mask stands for proposition *c*; a count is spread over masks of weight
    1, 2, 4 …, so that sums of products become counts of common bits. 20,000 pairs over
    500 propositions take 50 ms so, and 2 s cell by cell.
    """

    def __init__(
        self, counts: Mapping[tuple[int, int | str], int], places: Mapping[int, int]
    ) -> None:
        self._counts, self._places = counts, places
        self.total = sum(counts.values())
        self.squares = sum(count * count for count in counts.values())
        self.spoken = 0
        self.support: dict[int | str, int] = {}
        masks: dict[tuple[int, int | str], int] = {}
        for (proposition, level), count in counts.items():
            bit = 1 << places[proposition]
            self.spoken |= bit
            self.support[level] = self.support.get(level, 0) | bit
            for power in _powers(count):
                masks[power, level] = masks.get((power, level), 0) | bit
        self.planes = [(power, level, mask) for (power, level), mask in masks.items()]

    @cached_property
    def regardless(self) -> list[tuple[int, int]]:
        """The same whatever the level, for *ignore*: weights and masks."""
        sums: Counter[int] = Counter()
        for (proposition, _), count in self._counts.items():
            sums[self._places[proposition]] += count
        masks: dict[int, int] = {}
        for place, count in sums.items():
            for power in _powers(count):
                masks[power] = masks.get(power, 0) | 1 << place
        return list(masks.items())


_ONE = (1,)


def _powers(count: int) -> Sequence[int]:
    if count == 1:
        return _ONE
    return [1 << place for place in range(count.bit_length()) if count >> place & 1]


def compare(one: Profile, other: Profile, reach: int, weight: Weight) -> Pair:
    """Compute the weights of two actors.

    Args:
        one: an actor.
        other: another.
        reach: the range of the levels.
        weight: which weight is wanted; what it does not need stays 0.
    """
    shared = (one.spoken & other.spoken).bit_count()
    if not shared:
        return Pair(0, 0, 0, 0)
    congruence = conflict = 0.0
    if weight == Weight.IGNORE:
        spoken = sum(
            first * second * (mine & theirs).bit_count()
            for first, mine in one.regardless
            for second, theirs in other.regardless
        )
        return Pair(0, 0, spoken, shared)
    for first, level, mine in one.planes:
        for second, against, theirs in other.planes:
            common = (mine & theirs).bit_count()
            if common:
                both = first * second * common
                distance = abs(level - against) / reach  # type: ignore[operator]
                congruence += both * (1 - distance)
                conflict += both * distance
    return Pair(congruence, conflict, 0, shared)


def divisor(one: Profile, other: Profile, normalisation: Normalisation) -> float:
    """What the weight of two actors is divided by; never 0 for two who share a word."""
    if normalisation == Normalisation.AVERAGE:
        return (one.total + other.total) / 2
    if normalisation == Normalisation.COSINE:
        return math.sqrt(one.squares) * math.sqrt(other.squares)
    if normalisation == Normalisation.JACCARD:
        return _apart(one, other) + _apart(other, one) + _together(one, other)
    return 1


def _apart(one: Profile, other: Profile) -> int:
    """Σ of what one has and the other has not: m10 or m01."""
    return sum(
        power * (mask & ~other.support.get(level, 0)).bit_count()
        for power, level, mask in one.planes
    )


def _together(one: Profile, other: Profile) -> int:
    """Σ of products over what both have: m11."""
    return sum(
        first * second * (mine & theirs).bit_count()
        for first, level, mine in one.planes
        for second, same, theirs in other.planes
        if level == same
    )


def weigh(pair: Pair, weight: Weight) -> float:
    """The chosen weight of a pair, not normalised."""
    if weight == Weight.CONGRUENCE:
        return pair.congruence
    if weight == Weight.CONFLICT:
        return pair.conflict
    if weight == Weight.IGNORE:
        return pair.ignore
    return pair.congruence - pair.conflict


Tie = tuple[int, int, float, Pair]


def one_mode(
    counts: Counts,
    weight: Weight,
    normalisation: Normalisation = Normalisation.NONE,
    levels: Levels = Levels.SIGN,
) -> list[Tie]:
    """Compute the edges between actors: each pair once, where there is anything.

    Returns:
        Two actors, their weight, and what it was made of. Of *subtract*, pairs that
        agree as much as they differ are there, with the weight 0.
    """
    propositions = {key[0] for cells in counts.values() for key in cells}
    places = {one: place for place, one in enumerate(sorted(propositions))}
    profiles = [(actor, Profile(counts[actor], places)) for actor in sorted(counts)]
    ties = []
    for (a, one), (b, other) in combinations(profiles, 2):
        pair = compare(one, other, RANGES[levels], weight)
        if not pair.shared:
            continue
        value = weigh(pair, weight)
        both = pair.congruence or pair.conflict
        if value or (weight == Weight.SUBTRACT and both):
            ties.append((a, b, value / divisor(one, other, normalisation), pair))
    return ties


def two_mode(counts: Counts, weight: Weight) -> list[Tie]:
    """Compute the edges from actors to propositions, for *subtract* and *ignore*."""
    ties: dict[tuple[int, int], list[float]] = {}
    for actor, cells in counts.items():
        for (proposition, level), count in cells.items():
            sums = ties.setdefault((actor, proposition), [0, 0, 0])
            sums[2] += count
            if not isinstance(level, str):
                sums[0 if level > 0 else 1] += abs(level) * count
    found = []
    for (actor, proposition), (positive, negative, number) in sorted(ties.items()):
        pair = Pair(positive, negative, int(number), 1)
        found.append((actor, proposition, weigh(pair, weight), pair))
    return found


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
    """The network over time, if asked for; a statement falls by the last day on which
    it may have been made."""
    undated: int
    """How many statements are in no window because they have no date."""
    folded: Folded
    """For whom the stances count."""
    basis: Basis | None
    """What it rests on; not counted out here, the matrix leads to the passages."""


@uncollected()
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
    statements = load_statements(session, *conditions)
    votes: list[Vote] = []
    reasons: list[Reason] = []
    left_out = 0
    items = list(statements)
    sources = _sources(session, items) if duplicates == Duplicates.SOURCE else {}
    for item in items:
        unit = sides.counts_for(item)
        if wanted and unit.actor_id not in wanted:
            continue
        if actor_kind and sides.actors[unit.actor_id].kind != actor_kind:
            continue
        level = _level(item, levels, weight)
        if level is None:
            left_out += 1
            continue
        reasons.append(unit.reason)
        votes.append(
            Vote(
                unit.actor_id,
                item.proposition_id or 0,
                level,
                item.latest or item.earliest,
                sources.get(item.id),
            )
        )
    counts = count_votes(votes, duplicates)
    one_sort = nodes == Nodes.ACTORS
    ties = (
        one_mode(counts, weight, normalisation, levels)
        if one_sort
        else two_mode(counts, weight)
    )
    shown = (
        sorted(ties, key=_heaviest)
        if limit is None
        else nsmallest(limit, ties, _heaviest)
    )
    things = {} if one_sort else _propositions(session, counts)
    names = {actor: sides.actors[actor].slug for actor in counts}
    targets = names if one_sort else {key: ref.slug for key, (ref, _) in things.items()}
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
                congruence=_round(pair.congruence),
                conflict=_round(pair.conflict),
                shared=pair.shared,
            )
            for a, b, value, pair in shown
        ),
        total_edges=len(ties),
        statements=sum(sum(cells.values()) for cells in counts.values()),
        left_out=left_out,
        windows=_windows(votes, windows, duplicates, levels) if windows else (),
        undated=sum(vote.day is None for vote in votes),
        folded=folded(fold, reasons),
        basis=None,
    )


def _heaviest(tie: Tie) -> tuple[float, int, int, int]:
    a, b, value, pair = tie
    return -abs(value), -pair.shared, a, b


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


def _level(item: Statement, levels: Levels, weight: Weight) -> int | str | None:
    if weight == Weight.IGNORE:
        return item.position if item.polarity is None else item.polarity
    if item.polarity is None:
        return None
    if levels == Levels.STRENGTH:
        return item.polarity
    return (item.polarity > 0) - (item.polarity < 0) or None


def _sources(session: Session, items: Sequence[Statement]) -> dict[int, int]:
    """The source that is shown first of each stance."""
    order = (
        case(
            (Evidence.role == EvidenceRole.SUPPORTS, 0),
            (Evidence.role == EvidenceRole.CONTRADICTS, 1),
            else_=2,
        ),
        case((Source.derived_from_id.is_(None), 0), else_=1),
        Evidence.id,
    )
    statement = (
        select(Evidence.stance_id, Source.id)
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .where(Evidence.stance_id.is_not(None))
        .order_by(*order)
    )
    wanted = {item.id for item in items}
    found: dict[int, int] = {}
    for stance, source in session.connection().execute(statement):
        if stance in wanted:
            found.setdefault(stance, source)
    return found


def _propositions(session: Session, counts: Counts) -> dict[int, tuple[Ref, str]]:
    ids = sorted({key[0] for cells in counts.values() for key in cells})
    found = {}
    for part in in_parts(ids):
        for item in session.scalars(
            select(Proposition).where(Proposition.id.in_(part))
        ):
            found[item.id] = proposition_ref(item), str(item.kind)
    return found


def _nodes(
    sides: Sides,
    counts: Counts,
    ties: Sequence[Tie],
    things: Mapping[int, tuple[Ref, str]],
) -> tuple[Node, ...]:
    degrees: Counter[tuple[str, int]] = Counter()
    for a, b, _, _ in ties:
        degrees["actor", a] += 1
        degrees["proposition" if things else "actor", b] += 1
    nodes = [
        Node(
            thing=sides.actors[actor].ref,
            kind=sides.actors[actor].kind,
            size=sum(cells.values()),
            degree=degrees["actor", actor],
        )
        for actor, cells in counts.items()
    ]
    spoken = Counter[int]()
    for cells in counts.values():
        for (proposition, _), count in cells.items():
            spoken[proposition] += count
    nodes += [
        Node(thing=ref, kind=kind, size=spoken[key], degree=degrees["proposition", key])
        for key, (ref, kind) in things.items()
    ]
    nodes.sort(key=lambda node: (-node.degree, -node.size, node.thing.slug))
    return tuple(nodes)


def _round(value: float) -> float:
    """Drop what floating point adds: 12 digits after the point are plenty."""
    return round(float(value), 12)


def _windows(
    votes: Sequence[Vote], windows: Windows, duplicates: Duplicates, levels: Levels
) -> tuple[Window, ...]:
    """Cut the votes into consecutive windows, of which empty ones are left out."""
    found: dict[date, list[Vote]] = defaultdict(list)
    for vote in votes:
        if vote.day is not None and not isinstance(vote.level, str):
            found[_first_day(date.fromisoformat(vote.day), windows)].append(vote)
    shown = []
    for first in sorted(found)[-WINDOWS:]:
        counts = count_votes(found[first], duplicates)
        ties = one_mode(counts, Weight.SUBTRACT, levels=levels)
        shown.append(
            Window(
                since=first,
                until=_last_day(first, windows),
                statements=sum(sum(cells.values()) for cells in counts.values()),
                actors=len(counts),
                edges=len(ties),
                congruence=_round(sum(pair.congruence for *_, pair in ties)),
                conflict=_round(sum(pair.conflict for *_, pair in ties)),
            )
        )
    return tuple(shown)


def _first_day(day: date, windows: Windows) -> date:
    if windows == Windows.WEEK:
        return day - timedelta(days=day.weekday())
    return (
        day.replace(day=1) if windows == Windows.MONTH else day.replace(month=1, day=1)
    )


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
    reasons: list[Reason] = []
    unnamed = _seat(session, sides, tables, reasons)
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
        folded=folded(fold, reasons),
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
    session: Session, sides: Sides, tables: Mapping[int, _Table], reasons: list[Reason]
) -> int:
    """Seat the participants at their tables; count those whom no actor stands for."""
    unnamed = 0
    statement = (
        select(
            Participation.meeting_id,
            Participation.person_id,
            Participation.represented_id,
            Participation.role,
            Meeting.earliest,
            Meeting.latest,
        )
        .join(Meeting, Meeting.id == Participation.meeting_id)
        .where(Participation.presence.not_in((Presence.ABSENT, Presence.DENIED)))
    )
    for meeting, person, represented, role, first, last in session.execute(statement):
        table = tables.get(meeting)
        if table is None:
            continue
        holder = person or represented
        if holder is None:
            unnamed += 1
            continue
        someone = Statement(
            id=0,
            holder_id=holder,
            represents_id=represented if person else None,
            proposition_id=None,
            position="",
            polarity=None,
            earliest=first.isoformat() if first else None,
            latest=last.isoformat() if last else None,
        )
        link = sides.counts_for(someone)
        reasons.append(link.reason)
        table.actors.add(link.actor_id)
        if role in (Role.HOST, Role.CO_HOST):
            table.hosts.add(link.actor_id)
    return unnamed


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
