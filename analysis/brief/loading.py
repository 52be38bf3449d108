"""What a brief reads from the record, in a fixed number of statements and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from analysis.brief.sides import OWN, Side, group_sides, slugs_of
from analysis.brief.standing import known_by, stands_on
from analysis.brief.words import when
from analysis.contested import ContestedProposition, contested_among
from analysis.statements import select_contrary
from models import (
    Meeting,
    MeetingStatusEvent,
    Participation,
    Proposition,
    Stance,
    Tenure,
)
from models.actor import Actor
from models.enums import MeetingRelation, Mode, Presence, StanceLink
from queries.evidence import cite
from queries.filters import Rows, count
from queries.meetings import (
    MeetingDetail,
    MeetingItem,
    load_meeting,
    select_meetings,
)
from queries.meetings import load_items as load_meetings
from queries.refs import written
from queries.shapes import Citation
from queries.stances import LINKS, StanceItem, under_topic
from queries.stances import load_items as load_stances

MOST_SIDES = 12
"""How many sides are compared and shown with their positions, the first recorded."""
MOST_LEVELS = 3
"""How many levels of bodies below a side speak for it (a ministry, its department), and
how many above a meeting are looked at for the visit to which it belongs."""
MOST_BODIES = 500
"""How many bodies of one level are looked at."""
MOST_STANCES = 600
"""How many stances of these sides are read: those of this meeting, then their own
statements and deeds, then what others report; of each the latest."""
MOST_CHANGES = 20
"""How many changes of position are listed, the latest."""
MOST_MEETINGS = 20
"""How many earlier meetings are listed, the latest."""
MOST_RELATED = 10
"""How many meetings of the same visit or summit are named."""
MOST_CONTESTED = 10
"""How many contested claims are listed."""

_WITHIN = (
    MeetingRelation.STOP,
    MeetingRelation.BESIDE,
    MeetingRelation.SESSION,
)
"""How a meeting belongs to the visit that its parent is, or belongs to."""
_NOT_THERE = (Presence.ABSENT, Presence.DENIED, Presence.UNKNOWN)
"""Who was not there, or perhaps not, has met nobody."""


@dataclass(frozen=True)
class HeldOffice:
    """An office that a participant holds."""

    title: str
    since: str | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Change:
    """A change of position: the stance that replaces another."""

    relation: StanceLink
    new: StanceItem
    old: StanceItem


@dataclass(frozen=True)
class Shown:
    """Things that are shown, and how many there are in all."""

    items: Sequence[Any]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.items)


class Material:
    """The meeting, its sides and what they hold."""

    def __init__(
        self, session: Session, meeting: MeetingDetail, as_known_on: date | None
    ) -> None:
        self._session = session
        self.meeting = meeting
        self.as_known_on = as_known_on
        every = group_sides(meeting.participants)
        self.sides = every[:MOST_SIDES]
        self.more_sides = len(every) - len(self.sides)
        self._ids = {
            slug: id_
            for slug, id_ in session.execute(
                select(Actor.slug, Actor.id).where(Actor.slug.in_(slugs_of(self.sides)))
            )
        }
        self._add_bodies()
        self.total = self._load_stances()

    @property
    def _theirs(self) -> ColumnElement[bool]:
        return self._of_sides(Stance)

    def _of_sides(self, stance: Any) -> ColumnElement[bool]:
        ids = [*self._ids.values(), *self._bodies]
        spoken_for = stance.represents_id.in_(ids)
        return or_(stance.holder_id.in_(ids), spoken_for)

    def _add_bodies(self) -> None:
        """Add to each side the bodies below it: a ministry's spokesman is its state's.

        A body that is a side of this meeting itself is left to speak for itself.
        """
        self._bodies: list[int] = []
        taken = set(self._ids)
        above = {
            id_: side
            for side in self.sides
            for slug in side.slugs
            if (id_ := self._ids.get(slug)) is not None
        }
        for _ in range(MOST_LEVELS):
            rows = self._session.execute(
                select(Actor.id, Actor.slug, Actor.parent_id)
                .where(Actor.parent_id.in_(above), Actor.slug.not_in(taken))
                .order_by(Actor.slug)
                .limit(MOST_BODIES)
            ).all()
            if not rows:
                return
            below: dict[int, Side] = {}
            for id_, slug, parent in rows:
                if parent is not None:
                    below[id_] = above[parent]
                    below[id_].bodies.add(slug)
            taken |= {row.slug for row in rows}
            self._bodies += below
            above = below

    def contrary(self) -> set[tuple[str, str]]:
        """Load which propositions of the sides are contrary, by slug and both ways."""
        on = {slug for side in self.sides for slug in side.views()}
        if not on:
            return set()
        pairs = select_contrary().subquery()
        one, other = aliased(Proposition), aliased(Proposition)
        found = (
            select(one.slug, other.slug)
            .join(pairs, pairs.c.proposition_id == one.id)
            .join(other, other.id == pairs.c.other_id)
            .where(one.slug.in_(on), other.slug.in_(on))
        )
        return {(slug, against) for slug, against in self._session.execute(found)}

    def _load_stances(self) -> int:
        standing = select(Stance).where(
            self._theirs, stands_on(self.as_known_on), known_by(self.as_known_on)
        )
        stated = Stance.stated_earliest
        here = select(Meeting.id).where(Meeting.slug == self.meeting.slug)
        ordered = standing.order_by(
            case((Stance.meeting_id == here.scalar_subquery(), 0), else_=1),
            case((Stance.mode.in_([Mode(mode) for mode in OWN]), 0), else_=1),
            stated.is_(None),
            stated.desc(),
            Stance.slug,
        )
        by_slug: dict[str, list[Side]] = {}
        for side in self.sides:
            for slug in side.slugs | side.bodies:
                by_slug.setdefault(slug, []).append(side)
        for stance in load_stances(self._session, ordered.limit(MOST_STANCES)):
            who = [stance.holder.slug]
            who += [stance.represents.slug] if stance.represents else []
            found = {id(side): side for slug in who for side in by_slug.get(slug, ())}
            for side in found.values():
                side.stances.append(stance)
        return count(self._session, standing, Stance.id)

    def offices(self) -> dict[str, list[HeldOffice]]:
        """The offices of the participants, by the person's slug."""
        people = {one.person.slug for one in self.meeting.participants if one.person}
        rows = self._session.scalars(
            select(Tenure)
            .join(Actor, Actor.id == Tenure.person_id)
            .where(Actor.slug.in_(people))
            .options(joinedload(Tenure.person), joinedload(Tenure.office))
            .order_by(Tenure.id)
            .limit(MOST_STANCES)
        ).all()
        citations = cite(self._session, {"tenure": [row.id for row in rows]})
        found: dict[str, list[HeldOffice]] = {}
        for row in rows:
            since, attested = written(row, "since"), written(row, "attested")
            words = None
            if since.known:
                words = when(since)
            elif attested.known:
                words = f"attested {when(attested)}"
            office = HeldOffice(row.office.title, words, citations["tenure", row.id])
            found.setdefault(row.person.slug, []).append(office)
        return found

    def siblings(self) -> Shown:
        """The other meetings of the visit, trip or summit to which it belongs."""
        parent = self.meeting.parent
        if parent is None:
            return Shown((), 0)
        above = select(Meeting.id).where(Meeting.slug == parent.slug).scalar_subquery()
        others = self._meetings().where(
            Meeting.parent_id == above, Meeting.slug != self.meeting.slug
        )
        return self._shown(
            others.order_by(Meeting.earliest, Meeting.slug), MOST_RELATED
        )

    def visit(self) -> MeetingDetail | None:
        """The visit or trip of which this is a stop, or stands beside one."""
        meeting = self.meeting
        for _ in range(MOST_LEVELS):
            if meeting.parent is None or meeting.relation not in _WITHIN:
                return None
            relation = meeting.relation
            meeting = load_meeting(self._session, meeting.parent.slug, self.as_known_on)
            if relation is MeetingRelation.STOP:
                return meeting
        return None

    def changes(self) -> Shown:
        """The stances of these sides that supersede or retract another."""
        new, old = aliased(Stance), aliased(Stance)
        links = (
            select(LINKS.c.relation, new.id, old.id)
            .join(new, new.id == LINKS.c.stance_id)
            .join(old, old.id == LINKS.c.other_id)
            .where(
                LINKS.c.relation.in_((StanceLink.SUPERSEDES, StanceLink.RETRACTS)),
                self._of_sides(new),
                known_by(self.as_known_on, new),
                known_by(self.as_known_on, old),
            )
            .order_by(
                new.stated_earliest.is_(None), new.stated_earliest.desc(), new.slug
            )
            # A corrected pair and the pair that corrects it are one change.
            .group_by(LINKS.c.relation, new.id, old.id, new.stated_earliest, new.slug)
        )
        total = count(self._session, links, func.min(LINKS.c.id))
        rows = self._session.execute(links.limit(MOST_CHANGES)).all()
        both = sorted({id_ for _, *pair in rows for id_ in pair})
        statement = select(Stance).where(Stance.id.in_(both)).order_by(Stance.id)
        items = dict(zip(both, load_stances(self._session, statement), strict=True))
        return Shown([Change(how, items[a], items[b]) for how, a, b in rows], total)

    def earlier(self) -> Shown:
        """The meetings of two of these sides that were surely before this one."""
        day = self.meeting.date.earliest
        if day is None:
            return Shown((), 0)
        before = self._of_two_sides().where(Meeting.latest < day)
        return self._shown(
            before.order_by(
                Meeting.earliest.is_(None), Meeting.earliest.desc(), Meeting.slug
            ),
            MOST_MEETINGS,
        )

    def about_the_same_time(self) -> Shown:
        """The meetings of two of these sides whose order with this is not known."""
        first, last = self.meeting.date.earliest, self.meeting.date.latest
        if first is None or last is None:
            return Shown((), 0)
        family = {self.meeting.slug, *(item.slug for item in self.meeting.children)}
        if self.meeting.parent:
            family.add(self.meeting.parent.slug)
        overlap = self._of_two_sides().where(
            Meeting.earliest <= last,
            Meeting.latest >= first,
            Meeting.slug.not_in(family),
        )
        return self._shown(
            overlap.order_by(Meeting.earliest, Meeting.slug), MOST_RELATED
        )

    def _meetings(self) -> Rows:
        meetings = select_meetings(self.as_known_on)
        if self.as_known_on is not None:
            meetings = meetings.where(MeetingStatusEvent.id.is_not(None))
        return meetings

    def _of_two_sides(self) -> Rows:
        part = aliased(Participation)
        sides = []
        for number, side in enumerate(self.sides):
            ids = [self._ids[slug] for slug in side.slugs if slug in self._ids]
            if ids:
                of_it = or_(part.person_id.in_(ids), part.represented_id.in_(ids))
                sides.append((of_it, number))
        if len(sides) < 2:
            return self._meetings().where(~true())
        several = (
            select(part.meeting_id)
            .where(part.presence.not_in(_NOT_THERE), or_(*(one for one, _ in sides)))
            .group_by(part.meeting_id)
            .having(func.count(case(*sides).distinct()) > 1)
        )
        return self._meetings().where(
            Meeting.id.in_(several), Meeting.slug != self.meeting.slug
        )

    def _shown(self, statement: Rows, most: int) -> Shown:
        items = load_meetings(self._session, statement.limit(most))
        total = len(items)
        if total == most:
            total = count(self._session, statement, Meeting.id)
        return Shown(items, total)

    def cite_meetings(
        self, items: Sequence[MeetingItem]
    ) -> dict[str, tuple[Citation, ...]]:
        """The evidence of meetings, by their slugs."""
        rows = self._session.execute(
            select(Meeting.id, Meeting.slug).where(
                Meeting.slug.in_([item.slug for item in items])
            )
        ).all()
        found = cite(self._session, {"meeting": [id_ for id_, _ in rows]})
        return {slug: found["meeting", id_] for id_, slug in rows}

    @cached_property
    def contested(self) -> tuple[tuple[ContestedProposition, ...], int]:
        """What is contested of what these sides speak of, or under the agenda."""
        spoken_of = {
            stance.target.slug
            for side in self.sides
            for stance in side.stances
            if stance.target_kind == "proposition"
        }
        topics = {item.topic.slug for item in self.meeting.agenda if item.topic}
        ids = select(Proposition.id).where(Proposition.slug.in_(spoken_of))
        return contested_among(
            self._session,
            or_(
                Stance.proposition_id.in_(ids),
                *(under_topic(topic) for topic in sorted(topics)),
            ),
            stands_on(self.as_known_on),
            known_by(self.as_known_on),
            most=MOST_CONTESTED,
        )
