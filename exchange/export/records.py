"""From rows back to records: each the data that would load to the same rows.

Rows come in order of their slugs, a few hundred at a time, and are let go of again, so
that memory stays bounded however large the database. What a row says that no record
can say is a fault, named with kind, slug and field: it is never left out in silence.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.export.licences import lets_pass_on
from exchange.export.loading import OPTIONS
from exchange.export.parts import (
    Data,
    chain_of,
    date_of,
    period_of,
    place_on_agenda,
    slug_of,
    subject_of,
    without_blanks,
)
from exchange.passages import split
from exchange.records import Kind
from exchange.stored import MODELS
from models import (
    Actor,
    Dataset,
    Evidence,
    Meeting,
    Mention,
    Office,
    Passage,
    Proposition,
    PropositionRelation,
    Source,
    SourceText,
    Stance,
    Topic,
)
from models.enums import EvidenceRole, MentionMethod, SubjectKind
from models.parts import in_parts

_AT_ONCE = 200
_TEXTS_AT_ONCE = 20
_BOM = "\ufeff"

_SUBJECTS = {
    "persons": SubjectKind.PERSON,
    "countries": SubjectKind.COUNTRY,
    "topics": SubjectKind.TOPIC,
}


class Reader:
    """Reads the rows of a database as records."""

    def __init__(self, session: Session, with_texts: bool = False) -> None:
        self.session = session
        self.with_texts = with_texts
        self.kept_back: set[str] = set()
        """Sources read so far whose words are held, and withheld."""
        # Only the few sources whose text has changed since it was first recorded.
        versions = sa.func.max(SourceText.version)
        changed = session.execute(
            sa.select(SourceText.source_id, versions)
            .group_by(SourceText.source_id)
            .having(versions > 1)
        )
        self._newest = {source: version for source, version in changed}

    def ships(self, source: Source) -> bool:
        """Tell whether a source's words may go out."""
        return self.with_texts or lets_pass_on(source.licence)

    def count(self, kind: Kind) -> int:
        """Count the records of a kind."""
        model = MODELS[kind]
        return self.session.scalar(sa.select(sa.func.count(model.id))) or 0

    def read(self, kind: Kind, slugs: Collection[str] | None = None) -> Iterator[Data]:
        """Yield the records of a kind, in order of their slugs: all, or those named."""
        model = MODELS[kind]
        statement = sa.select(model).order_by(model.slug).options(*OPTIONS[kind])
        at_once = _TEXTS_AT_ONCE if kind == "source" else _AT_ONCE
        if slugs is not None:
            for some in in_parts(sorted(slugs), at_once):
                yield from self._records(kind, statement.where(model.slug.in_(some)))
            return
        last = ""
        while True:
            found = list(
                self._records(kind, statement.where(model.slug > last).limit(at_once))
            )
            yield from found
            if len(found) < at_once:
                return
            last = found[-1]["slug"]

    def _records(self, kind: Kind, statement: Any) -> Iterator[Data]:
        rows = self.session.scalars(statement).unique().all()
        make: Callable[[Any], Data] = getattr(self, f"_{kind}")
        data = [without_blanks(make(row)) for row in rows]
        self.session.expunge_all()
        yield from data

    # One method for each kind

    def _dataset(self, row: Dataset) -> Data:
        return {
            "slug": row.slug,
            "title": row.title,
            "description": row.description,
            "licence": row.licence,
            "contacts": list(row.contacts),
        }

    def _topic(self, row: Topic) -> Data:
        return {"slug": row.slug, "name": row.name, "parent": slug_of(row.parent)}

    def _actor(self, row: Actor) -> Data:
        return {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "parent": slug_of(row.parent),
            "description": row.description,
            "names": [
                {
                    "name": name.name,
                    "language": None if name.language == "und" else name.language,
                    "script": name.script,
                    "kind": name.kind,
                }
                for name in row.names
            ],
            "identifiers": {each.scheme: each.value for each in row.identifiers},
            "memberships": [
                {
                    "organization": each.organization.slug,
                    "status": each.status,
                    **period_of(each),
                    "evidence": self._evidence(each),
                }
                for each in sorted(row.memberships, key=lambda each: each.id)
            ],
        }

    def _office(self, row: Office) -> Data:
        return {
            "slug": row.slug,
            "title": row.title,
            "body": row.body.slug,
            "tenures": [
                {
                    "person": each.person.slug,
                    **period_of(each),
                    "evidence": self._evidence(each),
                }
                for each in sorted(row.tenures, key=lambda each: each.id)
            ],
        }

    def _proposition(self, row: Proposition) -> Data:
        return {
            "slug": row.slug,
            "text": row.text,
            "kind": row.kind,
            "topic": slug_of(row.topic),
            "about": date_of(row, "about"),
            "contrary": sorted(self._contrary(row)),
        }

    def _contrary(self, row: Proposition) -> Iterable[str]:
        one, other = PropositionRelation.proposition_id, PropositionRelation.other_id
        pair = sa.or_(
            sa.and_(one == row.id, other == Proposition.id),
            sa.and_(other == row.id, one == Proposition.id),
        )
        return self.session.scalars(
            sa.select(Proposition.slug).join(PropositionRelation, pair)
        )

    def _meeting(self, row: Meeting) -> Data:
        return {
            "slug": row.slug,
            "title": row.title,
            "kind": row.kind,
            "format": row.format,
            "medium": row.medium,
            "level": row.level,
            "date": date_of(row, "date"),
            "venue": row.venue,
            "city": row.city,
            "country": slug_of(row.country),
            "several": row.several or None,
            "series": row.series,
            "parent": slug_of(row.parent),
            "relation": row.relation,
            "evidence": self._evidence(row),
            "status": [
                {
                    "status": each.status,
                    "date": date_of(each, "date"),
                    "evidence": self._evidence(each),
                }
                for each in row.status_events
            ],
            "participants": [
                {
                    "person": slug_of(each.person),
                    "label": each.label,
                    "represents": slug_of(each.represented),
                    "office": slug_of(each.office),
                    "role": each.role,
                    "presence": each.presence,
                    "evidence": self._evidence(each),
                }
                for each in row.participations
            ],
            "agenda": [
                {
                    "text": each.text,
                    "topic": slug_of(each.topic),
                    "side": slug_of(each.side),
                    "status": each.status,
                    "evidence": self._evidence(each),
                }
                for each in row.agenda
            ],
            "outcomes": [
                {
                    "type": each.type,
                    "text": each.text,
                    "evidence": self._evidence(each),
                }
                for each in row.outcomes
            ],
        }

    def _stance(self, row: Stance) -> Data:
        recorded = {
            "at": row.recorded_at and row.recorded_at.isoformat(),
            "by": row.recorded_by,
        }
        return {
            "slug": row.slug,
            "holder": row.holder.slug,
            "represents": slug_of(row.represents),
            "represents_nobody": row.represents_nobody or None,
            "proposition": slug_of(row.proposition),
            "actor": slug_of(row.target_actor),
            "position": row.position,
            "polarity": row.polarity,
            "mode": row.mode,
            "certainty": row.certainty,
            "stated": date_of(row, "stated"),
            "valid_from": date_of(row, "valid_from"),
            "valid_to": date_of(row, "valid_to"),
            "topic": slug_of(row.topic),
            "meeting": slug_of(row.meeting),
            "agenda_item": place_on_agenda(row),
            "note": row.note,
            "recorded": recorded if any(recorded.values()) else None,
            "relations": [
                {"relation": relation, "other": other}
                for relation, other in sorted(
                    (each.relation.value, each.other.slug) for each in row.relations
                )
            ],
            "evidence": self._evidence(row),
        }

    def _source(self, row: Source) -> Data:
        texts = row.texts
        former = [
            self._text(each, row) | {"mentions": self._coded_mentions(each)}
            for each in texts[:-1]
        ]
        newest: Data = self._text(texts[-1], row) if texts else {}
        return {
            "slug": row.slug,
            "kind": row.kind,
            "title": row.title,
            "publisher": row.publisher,
            "issuer": slug_of(row.issuer),
            "contributors": [each.name for each in row.contributors],
            "published": date_of(row, "published"),
            "url": row.url,
            "language": None if row.language == "und" else row.language,
            "licence": row.licence,
            "place": row.place,
            "derived_from": slug_of(row.original),
            "derivation": row.derivation,
            "retrieved": newest.pop("retrieved", None),
            "file": newest.pop("file", None),
            "subjects": {
                group: [subject_of(each) for each in row.subjects if each.kind is kind]
                for group, kind in _SUBJECTS.items()
            },
            **newest,
            "earlier": former,
            "mentions": self._coded_mentions(texts[-1]) if texts else [],
        }

    # Their parts

    def _text(self, text: SourceText, source: Source) -> Data:
        spans = [(each.start_char, each.end_char) for each in text.passages]
        passages = [
            {
                "start": each.start_char,
                "end": each.end_char,
                "speaker": slug_of(each.speaker),
                "page": each.page,
            }
            for each in text.passages
        ]
        retrieved = text.retrieved and text.retrieved.isoformat()
        file = text.file_sha256 and {"sha256": text.file_sha256, "reader": text.reader}
        if text.text is None or not self.ships(source):
            if text.text is not None:
                self.kept_back.add(source.slug)
            withheld = {
                "sha256": text.sha256,
                "length": text.length,
                "passages": passages,
            }
            return {"withheld": withheld, "retrieved": retrieved, "file": file}
        # A reader takes one byte-order mark off.
        words = _BOM + text.text if text.text.startswith(_BOM) else text.text
        said = any(each["speaker"] or each["page"] for each in passages)
        return {
            "text": words,
            "passages": passages if said or spans != split(text.text) else None,
            "retrieved": retrieved,
            "file": file,
        }

    def _coded_mentions(self, text: SourceText) -> list[Data]:
        rows = self.session.execute(
            sa.select(Passage.position, Actor.slug)
            .join(Mention, Mention.passage_id == Passage.id)
            .join(Actor, Actor.id == Mention.actor_id)
            .where(Passage.source_text_id == text.id)
            .where(Mention.method == MentionMethod.CODER)
            .order_by(Passage.position, Actor.slug)
        )
        return [{"passage": position, "actor": actor} for position, actor in rows]

    def _evidence(self, claim: Any) -> list[Data]:
        return [self._span(each) for each in claim.evidence]

    def _span(self, row: Evidence) -> Data:
        text = row.source_text
        source = text.source
        newest = self._newest.get(source.id, 1)
        shown = row.quote is not None and self.ships(source)
        return {
            "source": source.slug,
            "quote": row.quote if shown else None,
            "start": row.start_char,
            "end": row.end_char,
            "version": None if text.version == newest else text.version,
            "role": None if row.role is EvidenceRole.SUPPORTS else row.role,
            "note": row.note,
            "said_by": chain_of(row, source),
        }
