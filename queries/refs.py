"""From rows to the small shapes: references and dates."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Actor, Meeting, Proposition, Source, Topic
from models.dates import date_columns
from models.titles import TITLES
from queries.dates import WrittenDate
from queries.shapes import Ref

T = TypeVar("T")


def maybe(refer: Callable[[T], Ref], thing: T | None) -> Ref | None:
    """Refer to a thing that need not be there."""
    return None if thing is None else refer(thing)


def actor_ref(actor: Actor) -> Ref:
    """Refer to an actor by its usual name."""
    return Ref(kind="actor", slug=actor.slug, label=actor.name)


def meeting_ref(meeting: Meeting) -> Ref:
    """Refer to a meeting by its title."""
    return Ref(kind="meeting", slug=meeting.slug, label=meeting.title)


def topic_ref(topic: Topic) -> Ref:
    """Refer to a topic by its name."""
    return Ref(kind="topic", slug=topic.slug, label=topic.name)


def proposition_ref(proposition: Proposition) -> Ref:
    """Refer to a proposition by its sentence."""
    return Ref(kind="proposition", slug=proposition.slug, label=proposition.text)


def source_ref(source: Source) -> Ref:
    """Refer to a source by its title."""
    return Ref(kind="source", slug=source.slug, label=source.title)


def find_labels(session: Session, kind: str, slugs: Iterable[str]) -> dict[str, str]:
    """Look up what things are called; a slug that nothing has is left out."""
    slug, label = TITLES[kind]
    rows = session.execute(select(slug, label).where(slug.in_(list(slugs))))
    return {key: name for key, name in rows}


def written(record: Any, name: str) -> WrittenDate:
    """The date `name` of a row, with its bounds and the words of the source."""
    columns = date_columns(name)
    return WrittenDate(
        edtf=getattr(record, columns.edtf),
        earliest=getattr(record, columns.earliest),
        latest=getattr(record, columns.latest),
        as_written=getattr(record, columns.as_written),
    )
