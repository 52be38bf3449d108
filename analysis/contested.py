"""What is claimed and denied: propositions, exclusive claims, meetings, attendance.

A proposition is contested when one speaker affirms it and another

- denies it (`against`; of a norm or a judgement: opposes it),
- declines to confirm or deny it (`declined`),
- or professes not to know (`undetermined`).

The three are kept apart, for they are three different things to have said. Speakers are
the holders themselves, never folded into states: a ministry that declines where its
minister affirms is news. Only stances that stand contest anything; those that another
superseded or retracted are left to the timeline. What a coder could not tell
(`unclear`) is nobody's word.

A meeting's status is contested when one event says that it was held, announced and so
on, and another that it did not or will not take place, or when a source says of an
event that it is not so; attendance likewise, for each participant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from analysis.statements import (
    Period,
    Statements,
    find_topic,
    load_statements,
    runs,
)
from models import (
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Participation,
    Proposition,
    Stance,
)
from models.enums import (
    EvidenceRole,
    MeetingStatus,
    Position,
    Presence,
    PropositionKind,
    StanceLink,
)
from queries.badges import POSITION_ORDER, position_badge
from queries.evidence import basis_of, cite
from queries.meetings import (
    MeetingItem,
    Participant,
    StatusEvent,
    read_participants,
    read_status_events,
    select_meetings,
)
from queries.meetings import load_items as load_meetings
from queries.refs import maybe, proposition_ref, topic_ref
from queries.shapes import Badge, Basis, Citation, Ref
from queries.stances import CURRENT, LINKS, StanceItem, under_topic
from queries.stances import load_items as load_stances

ON_A_PAGE = 10
"""How many propositions stand on a page."""
OF_A_SIDE = 5
"""How many stances of each side are shown, the latest; the timeline holds all."""
PAIRS = 25
"""How many pairs of exclusive claims, and how many meetings, are shown."""


class How(StrEnum):
    """What the other speaker does with what one affirms."""

    DENIED = "denied"
    DECLINED = "declined"
    UNDETERMINED = "undetermined"


ANSWERS = {
    How.DENIED: Position.AGAINST,
    How.DECLINED: Position.DECLINED,
    How.UNDETERMINED: Position.UNDETERMINED,
}
"""The position of the one who does not affirm."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """Those who say the same of a proposition."""

    position: Position
    """What they say: for, against, declined or undetermined."""
    badge: Badge
    """The same as a word; of a factual proposition, affirms and denies."""
    stances: tuple[StanceItem, ...]
    """Their words, the latest first."""
    total: int
    """How many stances they are."""


@dataclass(frozen=True, kw_only=True)
class ContestedProposition:
    """A proposition that somebody affirms and somebody else does not."""

    proposition: Ref
    """The proposition."""
    kind: PropositionKind
    """Its kind: only a factual one is affirmed or denied in the strict sense."""
    topic: Ref | None
    """Its topic."""
    how: tuple[How, ...]
    """In which ways it is contested."""
    sides: tuple[Side, ...]
    """Those who affirm it first, then those who deny, decline, cannot tell."""


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Two stances on different sentences that cannot both be true, or deny each
    other."""

    relation: StanceLink
    """Whether the one denies the other, or cannot be true together with it."""
    one: StanceItem
    """The stance that does it."""
    other: StanceItem
    """The stance to which it does it."""


@dataclass(frozen=True, kw_only=True)
class ContestedAttendance:
    """A participant of whom it is said that they were, and were not, there."""

    name: str
    """Whom it is about."""
    affirmed: tuple[Participant, ...]
    """The claims that they were, or will be, there."""
    denied: tuple[Participant, ...]
    """The claims that they were, or will, not, and those that a source contradicts."""


@dataclass(frozen=True, kw_only=True)
class ContestedMeeting:
    """A meeting about which sources or speakers disagree."""

    meeting: MeetingItem
    """The meeting."""
    affirmed: tuple[StatusEvent, ...]
    """The events that say that it takes place in some way; only if that is denied."""
    denied: tuple[StatusEvent, ...]
    """The events that deny it, and those that a source contradicts."""
    attendance: tuple[ContestedAttendance, ...]
    """The participants whose presence is contested."""


