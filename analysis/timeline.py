"""How positions moved: stances by date and side, with the meetings between them.

One actor over its propositions, or over one topic with the narrower ones, or all actors
on one proposition. Each lane holds the stances on one target, or of one actor, in the
order in which they were made. Nothing is joined up: between two stances the record
knows of no third.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from analysis.statements import (
    ENDS,
    REASONS,
    Fold,
    Folded,
    Ints,
    Period,
    Reason,
    Sides,
    Statements,
    find_topic,
    folded,
    load_statements,
)
from models import (
    AgendaItem,
    Meeting,
    Participation,
    Proposition,
    Stance,
    StanceRelation,
)
from queries.badges import POSITION_ORDER
from queries.evidence import basis_of
from queries.known import not_recorded
from queries.meetings import MeetingItem, select_meetings
from queries.meetings import load_items as load_meetings
from queries.refs import proposition_ref
from queries.shapes import Basis, Ref
from queries.stances import StanceItem, under_topic
from queries.stances import load_items as load_stances

DOTS = 300
"""How many stances a timeline shows; the latest, where there are more."""
MEETINGS = 60
"""How many meetings it shows; the latest, where there are more."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A stance on a timeline."""

    stance: StanceItem
    """The stance."""
    reason: Reason
    """Why it is on this lane: the holder's own, or attributed, and why."""
    office: str | None
    """The office that its holder held on that day, if the record shows one."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The stances on one target, or of one actor."""

    about: Ref
    """The proposition or actor that the stances are about, or the actor they count
    for."""
    dots: tuple[Dot, ...]
    """The stances in the order in which they were made; undated ones first."""


