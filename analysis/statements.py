"""Stances as rows to count, and the actors for whom they count.

A statement is a stance without its words: ids, codes and days. They are kept as
columns, arrays of numpy, so that fifty thousand of them can be read and counted while a
page is waited for: a row as an object costs more than all that is done with it. What is
shown in the end is loaded as `queries.stances.StanceItem`, with its passages.

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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, String, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from errors import BadRequest, NotFound, quoted
from models import (
    POLARITIES,
    Actor,
    Office,
    Stance,
    Tenure,
    Topic,
)
from models.enums import ActorKind, StanceLink
from queries.badges import POSITION_ORDER
from queries.refs import topic_ref
from queries.shapes import Ref
from queries.stances import LINKS

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


REASONS = tuple(Reason)
ITSELF, REPRESENTS, OFFICE, BODY = range(len(REASONS))
"""Reasons as numbers."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]


def _text(column: Any) -> Any:
    return cast(column, String)


EARLIEST, LATEST = "0000-01-01", "9999-12-31"
"""What stands for an open side of a date."""
CODES: dict[str, int] = {position: code for code, position in enumerate(POSITION_ORDER)}
"""Positions as numbers, from for to unclear."""
SIDED = np.array([position in POLARITIES for position in POSITION_ORDER])
"""Which of them have a polarity."""


@dataclass(frozen=True)
class Columns:
    """Rows as arrays of the same length, one for each field."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def at(self, chosen: Bools | Ints | slice) -> Self:
        """Those for which a mask is true, or those at these places."""
        return type(self)(*(getattr(self, part.name)[chosen] for part in fields(self)))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, as Python has them."""
        columns = (getattr(self, part.name).tolist() for part in fields(self))
        return zip(*columns, strict=True)

    @classmethod
    def joined(cls, found: Sequence[Self]) -> Self:
        """The rows of several, one after the other."""
        return cls(
            *(
                np.concatenate([getattr(one, part.name) for one in found])
                for part in fields(cls)
            )
        )


@dataclass(frozen=True)
class Statements(Columns):
    """Stances to count: a row of each array is one of them."""

    id: Ints
    holder: Ints
    represents: Ints
    """The actor for whom it was spoken; 0 if none is recorded."""
    proposition: Ints
    """0 if it is about an actor."""
    position: Ints
    """A number of `CODES`."""
    polarity: Ints
    """0 if the position has none."""
    first: Days
    last: Days

    @classmethod
    def spoken(
        cls, rows: Iterable[tuple[int, int, str | None, str | None]]
    ) -> "Statements":
        """What somebody did for somebody from a first day to a last, a stance or not.

        Args:
            rows: the actor; for whom, 0 for itself; the days.
        """
        found = list(rows)
        nothing = np.zeros(len(found), np.int64)
        return cls(
            id=nothing,
            holder=np.array([row[0] for row in found], np.int64),
            represents=np.array([row[1] for row in found], np.int64),
            proposition=nothing,
            position=nothing,
            polarity=nothing,
            first=np.array([row[2] or EARLIEST for row in found], "M8[D]"),
            last=np.array([row[3] or LATEST for row in found], "M8[D]"),
        )

    @property
    def sided(self) -> Bools:
        """Which of them have a polarity."""
        return SIDED[self.position]

    @property
    def dated(self) -> Bools:
        """Which of them have a date, be it open on one side."""
        return (self.first > _day(EARLIEST)) | (self.last < _day(LATEST))

    @property
    def made(self) -> Days:
        """The last day on which each may have been stated, else the first."""
        return np.where(self.last < _day(LATEST), self.last, self.first)

    def in_order(self, *before: NDArray[Any]) -> Ints:
        """The places of the statements as they were made; what has no date is first.

        By the last day on which they may have been stated, then the first, then as they
        were recorded. Columns given stand before that, the first of them first.
        """
        return np.lexsort((self.id, self.first, self.made, *reversed(before)))


def _day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def _ints(text: str) -> Ints:
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


