"""From rows of the record to documents of the index.

Fields hold slugs, never the names of actors, topics or sources: these are looked up
when a query is read. Among the words of meetings and stances are the names of those
whom they concern (`search.names_of`). Which documents a change concerns stands in
`search.roots`.

Long because each kind of record has its builder here, beside those it shares its
loading with.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from models import (
    Actor,
    AgendaItem,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Mention,
    Outcome,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    Tenure,
    Topic,
    load_dates,
)
from models.enums import JobKind, MeetingFormat
from models.parts import in_parts
from search.engine import Document, Text
from search.fields import Kind
from search.names_of import load_names
from search.sides import load_sides

#: The language in which coders write titles, notes and sentences.
CODED_IN = "en"

_meetings_view = sa.table("meetings", sa.column("slug"), sa.column("status"))
_newest_version = (
    sa.select(sa.func.max(SourceText.version))
    .where(SourceText.source_id == Source.id)
    .correlate(Source)
    .scalar_subquery()
)


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


def passage_id(source: str, position: int) -> str:
    """The id of a passage's document; ids sort as the passages stand in the source."""
    return f"{Kind.PASSAGE}/{source}/{position:06}"


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
        self._session = session
        self._actors: dict[int, str] = {}
        self._topics: dict[int, str] = {}

    # Passages

    def passages_of(self, sources: Iterable[str]) -> Iterator[Document]:
        """Yield the passages of sources, in their newest wording, if it is held."""
        for batch in in_parts(sources):
            yield from self._passages(Source.slug.in_(batch))

    def passages(
        self, ids: Collection[int], besides: Collection[str]
    ) -> Iterator[Document]:
        """Yield the passages with these ids that are of no source in *besides*."""
        for batch in in_parts(sorted(ids)):
            for document in self._passages(Passage.id.in_(batch)):
                if document.values["source"][0] not in besides:
                    yield document

    def _passages(self, condition: sa.ColumnElement[bool]) -> Iterator[Document]:
        rows = self._session.execute(
            sa.select(
                Passage.id,
                Passage.position,
                Passage.start_char,
                Passage.end_char,
                Passage.speaker_id,
                SourceText.id,
                SourceText.source_id,
            )
            .join(SourceText, SourceText.id == Passage.source_text_id)
            .join(Source, Source.id == SourceText.source_id)
            .where(condition, SourceText.text.is_not(None))
            .where(SourceText.version == _newest_version)
            .order_by(Source.slug, Passage.position)
        ).all()
        if not rows:
            return
        ids = {row.source_id for row in rows}
        sources, days = self._sources(ids), load_dates(self._session, ids)
        texts = self._texts({row[5] for row in rows})
        mentions = self._mentions([row[0] for row in rows])
        cited = self._cited({row[5] for row in rows})
        for id, position, start, end, speaker, text_id, source_id in rows:
            source, subjects, of_source = sources[source_id]
            day = days.get(source_id)
            values = Values()
            values.add_all(of_source)
            values.add("actor", *mentions[id])
            if speaker is not None:
                values.add("actor", self._actor(speaker))
            for claim_start, claim_end, of_claim in cited[text_id]:
                if claim_start < end and start < claim_end:
                    values.add_all(of_claim)
            yield Document(
                id=passage_id(source.slug, position),
                owner=f"{JobKind.SOURCE}/{source.slug}",
                kind=Kind.PASSAGE,
                title=((source.title, source.language),),
                text=((texts[text_id][start:end], source.language),),
                subjects=subjects,
                values=values.sorted(),
                dated=day is not None,
                earliest=day and day.published_earliest,
                latest=day and day.published_latest,
            )

    def _sources(
        self, ids: Collection[int]
    ) -> dict[int, tuple[Any, tuple[str, ...], Values]]:
        """Return each source with its subjects and what they say of its passages."""
        rows = self._session.execute(
            sa.select(
                Source.id,
                Source.slug,
                Source.title,
                Source.language,
                Source.publisher,
            ).where(Source.id.in_(ids))
        )
        labels: defaultdict[int, list[str]] = defaultdict(list)
        resolved: defaultdict[int, Values] = defaultdict(Values)
        for subject in self._session.execute(
            sa.select(
                SourceSubject.source_id,
                SourceSubject.label,
                SourceSubject.actor_id,
                SourceSubject.topic_id,
            )
            .where(SourceSubject.source_id.in_(ids))
            .order_by(SourceSubject.source_id, SourceSubject.position)
        ):
            labels[subject.source_id].append(subject.label)
            if subject.actor_id is not None:
                resolved[subject.source_id].add("actor", self._actor(subject.actor_id))
            if subject.topic_id is not None:
                resolved[subject.source_id].add("topic", self._topic(subject.topic_id))
        found = {}
        for row in rows:
            values = resolved[row.id]
            values.add("source", row.slug)
            values.add("publisher", row.publisher)
            found[row.id] = row, tuple(labels[row.id]), values
        return found

    def _texts(self, ids: Collection[int]) -> dict[int, str]:
        rows = self._session.execute(
            sa.select(SourceText.id, SourceText.text).where(SourceText.id.in_(ids))
        )
        return {id: text or "" for id, text in rows}

    def _mentions(self, passages: Sequence[int]) -> defaultdict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for batch in in_parts(passages, 10_000):
            rows = self._session.execute(
                sa.select(Mention.passage_id, Mention.actor_id).where(
                    Mention.passage_id.in_(batch)
                )
            )
            for passage, actor in rows:
                found[passage].append(self._actor(actor))
        return found

    def _cited(
        self, texts: Collection[int]
    ) -> defaultdict[int, list[tuple[int, int, Values]]]:
        """Return the spans of evidence in texts, with what their claims are about."""
        found: defaultdict[int, list[tuple[int, int, Values]]] = defaultdict(list)
        evidence = self._session.scalars(
            sa.select(Evidence)
            .where(Evidence.source_text_id.in_(texts))
            .options(
                joinedload(Evidence.status_event),
                joinedload(Evidence.participation),
                joinedload(Evidence.agenda_item),
                joinedload(Evidence.outcome),
                joinedload(Evidence.stance).joinedload(Stance.proposition),
                joinedload(Evidence.tenure).joinedload(Tenure.office),
                joinedload(Evidence.membership),
            )
            .order_by(Evidence.id)
        ).all()
        meetings = self._meeting_values(
            {meeting for item in evidence if (meeting := _meeting_of(item)) is not None}
        )
        stances = {item.stance.id: item.stance for item in evidence if item.stance}
        sides = load_sides(self._session, list(stances.values()))
        for item in evidence:
            values = self._claim_values(item, meetings, sides)
            found[item.source_text_id].append((item.start_char, item.end_char, values))
        return found

    def _claim_values(
        self,
        item: Evidence,
        meetings: Mapping[int, Values],
        sides: Mapping[int, tuple[int, ...]],
    ) -> Values:
        values = Values()
        if item.participation is not None:
            part = item.participation
            whole = meetings[part.meeting_id]
            values.add_all(whole.without("actor", "topic"))
            values.add("actor", *self._slugs(part.person_id, part.represented_id))
        elif item.agenda_item is not None:
            point = item.agenda_item
            values.add_all(meetings[point.meeting_id].without("topic"))
            if point.topic_id is not None:
                values.add("topic", self._topic(point.topic_id))
        elif (meeting := _meeting_of(item)) is not None:
            values.add_all(meetings[meeting])
        elif item.stance is not None:
            values.add_all(self._stance_values(item.stance, sides))
        elif item.tenure is not None:
            tenure = item.tenure
            values.add("actor", *self._slugs(tenure.person_id, tenure.office.body_id))
        elif item.membership is not None:
            member = item.membership
            values.add("actor", *self._slugs(member.member_id, member.organization_id))
        return values

    # Meetings

    def meetings(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of meetings."""
        for batch in in_parts(sorted(slugs)):
            rows = self._session.scalars(
                sa.select(Meeting)
                .where(Meeting.slug.in_(batch))
                .options(
                    selectinload(Meeting.participations),
                    selectinload(Meeting.agenda),
                    selectinload(Meeting.outcomes),
                )
                .order_by(Meeting.slug)
            ).all()
            values = self._meeting_values({row.id for row in rows})
            sources = self._sources_of(meeting_id(), [row.id for row in rows])
            concerned = {
                row.id: _distinct(
                    *(
                        actor
                        for part in row.participations
                        for actor in (part.person_id, part.represented_id)
                    ),
                    row.country_id,
                )
                for row in rows
            }
            names = self._names(concerned)
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
                    title=_coded(row.title),
                    text=(*_coded(*words), *names[row.id]),
                    values=values[row.id].sorted(),
                    dated=row.date is not None,
                    earliest=row.earliest,
                    latest=row.latest,
                )

    def _meeting_values(self, ids: Collection[int]) -> dict[int, Values]:
        """Return what is to be said of meetings, and of passages cited for them."""
        found = {}
        for batch in in_parts(sorted(ids)):
            for row in self._session.execute(
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
            for meeting, person, represented in self._session.execute(
                sa.select(
                    Participation.meeting_id,
                    Participation.person_id,
                    Participation.represented_id,
                ).where(Participation.meeting_id.in_(batch))
            ):
                found[meeting].add("actor", *self._slugs(person, represented))
            for meeting, topic, side in self._session.execute(
                sa.select(
                    AgendaItem.meeting_id, AgendaItem.topic_id, AgendaItem.side_id
                ).where(AgendaItem.meeting_id.in_(batch))
            ):
                found[meeting].add("actor", *self._slugs(side))
                if topic is not None:
                    found[meeting].add("topic", self._topic(topic))
        return found

    # Actors, stances, propositions

    def actors(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of actors."""
        for batch in in_parts(sorted(slugs)):
            rows = self._session.scalars(
                sa.select(Actor)
                .where(Actor.slug.in_(batch))
                .options(selectinload(Actor.names), selectinload(Actor.identifiers))
                .order_by(Actor.slug)
            )
            for row in rows:
                values = Values()
                values.add("actor", row.slug)
                yield Document(
                    id=f"{Kind.ACTOR}/{row.slug}",
                    owner=f"{JobKind.ACTOR}/{row.slug}",
                    kind=Kind.ACTOR,
                    title=_coded(row.name),
                    text=(
                        *((name.name, name.language) for name in row.names),
                        *_coded(row.description),
                        *((item.value, None) for item in row.identifiers),
                    ),
                    values=values.sorted(),
                )

    def stances(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of stances."""
        for batch in in_parts(sorted(slugs)):
            rows = self._session.scalars(
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
            sides = load_sides(self._session, rows)
            names = self._names(
                {
                    row.id: _distinct(
                        row.holder_id, *sides[row.id], row.target_actor_id
                    )
                    for row in rows
                }
            )
            for row in rows:
                values = self._stance_values(row, sides)
                values.add("source", *(e.source_text.source.slug for e in row.evidence))
                if row.meeting is not None:
                    values.add("meeting", row.meeting.slug)
                yield Document(
                    id=f"{Kind.STANCE}/{row.slug}",
                    owner=f"{JobKind.STANCE}/{row.slug}",
                    kind=Kind.STANCE,
                    title=_coded(row.proposition.text if row.proposition else None),
                    text=(*quotes_of(row), *_coded(row.note), *names[row.id]),
                    values=values.sorted(),
                    dated=row.stated is not None,
                    earliest=row.stated_earliest,
                    latest=row.stated_latest,
                )

    def _stance_values(
        self, row: Stance, sides: Mapping[int, tuple[int, ...]]
    ) -> Values:
        values = Values()
        holders = self._slugs(row.holder_id, *sides[row.id])
        values.add("holder", *holders)
        values.add("actor", *holders, *self._slugs(row.target_actor_id))
        values.add("position", row.position, row.polarity)
        topic = row.topic_id
        if row.proposition is not None:
            values.add("proposition", row.proposition.slug)
            topic = row.proposition.topic_id if topic is None else topic
        if topic is not None:
            values.add("topic", self._topic(topic))
        return values

    def propositions(self, slugs: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of propositions."""
        for batch in in_parts(sorted(slugs)):
            rows = self._session.scalars(
                sa.select(Proposition)
                .where(Proposition.slug.in_(batch))
                .order_by(Proposition.slug)
            )
            for row in rows:
                values = Values()
                values.add("proposition", row.slug)
                if row.topic_id is not None:
                    values.add("topic", self._topic(row.topic_id))
                yield Document(
                    id=f"{Kind.PROPOSITION}/{row.slug}",
                    owner=f"{JobKind.PROPOSITION}/{row.slug}",
                    kind=Kind.PROPOSITION,
                    title=_coded(row.text),
                    values=values.sorted(),
                    dated=row.about is not None,
                    earliest=row.about_earliest,
                    latest=row.about_latest,
                )

    # What documents refer to

    def _names(self, concerned: Mapping[int, Iterable[int]]) -> dict[int, list[Text]]:
        """Return the names of the actors that each record concerns."""
        names = load_names(self._session, set(chain.from_iterable(concerned.values())))
        return {
            row: [name for actor in actors for name in names[actor]]
            for row, actors in concerned.items()
        }

    def _sources_of(
        self, claim: sa.ColumnElement[int | None], ids: Sequence[int]
    ) -> defaultdict[int, list[str]]:
        """Return the sources cited for claims."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for id, slug in self._session.execute(
            with_meeting(sa.select(claim, Source.slug))
            .join(SourceText, SourceText.id == Evidence.source_text_id)
            .join(Source, Source.id == SourceText.source_id)
            .where(claim.in_(ids))
            .distinct()
        ):
            found[id].append(slug)
        return found

    def _slugs(self, *actors: int | None) -> list[str]:
        return [self._actor(id) for id in actors if id is not None]

    def _actor(self, id: int) -> str:
        if not self._actors:
            rows = self._session.execute(sa.select(Actor.id, Actor.slug))
            self._actors.update((id, slug) for id, slug in rows)
        return self._actors[id]

    def _topic(self, id: int) -> str:
        if not self._topics:
            rows = self._session.execute(sa.select(Topic.id, Topic.slug))
            self._topics.update((id, slug) for id, slug in rows)
        return self._topics[id]


def quotes_of(stance: Stance) -> tuple[Text, ...]:
    """The quotes that a stance rests on, each in the language of its source."""
    return tuple(
        (item.quote, item.source_text.source.language)
        for item in stance.evidence
        if item.quote
    )


def _distinct(*ids: int | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(id for id in ids if id is not None))


def _coded(*texts: str | None) -> tuple[Text, ...]:
    """Texts as coders write them, without those that are missing."""
    return tuple((text, CODED_IN) for text in texts if text)


def _meeting_of(item: Evidence) -> int | None:
    """The meeting that a claim belongs to, if it is about one."""
    part = item.status_event or item.participation or item.agenda_item or item.outcome
    return part.meeting_id if part is not None else item.meeting_id


def meeting_id() -> sa.ColumnElement[int | None]:
    """The same for a statement made by `with_meeting`."""
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