@dataclass(frozen=True, kw_only=True)
class Succession:
    """Two stances of a timeline, the one of which took the place of the other."""

    earlier: str
    """The slug of the stance that no longer stands."""
    later: str
    """The slug of the stance that supersedes or retracts it."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Stances over time."""

    subject: Ref
    """The actor or the proposition that it is about."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    period: Period
    """The days to which it is confined."""
    lanes: tuple[Lane, ...]
    """The stances; by topic and sentence for an actor, from those in favour to those
    against for a proposition."""
    successions: tuple[Succession, ...]
    """Which of the stances here supersede or retract which."""
    meetings: tuple[MeetingItem, ...]
    """For an actor the meetings in which it took part or was represented; for a
    proposition those at which it was spoken of, or that have its topic on the
    agenda."""
    folded: Folded
    """To whom the stances are attributed."""
    total: int
    """How many stances there are."""
    shown: int
    """How many of them are here: the latest."""
    undated: int
    """How many of those here have no date."""
    more_meetings: bool
    """Whether there are more meetings than are here."""
    basis: Basis
    """What it rests on."""


def load_actor_timeline(
    session: Session,
    slug: str,
    *,
    propositions: Sequence[str] = (),
    towards: Sequence[str] = (),
    topic: str | None = None,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    limit: int | None = DOTS,
) -> Timeline:
    """Load the stances that count for an actor, a lane for each target.

    Args:
        session: an open session.
        slug: the actor.
        propositions: only stances on these.
        towards: only stances that mean these actors, grouped as the holders are.
        topic: only stances under this topic or below it.
        period: only stances that may have been stated in these days.
        fold: to whom a person's and a body's stances are attributed.
        limit: how many stances; None for all.

    Raises:
        NotFound: there is no such actor, proposition or topic.
    """
    period = period or Period()
    sides = Sides(session, fold)
    actor = sides.find(slug)
    speakers = sides.may_speak_for(actor.id)
    conditions = [
        or_(Stance.holder_id.in_(speakers), Stance.represents_id.in_(speakers)),
        period.touches(),
    ]
    confined = find_topic(session, topic) if topic else None
    if topic:
        conditions.append(under_topic(topic))
    if propositions:
        conditions.append(Stance.proposition_id.in_(_ids(session, propositions)))
    meant = [sides.find(one).id for one in towards]
    if meant:
        conditions.append(Stance.target_actor_id.is_not(None))
    items = load_statements(session, *conditions)
    if meant:
        items = items.at(np.isin(sides.meant(items), meant))
    counted = sides.count(items)
    reason = sides.reasons(items, counted, actor.id)
    order = items.in_order()
    order = order[reason[order] >= 0]
    shown = order[-limit:] if limit else order
    dots = _dots(session, sides, items.at(shown), counted.office[shown], reason[shown])
    lanes = _lanes((dot.stance.target, dot) for dot in dots)
    part = exists().where(
        Participation.meeting_id == Meeting.id,
        or_(
            Participation.person_id.in_(speakers),
            Participation.represented_id.in_(speakers),
        ),
    )
    return _timeline(
        session,
        subject=actor.ref,
        topic=confined,
        period=period,
        lanes=sorted(lanes, key=_by_topic),
        held=part,
        folded=folded(fold, reason[order]),
        dots=dots,
    )


def load_proposition_timeline(
    session: Session,
    slug: str,
    *,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    limit: int | None = DOTS,
) -> Timeline:
    """Load all stances on a proposition, a lane for each actor they count for.

    Raises:
        NotFound: there is no such proposition.
    """
    period = period or Period()
    proposition = session.scalar(select(Proposition).where(Proposition.slug == slug))
    if proposition is None:
        raise not_recorded(session, slug, "proposition")
    sides = Sides(session, fold)
    on_it = Stance.proposition_id == proposition.id
    items = load_statements(session, on_it, period.touches())
    counted = sides.count(items)
    order = items.in_order()
    shown = counted.at(order[-limit:] if limit else order)
    items = items.at(order[-limit:] if limit else order)
    dots = _dots(session, sides, items, shown.office, shown.reason)
    lanes = _lanes(
        (sides.actors[actor].ref, dot)
        for actor, dot in zip(shown.actor.tolist(), dots, strict=True)
    )
    on_agenda = exists().where(
        AgendaItem.meeting_id == Meeting.id,
        AgendaItem.topic_id == proposition.topic_id,  # none equals no topic
    )
    spoken_of = Meeting.id.in_(select(Stance.meeting_id).where(on_it))
    return _timeline(
        session,
        subject=proposition_ref(proposition),
        topic=None,
        period=period,
        lanes=sorted(lanes, key=_by_side),
        held=or_(spoken_of, on_agenda),
        folded=folded(fold, counted.reason),
        dots=dots,
    )


def _dots(
    session: Session, sides: Sides, items: Statements, offices: Ints, reasons: Ints
) -> list[Dot]:
    """Load the statements, in their order."""
    ids = sorted(items.id.tolist())
    statement = select(Stance).where(Stance.id.in_(ids)).order_by(Stance.id)
    by_id = dict(zip(ids, load_stances(session, statement), strict=True))
    return [
        Dot(stance=by_id[id], reason=REASONS[reason], office=sides.title(office))
        for id, reason, office in zip(
            items.id.tolist(), reasons, offices.tolist(), strict=True
        )
    ]


def _lanes(dots: Iterable[tuple[Ref, Dot]]) -> list[Lane]:
    lanes: dict[str, tuple[Ref, list[Dot]]] = {}
    for about, dot in dots:
        lanes.setdefault(about.url, (about, []))[1].append(dot)
    return [Lane(about=about, dots=tuple(found)) for about, found in lanes.values()]


def _by_topic(lane: Lane) -> tuple[bool, str, str, str]:
    path = lane.dots[0].stance.topic_path
    return lane.about.kind == "actor", path or "~", lane.about.label, lane.about.slug


def _by_side(lane: Lane) -> tuple[int, int, str, str]:
    last = lane.dots[-1].stance
    rank = POSITION_ORDER.index(last.position)
    return rank, -(last.polarity or 0), lane.about.label, lane.about.slug


def _timeline(
    session: Session,
    *,
    subject: Ref,
    topic: Ref | None,
    period: Period,
    lanes: Sequence[Lane],
    held: ColumnElement[bool],
    folded: Folded,
    dots: Sequence[Dot],
) -> Timeline:
    statement = select_meetings().where(held)
    if period.since:
        statement = statement.where(
            or_(Meeting.latest.is_(None), Meeting.latest >= period.since)
        )
    if period.until:
        statement = statement.where(
            or_(Meeting.earliest.is_(None), Meeting.earliest <= period.until)
        )
    first = Meeting.earliest
    meetings = load_meetings(
        session,
        statement.order_by(first.is_(None), first.desc(), Meeting.slug).limit(
            MEETINGS + 1
        ),
    )
    citations = (item for dot in dots for item in dot.stance.citations)
    return Timeline(
        subject=subject,
        topic=topic,
        period=period,
        lanes=tuple(lanes),
        successions=_successions(session, dots),
        meetings=tuple(sorted(meetings[:MEETINGS], key=_first_day)),
        folded=folded,
        total=folded.total,
        shown=len(dots),
        undated=sum(not dot.stance.stated.known for dot in dots),
        more_meetings=len(meetings) > MEETINGS,
        basis=basis_of(session, citations),
    )


def _successions(session: Session, dots: Sequence[Dot]) -> tuple[Succession, ...]:
    slugs = {dot.stance.slug for dot in dots}
    if not slugs:
        return ()
    later, earlier = aliased(Stance), aliased(Stance)
    statement = (
        select(earlier.slug, later.slug)
        .select_from(StanceRelation)
        .join(later, later.id == StanceRelation.stance_id)
        .join(earlier, earlier.id == StanceRelation.other_id)
        .where(StanceRelation.relation.in_(ENDS), later.slug.in_(slugs))
        .order_by(earlier.slug, later.slug)
    )
    return tuple(
        Succession(earlier=one, later=other)
        for one, other in session.execute(statement)
        if one in slugs
    )


def _first_day(meeting: MeetingItem) -> tuple[date, str]:
    return meeting.date.earliest or meeting.date.latest or date.max, meeting.slug


def _ids(session: Session, slugs: Sequence[str]) -> list[int]:
    """The ids of propositions, each of which must exist."""
    statement = select(Proposition.slug, Proposition.id)
    found = {
        slug: id
        for slug, id in session.execute(statement.where(Proposition.slug.in_(slugs)))
    }
    for slug in slugs:
        if slug not in found:
            raise not_recorded(session, slug, "proposition")
    return list(found.values())


def span(timeline: Timeline) -> tuple[date, date] | None:
    """The first and the last day that the stances and meetings may cover."""
    dates = [dot.stance.stated for lane in timeline.lanes for dot in lane.dots]
    dates += [item.date for item in timeline.meetings]
    days = [day for item in dates for day in (item.earliest, item.latest) if day]
    return (min(days), max(days)) if days else None