def _days(text: str) -> Days:
    return np.array(text.split(",") if text else [], "M8[D]")


def _codes(text: str) -> Ints:
    found = [CODES[word] for word in text.split(",")] if text else []
    return np.array(found, np.int64)


def load_columns(session: Session, *columns: Any, where: Sequence[Any]) -> list[Ints]:
    """Load columns of numbers that are never NULL, in one SQL statement.

    The database writes each column out as one text, a third of the time that 50,000
    rows would take.
    """
    texts = _load_texts(session, columns, where)
    return [_ints(text) for text in texts]


def _load_texts(
    session: Session, columns: Sequence[Any], where: Sequence[Any]
) -> list[str]:
    joined = (func.aggregate_strings(cast(column, String), ",") for column in columns)
    return [text or "" for text in session.execute(select(*joined).where(*where)).one()]


_COLUMNS: tuple[tuple[Any, Callable[[str], NDArray[Any]]], ...] = (
    (Stance.id, _ints),
    (Stance.holder_id, _ints),
    (func.coalesce(Stance.represents_id, 0), _ints),
    (func.coalesce(Stance.proposition_id, 0), _ints),
    (Stance.position, _codes),
    (func.coalesce(Stance.polarity, 0), _ints),
    (func.coalesce(cast(Stance.stated_earliest, String), EARLIEST), _days),
    (func.coalesce(cast(Stance.stated_latest, String), LATEST), _days),
)


def load_statements(session: Session, *conditions: ColumnElement[bool]) -> Statements:
    """Load the statements that meet the conditions, in one SQL statement."""
    texts = _load_texts(session, [column for column, _ in _COLUMNS], conditions)
    return Statements(
        *(read(text) for (_, read), text in zip(_COLUMNS, texts, strict=True))
    )


def runs(*columns: NDArray[Any]) -> Ints:
    """Where each run of equal rows begins in columns that are in order."""
    if not len(columns[0]):
        return np.empty(0, np.int64)
    new = np.ones(len(columns[0]), bool)
    new[1:] = np.logical_or.reduce([part[1:] != part[:-1] for part in columns])
    return np.flatnonzero(new)


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold off the garbage collector while many small rows are made.

    It would walk through all that the process holds, and find nothing: rows hold no
    cycles. Of the network of 2,000 meetings that took two thirds of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


class _Held(NamedTuple):
    """An office that a person held, from when to when; open sides are far away."""

    person_id: int
    body_id: int
    title: str
    since: str
    until: str


