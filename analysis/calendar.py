"""Meetings by month, and those that a calendar can show.

A calendar wants days, and the record often knows a week or a month. So a meeting whose
day is not known never stands on a day of the month's grid: it stands beside the grid
with its date in words.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models import Meeting
from models.date_words import read_date
from queries.meetings import MeetingItem, load_items, select_meetings
from queries.parameters import Takes

MOST_EVENTS = 2_000
"""Events in one subscription: calendars refuse files of more than about a megabyte."""
MOST_IN_A_MONTH = 500


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


def _first_day(text: str) -> date:
    found = read_date(text, date.today()).date
    first, last = found.earliest, found.latest
    if not first or not last or first.replace(day=1) != last.replace(day=1):
        raise ValueError
    return first.replace(day=1)


A_MONTH = Takes(
    expected="a month such as 2022-07 or July 2022",
    read=_first_day,
    schema={"type": "string", "pattern": "^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$"},
)
"""A month, read as its first day."""


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


def opening_month(session: Session, today: date) -> date:
    """The month that a calendar opens on, as its first day.

    This month if it may have a meeting, else the last month before that has one, else
    the first month after; this month where no meeting has a date.
    """
    first = today.replace(day=1)
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    begins = func.coalesce(Meeting.earliest, Meeting.latest)
    ends = func.coalesce(Meeting.latest, Meeting.earliest)
    if session.scalar(select(Meeting.id).where(begins <= last, ends >= first).limit(1)):
        return first
    before = session.scalar(select(func.max(ends)).where(ends < first))
    after = session.scalar(select(func.min(begins)).where(begins > last))
    return _day(before or after or first).replace(day=1)


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


def load_dated(session: Session, *conditions: Any) -> tuple[MeetingItem, ...]:
    """Load the meetings that a calendar can show, the latest first, up to a limit."""
    dated = or_(Meeting.earliest.is_not(None), Meeting.latest.is_not(None))
    day = func.coalesce(Meeting.latest, Meeting.earliest)
    statement = select_meetings().where(dated, *conditions)
    return load_items(
        session, statement.order_by(day.desc(), Meeting.slug).limit(MOST_EVENTS)
    )