@dataclass(frozen=True, kw_only=True)
class Contested:
    """What is claimed and denied."""

    period: Period
    """The days to which it is confined."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    propositions: tuple[ContestedProposition, ...]
    """The contested propositions on this page: first the denied ones, and of those
    the factual ones."""
    total: int
    """How many there are on all pages."""
    page: int
    """Which page this is, from 1."""
    pages: int
    """How many pages there are."""
    exclusions: tuple[Exclusion, ...]
    """Claims on different sentences that exclude each other; on the first page."""
    meetings: tuple[ContestedMeeting, ...]
    """Meetings whose status or attendance is contested; on the first page."""
    basis: Basis
    """What the page rests on."""


def load_contested(
    session: Session,
    *,
    how: How | None = None,
    kind: PropositionKind | None = None,
    topic: str | None = None,
    period: Period | None = None,
    page: int = 1,
) -> Contested:
    """Load what is claimed and denied.

    Args:
        session: an open session.
        how: only propositions that are contested in this way.
        kind: only propositions of this kind.
        topic: only propositions under this topic or below it.
        period: only by stances that may have been stated in these days.
        page: which page of propositions.

    Raises:
        NotFound: there is no such topic.
    """
    period = period or Period()
    confined = find_topic(session, topic) if topic else None
    conditions = [CURRENT, period.touches()]
    if topic:
        conditions.append(under_topic(topic))
    items = load_statements(session, Stance.proposition_id.is_not(None), *conditions)
    found = _contested(session, items, how, kind)
    shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    propositions = _propositions(session, shown, items)
    exclusions = _exclusions(session, conditions, kind) if page == 1 else ()
    meetings: tuple[ContestedMeeting, ...] = ()
    if page == 1 and not (how or kind or topic or not period.open):
        meetings = _meetings(session)
    return Contested(
        period=period,
        topic=confined,
        propositions=propositions,
        total=len(found),
        page=page,
        pages=max(1, -(-len(found) // ON_A_PAGE)),
        exclusions=exclusions,
        meetings=meetings,
        basis=basis_of(session, _cited(propositions, exclusions, meetings)),
    )


def _cited(
    propositions: Iterable[ContestedProposition],
    exclusions: Iterable[Exclusion],
    meetings: Iterable[ContestedMeeting],
) -> Iterator[Citation]:
    """Everything that the page cites."""
    for contested in propositions:
        for side in contested.sides:
            for stance in side.stances:
                yield from stance.citations
    for pair in exclusions:
        yield from pair.one.citations + pair.other.citations
    for meeting in meetings:
        for event in meeting.affirmed + meeting.denied:
            yield from event.citations
        for one in meeting.attendance:
            for part in one.affirmed + one.denied:
                yield from part.citations


def contested_among(
    session: Session, *conditions: ColumnElement[bool], most: int
) -> tuple[tuple[ContestedProposition, ...], int]:
    """Load the contested propositions among those of some stances.

    Args:
        session: an open session.
        conditions: what is true of the stances; those that do not stand are to be left
            out by them.
        most: how many propositions.

    Returns:
        The first of them, in the order of `load_contested`, and how many there are.
    """
    on_propositions = Stance.proposition_id.is_not(None)
    items = load_statements(session, on_propositions, *conditions)
    found = _contested(session, items, None, None)
    return _propositions(session, found[:most], items), len(found)


Found = tuple[Proposition, tuple[How, ...]]


def _contested(
    session: Session,
    items: Statements,
    how: How | None,
    kind: PropositionKind | None,
) -> list[Found]:
    """Find the contested propositions, and how.

    First and last holder of each position are enough to see whether two speakers are
    one and the same: it takes one holder on each side, and them the same.
    """
    items = items.at(np.lexsort((items.holder, items.position, items.proposition)))
    starts = runs(items.proposition, items.position)
    ends = np.append(starts[1:], len(items)) - 1
    said: dict[int, dict[Position, tuple[int, int]]] = defaultdict(dict)
    for proposition, position, first, last in zip(
        items.proposition[starts].tolist(),
        items.position[starts].tolist(),
        items.holder[starts].tolist(),
        items.holder[ends[: len(starts)]].tolist(),
        strict=True,
    ):
        said[proposition][POSITION_ORDER[position]] = first, last
    ways = {}
    for proposition, positions in said.items():
        if affirmed := positions.get(Position.FOR):
            answers = tuple(
                way
                for way, position in ANSWERS.items()
                if (answer := positions.get(position)) and len({*affirmed, *answer}) > 1
            )
            if answers and (how is None or how in answers):
                ways[proposition] = answers
    statement = select(Proposition).options(joinedload(Proposition.topic))
    if kind:
        statement = statement.where(Proposition.kind == kind)
    things = {item.id: item for item in session.scalars(statement)}
    found = [(things[key], way) for key, way in ways.items() if key in things]
    kinds, hows = list(PropositionKind), list(How)
    facts_first = sorted(kinds, key=lambda item: item != PropositionKind.FACTUAL)
    return sorted(
        found,
        key=lambda pair: (
            hows.index(pair[1][0]),
            facts_first.index(pair[0].kind),
            pair[0].text.casefold(),
            pair[0].slug,
        ),
    )


def _propositions(
    session: Session, found: Sequence[Found], items: Statements
) -> tuple[ContestedProposition, ...]:
    """Load the words of each side: the latest of each."""
    items = items.at(np.isin(items.proposition, [item.id for item, _ in found]))
    sides: dict[tuple[int, Position], list[int]] = defaultdict(list)
    for at in items.in_order()[::-1]:
        position = POSITION_ORDER[items.position[at]]
        sides[int(items.proposition[at]), position].append(int(items.id[at]))
    stances = _by_id(
        session, (id for side in sides.values() for id in side[:OF_A_SIDE])
    )

    def side(proposition: Proposition, position: Position) -> Side:
        ids = sides[proposition.id, position]
        return Side(
            position=position,
            badge=position_badge(position, None, proposition.kind),
            stances=tuple(stances[id] for id in ids[:OF_A_SIDE]),
            total=len(ids),
        )

    return tuple(
        ContestedProposition(
            proposition=proposition_ref(proposition),
            kind=proposition.kind,
            topic=maybe(topic_ref, proposition.topic),
            how=ways,
            sides=tuple(
                side(proposition, position)
                for position in (Position.FOR, *ANSWERS.values())
                if sides[proposition.id, position]
            ),
        )
        for proposition, ways in found
    )


def _by_id(session: Session, ids: Iterable[int]) -> dict[int, StanceItem]:
    wanted = sorted(set(ids))
    statement = select(Stance).where(Stance.id.in_(wanted)).order_by(Stance.id)
    return dict(zip(wanted, load_stances(session, statement), strict=True))


def _exclusions(
    session: Session, conditions: Sequence[Any], kind: PropositionKind | None
) -> tuple[Exclusion, ...]:
    """Load the pairs of stances of which one denies or contradicts the other.

    Stances towards actors are among them.
    """
    inside = [*conditions]
    if kind:
        of_kind = select(Proposition.id).where(Proposition.kind == kind)
        inside.append(Stance.proposition_id.in_(of_kind))
    links = session.execute(
        select(LINKS)
        .where(
            LINKS.c.relation.in_((StanceLink.DENIES, StanceLink.CONTRADICTS)),
            exists().where(Stance.id == LINKS.c.stance_id, *inside),
            exists().where(Stance.id == LINKS.c.other_id, *inside),
        )
        .order_by(LINKS.c.id.desc())
        .limit(PAIRS)
    ).all()
    items = _by_id(
        session, (id for link in links for id in (link.stance_id, link.other_id))
    )
    return tuple(
        Exclusion(
            relation=link.relation,
            one=items[link.stance_id],
            other=items[link.other_id],
        )
        for link in links
    )


def _meetings(session: Session) -> tuple[ContestedMeeting, ...]:
    """Load the meetings whose status or attendance is contested."""
    contradicted = Evidence.role == EvidenceRole.CONTRADICTS
    statement = (
        select(Meeting)
        .where(
            or_(
                Meeting.id.in_(
                    select(MeetingStatusEvent.meeting_id).where(
                        MeetingStatusEvent.status == MeetingStatus.DENIED
                    )
                ),
                Meeting.id.in_(
                    select(MeetingStatusEvent.meeting_id)
                    .join(Evidence, Evidence.status_event_id == MeetingStatusEvent.id)
                    .where(contradicted)
                ),
                Meeting.id.in_(
                    select(Participation.meeting_id).where(
                        Participation.presence == Presence.DENIED
                    )
                ),
                Meeting.id.in_(
                    select(Participation.meeting_id)
                    .join(Evidence, Evidence.participation_id == Participation.id)
                    .where(contradicted)
                ),
            )
        )
        .options(
            selectinload(Meeting.status_events),
            selectinload(Meeting.participations).options(
                joinedload(Participation.person),
                joinedload(Participation.represented),
                joinedload(Participation.office),
            ),
        )
        .order_by(Meeting.earliest.desc(), Meeting.slug)
        .limit(PAIRS)
    )
    meetings = session.scalars(statement).all()
    citations = cite(
        session,
        {
            "status_event": [e.id for item in meetings for e in item.status_events],
            "participation": [p.id for item in meetings for p in item.participations],
        },
    )
    ids = [item.id for item in meetings]
    order = select_meetings().where(Meeting.id.in_(ids)).order_by(Meeting.id)
    items = dict(zip(sorted(ids), load_meetings(session, order), strict=True))
    found = [
        _contest(
            items[item.id],
            read_status_events(item.status_events, citations),
            read_participants(item.participations, citations),
        )
        for item in meetings
    ]
    return tuple(one for one in found if one.affirmed or one.denied or one.attendance)


def _contest(
    meeting: MeetingItem,
    events: Sequence[StatusEvent],
    participants: Sequence[Participant],
) -> ContestedMeeting:
    denied = [
        event
        for event in events
        if event.status == MeetingStatus.DENIED or _contradicted(event)
    ]
    affirmed = [
        event for event in events if event not in denied or _contradicted(event)
    ]
    by_name: dict[str, list[Participant]] = defaultdict(list)
    for one in participants:
        by_name[one.person.slug if one.person else one.name].append(one)
    attendance = []
    for claims in by_name.values():
        against = [
            one
            for one in claims
            if one.presence == Presence.DENIED or _contradicted(one)
        ]
        if against:
            attendance.append(
                ContestedAttendance(
                    name=claims[0].name,
                    affirmed=tuple(
                        one
                        for one in claims
                        if one.presence in (Presence.ATTENDED, Presence.EXPECTED)
                    ),
                    denied=tuple(against),
                )
            )
    return ContestedMeeting(
        meeting=meeting,
        affirmed=tuple(affirmed) if denied else (),
        denied=tuple(denied),
        attendance=tuple(attendance),
    )


def _contradicted(claim: StatusEvent | Participant) -> bool:
    return any(item.role == EvidenceRole.CONTRADICTS for item in claim.citations)
