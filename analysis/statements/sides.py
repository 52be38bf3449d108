"""All actors and offices, to say to whom a statement is attributed."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from analysis.statements.columns import Bools, Columns, Ints
from analysis.statements.folding import BODY, ITSELF, OFFICE, REPRESENTS, Fold
from analysis.statements.rows import EARLIEST, LATEST, NOBODY, Statements
from models import Actor, Office, Tenure
from models.enums import ActorKind
from queries.known import not_recorded
from queries.shapes import Ref


def _text(column: Any) -> Any:
    return cast(column, String)


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
    """To whom statements are attributed: a row of each array is one of them."""

    actor: Ints
    """The actor to whom it is attributed: a state, if it leads to one."""
    reason: Ints
    """Why: a place in `REASONS`."""
    represented: Ints
    """The actor that the holder represented, by record or by office; 0 for itself."""
    office: Ints
    """The office that the holder held at the time, for `Sides.title`; −1 for none."""


class Sides:
    """All actors and offices, to say to whom a statement is attributed.

    Loaded in two SQL statements; a record has few actors and many stances.
    """

    def __init__(self, session: Session, fold: Fold = Fold.OFFICE) -> None:
        self.fold = fold
        self._session = session
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
        raise not_recorded(self._session, slug, "actor")

    def of_kind(self, kind: ActorKind) -> list[int]:
        """The ids of the actors of a kind."""
        return [actor.id for actor in self.actors.values() if actor.kind == kind]

    def state_of(self, actor: Someone) -> Someone:
        """The state that an actor is, or is a body of; else the actor."""
        top = self.actors[self._top(actor.id)]
        return top if top.kind == ActorKind.STATE else actor

    def count(self, items: Statements) -> Counted:
        """Say to whom statements are attributed, and why."""
        office, split = self._offices(items)
        if self.fold == Fold.NONE:
            itself = np.full(len(items), ITSELF)
            return Counted(items.holder, itself, np.zeros_like(itself), office)
        bodies = np.array([held.body_id for held in self._held] + [0], np.int64)
        alone = split | (items.represents == NOBODY)
        by_office = np.where(alone, 0, bodies[office])
        represented = np.where(items.represents > 0, items.represents, by_office)
        states = [self.state_of(self.actors[id]).id for id in self._places.tolist()]
        top = np.array(states, np.int64)
        is_state = np.isin(items.holder, self.of_kind(ActorKind.STATE))
        speaks = ~is_state & (represented > 0)
        speaker = np.where(speaks, represented, items.holder)
        actor = top[np.searchsorted(self._places, speaker)]
        reason = np.where(actor == items.holder, ITSELF, BODY)
        reason = np.where(speaks, _by_what(items), reason)
        return Counted(actor, reason, represented, office)

    def meant(self, items: Statements) -> Ints:
        """The actors whom statements about actors mean, folded as their holders are."""
        nobody = np.zeros(len(items), np.int64)
        return self.count(replace(items, holder=items.target, represents=nobody)).actor

    def reasons(self, items: Statements, counted: Counted, actor: int) -> Ints:
        """Why each statement stands for an actor, which may be a body.

        Returns:
            Places in `REASONS`; −1 if it does not.
        """
        below = [actor] if self.fold == Fold.NONE else list(self._below(actor))
        speaker = np.where(counted.represented > 0, counted.represented, items.holder)
        reason = np.where(counted.represented > 0, _by_what(items), BODY)
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


def _by_what(items: Statements) -> Ints:
    """Why those who speak for another do: it is recorded, or by office."""
    return np.where(items.represents > 0, REPRESENTS, OFFICE)
