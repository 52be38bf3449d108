"""Meetings whose status or attendance is contested."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from analysis.contested.propositions import PAIRS
from analysis.contested.shapes import ContestedAttendance, ContestedMeeting
from models import Evidence, Meeting, MeetingStatusEvent, Participation
from models.enums import EvidenceRole, MeetingStatus, Presence
from queries.evidence import cite
from queries.meetings import (
    MeetingItem,
    Participant,
    StatusEvent,
    rank_participations,
    read_participants,
    read_status_events,
    select_meetings,
)
from queries.meetings import load_items as load_meetings

OF_A_MEETING = 20
"""How many changes of status, and how many denials of presence, are read of each."""


def load_contested_meetings(session: Session) -> tuple[ContestedMeeting, ...]:
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
        .order_by(Meeting.earliest.desc(), Meeting.slug)
        .limit(PAIRS)
    )
    ids = [item.id for item in session.scalars(statement)]
    events, more_events = _events(session, ids)
    parts, more_parts = _parts(session, ids)
    citations = cite(
        session,
        {
            "status_event": [one.id for item in events.values() for one in item],
            "participation": [one.id for item in parts.values() for one in item],
        },
    )
    order = select_meetings().where(Meeting.id.in_(ids)).order_by(Meeting.id)
    items = dict(zip(sorted(ids), load_meetings(session, order), strict=True))
    found = [
        _contest(
            items[id],
            read_status_events(events[id], citations),
            read_participants(parts[id], citations),
            more_events[id] + more_parts[id],
        )
        for id in ids
    ]
    return tuple(one for one in found if one.affirmed or one.denied or one.attendance)


def _events(
    session: Session, meetings: Sequence[int]
) -> tuple[Mapping[int, list[MeetingStatusEvent]], Counter[int]]:
    """Load the events of meetings, those that deny first; count the others."""
    denied = or_(
        MeetingStatusEvent.status == MeetingStatus.DENIED,
        MeetingStatusEvent.id.in_(_contradicted_by(Evidence.status_event_id)),
    )
    of_a_meeting = MeetingStatusEvent.meeting_id
    place = (case((denied, 0), else_=1), MeetingStatusEvent.position.desc())
    ranked = (
        select(
            MeetingStatusEvent.id,
            func.row_number()
            .over(partition_by=of_a_meeting, order_by=place)
            .label("rank"),
            func.count().over(partition_by=of_a_meeting).label("number"),
        )
        .where(of_a_meeting.in_(meetings))
        .subquery()
    )
    rows = session.execute(
        select(MeetingStatusEvent, ranked.c.number)
        .join(ranked, ranked.c.id == MeetingStatusEvent.id)
        .where(ranked.c.rank <= OF_A_MEETING)
        .order_by(MeetingStatusEvent.position, MeetingStatusEvent.id)
    )
    found: dict[int, list[MeetingStatusEvent]] = defaultdict(list)
    more: Counter[int] = Counter()
    for event, number in rows:
        found[event.meeting_id].append(event)
        more[event.meeting_id] = max(0, number - OF_A_MEETING)
    return found, more


def _parts(
    session: Session, meetings: Sequence[int]
) -> tuple[Mapping[int, list[Participation]], Counter[int]]:
    """Load who is said not to have been there, and what else is said of the same.

    Whoever is not contested is never loaded: a meeting may have thousands.
    """
    denied = or_(
        Participation.presence == Presence.DENIED,
        Participation.id.in_(_contradicted_by(Evidence.participation_id)),
    )
    ranked = rank_participations(meetings, denied)
    one = aliased(Participation)
    # Who is the same: the person; without a person the label; without both the actor.
    same = and_(
        Participation.meeting_id == one.meeting_id,
        or_(
            Participation.person_id == one.person_id,
            and_(
                Participation.person_id.is_(None),
                one.person_id.is_(None),
                or_(
                    Participation.label == one.label,
                    and_(
                        Participation.label.is_(None),
                        one.label.is_(None),
                        Participation.represented_id == one.represented_id,
                    ),
                ),
            ),
        ),
    )
    chosen = (
        select(Participation.id, func.max(ranked.c.number).label("number"))
        .join(one, same)
        .join(ranked, ranked.c.id == one.id)
        .where(ranked.c.rank <= OF_A_MEETING)
        .group_by(Participation.id)
        .subquery()
    )
    rows = session.execute(
        select(Participation, chosen.c.number)
        .join(chosen, chosen.c.id == Participation.id)
        .options(
            joinedload(Participation.person),
            joinedload(Participation.represented),
            joinedload(Participation.office),
        )
        .order_by(Participation.position, Participation.id)
        .limit(PAIRS * OF_A_MEETING * 2)
    )
    found: dict[int, list[Participation]] = defaultdict(list)
    more: Counter[int] = Counter()
    for part, number in rows:
        found[part.meeting_id].append(part)
        more[part.meeting_id] = max(0, number - OF_A_MEETING)
    return found, more


def _contradicted_by(claim: Any) -> Any:
    """Select the ids of the claims that a source contradicts."""
    return select(claim).where(
        Evidence.role == EvidenceRole.CONTRADICTS, claim.is_not(None)
    )


def _contest(
    meeting: MeetingItem,
    events: Sequence[StatusEvent],
    participants: Sequence[Participant],
    not_shown: int,
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
        not_shown=not_shown,
    )


def _contradicted(claim: StatusEvent | Participant) -> bool:
    return any(item.role == EvidenceRole.CONTRADICTS for item in claim.citations)
