"""Entries of feeds: meetings, changes of their status, stances, as they are recorded.

**Dates** come from the record, never from a clock, so that the same record gives the
same feed. An entry is as new as its source: the day on which the last source cited for
it was published; for a stance the day on which it was recorded, if that is known; where
neither is, when a load last changed something.

**Order** is the order of recording, the last first: a meeting of long ago that was
coded today is news to whoever follows the record.

**Identities** are made of the things' keys, not of addresses: they survive a move to
another host, and a reload.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Change, Meeting, MeetingStatusEvent, Stance
from queries.badges import firmness, status_badge
from queries.change_shapes import ChangeItem
from queries.changes import load_items as load_changes
from queries.evidence import cite, last_changed, said_by
from queries.meetings import MeetingItem, load_items, select_meetings
from queries.refs import written
from queries.search.page import SearchPage
from queries.shapes import Citation, address, identity
from queries.stances import StanceItem
from queries.stances import load_items as load_stances

ENTRIES = 50
"""How many entries a feed holds, the last recorded."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a feed."""

    id: str
    """Its identity, an URN."""
    title: str
    """What it is."""
    url: str
    """The path of the page on which it stands."""
    updated: datetime
    """How new it is, in UTC."""
    summary: str
    """A line or two, with the words of the source where they may be shown."""
    author: str | None = None
    """To whom it is attributed."""


def updated(session: Session) -> datetime:
    """When a load last changed something."""
    return (last_changed(session) or _NEVER).replace(microsecond=0)


def meeting_entries(session: Session, conditions: Sequence[Any]) -> list[Entry]:
    """Load the meetings recorded last."""
    newest = select_meetings().where(*conditions).order_by(Meeting.id.desc())
    items = load_items(session, newest.limit(ENTRIES))
    rows = session.execute(
        select(Meeting.slug, Meeting.id).where(
            Meeting.slug.in_([item.slug for item in items])
        )
    )
    ids = {slug: id_ for slug, id_ in rows}
    cited = cite(session, {"meeting": list(ids.values())})
    since = updated(session)
    return [_meeting(item, cited["meeting", ids[item.slug]], since) for item in items]


def change_entries(session: Session, conditions: Sequence[Any]) -> list[Entry]:
    """Load the changes of the record made last."""
    newest = select(Change).where(*conditions).order_by(Change.id.desc())
    return [_change(item) for item in load_changes(session, newest.limit(ENTRIES))]


def _change(item: ChangeItem) -> Entry:
    records = [f"{each.kind} {each.slug}" for each in item.records]
    if more := item.total - len(records):
        records.append(f"{more:,} more")
    return Entry(
        id=identity("change", f"{item.number}/{item.at.isoformat()}").urn,
        title=f"{item.verb}: {item.summary}",
        url=item.url,
        updated=item.at,
        summary="\n".join(filter(None, [item.message, ", ".join(records)])),
        author=item.author,
    )


def _meeting(
    item: MeetingItem, citations: Sequence[Citation], since: datetime
) -> Entry:
    where = ", ".join(filter(None, [item.venue, item.city]))
    return _entry(
        "meeting",
        item.slug,
        f"{item.title} ({item.badge.word})",
        item.url,
        _latest(citations) or since,
        [str(item.date), where, item.named],
        item.status_said_by,
    )


def status_entries(session: Session, conditions: Sequence[Any]) -> list[Entry]:
    """Load the changes of meetings' status recorded last."""
    chosen = select_meetings().where(*conditions).with_only_columns(Meeting.id)
    newest = (
        select(MeetingStatusEvent)
        .where(MeetingStatusEvent.meeting_id.in_(chosen))
        .options(joinedload(MeetingStatusEvent.meeting))
        .order_by(MeetingStatusEvent.id.desc())
        .limit(ENTRIES)
    )
    events = session.scalars(newest).all()
    cited = cite(session, {"status_event": [event.id for event in events]})
    since = updated(session)
    return [_status(event, cited["status_event", event.id], since) for event in events]


def _status(
    event: MeetingStatusEvent, citations: Sequence[Citation], since: datetime
) -> Entry:
    badge = status_badge(event.status, firmness(citations))
    when, whose = written(event, "date"), said_by(citations)
    return _entry(
        "status_event",
        f"{event.meeting.slug}/{event.key}",
        f"{event.meeting.title}: {badge.word}",
        f"{address('meeting', event.meeting.slug)}#status",
        _latest(citations) or since,
        [
            f"{badge.word.capitalize()}{f', {when}' if when.known else ''}",
            f"According to {whose}" if whose else "",
            _quote(citations),
        ],
        whose,
    )


def stance_entries(session: Session, conditions: Sequence[Any]) -> list[Entry]:
    """Load the stances recorded last."""
    newest = select(Stance).where(*conditions).order_by(Stance.id.desc())
    items = load_stances(session, newest.limit(ENTRIES))
    rows = session.execute(
        select(Stance.slug, Stance.recorded_at).where(
            Stance.slug.in_([item.slug for item in items])
        )
    )
    recorded = {slug: day for slug, day in rows}
    since = updated(session)
    return [_stance(item, recorded[item.slug], since) for item in items]


def _stance(item: StanceItem, recorded: date | None, since: datetime) -> Entry:
    spoken_for = f" for {item.represents.label}" if item.represents else ""
    return _entry(
        "stance",
        item.slug,
        f"{item.holder.label}{spoken_for}: {item.badge.word}: {item.target.label}",
        item.url,
        (_at(recorded) if recorded else _latest(item.citations)) or since,
        [
            f"Stated {item.stated}" if item.stated.known else "",
            f"Attributed to {item.said_by}" if item.said_by else "",
            _quote(item.citations),
        ],
        item.said_by,
    )


def search_entries(session: Session, found: SearchPage) -> list[Entry]:
    """Make entries of what a search has found."""
    since = updated(session)
    entries = []
    for hit in found.hits:
        day = hit.date.latest or hit.date.earliest
        snippet = "".join(piece.text for piece in hit.snippet)
        when = _at(day) if day else since
        entries.append(
            _entry(hit.kind, hit.slug, hit.title, hit.url, when, [snippet], None)
        )
    return entries


def _entry(
    kind: str,
    key: str,
    title: str,
    url: str,
    when: datetime,
    parts: Sequence[str],
    author: str | None,
) -> Entry:
    return Entry(
        id=identity(kind, key).urn,
        title=title,
        url=url,
        updated=when,
        summary=". ".join(part for part in parts if part),
        author=author or None,
    )


def _quote(citations: Sequence[Citation]) -> str:
    words = next((item.quote for item in citations if item.quote), None)
    return f"“{words}”" if words else ""


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _latest(citations: Sequence[Citation]) -> datetime | None:
    days = [item.published.latest for item in citations if item.published.latest]
    return _at(max(days)) if days else None
