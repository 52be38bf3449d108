"""Stances as rows to count, and the actors for whom they count.

A statement is a stance without its words: ids, codes and days, so that fifty thousand
of them can be read and counted while a page is waited for. What is shown in the end is
loaded as `queries.stances.StanceItem`, with its passages.

**Folding.** States act through people. A statement stands for a chain of actors, the
holder first, and counts for the last of them:

=============== ========================================================================
itself          the holder
represents      the state or body for which it spoke, where a coder recorded that
office          else, of a person: the body in whose office the record shows the person
                on a day that the statement's date may cover
body            the bodies to which those, or a holder that is a body, belong; up to
                the state
=============== ========================================================================

Nationality is never a reason. A recorded `represents` outranks an office. Offices that
lead to different states decide nothing: the statement stays with the person. An office
lasts from its recorded beginning, or else the first day on which a source shows it, to
its recorded end; without an end it lasts if its beginning is known, and else to the
last day on which a source shows it.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, cast, or_, select, true, type_coerce
from sqlalchemy.orm import Session, aliased

from errors import BadRequest, NotFound, quoted
from models import Actor, Office, Stance, StanceRelation, Tenure, Topic
from models.enums import ActorKind, StanceLink
from queries.refs import topic_ref
from queries.shapes import Ref

ENDS = (StanceLink.SUPERSEDES, StanceLink.RETRACTS)
"""The relations after which the other stance no longer stands."""


class Fold(StrEnum):
    """For whom a statement counts."""

    OFFICE = "office"
    REPRESENTED = "represented"
    NONE = "none"


FOLDS: dict[Fold, str] = {
    Fold.OFFICE: "A person’s stance counts for the state or body for which it was "
    "spoken and, where the record does not say for which, for the body whose office "
    "the person held on that day; a body’s counts for its state.",
    Fold.REPRESENTED: "A person’s stance counts for the state or body for which the "
    "record says it was spoken, and for no other reason; a body’s counts for its "
    "state.",
    Fold.NONE: "Each stance counts for its holder alone.",
}
"""What each way of folding means, in words for the page."""


class Reason(StrEnum):
    """Why a statement counts for an actor."""

    ITSELF = "itself"
    REPRESENTS = "represents"
    OFFICE = "office"
    BODY = "body"


class Statement(NamedTuple):
    """A stance as a row to count.

    Days are ISO 8601 text, which compares as dates do: making 200,000 dates of 50,000
    rows took longer than reading them.
    """

    id: int
    holder_id: int
    represents_id: int | None
    proposition_id: int | None
    position: str
    polarity: int | None
    earliest: str | None
    latest: str | None


def _text(column: Any) -> Any:
    return cast(column, String)


_COLUMNS = (
    Stance.id,
    Stance.holder_id,
    Stance.represents_id,
    Stance.proposition_id,
    type_coerce(Stance.position, String),
    Stance.polarity,
    _text(Stance.stated_earliest),
    _text(Stance.stated_latest),
)


def load_statements(
    session: Session, *conditions: ColumnElement[bool]
) -> Iterator[Statement]:
    """Load the statements that meet the conditions, in one SQL statement.

    The connection is asked, not the session, which would look for objects in each row:
    of 50,000 rows that is a third of the time.
    """
    statement = select(*_COLUMNS).where(*conditions).order_by(Stance.id)
    rows = session.connection().execute(statement).all()
    return map(Statement._make, rows)


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold off the garbage collector while many small rows are made.

    It would walk through all of them again and again, and find nothing: rows hold no
    cycles. On 50,000 statements that took half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def when_made(item: Statement) -> tuple[str, str, int]:
    """Order statements as they were made; what has no date comes first.

    By the last day on which they may have been stated, then the first, then as they
    were recorded.
    """
    return item.latest or item.earliest or "", item.earliest or "", item.id


def in_parts(ids: Sequence[int], size: int = 10_000) -> Iterator[Sequence[int]]:
    """Cut a list of ids so that no SQL statement has more values than it may have."""
    for at in range(0, len(ids), size):
        yield ids[at : at + size]


# When


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
        select(StanceRelation.other_id)
        .join(later, later.id == StanceRelation.stance_id)
        .where(StanceRelation.relation.in_(ENDS))
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
        raise NotFound(f"No topic is called {quoted(slug)}.")
    return topic_ref(topic)


def load_not_valid(session: Session, on: date) -> set[int]:
    """Load the ids of the stances that were held no longer, or not yet, on a day."""
    over = Stance.valid_to_latest < on
    to_come = Stance.valid_from_earliest > on
    return set(session.scalars(select(Stance.id).where(or_(over, to_come))))


# For whom


class Someone(NamedTuple):
    """An actor as a row to look up."""

    id: int
    slug: str
    name: str
    kind: ActorKind
    parent_id: int | None

    @property
    def ref(self) -> Ref:
        """A reference to the actor's page."""
        return Ref(kind="actor", slug=self.slug, label=self.name)


