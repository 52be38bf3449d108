"""What the documents of several kinds of thing share: values, slugs, names, claims."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Actor,
    AgendaItem,
    Evidence,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Source,
    SourceText,
    Topic,
)
from search.engine import Text
from search.names_of import CODED_IN, load_names


class Values:
    """The values of a document's fields, as they come together."""

    def __init__(self) -> None:
        self._found: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, field: str, *values: object) -> None:
        """Add values to a field; None is no value."""
        self._found[field].update(str(value) for value in values if value is not None)

    def add_all(self, other: "Values") -> None:
        """Add all that *other* holds."""
        for field, values in other._found.items():
            self._found[field] |= values

    def without(self, *fields: str) -> "Values":
        """Return the values of all other fields."""
        rest = Values()
        rest.add_all(self)
        for field in fields:
            rest._found.pop(field, None)
        return rest

    def sorted(self) -> dict[str, tuple[str, ...]]:
        """Return what a document takes."""
        return {
            field: tuple(sorted(values))
            for field, values in self._found.items()
            if values
        }


class Shared:
    """Looks up, in one session, what documents refer to: actors and topics once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._actors: dict[int, str] = {}
        self._topics: dict[int, str] = {}

    def slugs(self, *actors: int | None) -> list[str]:
        """The slugs of actors; None is nobody."""
        return [self.actor(id) for id in actors if id is not None]

    def actor(self, id: int) -> str:
        """The slug of an actor."""
        if not self._actors:
            rows = self.session.execute(sa.select(Actor.id, Actor.slug))
            self._actors.update((id, slug) for id, slug in rows)
        return self._actors[id]

    def topic(self, id: int) -> str:
        """The slug of a topic."""
        if not self._topics:
            rows = self.session.execute(sa.select(Topic.id, Topic.slug))
            self._topics.update((id, slug) for id, slug in rows)
        return self._topics[id]

    def names(self, concerned: Mapping[int, Iterable[int]]) -> dict[int, list[Text]]:
        """Return the names of the actors that each record concerns."""
        names = load_names(self.session, set(chain.from_iterable(concerned.values())))
        return {
            row: [name for actor in actors for name in names[actor]]
            for row, actors in concerned.items()
        }

    def sources_of(
        self, claim: sa.ColumnElement[int | None], ids: Sequence[int]
    ) -> defaultdict[int, list[str]]:
        """Return the sources cited for claims."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for id, slug in self.session.execute(
            with_meeting(sa.select(claim, Source.slug))
            .join(SourceText, SourceText.id == Evidence.source_text_id)
            .join(Source, Source.id == SourceText.source_id)
            .where(claim.in_(ids))
            .distinct()
        ):
            found[id].append(slug)
        return found


def distinct(*ids: int | None) -> tuple[int, ...]:
    """Each id once, in order, without those that are missing."""
    return tuple(dict.fromkeys(id for id in ids if id is not None))


def coded(*texts: str | None) -> tuple[Text, ...]:
    """Texts as coders write them, without those that are missing."""
    return tuple((text, CODED_IN) for text in texts if text)


def meeting_id() -> sa.ColumnElement[int | None]:
    """The meeting that a claim belongs to, in a statement made by `with_meeting`."""
    return sa.func.coalesce(
        Evidence.meeting_id,
        MeetingStatusEvent.meeting_id,
        Participation.meeting_id,
        AgendaItem.meeting_id,
        Outcome.meeting_id,
    )


def with_meeting(statement: Any) -> Any:
    """Select from the evidence, with whatever of a meeting it is for."""
    return (
        statement.select_from(Evidence)
        .outerjoin(Evidence.status_event)
        .outerjoin(Evidence.participation)
        .outerjoin(Evidence.agenda_item)
        .outerjoin(Evidence.outcome)
    )
