"""Meetings whose status or attendance is contested."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from analysis.contested.propositions import PAIRS
from analysis.contested.shapes import ContestedAttendance, ContestedMeeting
from models import Evidence, Meeting, MeetingStatusEvent, Participation
from models.enums import EvidenceRole, MeetingStatus, Presence
from queries.evidence import cite
from queries.meetings import (
    MeetingItem,
    Participant,
    StatusEvent,
    read_participants,
    read_status_events,
    select_meetings,
)
from queries.meetings import load_items as load_meetings


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
