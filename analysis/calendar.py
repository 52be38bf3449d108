"""Meetings by month, and as a calendar that other programs subscribe to.

A calendar wants days, and the record often knows a week or a month. So a meeting whose
day is not known never stands on a day of the month's grid: it stands beside the grid
with its date in words, and in iCalendar it is an all-day span over the days that it may
be on, marked tentative.
"""

import calendar
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from errors import BadRequest
from models import Meeting
from models.enums import MeetingStatus
from queries.evidence import last_changed
from queries.filters import refused
from queries.meetings import MeetingItem, load_items, select_meetings

MOST_EVENTS = 2_000
"""Events in one subscription: calendars refuse files of more than about a megabyte."""
MOST_IN_A_MONTH = 500

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the month's grid."""

    day: date
    """The day."""
    in_month: bool
    """Whether it belongs to the month that is shown."""
    meetings: tuple[MeetingItem, ...]
    """The meetings on this very day."""


@dataclass(frozen=True, kw_only=True)
class Month:
    """The meetings of a month."""

    month: str
    """The month, as 2022-07."""
    title: str
    """The month in words."""
    weeks: tuple[tuple[Day, ...], ...]
    """Its weeks, from Monday."""
    loose: tuple[MeetingItem, ...]
    """The meetings that may fall into the month, but whose day is not known."""
    total: int
    """How many meetings there are in the month, or possibly in it."""
    before: str | None
    """The nearest earlier month with a meeting."""
    after: str | None
    """The nearest later month with a meeting."""
    undated: int
    """How many meetings no calendar can show, because nothing is known of the date."""


def read_month(text: str) -> date:
    """Read a month such as 2022-07.

    Raises:
        BadRequest: it is no month.
    """
    found = _MONTH.fullmatch(text)
    if not found or found[1] == "0000":
        raise refused("month", text, "a month such as 2022-07")
    return date(int(found[1]), int(found[2]), 1)


def load_month(session: Session, first: date) -> Month:
    """Load the meetings of the month that begins on a day."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    # An open side gives no month: such a meeting is shown where its known side is.
    begins = func.coalesce(Meeting.earliest, Meeting.latest)
    ends = func.coalesce(Meeting.latest, Meeting.earliest)
    found = load_items(
        session,
        select_meetings()
        .where(begins <= last, ends >= first)
        .order_by(begins, Meeting.slug)
        .limit(MOST_IN_A_MONTH),
    )
    total = session.scalar(
        select(func.count(Meeting.id)).where(begins <= last, ends >= first)
    )
    exact = [item for item in found if item.date.earliest == item.date.latest]
    before = session.scalar(select(func.max(ends)).where(ends < first))
    after = session.scalar(select(func.min(begins)).where(begins > last))
    undated = session.scalar(
        select(func.count(Meeting.id)).where(
            and_(Meeting.earliest.is_(None), Meeting.latest.is_(None))
        )
    )
    return Month(
        month=_month(first),
        title=f"{calendar.month_name[first.month]} {first.year}",
        weeks=tuple(_weeks(first, exact)),
        loose=tuple(item for item in found if item not in exact),
        total=total or 0,
        before=_month(_day(before)) if before else None,
        after=_month(_day(after)) if after else None,
        undated=undated or 0,
    )


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _weeks(first: date, items: Sequence[MeetingItem]) -> Iterable[tuple[Day, ...]]:
    on: dict[date, list[MeetingItem]] = {}
    for item in items:
        if item.date.earliest:
            on.setdefault(item.date.earliest, []).append(item)
    for week in calendar.Calendar().monthdayscalendar(first.year, first.month):
        # Days of the months around are left empty: year 1 has no month before it.
        yield tuple(
            Day(
                day=first.replace(day=number or 1),
                in_month=bool(number),
                meetings=tuple(on.get(first.replace(day=number), ())) if number else (),
            )
            for number in week
        )


# iCalendar


_STATUSES = {
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.UNDER_WAY: "CONFIRMED",
    MeetingStatus.ANNOUNCED: "CONFIRMED",
    MeetingStatus.EXPECTED: "TENTATIVE",
    MeetingStatus.STALLED: "TENTATIVE",
    MeetingStatus.POSTPONED: "CANCELLED",  # it will not be on these days
    MeetingStatus.CANCELLED: "CANCELLED",
    MeetingStatus.DENIED: "CANCELLED",
}


def uid(kind: str, key: str) -> uuid.UUID:
    """Return the identity of a thing for feeds and calendars.

    Made of its kind and key alone, so that it is the same on every installation and
    after every reload.
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, f"dragoman:{kind}:{key}")


