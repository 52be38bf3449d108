"""From rows back to records: each the data that would load to the same rows.

Rows come in order of their slugs, a few hundred at a time, and are let go of again, so
that memory stays bounded however large the database. What a row says that no record
can say is a fault, named with kind, slug and field: it is never left out in silence.

Long because each kind of record has its writer here, the mirror of
`exchange/records.py`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from errors import Fault
from exchange.export.licences import lets_pass_on
from exchange.passages import split
from exchange.reading import Located, no_line, read_record
from exchange.records import Kind
from exchange.stored import MODELS
from models import (
    Actor,
    AgendaItem,
    Attribution,
    Dataset,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Mention,
    Office,
    Outcome,
    Participation,
    Passage,
    Proposition,
    PropositionRelation,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
)
from models.dates import date_columns
from models.enums import Certainty, EvidenceRole, MentionMethod, SubjectKind, Verb
from models.parts import in_parts

Data: TypeAlias = dict[str, Any]
_AT_ONCE = 200
_TEXTS_AT_ONCE = 20
_BOM = "\ufeff"


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
        statement = sa.select(model).order_by(model.slug).options(*_OPTIONS[kind])
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
        data = [_clean(make(row)) for row in rows]
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
        return {"slug": row.slug, "name": row.name, "parent": _slug(row.parent)}

    def _actor(self, row: Actor) -> Data:
        return {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "parent": _slug(row.parent),
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
                    **_period(each),
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
                    **_period(each),
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
            "topic": _slug(row.topic),
            "about": _date(row, "about"),
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
            "date": _date(row, "date"),
            "venue": row.venue,
            "city": row.city,
            "country": _slug(row.country),
            "several": row.several or None,
            "series": row.series,
            "parent": _slug(row.parent),
            "relation": row.relation,
            "evidence": self._evidence(row),
            "status": [
                {
                    "status": each.status,
                    "date": _date(each, "date"),
                    "evidence": self._evidence(each),
                }
                for each in row.status_events
            ],
            "participants": [
                {
                    "person": _slug(each.person),
                    "label": each.label,
                    "represents": _slug(each.represented),
                    "office": _slug(each.office),
                    "role": each.role,
                    "presence": each.presence,
                    "evidence": self._evidence(each),
                }
                for each in row.participations
            ],
            "agenda": [
                {
                    "text": each.text,
                    "topic": _slug(each.topic),
                    "side": _slug(each.side),
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
            "represents": _slug(row.represents),
            "represents_nobody": row.represents_nobody or None,
            "proposition": _slug(row.proposition),
            "actor": _slug(row.target_actor),
            "position": row.position,
            "polarity": row.polarity,
            "mode": row.mode,
            "certainty": row.certainty,
            "stated": _date(row, "stated"),
            "valid_from": _date(row, "valid_from"),
            "valid_to": _date(row, "valid_to"),
            "topic": _slug(row.topic),
            "meeting": _slug(row.meeting),
            "agenda_item": _place_on_agenda(row),
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
            "issuer": _slug(row.issuer),
            "contributors": [each.name for each in row.contributors],
            "published": _date(row, "published"),
            "url": row.url,
            "language": None if row.language == "und" else row.language,
            "licence": row.licence,
            "place": row.place,
            "derived_from": _slug(row.original),
            "derivation": row.derivation,
            "retrieved": newest.pop("retrieved", None),
            "file": newest.pop("file", None),
            "subjects": {
                group: [_subject(each) for each in row.subjects if each.kind is kind]
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
                "speaker": _slug(each.speaker),
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
            "said_by": _chain(row, source),
        }


def locate_record(kind: Kind, data: Data) -> tuple[Located | None, list[Fault]]:
    """Check that a record can be read back, and would be read back as it is."""
    place = f"{kind} {data['slug']}"
    located, faults = read_record(kind, data, place, no_line)
    if located is not None:
        back = located.record.model_dump(mode="json", exclude_unset=True)
        faults = [
            Fault(place, None, path, str(was), "a value that stays as it is when read")
            for path, was in _changed(data, back, "")
        ]
    return located, faults


def _changed(was: Any, now: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key, value in was.items():
            yield from _changed(value, now.get(key), f"{path}.{key}" if path else key)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (one, other) in enumerate(zip(was, now, strict=True), 1):
            yield from _changed(one, other, f"{path}[{number}]")
    elif was != now:
        yield path, was


def shortened(value: Any) -> Any:
    """Write a date without its own words, and a label on its own, as plain text."""
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"edtf"}:
            return value["edtf"]
        if value.keys() == {"label"}:
            return value["label"]
        return {key: shortened(item) for key, item in value.items()}
    return value


def _clean(value: Any) -> Any:
    """Leave out what is not there; a text without passages is something that is."""
    if isinstance(value, dict):
        cleaned = {key: _clean(item) for key, item in value.items()}
        return {
            key: item
            for key, item in cleaned.items()
            if item not in (None, [], {}) or (key == "passages" and item == [])
        }
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _slug(row: Any) -> str | None:
    return None if row is None else str(row.slug)


def _date(row: Any, name: str) -> Data | None:
    columns = date_columns(name)
    edtf, words = getattr(row, columns.edtf), getattr(row, columns.as_written)
    if edtf is None and words is None:
        return None
    return {"edtf": edtf, "as_written": words}


def _period(row: Tenure | Membership) -> Data:
    return {name: _date(row, name) for name in ("since", "until", "attested")}


def _subject(row: SourceSubject) -> Data:
    actor, topic = _slug(row.actor), _slug(row.topic)
    return {"label": row.label, "actor": actor, "topic": topic}


def _place_on_agenda(row: Stance) -> int | None:
    """Return where the item stands on its meeting's agenda, counted from 1."""
    if row.agenda_item is None or row.meeting is None:
        return None
    before = [each.id for each in row.meeting.agenda]
    return before.index(row.agenda_item.id) + 1


