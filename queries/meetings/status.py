"""Which of its events tells a meeting's status, as known today or on a day."""

from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from models import Evidence, Meeting, MeetingStatusEvent, Source, SourceText
from models.enums import MeetingStatus, Phase
from queries.filters import Rows

_ENDED = MeetingStatus.of(Phase.ENDED)
STATUS = case(
    *((MeetingStatusEvent.status == one, one.implied) for one in _ENDED),
    else_=MeetingStatusEvent.status,
)
"""The status of a meeting that `select_meetings` finds, as SQL: the one that the event
that tells it implies. In Python it is `event.status.implied`."""


def _known_since(event: Any) -> Any:
    """The day on which the first source that reports a status event was out."""
    return (
        select(func.min(Source.published_latest))
        .join(SourceText, SourceText.source_id == Source.id)
        .join(Evidence, Evidence.source_text_id == SourceText.id)
        .where(Evidence.status_event_id == event.id)
        .correlate(event)
        .scalar_subquery()
    )


def select_meetings(as_known_on: date | None = None) -> Rows:
    """Select meetings with the status event that tells their status, and how it ended.

    That is the event with the latest effective day, as in the view `meetings`; an event
    without a date counts from the day on which it was known. One that says how a
    meeting ended tells its status only where there is no other (`STATUS`); it is the
    third column, the status of the latest such event or None. `as_known_on` leaves out
    the events that no source had reported by then.
    """
    chosen = MeetingStatusEvent.id == _latest_event(as_known_on).scalar_subquery()
    ended = _latest_event(as_known_on, ended=True)
    how = ended.scalar_subquery().label("ended")
    columns = select(Meeting, MeetingStatusEvent, how).select_from(Meeting)
    return columns.outerjoin(MeetingStatusEvent, chosen)


def _latest_event(as_known_on: date | None, ended: bool = False) -> Any:
    """The event that tells a meeting's status, by id; or the status that ended it."""
    event = aliased(MeetingStatusEvent)
    known = _known_since(event)
    effective = func.coalesce(event.latest, event.earliest)
    day = func.coalesce(effective, known)
    latest = (
        select(event.status if ended else event.id)
        .where(event.meeting_id == Meeting.id)
        .order_by(
            case((event.status.in_(_ENDED), 1), else_=0),
            case((day.is_(None), 1), else_=0),
            day.desc(),
            case((known.is_(None), 1), else_=0),
            known.desc(),
            event.position.desc(),
        )
        .limit(1)
        .correlate(Meeting)
    )
    if as_known_on is not None:
        latest = latest.where(known <= as_known_on)
    return latest.where(event.status.in_(_ENDED)) if ended else latest
