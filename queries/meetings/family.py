"""The meetings beside one: what it belongs to, what belongs to it, its series."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Meeting
from queries.meetings.items import load_items
from queries.meetings.shapes import MeetingItem
from queries.meetings.status import select_meetings

RELATIVES = 12
"""How many are shown, the meeting itself among them."""


def load_family(session: Session, slug: str) -> tuple[MeetingItem, ...]:
    """Load a meeting among its relatives, by their days; () where it has none.

    Relatives are its parent, the other meetings of that parent, its own children, and
    the meetings of its series. Of many those nearest in time before and after it are
    shown, for each side half.
    """
    one = session.scalars(select(Meeting).where(Meeting.slug == slug)).one_or_none()
    if one is None:
        return ()
    related = [Meeting.parent_id == one.id]
    if one.parent_id:
        related += [Meeting.id == one.parent_id, Meeting.parent_id == one.parent_id]
    if one.series:
        related.append(Meeting.series == one.series)
    day = func.coalesce(Meeting.earliest, Meeting.latest)
    here = one.earliest or one.latest
    chosen = select_meetings().where(or_(*related), Meeting.id != one.id)
    half = RELATIVES // 2
    before: tuple[MeetingItem, ...] = ()
    after: tuple[MeetingItem, ...] = ()
    rest = chosen
    if here is not None:
        earlier = chosen.where(day < here).order_by(day.desc(), Meeting.slug)
        before = load_items(session, earlier.limit(half))
        later = chosen.where(day >= here).order_by(day, Meeting.slug)
        after = load_items(session, later.limit(RELATIVES - 1 - len(before)))
        rest = chosen.where(day.is_(None))
    rest = rest.order_by(day.is_(None), day, Meeting.slug)
    undated = load_items(session, rest.limit(RELATIVES - 1 - len(before) - len(after)))
    if not (before or after or undated):
        return ()
    itself = load_items(session, select_meetings().where(Meeting.id == one.id))
    return (*before[::-1], *itself, *after, *undated)
