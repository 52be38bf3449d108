"""What a list of actors can be asked for, and what it shows."""

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import Actor, Membership, Office, Participation, Stance, Tenure
from models.enums import ActorKind
from queries.actors.shapes import ActorItem
from queries.filters import (
    Listing,
    ListOf,
    Rows,
    actors_called,
    by_code,
    by_slug,
    by_topic,
    by_words,
    run,
)
from queries.refs import actor_ref, maybe
from queries.shapes import Page
from queries.stances.conditions import under_topic

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


def _of_country(slug: str) -> ColumnElement[bool]:
    """True of a state, of its bodies and theirs, and of who holds an office of them."""
    tree = select(Actor.id).where(Actor.slug == slug).cte(recursive=True)
    below = select(_other.id).join(tree, _other.parent_id == tree.c.id)
    of_it = select(tree.union(below).c.id)
    in_office = (
        select(Tenure.person_id)
        .join(Office, Office.id == Tenure.office_id)
        .where(Office.body_id.in_(of_it))
    )
    return or_(Actor.id.in_(of_it), Actor.id.in_(in_office))


def _concerned_with(*slugs: str) -> ColumnElement[bool]:
    """True of who takes a stand under one of the topics, or has it done for it."""
    return or_(
        Actor.id.in_(select(Stance.holder_id).where(under_topic(*slugs))),
        Actor.id.in_(select(Stance.represents_id).where(under_topic(*slugs))),
    )


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
        by_slug(
            "country",
            "Only this state, its bodies, and who holds an office of theirs.",
            _of_country,
        ),
        by_topic(
            "topic",
            "Only those who take a stand under this topic or below it, themselves or "
            "by who speaks for them.",
            _concerned_with,
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