def _chain(row: Evidence, source: Source) -> list[Data]:
    """Return the attribution; the source itself is left out if it adds nothing.

    A chain that does not end with its source gets a last link which no reader takes:
    read back, it would end with the source.
    """
    links = [_link(each) for each in row.attributions]
    last = {"source": source.slug, "verb": Verb.ACCORDING_TO}
    if not links or links[-1].get("source") != source.slug:
        return [*links, {"verb": Verb.ACCORDING_TO}]
    return links[:-1] if links[-1] == last else links


def _link(row: Attribution) -> Data:
    sure = row.certainty is Certainty.CERTAIN
    speaker: Data = (
        {"speaker": row.actor.slug}
        if row.actor is not None
        else {"source": _slug(row.source)}
    )
    return {**speaker, "verb": row.verb} | (
        {} if sure else {"certainty": row.certainty}
    )


_SUBJECTS = {
    "persons": SubjectKind.PERSON,
    "countries": SubjectKind.COUNTRY,
    "topics": SubjectKind.TOPIC,
}


# What is loaded along with each kind: a batch costs a fixed number of statements


def _with_evidence(claim: Any) -> Any:
    text = joinedload(Evidence.source_text).options(
        defer(SourceText.text), joinedload(SourceText.source)
    )
    links = selectinload(Evidence.attributions).options(
        joinedload(Attribution.actor), joinedload(Attribution.source)
    )
    return selectinload(claim).options(text, links)


_OPTIONS: Mapping[Kind, Sequence[Any]] = {
    "dataset": (),
    "topic": (joinedload(Topic.parent),),
    "actor": (
        joinedload(Actor.parent),
        selectinload(Actor.names),
        selectinload(Actor.identifiers),
        selectinload(Actor.memberships).options(
            joinedload(Membership.organization), _with_evidence(Membership.evidence)
        ),
    ),
    "office": (
        joinedload(Office.body),
        selectinload(Office.tenures).options(
            joinedload(Tenure.person), _with_evidence(Tenure.evidence)
        ),
    ),
    "proposition": (joinedload(Proposition.topic),),
    "source": (
        joinedload(Source.issuer),
        joinedload(Source.original),
        selectinload(Source.contributors),
        selectinload(Source.subjects).options(
            joinedload(SourceSubject.actor), joinedload(SourceSubject.topic)
        ),
        selectinload(Source.texts)
        .selectinload(SourceText.passages)
        .joinedload(Passage.speaker),
    ),
    "meeting": (
        joinedload(Meeting.country),
        joinedload(Meeting.parent),
        _with_evidence(Meeting.evidence),
        selectinload(Meeting.status_events).options(
            _with_evidence(MeetingStatusEvent.evidence)
        ),
        selectinload(Meeting.participations).options(
            joinedload(Participation.person),
            joinedload(Participation.represented),
            joinedload(Participation.office),
            _with_evidence(Participation.evidence),
        ),
        selectinload(Meeting.agenda).options(
            joinedload(AgendaItem.topic),
            joinedload(AgendaItem.side),
            _with_evidence(AgendaItem.evidence),
        ),
        selectinload(Meeting.outcomes).options(_with_evidence(Outcome.evidence)),
    ),
    "stance": (
        joinedload(Stance.holder),
        joinedload(Stance.represents),
        joinedload(Stance.proposition),
        joinedload(Stance.target_actor),
        joinedload(Stance.topic),
        joinedload(Stance.meeting).selectinload(Meeting.agenda),
        joinedload(Stance.agenda_item),
        selectinload(Stance.relations).joinedload(StanceRelation.other),
        _with_evidence(Stance.evidence),
    ),
}