class Link(NamedTuple):
    """An actor for whom a statement stands, and why."""

    actor_id: int
    reason: Reason


class _Held(NamedTuple):
    """An office that a person held, from when to when."""

    body_id: int
    title: str
    since: str | None
    until: str | None

    def covers(self, item: Statement) -> bool:
        """Whether it may have been held when the statement was made."""
        first, last = item.earliest, item.latest
        begun = not (last and self.since) or last >= self.since
        going_on = not (first and self.until) or first <= self.until
        return begun and going_on and bool(first or last)


class Sides:
    """All actors and offices, to say for whom a statement counts.

    Loaded in two SQL statements; a record has few actors and many stances.
    """

    def __init__(self, session: Session, fold: Fold = Fold.OFFICE) -> None:
        self.fold = fold
        rows = session.execute(
            select(Actor.id, Actor.slug, Actor.name, Actor.kind, Actor.parent_id)
        )
        self.actors = {row[0]: Someone._make(row) for row in rows}
        self._known: dict[object, tuple[tuple[Link, ...], Link]] = {}
        self._offices: dict[int, list[_Held]] = {}
        if fold != Fold.OFFICE:
            return
        held = select(
            Tenure.person_id,
            Office.body_id,
            Office.title,
            _text(Tenure.since_earliest),
            _text(Tenure.until_latest),
            _text(Tenure.attested_earliest),
            _text(Tenure.attested_latest),
        ).join(Office, Office.id == Tenure.office_id)
        for person, body, title, since, until, shown, shown_last in session.execute(
            held.order_by(Tenure.id)
        ):
            first = since or shown
            last = until or (None if since else shown_last)
            if first or last:  # an office without any day shows nothing of any day
                self._offices.setdefault(person, []).append(
                    _Held(body, title, first, last)
                )

    def find(self, slug: str) -> Someone:
        """The actor of this slug.

        Raises:
            NotFound: there is none.
        """
        for actor in self.actors.values():
            if actor.slug == slug:
                return actor
        raise NotFound(f"No actor is called {quoted(slug)}.")

    def state_of(self, actor: Someone) -> Someone:
        """The state that an actor is, or is a body of; else the actor."""
        top = self.actors[self._top(actor.id)]
        return top if top.kind == ActorKind.STATE else actor

    def chain(self, item: Statement) -> tuple[Link, ...]:
        """The actors for whom a statement stands, the holder first, and why."""
        return self._look_up(item)[0]

    def _look_up(self, item: Statement) -> tuple[tuple[Link, ...], Link]:
        """The chain of a statement and the link that counts.

        Both depend on little: holder, whom it represents and, of an office holder, the
        offices of that day. So they are worked out once for each such case.
        """
        holder, represents = item.holder_id, item.represents_id
        bodies: tuple[int, ...] = ()
        if represents is None and (offices := self._offices.get(holder)):
            bodies = tuple([held.body_id for held in offices if held.covers(item)])
        key = (holder, represents, bodies)
        known = self._known.get(key)
        if known is None:
            chain = self._chain(holder, represents, bodies)
            known = self._known[key] = chain, self._counting(chain)
        return known

    def counts_for(self, item: Statement) -> Link:
        """The one actor for whom a statement counts: a state if its chain has one."""
        return self._look_up(item)[1]

    def _counting(self, chain: tuple[Link, ...]) -> Link:
        for link in chain:
            if self.actors[link.actor_id].kind == ActorKind.STATE:
                return link
        speaks = len(chain) > 1 and chain[1].reason != Reason.BODY
        return chain[1] if speaks else chain[0]

    def reason(self, item: Statement, actor_id: int) -> Reason | None:
        """Why a statement stands for this actor; None if it does not."""
        for link in self.chain(item):
            if link.actor_id == actor_id:
                return link.reason
        return None

    def office(self, item: Statement) -> str | None:
        """The title of the office that the holder held at the time, if one is known."""
        for held in self._offices.get(item.holder_id, ()):
            if held.covers(item):
                return held.title
        return None

    def may_speak_for(self, actor_id: int) -> set[int]:
        """The actors whose statements may stand for this one, itself included."""
        found = {actor_id}
        if self.fold == Fold.NONE:
            return found
        below: dict[int, list[int]] = {}
        for actor in self.actors.values():
            if actor.parent_id is not None:
                below.setdefault(actor.parent_id, []).append(actor.id)
        waiting = [actor_id]
        while waiting:
            for body in below.get(waiting.pop(), ()):
                if body not in found:
                    found.add(body)
                    waiting.append(body)
        if self.fold == Fold.OFFICE:
            found |= {
                person
                for person, offices in self._offices.items()
                if any(held.body_id in found for held in offices)
            }
        return found

    def _chain(
        self, holder: int, represents: int | None, bodies: tuple[int, ...]
    ) -> tuple[Link, ...]:
        chain = [Link(holder, Reason.ITSELF)]
        if self.fold == Fold.NONE:
            return tuple(chain)
        if represents is not None:
            chain.append(Link(represents, Reason.REPRESENTS))
        elif bodies and len({self._top(body) for body in bodies}) == 1:
            chain.append(Link(bodies[0], Reason.OFFICE))
        # What is left of the way up counts for the reason that led to its foot.
        reason = chain[1].reason if len(chain) > 1 else Reason.BODY
        seen = {link.actor_id for link in chain}
        above = self._above(chain[-1].actor_id)
        while above is not None and above not in seen:
            chain.append(Link(above, reason))
            seen.add(above)
            above = self._above(above)
        return tuple(chain)

    def _above(self, actor_id: int) -> int | None:
        actor = self.actors[actor_id]
        return None if actor.kind == ActorKind.STATE else actor.parent_id

    def _top(self, actor_id: int) -> int:
        while (above := self._above(actor_id)) is not None:
            actor_id = above
        return actor_id


@dataclass(frozen=True, kw_only=True)
class Folded:
    """How many stances count for somebody other than their holder, and why."""

    rule: str
    """For whom a stance counts, in a sentence."""
    total: int
    """How many stances are counted."""
    represents: int
    """How many count for the state or body for which they were recorded as spoken."""
    office: int
    """How many count for the body whose office the holder held on the day."""
    body: int
    """How many are a body's and count for its state."""


def folded(fold: Fold, reasons: Iterable[Reason]) -> Folded:
    """Say how many stances were folded, and why."""
    found = list(reasons)
    return Folded(
        rule=FOLDS[fold],
        total=len(found),
        represents=found.count(Reason.REPRESENTS),
        office=found.count(Reason.OFFICE),
        body=found.count(Reason.BODY),
    )
