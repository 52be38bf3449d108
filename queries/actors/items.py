"""What a list of actors can be asked for, and what it shows."""

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import Actor, Membership, Participation, Stance
from models.enums import ActorKind
from queries.actors.shapes import ActorItem
from queries.filters import (
    Listing,
    ListOf,
    Rows,
    actors_called,
    by_code,
    by_slug,
    by_words,
    run,
)
from queries.refs import actor_ref, maybe
from queries.shapes import Page

_MEETINGS = (
    select(func.count(Participation.meeting_id.distinct()))
    .where(
        or_(
            Participation.person_id == Actor.id,
            Participation.represented_id == Actor.id,
        )
    )
    .correlate(Actor)
    .scalar_subquery()
)
_STANCES = (
    select(func.count(Stance.id))
    .where(or_(Stance.holder_id == Actor.id, Stance.represents_id == Actor.id))
    .correlate(Actor)
    .scalar_subquery()
)
_other = aliased(Actor)


def _belongs_to(slug: str) -> ColumnElement[bool]:
    return exists().where(
        Membership.member_id == Actor.id,
        Membership.organization_id == _other.id,
        _other.slug == slug,
    )


def _body_of(slug: str) -> ColumnElement[bool]:
    return exists().where(_other.id == Actor.parent_id, _other.slug == slug)


ACTORS = ListOf(
    noun="actors",
    filters=(
        by_words(
            "Words of its names, in any language and script.",
            others=[lambda word: Actor.id.in_(actors_called(word))],
        ),
        by_code("kind", ActorKind, "Only this kind of actor.", Actor.kind),
        by_slug("parent", "Only the bodies of this state or body.", _body_of),
        by_slug(
            "organization",
            "Only those with a standing in this organization.",
            _belongs_to,
        ),
    ),
    sorts={
        "name": (Actor.name,),
        "meetings": (_MEETINGS,),
        "stances": (_STANCES,),
    },
    default_sort="name",
    tie=Actor.slug,
)


def find_actors(session: Session, listing: Listing | None = None) -> Page[ActorItem]:
    """Load one page of the actors."""
    return run(session, ACTORS, select(Actor), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[ActorItem, ...]:
    """Load the actors that a select finds, in its order, in one statement."""
    counted = statement.add_columns(_MEETINGS, _STANCES)
    rows = session.execute(counted.options(joinedload(Actor.parent)))
    return tuple(
        ActorItem(
            slug=actor.slug,
            name=actor.name,
            kind=actor.kind,
            parent=maybe(actor_ref, actor.parent),
            description=actor.description,
            meetings=meetings,
            stances=stances,
        )
        for actor, meetings, stances in rows
    )