@dataclass(frozen=True)
class Counted(Columns):
    """For whom statements count: a row of each array is one of them."""

    actor: Ints
    """The actor for whom it counts: a state, if it leads to one."""
    reason: Ints
    """Why: a place in `REASONS`."""
    foot: Ints
    """For whom the holder spoke, by record or by office; 0 for itself."""
    office: Ints
    """The office that the holder held at the time, for `Sides.title`; −1 for none."""


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
        self._places = np.array(sorted(self.actors), np.int64)
        self._held: list[_Held] = []
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
                self._held.append(
                    _Held(person, body, title, first or EARLIEST, last or LATEST)
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

    def of_kind(self, kind: ActorKind) -> list[int]:
        """The ids of the actors of a kind."""
        return [actor.id for actor in self.actors.values() if actor.kind == kind]

    def state_of(self, actor: Someone) -> Someone:
        """The state that an actor is, or is a body of; else the actor."""
        top = self.actors[self._top(actor.id)]
        return top if top.kind == ActorKind.STATE else actor

    def count(self, items: Statements) -> Counted:
        """Say for whom statements count, and why."""
        office, split = self._offices(items)
        if self.fold == Fold.NONE:
            itself = np.full(len(items), ITSELF)
            return Counted(items.holder, itself, np.zeros_like(itself), office)
        bodies = np.array([held.body_id for held in self._held] + [0], np.int64)
        by_office = np.where(split, 0, bodies[office])
        foot = np.where(items.represents > 0, items.represents, by_office)
        states = [self.state_of(self.actors[id]).id for id in self._places.tolist()]
        top = np.array(states, np.int64)
        is_state = np.isin(items.holder, self.of_kind(ActorKind.STATE))
        speaks = ~is_state & (foot > 0)
        speaker = np.where(speaks, foot, items.holder)
        actor = top[np.searchsorted(self._places, speaker)]
        reason = np.where(actor == items.holder, ITSELF, BODY)
        reason = np.where(speaks, _by_what(items), reason)
        return Counted(actor, reason, foot, office)

    def reasons(self, items: Statements, counted: Counted, actor: int) -> Ints:
        """Why each statement stands for an actor, which may be a body.

        Returns:
            Places in `REASONS`; −1 if it does not.
        """
        below = [actor] if self.fold == Fold.NONE else list(self._below(actor))
        speaker = np.where(counted.foot > 0, counted.foot, items.holder)
        reason = np.where(counted.foot > 0, _by_what(items), BODY)
        reason = np.where(np.isin(speaker, below), reason, -1)
        return np.where(items.holder == actor, ITSELF, reason)

    def title(self, office: int) -> str | None:
        """The title of an office that somebody was found to have held."""
        return self._held[office].title if office >= 0 else None

    def _offices(self, items: Statements) -> tuple[Ints, Bools]:
        """The first office that each holder may have held when the statement was made.

        Returns:
            A place in `_held`, −1 for none; and whether another office that the holder
            held as well leads to another state.
        """
        office = np.full(len(items), -1)
        split = np.zeros(len(items), bool)
        since = np.array([held.since for held in self._held], "M8[D]")
        until = np.array([held.until for held in self._held], "M8[D]")
        top = np.array([self._top(held.body_id) for held in self._held], np.int64)
        holders = np.searchsorted(self._places, items.holder)
        for nth in self._each_nth():
            this = nth[holders]
            covers = (this >= 0) & items.dated
            covers &= (items.last >= since[this]) & (items.first <= until[this])
            split |= covers & (office >= 0) & (top[this] != top[office])
            office = np.where(covers & (office < 0), this, office)
        return office, split

    def _each_nth(self) -> list[Ints]:
        """The first office of every actor, then the second, and so on; −1 for none."""
        found: list[Ints] = []
        often: Counter[int] = Counter()
        for place, held in enumerate(self._held):
            nth = often[held.person_id]
            often[held.person_id] += 1
            if nth == len(found):
                found.append(np.full(len(self._places), -1))
            found[nth][np.searchsorted(self._places, held.person_id)] = place
        return found

    def may_speak_for(self, actor_id: int) -> set[int]:
        """The actors whose statements may stand for this one, itself included."""
        if self.fold == Fold.NONE:
            return {actor_id}
        found = self._below(actor_id)
        if self.fold == Fold.OFFICE:
            found |= {held.person_id for held in self._held if held.body_id in found}
        return found

    def _below(self, actor_id: int) -> set[int]:
        """An actor with its bodies and theirs; a state is a body of nobody."""
        below = defaultdict(list)
        for actor in self.actors.values():
            if (above := self._above(actor.id)) is not None:
                below[above].append(actor.id)
        found, waiting = {actor_id}, [actor_id]
        while waiting:
            new = set(below[waiting.pop()]) - found
            found |= new
            waiting += new
        return found

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


def folded(fold: Fold, reasons: Ints) -> Folded:
    """Say how many stances were folded, and why: places in `REASONS`."""
    often = np.bincount(reasons, minlength=len(REASONS)).tolist()
    return Folded(
        rule=FOLDS[fold],
        total=sum(often),
        represents=often[REPRESENTS],
        office=often[OFFICE],
        body=often[BODY],
    )


def _by_what(items: Statements) -> Ints:
    """Why those who speak for another do: it is recorded, or by office."""
    return np.where(items.represents > 0, REPRESENTS, OFFICE)
