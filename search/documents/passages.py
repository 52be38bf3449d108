"""The documents of passages: what they say, and what they are cited for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models import (
    Evidence,
    Mention,
    Passage,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    Tenure,
    load_dates,
)
from models.enums import JobKind
from models.parts import in_parts
from search.documents.meetings import Meetings
from search.documents.shared import Shared, Values
from search.documents.stances import Stances
from search.engine import Document
from search.fields import Kind
from search.sides import load_sides

_newest_version = (
    sa.select(sa.func.max(SourceText.version))
    .where(SourceText.source_id == Source.id)
    .correlate(Source)
    .scalar_subquery()
)


def passage_id(source: str, position: int) -> str:
    """The id of a passage's document; ids sort as the passages stand in the source."""
    return f"{Kind.PASSAGE}/{source}/{position:06}"


class Passages:
    """Makes the documents of passages."""

    def __init__(self, shared: Shared, meetings: Meetings, stances: Stances) -> None:
        self._shared = shared
        self._meetings = meetings
        self._stances = stances

    def of(self, sources: Iterable[str]) -> Iterator[Document]:
        """Yield the passages of sources, in their newest wording, if it is held."""
        for batch in in_parts(sources):
            yield from self._passages(Source.slug.in_(batch))

    def with_ids(
        self, ids: Collection[int], besides: Collection[str]
    ) -> Iterator[Document]:
        """Yield the passages with these ids that are of no source in *besides*."""
        for batch in in_parts(sorted(ids)):
            for document in self._passages(Passage.id.in_(batch)):
                if document.values["source"][0] not in besides:
                    yield document

    def _passages(self, condition: sa.ColumnElement[bool]) -> Iterator[Document]:
        rows = self._shared.session.execute(
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
        sources, days = self._sources(ids), load_dates(self._shared.session, ids)
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
                values.add("actor", self._shared.actor(speaker))
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
        rows = self._shared.session.execute(
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
        for subject in self._shared.session.execute(
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
                resolved[subject.source_id].add(
                    "actor", self._shared.actor(subject.actor_id)
                )
            if subject.topic_id is not None:
                resolved[subject.source_id].add(
                    "topic", self._shared.topic(subject.topic_id)
                )
        found = {}
        for row in rows:
            values = resolved[row.id]
            values.add("source", row.slug)
            values.add("publisher", row.publisher)
            found[row.id] = row, tuple(labels[row.id]), values
        return found

    def _texts(self, ids: Collection[int]) -> dict[int, str]:
        rows = self._shared.session.execute(
            sa.select(SourceText.id, SourceText.text).where(SourceText.id.in_(ids))
        )
        return {id: text or "" for id, text in rows}

    def _mentions(self, passages: Sequence[int]) -> defaultdict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for batch in in_parts(passages, 10_000):
            rows = self._shared.session.execute(
                sa.select(Mention.passage_id, Mention.actor_id).where(
                    Mention.passage_id.in_(batch)
                )
            )
            for passage, actor in rows:
                found[passage].append(self._shared.actor(actor))
        return found

    def _cited(
        self, texts: Collection[int]
    ) -> defaultdict[int, list[tuple[int, int, Values]]]:
        """Return the spans of evidence in texts, with what their claims are about."""
        found: defaultdict[int, list[tuple[int, int, Values]]] = defaultdict(list)
        evidence = self._shared.session.scalars(
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
        meetings = self._meetings.values(
            {meeting for item in evidence if (meeting := _meeting_of(item)) is not None}
        )
        stances = {item.stance.id: item.stance for item in evidence if item.stance}
        sides = load_sides(self._shared.session, list(stances.values()))
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
        values, slugs = Values(), self._shared.slugs
        if item.participation is not None:
            part = item.participation
            whole = meetings[part.meeting_id]
            values.add_all(whole.without("actor", "topic"))
            values.add("actor", *slugs(part.person_id, part.represented_id))
        elif item.agenda_item is not None:
            point = item.agenda_item
            values.add_all(meetings[point.meeting_id].without("topic"))
            if point.topic_id is not None:
                values.add("topic", self._shared.topic(point.topic_id))
        elif (meeting := _meeting_of(item)) is not None:
            values.add_all(meetings[meeting])
        elif item.stance is not None:
            values.add_all(self._stances.values(item.stance, sides))
        elif item.tenure is not None:
            tenure = item.tenure
            values.add("actor", *slugs(tenure.person_id, tenure.office.body_id))
        elif item.membership is not None:
            member = item.membership
            values.add("actor", *slugs(member.member_id, member.organization_id))
        return values


def _meeting_of(item: Evidence) -> int | None:
    """The meeting that a claim belongs to, if it is about one."""
    part = item.status_event or item.participation or item.agenda_item or item.outcome
    return part.meeting_id if part is not None else item.meeting_id
