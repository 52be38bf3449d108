"""The days that a question is about, and what stood on them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, aliased

from errors import BadRequest
from models import Stance, Topic
from models.enums import StanceLink
from queries.known import not_recorded
from queries.refs import topic_ref
from queries.shapes import Ref
from queries.stances import LINKS

ENDS = (StanceLink.SUPERSEDES, StanceLink.RETRACTS)
"""The relations after which the other stance is superseded."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days that a question is about; an open side is None."""

    since: date | None = None
    """The first day."""
    until: date | None = None
    """The last day."""

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise BadRequest(
                f"to is {self.until.isoformat()}, which is before from, "
                f"{self.since.isoformat()}.",
                field="to",
                position=0,
            )

    @property
    def open(self) -> bool:
        """Whether it leaves nothing out."""
        return self.since is None and self.until is None

    def touches(self) -> ColumnElement[bool]:
        """True of stances that may have been stated in it, as in the lists' filters.

        What has no date at all is in an open period only.
        """
        if self.open:
            return true()
        first, last = Stance.stated_earliest, Stance.stated_latest
        condition = or_(first.is_not(None), last.is_not(None))
        if self.since is not None:
            condition &= or_(last.is_(None), last >= self.since)
        if self.until is not None:
            condition &= or_(first.is_(None), first <= self.until)
        return condition


def load_ends(session: Session, until: date | None = None) -> set[int]:
    """Load the ids of the stances that no longer stand.

    Args:
        session: an open session.
        until: leave out what only later stances ended, so that a record as of a day
            knows nothing of the next.
    """
    later = aliased(Stance)
    statement = (
        select(LINKS.c.other_id)
        .join(later, later.id == LINKS.c.stance_id)
        .where(LINKS.c.relation.in_(ENDS))
    )
    if until is not None:
        first = later.stated_earliest
        statement = statement.where(or_(first.is_(None), first <= until))
    return set(session.scalars(statement))


def find_topic(session: Session, slug: str) -> Ref:
    """The topic of this slug.

    Raises:
        NotFound: there is none.
    """
    topic = session.scalar(select(Topic).where(Topic.slug == slug))
    if topic is None:
        raise not_recorded(session, slug, "topic")
    return topic_ref(topic)


def load_not_valid(session: Session, on: date) -> set[int]:
    """Load the ids of the stances that were held no longer, or not yet, on a day."""
    over = Stance.valid_to_latest < on
    to_come = Stance.valid_from_earliest > on
    return set(session.scalars(select(Stance.id).where(or_(over, to_come))))
