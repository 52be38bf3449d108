"""To whom a stance is attributed, as a condition of SQL for lists.

The rule is that of the analysis (`analysis.statements`): the holder itself; the state
or body that the record says it represents, with the bodies above; a body's stance its
state's; and, where nothing is recorded, the body in whose office the record shows the
holder on a day that the stance may be of, unless another office leads to another state.
There arrays of a whole record are weighed, here a list is narrowed; a test compares the
two on generated records.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from models import (
    Actor,
    ActorName,
    FoldedWords,
    Office,
    Proposition,
    Stance,
    Tenure,
)
from models.enums import ActorKind, NameKind
from queries.stances.conditions import about_actor, actor_id


def held_itself(slug: str) -> ColumnElement[bool]:
    """True of the stances of which an actor is the holder."""
    condition: ColumnElement[bool] = Stance.holder_id == actor_id(slug)
    return condition


def attributed_to(slug: str) -> ColumnElement[bool]:
    """True of the stances that an actor holds or that are attributed to it."""
    side = _below(select(Actor.id).where(Actor.slug == slug))
    alone = Stance.represents_id.is_(None)
    return or_(
        held_itself(slug),
        Stance.represents_id.in_(side),
        and_(alone, Stance.holder_id.in_(side)),
        and_(
            alone,
            ~Stance.represents_nobody,
            _in_office(side),
            ~_elsewhere(_below(_top(slug))),
        ),
    )


def _below(first: Any) -> Any:
    """Select some actors with their bodies, and those of these; no state is a body."""
    tree = first.cte(recursive=True)
    body = aliased(Actor)
    below = select(body.id).join(tree, body.parent_id == tree.c.id)
    return select(tree.union(below.where(body.kind != ActorKind.STATE)).c.id)


def _top(slug: str) -> Any:
    """Select the state that an actor is, or is a body of; else what is above all."""
    above = case((Actor.kind == ActorKind.STATE, null()), else_=Actor.parent_id)
    first = select(Actor.id, above.label("above")).where(Actor.slug == slug)
    tree = first.cte(recursive=True)
    tree = tree.union(
        select(Actor.id, above.label("above")).join(tree, Actor.id == tree.c.above)
    )
    return select(tree.c.id).where(tree.c.above.is_(None))


def _in_office(bodies: Any) -> ColumnElement[bool]:
    """True where the holder was in office in one of the bodies: the first office that
    it may have held on the day, by record."""
    office = aliased(Tenure)
    first = select(func.min(office.id)).where(_covers(office)).correlate(Stance)
    return exists().where(
        Tenure.id == first.scalar_subquery(),
        Office.id == Tenure.office_id,
        Office.body_id.in_(bodies),
    )


def _elsewhere(bodies: Any) -> ColumnElement[bool]:
    """True where the holder was on that day in office in none of the bodies too."""
    office = aliased(Tenure)
    return exists().where(
        _covers(office), Office.id == office.office_id, Office.body_id.not_in(bodies)
    )


def _covers(tenure: Any) -> ColumnElement[bool]:
    """True of a tenure of the holder on a day that the stance may be of.

    An office lasts from its beginning, or else the first day on which a source shows
    it, to its end; without an end it lasts if its beginning is known, and else to the
    last day on which a source shows it.
    """
    since = case(
        (tenure.since_earliest.is_not(None), tenure.since_earliest),
        else_=tenure.attested_earliest,
    )
    until = case(
        (tenure.until_latest.is_not(None), tenure.until_latest),
        (tenure.since_earliest.is_not(None), null()),
        else_=tenure.attested_latest,
    )
    first, last = Stance.stated_earliest, Stance.stated_latest
    return and_(
        tenure.person_id == Stance.holder_id,
        or_(since.is_not(None), until.is_not(None)),
        or_(first.is_not(None), last.is_not(None)),
        or_(last.is_(None), since.is_(None), last >= since),
        or_(first.is_(None), until.is_(None), first <= until),
    )


def about(slug: str) -> ColumnElement[bool]:
    """True of the stances towards an actor, or on a sentence that names it.

    By the whole words of one of its names, but for metonyms: who speaks of what is
    done in Moscow need not speak of Russia.
    """
    named = or_(
        exists().where(
            Actor.slug == slug,
            FoldedWords(Proposition.text).contains(FoldedWords(Actor.name)),
        ),
        exists().where(
            Actor.slug == slug,
            ActorName.actor_id == Actor.id,
            ActorName.kind != NameKind.METONYM,
            FoldedWords(Proposition.text).contains(FoldedWords(ActorName.name)),
        ),
    )
    sentences = select(Proposition.id).where(named)
    return or_(about_actor(slug), Stance.proposition_id.in_(sentences))
