"""The documents of stances, and what is said of passages that are cited for them."""

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models import Evidence, SourceText, Stance
from models.enums import JobKind
from models.parts import in_parts
from search.documents.shared import Shared, Values, coded, distinct
from search.engine import Document, Text
from search.fields import Kind
from search.sides import load_sides


class Stances:
    """Makes the documents of stances."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def of(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of stances."""
        for batch in in_parts(sorted(slugs)):
            rows = self._shared.session.scalars(
                sa.select(Stance)
                .where(Stance.slug.in_(batch))
                .options(
                    joinedload(Stance.proposition),
                    joinedload(Stance.meeting),
                    selectinload(Stance.evidence)
                    .joinedload(Evidence.source_text)
                    .defer(SourceText.text)
                    .joinedload(SourceText.source),
                )
                .order_by(Stance.slug)
            ).all()
            sides = load_sides(self._shared.session, rows)
            names = self._shared.names(
                {
                    row.id: distinct(row.holder_id, *sides[row.id], row.target_actor_id)
                    for row in rows
                }
            )
            for row in rows:
                values = self.values(row, sides)
                values.add("source", *(e.source_text.source.slug for e in row.evidence))
                if row.meeting is not None:
                    values.add("meeting", row.meeting.slug)
                yield Document(
                    id=f"{Kind.STANCE}/{row.slug}",
                    owner=f"{JobKind.STANCE}/{row.slug}",
                    kind=Kind.STANCE,
                    title=coded(row.proposition.text if row.proposition else None),
                    text=(*quotes_of(row), *coded(row.note), *names[row.id]),
                    values=values.sorted(),
                    dated=row.stated is not None,
                    earliest=row.stated_earliest,
                    latest=row.stated_latest,
                )

    def values(self, row: Stance, sides: Mapping[int, tuple[int, ...]]) -> Values:
        """Return what is to be said of a stance; *sides* is whom each speaks for."""
        values = Values()
        holders = self._shared.slugs(row.holder_id, *sides[row.id])
        values.add("holder", *holders)
        values.add("actor", *holders, *self._shared.slugs(row.target_actor_id))
        values.add("position", row.position, row.polarity)
        topic = row.topic_id
        if row.proposition is not None:
            values.add("proposition", row.proposition.slug)
            topic = row.proposition.topic_id if topic is None else topic
        if topic is not None:
            values.add("topic", self._shared.topic(topic))
        return values


def quotes_of(stance: Stance) -> tuple[Text, ...]:
    """The quotes that a stance rests on, each in the language of its source."""
    return tuple(
        (item.quote, item.source_text.source.language)
        for item in stance.evidence
        if item.quote
    )