def load_dated(session: Session, *conditions: Any) -> tuple[MeetingItem, ...]:
    """Load the meetings that a calendar can show, the latest first, up to a limit."""
    dated = or_(Meeting.earliest.is_not(None), Meeting.latest.is_not(None))
    day = func.coalesce(Meeting.latest, Meeting.earliest)
    statement = select_meetings().where(dated, *conditions)
    return load_items(
        session, statement.order_by(day.desc(), Meeting.slug).limit(MOST_EVENTS)
    )


def as_icalendar(
    session: Session, items: Iterable[MeetingItem], root: str, name: str
) -> bytes:
    """Write meetings as iCalendar (RFC 5545); `root` is the site's address.

    The stamp of every event is when the record last changed: no clock, so that the
    same record gives the same bytes.
    """
    from icalendar import Calendar

    stamp = (last_changed(session) or _NEVER).replace(microsecond=0)
    made = Calendar()
    made.add("prodid", "-//Dragoman//Dragoman//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", _clean(name))
    made.add("x-wr-calname", _clean(name))
    for item in items:
        made.add_component(_event(item, stamp, root.rstrip("/")))
    return bytes(made.to_ical())


def _event(item: MeetingItem, stamp: datetime, root: str) -> Any:
    from icalendar import Event

    start = item.date.earliest or item.date.latest
    end = item.date.latest or item.date.earliest
    if start is None or end is None:
        raise BadRequest("A meeting without a date fits no calendar.")
    exact = item.date.earliest == item.date.latest
    status = _STATUSES.get(item.status, "TENTATIVE") if item.status else "TENTATIVE"
    if not exact and status == "CONFIRMED":
        status = "TENTATIVE"
    event = Event()
    event.add("uid", str(uid("meeting", item.slug)))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("summary", _clean(_summary(item, exact)))
    event.add("dtstart", start)
    # The end is the day after the last; the last day of all has none.
    if end < date.max:
        event.add("dtend", end + timedelta(days=1))
    event.add("status", status)
    event.add("transp", "TRANSPARENT")  # somebody else's meeting takes nobody's time
    event.add("url", f"{root}{item.url}")
    event.add("description", _clean(_description(item, exact)))
    place = [item.venue, item.city, item.country.label if item.country else None]
    if any(place):
        event.add("location", _clean(", ".join(part for part in place if part)))
    event.add("categories", [item.kind.value, item.format.value])
    if item.parent:
        event.add("related-to", str(uid("meeting", item.parent.slug)))
    return event


def _summary(item: MeetingItem, exact: bool) -> str:
    doubts = [] if item.badge.kind == "held" else [item.badge.word]
    if not exact:
        doubts.append("day not known")
    return f"{item.title} ({', '.join(doubts)})" if doubts else item.title


def _description(item: MeetingItem, exact: bool) -> str:
    whose = f", according to {item.status_said_by}" if item.status_said_by else ""
    lines = [f"Status: {item.badge.word}{whose}.", f"Date: {item.date}."]
    if not exact:
        lines.append("The day is not known; the event covers all that are possible.")
    if item.who:
        lines.append(f"Who: {', '.join(item.who)}.")
    return "\n".join(lines)


def _clean(text: str) -> str:
    """Leave out control characters, which no calendar may hold; keep line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
