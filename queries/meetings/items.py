"""Meetings as lists show them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, joinedload

from models import Meeting, MeetingStatusEvent, Participation
from models.dates import parse_edtf
from models.enums import MeetingStatus
from queries.badges import firmness, status_badge
from queries.evidence import Citations, cite, participant_name, said_by
from queries.filters import Listing, Rows, run
from queries.meetings.filters import MEETINGS
from queries.meetings.shapes import MeetingItem
from queries.meetings.status import select_meetings
from queries.refs import actor_ref, maybe, meeting_ref, written
from queries.shapes import Page


def find_meetings(
    session: Session, listing: Listing | None = None
) -> Page[MeetingItem]:
    """Load one page of the meetings."""
    listing = listing or Listing()
    days = [parse_edtf(text) for text in listing.values.get("as_known_on", ())]
    statement = select_meetings(days[-1].latest if days else None)
    return run(session, MEETINGS, statement, listing, load_items)


def load_items(session: Session, statement: Rows) -> tuple[MeetingItem, ...]:
    """Load the meetings that a select finds, in its order, in four statements.

    The select is made from `select_meetings`.
    """
    rows = session.execute(statement.options(*_WITH)).all()
    events = [event.id for _, event, _ in rows if event is not None]
    citations = cite(session, {"status_event": events})
    who = _who(session, [meeting.id for meeting, _, _ in rows])
    return tuple(
        _item(meeting, event, ended, citations, who[meeting.id])
        for meeting, event, ended in rows
    )


NAMED = 12
"""How many participants a list names of each meeting."""


@dataclass
class _Who:
    """The participants that a list names, and how many more there are."""

    names: list[str] = field(default_factory=list)
    more: int = 0


def rank_participations(meetings: Sequence[int], *conditions: Any) -> Subquery:
    """Number the participations of each meeting that meet some conditions.

    Returns:
        their `id`, their `rank` from 1, and the `number` that their meeting has.
    """
    meeting = Participation.meeting_id
    place = func.row_number().over(
        partition_by=meeting, order_by=(Participation.position, Participation.id)
    )
    return (
        select(
            Participation.id,
            place.label("rank"),
            func.count().over(partition_by=meeting).label("number"),
        )
        .where(meeting.in_(meetings), *conditions)
        .subquery()
    )


def _who(session: Session, meetings: Sequence[int]) -> Mapping[int, _Who]:
    found: defaultdict[int, _Who] = defaultdict(_Who)
    if not meetings:
        return found
    ranked = rank_participations(meetings)
    statement = (
        select(Participation, ranked.c.number)
        .join(ranked, ranked.c.id == Participation.id)
        .where(ranked.c.rank <= NAMED)
        .options(
            joinedload(Participation.person), joinedload(Participation.represented)
        )
        .order_by(Participation.meeting_id, ranked.c.rank)
    )
    for part, number in session.execute(statement):
        who = found[part.meeting_id]
        who.names.append(participant_name(part))
        who.more = max(0, number - NAMED)
    return found


_WITH = (joinedload(Meeting.country), joinedload(Meeting.parent))


def _item(
    meeting: Meeting,
    event: MeetingStatusEvent | None,
    ended: MeetingStatus | None,
    citations: Citations,
    who: _Who,
) -> MeetingItem:
    found = citations["status_event", event.id] if event else ()
    status = event.status.implied if event else None
    return MeetingItem(
        slug=meeting.slug,
        title=meeting.title,
        kind=meeting.kind,
        format=meeting.format,
        medium=meeting.medium,
        level=meeting.level,
        status=status,
        badge=status_badge(status, firmness(found), ended),
        ended=ended,
        status_said_by=said_by(found),
        date=written(meeting, "date"),
        several=meeting.several,
        venue=meeting.venue,
        city=meeting.city,
        country=maybe(actor_ref, meeting.country),
        parent=maybe(meeting_ref, meeting.parent),
        relation=meeting.relation,
        series=meeting.series,
        who=tuple(who.names),
        more=who.more,
    )
