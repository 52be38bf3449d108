"""The documents of meetings, and what is said of passages that are cited for them."""

from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from models import AgendaItem, Meeting, Participation
from models.enums import JobKind, MeetingFormat
from models.parts import in_parts
from search.documents.shared import Shared, Values, coded, distinct, meeting_id
from search.engine import Document
from search.fields import Kind

_meetings_view = sa.table("meetings", sa.column("slug"), sa.column("status"))


class Meetings:
    """Makes the documents of meetings."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def of(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of meetings."""
        for batch in in_parts(sorted(slugs)):
            rows = self._shared.session.scalars(
                sa.select(Meeting)
                .where(Meeting.slug.in_(batch))
                .options(
                    selectinload(Meeting.participations),
                    selectinload(Meeting.agenda),
                    selectinload(Meeting.outcomes),
                )
                .order_by(Meeting.slug)
            ).all()
            values = self.values({row.id for row in rows})
            sources = self._shared.sources_of(meeting_id(), [row.id for row in rows])
            concerned = {
                row.id: distinct(
                    *(
                        actor
                        for part in row.participations
                        for actor in (part.person_id, part.represented_id)
                    ),
                    row.country_id,
                )
                for row in rows
            }
            names = self._shared.names(concerned)
            for row in rows:
                values[row.id].add("source", *sources[row.id])
                words = [
                    *(item.text for item in row.agenda),
                    *(item.text for item in row.outcomes),
                    *(item.label for item in row.participations),
                    row.venue,
                    row.city,
                    row.series,
                    row.kind.label,
                    row.format.label if row.format != MeetingFormat.UNKNOWN else None,
                ]
                yield Document(
                    id=f"{Kind.MEETING}/{row.slug}",
                    owner=f"{JobKind.MEETING}/{row.slug}",
                    kind=Kind.MEETING,
                    title=coded(row.title),
                    text=(*coded(*words), *names[row.id]),
                    values=values[row.id].sorted(),
                    dated=row.date is not None,
                    earliest=row.earliest,
                    latest=row.latest,
                )

    def values(self, ids: Collection[int]) -> dict[int, Values]:
        """Return what is to be said of meetings, and of passages cited for them."""
        found = {}
        for batch in in_parts(sorted(ids)):
            for row in self._shared.session.execute(
                sa.select(
                    Meeting.id, Meeting.slug, Meeting.format, _meetings_view.c.status
                )
                .join(_meetings_view, _meetings_view.c.slug == Meeting.slug)
                .where(Meeting.id.in_(batch))
            ):
                found[row.id] = values = Values()
                values.add("meeting", row.slug)
                values.add("format", row.format)
                values.add("status", row.status)
            for meeting, person, represented in self._shared.session.execute(
                sa.select(
                    Participation.meeting_id,
                    Participation.person_id,
                    Participation.represented_id,
                ).where(Participation.meeting_id.in_(batch))
            ):
                found[meeting].add("actor", *self._shared.slugs(person, represented))
            for meeting, topic, side in self._shared.session.execute(
                sa.select(
                    AgendaItem.meeting_id, AgendaItem.topic_id, AgendaItem.side_id
                ).where(AgendaItem.meeting_id.in_(batch))
            ):
                found[meeting].add("actor", *self._shared.slugs(side))
                if topic is not None:
                    found[meeting].add("topic", self._shared.topic(topic))
        return found
