"""Meetings as a calendar that other programs subscribe to (iCalendar, RFC 5545).

A meeting whose day is not known is an all-day span over the days that it may be on,
marked tentative.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from errors import BadRequest
from models.enums import MeetingStatus, Phase
from queries.meetings import MeetingItem
from queries.shapes import identity
from wording import clean

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

STATUSES = {
    Phase.HAPPENED: "CONFIRMED",
    Phase.ENDED: "CONFIRMED",
    Phase.PLANNED: "TENTATIVE",
    Phase.OFF: "CANCELLED",  # it will not be, or was not, on these days
    Phase.UNKNOWN: "TENTATIVE",
}


def as_icalendar(
    items: Iterable[MeetingItem], root: str, name: str, changed: datetime | None
) -> bytes:
    """Write meetings as iCalendar; `root` is the site's address.

    The stamp of every event is when the record last changed: no clock, so that the
    same record gives the same bytes.
    """
    from icalendar import Calendar

    stamp = (changed or _NEVER).replace(microsecond=0)
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
    status = STATUSES[item.status.phase if item.status else Phase.UNKNOWN]
    if item.status is MeetingStatus.ANNOUNCED:  # a side has committed itself
        status = "CONFIRMED"
    if not exact and status == "CONFIRMED":
        status = "TENTATIVE"
    event = Event()
    event.add("uid", str(identity("meeting", item.slug)))
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
        event.add("related-to", str(identity("meeting", item.parent.slug)))
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
        lines.append(f"Who: {item.named}.")
    return "\n".join(lines)


def _clean(text: str) -> str:
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))
