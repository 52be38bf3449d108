"""One meeting, with a page of what is recorded about it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from errors import NotFound
from models import (
    AgendaItem,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Stance,
)
from queries.evidence import basis_of, cite
from queries.filters import count
from queries.known import check_slug, not_recorded
from queries.meetings.items import load_items
from queries.meetings.parts import (
    read_agenda,
    read_outcomes,
    read_participants,
    read_status_events,
)
from queries.meetings.shapes import MeetingDetail
from queries.meetings.status import select_meetings
from queries.passages import passages_of
from queries.shapes import field_values
from queries.stances import load_items as load_stances
from wording import counted, quoted

ON_A_PAGE = 100
"""How many participants, items, outcomes and changes of status a page holds."""
SHORT_LIST = 50
"""How many stances, and meetings that belong to it, a meeting's own page shows."""


def load_meeting(
    session: Session, slug: str, as_known_on: date | None = None, page: int = 1
) -> MeetingDetail:
    """Load a meeting with what is recorded about it.

    Args:
        session: an open session.
        slug: the meeting.
        as_known_on: show the status as it was known on this day.
        page: which page of its participants, agenda, outcomes and changes of status,
            from 1.

    Raises:
        NotFound: there is no such meeting, or it has no such page.
    """
    check_slug(session, "meeting", slug)
    chosen = select_meetings(as_known_on)
    items = load_items(session, chosen.where(Meeting.slug == slug))
    if not items:
        raise not_recorded(session, slug, "meeting")
    meeting_id = session.scalars(select(Meeting.id).where(Meeting.slug == slug)).one()
    totals = _totals(session, meeting_id)
    pages = max(1, -(-max(totals.values()) // ON_A_PAGE))
    if page > pages:
        many = counted(pages, "page")
        raise NotFound(f"The meeting {quoted(slug)} has {many}.")
    events = _part(session, MeetingStatusEvent, meeting_id, page)
    parts = _part(session, Participation, meeting_id, page)
    agenda = _part(session, AgendaItem, meeting_id, page)
    outcomes = _part(session, Outcome, meeting_id, page)
    claims = {
        "meeting": [meeting_id],
        "status_event": [event.id for event in events],
        "participation": [part.id for part in parts],
        "agenda_item": [entry.id for entry in agenda],
        "outcome": [outcome.id for outcome in outcomes],
    }
    citations = cite(session, claims)
    at_it = select(Stance).where(Stance.meeting_id == meeting_id)
    taken = at_it.order_by(Stance.stated_earliest, Stance.slug).limit(SHORT_LIST)
    stances = load_stances(session, taken)
    shown = [item for found in citations.values() for item in found]
    shown += [item for stance in stances for item in stance.citations]
    children = chosen.where(Meeting.parent_id == meeting_id)
    cited = or_(
        *(getattr(Evidence, f"{kind}_id").in_(ids) for kind, ids in claims.items()),
        Evidence.stance_id.in_(
            select(Stance.id).where(Stance.slug.in_([one.slug for one in stances]))
        ),
    )
    passages, total_passages = passages_of(session, cited)
    return MeetingDetail(
        **field_values(items[0]),
        citations=citations["meeting", meeting_id],
        status_events=read_status_events(events, citations),
        participants=read_participants(parts, citations),
        agenda=read_agenda(agenda, citations),
        outcomes=read_outcomes(outcomes, citations),
        page=page,
        pages=pages,
        total_participants=totals["participation"],
        children=load_items(
            session,
            children.order_by(Meeting.earliest, Meeting.slug).limit(SHORT_LIST),
        ),
        total_children=count(session, children, Meeting.id),
        stances=stances,
        total_stances=count(session, at_it, Stance.id),
        passages=passages,
        total_passages=total_passages,
        basis=basis_of(session, shown),
    )


_PARTS: dict[Any, tuple[ExecutableOption, ...]] = {
    MeetingStatusEvent: (),
    Participation: (
        joinedload(Participation.person),
        joinedload(Participation.represented),
        joinedload(Participation.office),
    ),
    AgendaItem: (joinedload(AgendaItem.topic), joinedload(AgendaItem.side)),
    Outcome: (),
}
"""The parts of a meeting that are paged, with what each is shown with."""


def _totals(session: Session, meeting_id: int) -> dict[str, int]:
    numbers = (
        select(func.count())
        .where(kind.meeting_id == meeting_id)
        .scalar_subquery()
        .label(kind.__tablename__)
        for kind in _PARTS
    )
    return dict(session.execute(select(*numbers)).one()._mapping)


def _part(session: Session, kind: Any, meeting_id: int, page: int) -> Sequence[Any]:
    """One page of a part of a meeting, in the order of the record."""
    statement = select(kind).where(kind.meeting_id == meeting_id)
    return session.scalars(
        statement.options(*_PARTS[kind])
        .order_by(kind.position, kind.id)
        .offset((page - 1) * ON_A_PAGE)
        .limit(ON_A_PAGE)
    ).all()
