"""What is true of a stance: that it stands, whose it is, what it is about."""

from typing import Any

from sqlalchemy import ColumnElement, and_, column, exists, or_, select, table

from models import (
    Actor,
    Evidence,
    Proposition,
    Source,
    SourceText,
    Stance,
    standing_relations,
)
from models.enums import StanceLink
from queries.trees import topics_under

VIEW = table("stances", column("slug"), column("state"), column("topic_path"))
"""The view that says the state and the whole topic of each stance."""
LINKS = standing_relations()
"""What stances did to each other: `models.standing_relations`."""
CURRENT = Stance.id.not_in(
    select(LINKS.c.other_id).where(
        LINKS.c.relation.in_((StanceLink.SUPERSEDES, StanceLink.RETRACTS))
    )
)
"""True of a stance that no other supersedes or retracts."""


def actor_id(slug: str) -> Any:
    """The id of an actor, for a condition; no id if there is no such actor."""
    return select(Actor.id).where(Actor.slug == slug).scalar_subquery()


def on_behalf_of(slug: str) -> ColumnElement[bool]:
    """True of the stances that an actor holds itself or has spoken for it."""
    actor = actor_id(slug)
    return or_(Stance.holder_id == actor, Stance.represents_id == actor)


def about_actor(slug: str) -> ColumnElement[bool]:
    """True of the stances whose target is this actor."""
    condition: ColumnElement[bool] = Stance.target_actor_id == actor_id(slug)
    return condition


def cited_in(slug: str) -> ColumnElement[bool]:
    """True of the stances that rest on a passage of a source."""
    return exists().where(
        Evidence.stance_id == Stance.id,
        Evidence.source_text_id == SourceText.id,
        SourceText.source_id == Source.id,
        Source.slug == slug,
    )


def under_topic(*slugs: str) -> ColumnElement[bool]:
    """True of the stances under topics or below them, themselves or by proposition."""
    topics = topics_under(*slugs)
    filed = select(Proposition.id).where(Proposition.topic_id.in_(topics))
    by_proposition = and_(Stance.topic_id.is_(None), Stance.proposition_id.in_(filed))
    return or_(Stance.topic_id.in_(topics), by_proposition)
