"""Write sources: many new ones at once, or one that has changed.

New sources go through Core inserts, a table at a time, because a stream brings them by
the ten thousand; the database's triggers queue the index jobs all the same.

Long because new and changed sources go two ways that must write the same rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.reading import Located
from exchange.records import MentionItem, SourceRecord, Subject
from exchange.report import Report
from exchange.stored import UNDETERMINED, insert_rows
from exchange.texts import Text, context, texts_of
from exchange.writing.batch import Writing
from exchange.writing.marking import Marker, mention
from models import (
    Evidence,
    Mention,
    Passage,
    Source,
    SourceContributor,
    SourceSubject,
    SourceText,
    parse_edtf,
)
from models.enums import MentionMethod, SubjectKind
from models.parts import in_parts

_GROUPS = {
    "persons": SubjectKind.PERSON,
    "countries": SubjectKind.COUNTRY,
    "topics": SubjectKind.TOPIC,
}

Rows = list[dict[str, Any]]
SourceItem = tuple[Located, SourceRecord]


class SourceWriter:
    """Writes the sources of one batch."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing
        self.session = writing.session
        self.batch = writing.batch
        self.report = writing.report

    def write(self) -> None:
        """Write sources with their texts, passages, subjects and mentions."""
        work = list(self.w.each("source", SourceRecord))
        self._add([item for item in work if not self.w.is_update(item[0])])
        changed = [item for item in work if self.w.is_update(item[0])]
        self._detach([record.slug for _, record in changed])
        for located, record in changed:
            self._change(located, record)
        self.w.flush("source")

    def _detach(self, slugs: Sequence[str]) -> None:
        """Untie sources from their originals: half-way, two could be each other's."""
        for chunk in in_parts(slugs):
            self.session.execute(
                sa.update(Source)
                .where(Source.slug.in_(chunk), Source.derived_from_id.is_not(None))
                .values(derived_from_id=None, derivation=None)
            )

    def _add(self, items: Sequence[SourceItem]) -> None:
        """Insert sources that are not stored yet, with texts, passages and mentions."""
        if not items:
            return
        records = [record for _, record in items]
        self._insert(Source, [self._row(r, located.digest) for located, r in items])
        ids = self._ids(record.slug for record in records)
        self._insert(
            SourceContributor,
            [
                {"source_id": ids[record.slug], "position": position, "name": name}
                for record in records
                for position, name in enumerate(record.contributors, 1)
            ],
        )
        self._insert(
            SourceSubject,
            [
                {"source_id": ids[record.slug], **row}
                for record in records
                for row in self._subjects(record)
            ],
        )
        self._derive(records, ids)
        texts = {
            ids[record.slug]: text
            for record in records
            if (text := self.batch.text(record.slug)) is not None
        }
        retrieved = {ids[record.slug]: _day(record.retrieved) for record in records}
        versions = dict.fromkeys(texts, 1)
        for record in records:
            if record.earlier and ids[record.slug] in texts:
                versions[ids[record.slug]] += self._add_earlier(
                    ids[record.slug], record
                )
        text_ids = self._add_texts(texts, versions, retrieved)
        self._mark_new({text_ids[source]: text for source, text in texts.items()})
        for record in records:
            if record.mentions:
                self._code_mentions(record.mentions, text_ids[ids[record.slug]])

    def _change(self, located: Located, record: SourceRecord) -> None:
        """Bring one stored source up to date; a changed text becomes a new version."""
        source = self.session.scalars(
            sa.select(Source).where(Source.slug == record.slug)
        ).one()
        row = self._row(record, located.digest)
        for name in ("published_earliest", "published_latest"):
            row.pop(name)  # the setter of `published` computes them
        for name, value in row.items():
            setattr(source, name, value)
        self._sync_contributors(source, record)
        self._sync_subjects(source, record)
        self.session.flush()
        self._derive([record], {record.slug: source.id})
        stored = self.batch.stored.latest_text(record.slug)
        text = self.batch.text(record.slug)
        if text is not None and (stored is None or stored.sha256 != text.sha256):
            self._new_version(located, source, stored, text, record)
        elif stored is not None and stored.text is None and text and text.text:
            self.w.journal.attached(record.slug)
            fill_text(self.session, stored, text.text, self.w.marker, self.report)
        newest = self.batch.stored.latest_text(record.slug)
        if newest is not None:
            self._code_mentions(record.mentions, newest.id)

    # One row of each table

    def _row(self, record: SourceRecord, digest: str) -> dict[str, Any]:
        published = record.published
        bounds = parse_edtf(published.edtf) if published else None
        return {
            "slug": record.slug,
            "kind": record.kind,
            "title": record.title,
            "publisher": record.publisher,
            "issuer_id": self.batch.stored.id("actor", record.issuer),
            "published": published and published.edtf,
            "published_earliest": bounds and bounds.earliest,
            "published_latest": bounds and bounds.latest,
            "published_as_written": published and published.as_written,
            "place": record.place,
            "url": record.url,
            "language": record.language or UNDETERMINED,
            "licence": record.licence,
            "digest": digest,
        }

    def _subjects(self, record: SourceRecord) -> Iterator[dict[str, Any]]:
        """Yield a row for each label; one that stands twice is kept once."""
        seen: set[tuple[SubjectKind, str]] = set()
        for group, kind in _GROUPS.items():
            items: list[Subject] = getattr(record.subjects, group)
            for item in items:
                if (kind, item.as_given) in seen:
                    continue
                seen.add((kind, item.as_given))
                actor = self.batch.stored.id("actor", item.actor)
                topic = self.batch.stored.id("topic", item.topic)
                if actor is None and topic is None:
                    actor, topic = self.w.marker.resolve(kind, item.as_given, item.code)
                yield {
                    "position": len(seen),
                    "kind": kind,
                    "label": item.as_given,
                    "actor_id": actor,
                    "topic_id": topic,
                }

    # Helpers of `add`

    def _insert(self, model: type[Any], rows: Rows) -> None:
        if rows:
            insert_rows(self.session, model, rows)

    def _ids(self, slugs: Iterable[str]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for chunk in in_parts(slugs):
            rows = self.session.execute(
                sa.select(Source.slug, Source.id).where(Source.slug.in_(chunk))
            )
            ids.update((slug, id_) for slug, id_ in rows)
        return ids

    def _derive(self, records: Sequence[SourceRecord], ids: dict[str, int]) -> None:
        """Tie sources to their originals, which may stand in the same batch."""
        for record in records:
            if record.derived_from is None:
                continue
            self.batch.stored.forget("source", [record.derived_from])
            self.session.execute(
                sa.update(Source)
                .where(Source.id == ids[record.slug])
                .values(
                    derived_from_id=self.batch.stored.id("source", record.derived_from),
                    derivation=record.derivation,
                )
            )

    def _add_texts(
        self,
        texts: dict[int, Text],
        versions: dict[int, int],
        retrieved: dict[int, date | None],
    ) -> dict[int, int]:
        """Insert texts and their passages; return the text ids by source id."""
        rows: Rows = [
            {
                "source_id": source,
                "version": versions[source],
                "sha256": text.sha256,
                "length": text.length,
                "text": text.text,
                "retrieved": retrieved[source],
                "file_sha256": text.file and text.file.sha256,
                "reader": text.file and text.file.reader,
            }
            for source, text in texts.items()
        ]
        self._insert(SourceText, rows)
        ids: dict[int, int] = {}
        for chunk in in_parts(texts):
            found = self.session.execute(
                sa.select(
                    SourceText.source_id, SourceText.id, SourceText.version
                ).where(SourceText.source_id.in_(chunk))
            )
            for source, id_, version in found:
                if version == versions[source]:
                    ids[source] = id_
        passages: Rows = [
            {
                "source_text_id": ids[source],
                "position": position,
                "start_char": start,
                "end_char": end,
                "speaker_id": speaker and self.batch.stored.id("actor", speaker),
                "page": page,
            }
            for source, text in texts.items()
            for position, ((start, end), speaker, page) in enumerate(
                zip_longest(text.spans, text.speakers, text.pages), 1
            )
        ]
        self._insert(Passage, passages)
        self.report.passages += len(passages)
        return ids

    def _add_earlier(self, source: int, record: SourceRecord) -> int:
        """Insert the former wordings of a source; return how many there are."""
        former = texts_of(record)[:-1]
        for version, (text, item) in enumerate(
            zip(former, record.earlier, strict=True), 1
        ):
            ids = self._add_texts(
                {source: text}, {source: version}, {source: _day(item.retrieved)}
            )
            self._mark_new({ids[source]: text})
            if item.mentions:
                self._code_mentions(item.mentions, ids[source])
        return len(former)

    def _mark_new(self, texts: dict[int, Text]) -> None:
        self.report.mentions += mark_passages(
            self.session,
            {
                id_: (text.text, text.spans)
                for id_, text in texts.items()
                if text.text is not None
            },
            self.w.marker,
        )

    # Helpers of `change`

    def _new_version(
        self,
        located: Located,
        source: Source,
        stored: SourceText | None,
        text: Text,
        record: SourceRecord,
    ) -> None:
        known = self.session.scalar(
            sa.select(SourceText.version).where(
                SourceText.source_id == source.id, SourceText.sha256 == text.sha256
            )
        )
        if known is not None:
            expected = f"a new text (this one is version {known}, since replaced)"
            self.w.fault(located, ("text",), None, expected)
            return
        version = stored.version + 1 if stored else 1
        ids = self._add_texts(
            {source.id: text}, {source.id: version}, {source.id: _day(record.retrieved)}
        )
        self._mark_new({ids[source.id]: text})
        if stored is not None:
            self.report.note(
                f"{source.slug}: the changed text is kept as version {version}; what "
                "is already recorded still cites the version that it was read in"
            )

    def _sync_contributors(self, source: Source, record: SourceRecord) -> None:
        if [each.name for each in source.contributors] != record.contributors:
            source.contributors.clear()
            self.session.flush()
            for position, name in enumerate(record.contributors, 1):
                source.contributors.append(
                    SourceContributor(position=position, name=name)
                )

    def _sync_subjects(self, source: Source, record: SourceRecord) -> None:
        held = {(each.kind, each.label): each for each in source.subjects}
        for row in self._subjects(record):
            subject = held.pop((row["kind"], row["label"]), None)
            if subject is None:
                source.subjects.append(SourceSubject(**row))
            else:
                for name, value in row.items():
                    setattr(subject, name, value)
        for subject in held.values():
            source.subjects.remove(subject)

    def _code_mentions(self, mentions: Sequence[MentionItem], text_id: int) -> None:
        """Record the mentions of a coder, and only those that the record still has."""
        passages = dict(
            self.session.execute(
                sa.select(Passage.position, Passage.id).where(
                    Passage.source_text_id == text_id
                )
            ).all()
        )
        wanted = {
            (passages[item.passage], self.batch.stored.id("actor", item.actor))
            for item in mentions
        }
        held = {
            (row.passage_id, row.actor_id): row
            for chunk in in_parts(passages.values())
            for row in self.session.scalars(
                sa.select(Mention).where(Mention.passage_id.in_(chunk))
            )
        }
        for key, row in held.items():
            words = row.passage.text or ""
            if key in wanted:
                row.method = MentionMethod.CODER
            elif row.actor_id in self.w.marker.names.find(words):
                row.method = MentionMethod.NAME
            else:
                self.session.delete(row)
        new: Rows = [
            mention(passage, actor, MentionMethod.CODER)
            for passage, actor in sorted(wanted - held.keys(), key=str)
            if actor is not None
        ]
        self._insert(Mention, new)
        self.report.mentions += len(new)


def mark_passages(
    session: Session,
    texts: dict[int, tuple[str, Sequence[tuple[int, int]]]],
    marker: Marker,
) -> int:
    """Mark the actors named in new passages; return how many mentions there are.

    `texts` maps the id of a source text to its words and the spans of its passages.
    """
    found: dict[tuple[int, int], set[int]] = {}
    for text_id, (text, spans) in texts.items():
        for position, (start, end) in enumerate(spans, 1):
            if actors := marker.names.find(text[start:end]):
                found[text_id, position] = actors
    rows: Rows = []
    for chunk in in_parts(sorted({text_id for text_id, _ in found})):
        passages = session.execute(
            sa.select(Passage.id, Passage.source_text_id, Passage.position).where(
                Passage.source_text_id.in_(chunk)
            )
        )
        for id_, text_id, position in passages:
            actors = found.get((text_id, position), set())
            rows.extend(mention(id_, actor) for actor in sorted(actors))
    if rows:
        insert_rows(session, Mention, rows)
    return len(rows)


def fill_text(
    session: Session, stored: SourceText, text: str, marker: Marker, report: Report
) -> int:
    """Put the words into a withheld text and all that cites it.

    Returns how many pieces of evidence got their quote.
    """
    stored.text = text
    session.flush()
    cited = session.scalars(
        sa.select(Evidence).where(Evidence.source_text_id == stored.id)
    ).all()
    for evidence in cited:
        span = (evidence.start_char, evidence.end_char)
        evidence.quote, evidence.prefix, evidence.suffix = context(text, span)
    session.flush()
    passages = session.scalars(
        sa.select(Passage)
        .where(Passage.source_text_id == stored.id)
        .order_by(Passage.position)
    ).all()
    wanted = {
        (passage.id, actor)
        for passage in passages
        for actor in marker.names.find(text[passage.start_char : passage.end_char])
    }
    coded = {
        (passage, actor)
        for chunk in in_parts(passage.id for passage in passages)
        for passage, actor in session.execute(
            sa.select(Mention.passage_id, Mention.actor_id).where(
                Mention.passage_id.in_(chunk)
            )
        )
    }
    rows = [mention(passage, actor) for passage, actor in sorted(wanted - coded)]
    if rows:
        insert_rows(session, Mention, rows)
    report.mentions += len(rows)
    return len(cited)


def _day(text: str | None) -> date | None:
    return parse_edtf(text).earliest if text else None
