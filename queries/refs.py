"""From rows to the small shapes: references and dates."""

from typing import Any, overload

from models import Actor, Meeting, Proposition, Source, Topic
from queries.dates import WrittenDate
from queries.shapes import Ref


@overload
def actor_ref(actor: Actor) -> Ref: ...
@overload
def actor_ref(actor: Actor | None) -> Ref | None: ...
def actor_ref(actor: Actor | None) -> Ref | None:
    """Refer to an actor by its usual name."""
    return (
        None if actor is None else Ref(kind="actor", slug=actor.slug, label=actor.name)
    )


def meeting_ref(meeting: Meeting | None) -> Ref | None:
    """Refer to a meeting by its title."""
    return (
        None
        if meeting is None
        else Ref(kind="meeting", slug=meeting.slug, label=meeting.title)
    )


def topic_ref(topic: Topic | None) -> Ref | None:
    """Refer to a topic by its name."""
    return (
        None if topic is None else Ref(kind="topic", slug=topic.slug, label=topic.name)
    )


def proposition_ref(proposition: Proposition) -> Ref:
    """Refer to a proposition by its sentence."""
    return Ref(kind="proposition", slug=proposition.slug, label=proposition.text)


def source_ref(source: Source | None) -> Ref | None:
    """Refer to a source by its title."""
    return (
        None
        if source is None
        else Ref(kind="source", slug=source.slug, label=source.title)
    )


def written(record: Any, name: str) -> WrittenDate:
    """The date `name` of a row, with its bounds and the words of the source."""
    prefix = "" if name == "date" else f"{name}_"
    return WrittenDate(
        edtf=getattr(record, name),
        earliest=getattr(record, f"{prefix}earliest"),
        latest=getattr(record, f"{prefix}latest"),
        as_written=getattr(record, f"{name}_as_written"),
    )
