"""What a list of stances can be asked for."""

from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select

from models import Actor, Meeting, Proposition, Stance
from models.enums import ActorKind, Certainty, Mode, Position, PropositionKind
from queries.filters import (
    ListOf,
    actors_called,
    by_choice,
    by_code,
    by_days,
    by_slug,
    by_topic,
    by_truth,
    by_words,
    has,
)
from queries.stances.attribution import about, attributed_to, held_itself
from queries.stances.conditions import (
    CURRENT,
    VIEW,
    about_actor,
    actor_id,
    cited_in,
    on_behalf_of,
    under_topic,
)

_HOLDER_NAME = select(Actor.name).where(Actor.id == Stance.holder_id).scalar_subquery()
_HOLDER_KIND = select(Actor.kind).where(Actor.id == Stance.holder_id).scalar_subquery()


def _with_word(word: str) -> ColumnElement[bool]:
    return Stance.proposition_id.in_(
        select(Proposition.id).where(has(Proposition.text, word))
    )


def _with_actor(word: str) -> ColumnElement[bool]:
    called = actors_called(word)
    return or_(
        Stance.holder_id.in_(called),
        Stance.represents_id.in_(called),
        Stance.target_actor_id.in_(called),
    )


def _of_state(slug: str) -> ColumnElement[bool]:
    name = select(Actor.name).where(Actor.slug == slug, Actor.kind == ActorKind.STATE)
    found = select(VIEW.c.slug).where(VIEW.c.state == name.scalar_subquery())
    return Stance.slug.in_(found)


def _on_target(slug: str) -> ColumnElement[bool]:
    proposition = select(Proposition.id).where(Proposition.slug == slug)
    on_it = Stance.proposition_id == proposition.scalar_subquery()
    return or_(on_it, about_actor(slug))


def _on_target_of_kind(kind: str) -> ColumnElement[bool]:
    target = Stance.proposition_id if kind == "proposition" else Stance.target_actor_id
    return target.is_not(None)


def _on_proposition_of_kind(kind: PropositionKind) -> ColumnElement[bool]:
    return Stance.proposition_id.in_(
        select(Proposition.id).where(Proposition.kind == kind)
    )


def _at_meeting(slug: str) -> ColumnElement[bool]:
    meeting = select(Meeting.id).where(Meeting.slug == slug).scalar_subquery()
    return Stance.meeting_id == meeting


STANCES = ListOf(
    noun="stances",
    filters=(
        by_words(
            "Words of the issue, the note, and all names of the actors that hold it, "
            "are spoken for or meant.",
            Stance.note,
            others=[_with_word, _with_actor],
        ),
        by_slug(
            "holder",
            "Only stances of this actor: its own and what is attributed to it, such as "
            "what its office-holders say.",
            attributed_to,
        ),
        replace(
            by_slug(
                "itself", "Only stances of which this actor is the holder.", held_itself
            ),
            label="Holder itself",
        ),
        by_code(
            "holder_kind",
            ActorKind,
            "Only stances of holders of this kind.",
            _HOLDER_KIND,
        ),
        by_slug(
            "represents",
            "Only stances spoken for this state or body.",
            lambda slug: Stance.represents_id == actor_id(slug),
        ),
        by_slug("state", "Only stances that belong to this state.", _of_state),
        by_slug(
            "side",
            "Only stances that this actor holds itself or that are spoken for it.",
            on_behalf_of,
        ),
        by_slug(
            "actor",
            "Only stances of this actor, as with holder, and those about it.",
            lambda slug: or_(attributed_to(slug), about(slug)),
        ),
        by_slug(
            "about",
            "Only stances towards this actor, or on a sentence that names it.",
            about,
        ),
        by_slug(
            "target",
            "Only stances on this proposition or actor.",
            _on_target,
            "proposition",
            "actor",
        ),
        by_choice(
            "target_kind",
            ("proposition", "actor"),
            "Only stances on propositions, or only those towards actors.",
            _on_target_of_kind,
        ),
        by_code(
            "proposition_kind",
            PropositionKind,
            "Only stances on propositions of this kind.",
            where=_on_proposition_of_kind,
        ),
        by_topic("topic", "Only stances under this topic or below it.", under_topic),
        by_code(
            "position",
            Position,
            "Only stances that take this position.",
            Stance.position,
        ),
        by_code("mode", Mode, "Only stances known in this way.", Stance.mode),
        by_code(
            "certainty",
            Certainty,
            "Only stances whose holder is this sure.",
            Stance.certainty,
        ),
        by_truth(
            "current",
            "Only stances that stand, or only those superseded or retracted.",
            lambda value: CURRENT if value else ~CURRENT,
        ),
        by_slug(
            "meeting", "Only stances taken at this meeting.", _at_meeting, "meeting"
        ),
        by_slug(
            "source",
            "Only stances for which this source is cited.",
            cited_in,
            "source",
        ),
        *by_days(Stance.stated_earliest, Stance.stated_latest, "stances stated"),
    ),
    sorts={
        "date": (Stance.stated_earliest,),
        "holder": (_HOLDER_NAME,),
        "polarity": (Stance.polarity,),
    },
    default_sort="-date",
    tie=Stance.slug,
)
