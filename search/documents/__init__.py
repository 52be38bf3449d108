"""From rows of the record to documents of the index: a module for each kind of thing.

Fields hold slugs, never the names of actors, topics or sources: these are looked up
when a query is read. Among the words of meetings and stances are the names of those
whom they concern (`search.names_of`). Which documents a change concerns stands in
`search.roots`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Actor, Meeting, Passage, Proposition, Source, Stance
from search.documents.actors import actors
from search.documents.meetings import Meetings
from search.documents.passages import Passages
from search.documents.propositions import propositions
from search.documents.shared import Shared
from search.documents.stances import Stances
from search.engine import Document


def everything(session: Session) -> Iterator[Document]:
    """Return every document of the record."""
    builder = Builder(session)

    def slugs(table: type[Any]) -> Sequence[str]:
        return session.scalars(sa.select(table.slug).order_by(table.slug)).all()

    yield from builder.passages_of(slugs(Source))
    yield from builder.meetings(slugs(Meeting))
    yield from builder.actors(slugs(Actor))
    yield from builder.stances(slugs(Stance))
    yield from builder.propositions(slugs(Proposition))


def count(session: Session) -> int:
    """Return how many documents the record makes, withheld passages included."""
    return sum(
        session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (Passage, Meeting, Actor, Stance, Proposition)
    )


class Builder:
    """Makes documents from one session, a batch of rows at a time."""

    def __init__(self, session: Session) -> None:
        self._shared = Shared(session)
        self._meetings = Meetings(self._shared)
        self._stances = Stances(self._shared)
        self._passages = Passages(self._shared, self._meetings, self._stances)

    def passages_of(self, sources: Iterable[str]) -> Iterator[Document]:
        """Yield the passages of sources, in their newest wording, if it is held."""
        return self._passages.of(sources)

    def passages(
        self, ids: Collection[int], besides: Collection[str]
    ) -> Iterator[Document]:
        """Yield the passages with these ids that are of no source in *besides*."""
        return self._passages.with_ids(ids, besides)

    def meetings(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of meetings."""
        return self._meetings.of(slugs)

    def actors(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of actors."""
        return actors(self._shared.session, slugs)

    def stances(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of stances."""
        return self._stances.of(slugs)

    def propositions(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of propositions."""
        return propositions(self._shared, slugs)
