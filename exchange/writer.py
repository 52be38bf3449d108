"""Write a checked batch of records: add what is new, bring up to date what has changed.

Each kind is written in two steps, rows first and then what ties them to each other, so
that records of a batch may refer to each other in any order.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding
from exchange.claims import ClaimWriter, delete_row
from exchange.marking import Marker
from exchange.reading import Located
from exchange.records import (
    ActorRecord,
    AgendaEntry,
    DatasetRecord,
    Date,
    Kind,
    MeetingRecord,
    OfficeRecord,
    OutcomeItem,
    ParticipantItem,
    PropositionRecord,
    Root,
    SourceRecord,
    StanceRecord,
    StatusItem,
    TopicRecord,
)
from exchange.report import Report
from exchange.sources import UNDETERMINED, SourceWriter
from exchange.stored import MODELS
from models import (
    Actor,
    ActorIdentifier,
    ActorName,
    AgendaItem,
    Dataset,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Office,
    Outcome,
    Participation,
    Proposition,
    Source,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
    parse_edtf,
)
from models.slugs import slugify

RecordT = TypeVar("RecordT", bound=Root)
Child = TypeVar("Child")
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


class Writer:
    """Writes one batch in the caller's transaction, which the caller commits."""

    def __init__(
        self, session: Session, batch: Batch, marker: Marker, report: Report
    ) -> None:
        self.session = session
        self.batch = batch
        self.stored = batch.stored
        self.marker = marker
        self.report = report
        self.claims = ClaimWriter(session, batch, report)
        self.findings: list[Finding] = []
        self._work: dict[Kind, list[Located]] = {}
        self._rows: dict[tuple[Kind, str], Any] = {}
        self._updated: dict[tuple[Kind, str], bool] = {}

    def write(self) -> list[Finding]:
        """Write everything; with findings, the caller must roll back."""
        for kind in MODELS:
            self._work[kind] = list(self._to_write(kind))
        self._write_datasets()
        self._write_topics()
        self._write_actors()
        self._write_sources()
        self._write_memberships()
        self._write_offices()
        self._write_propositions()
        self._write_meetings()
        self._write_stances()
        self.session.flush()
        self._count()
        return self.findings + self.claims.findings

    # What is to be done

    def _to_write(self, kind: Kind) -> Iterator[Located]:
        """Yield the records that are new or have changed; count the rest."""
        for located in self.batch.of(kind):
            entry = self.stored.get(kind, located.slug)
            if entry is not None and entry.digest == located.digest:
                self.report.count(kind).unchanged += 1
            else:
                self._updated[kind, located.slug] = entry is not None
                yield located

    def _count(self) -> None:
        for (kind, _), updated in self._updated.items():
            count = self.report.count(kind)
            if updated:
                count.updated += 1
            else:
                count.added += 1

    def _each(
        self, kind: Kind, model: type[RecordT]
    ) -> Iterator[tuple[Located, RecordT]]:
        for located in self._work[kind]:
            if isinstance(located.record, model):
                yield located, located.record

    def _row(self, kind: Kind, record: Root, /, **values: Any) -> Any:
        """Return the row of a record, made or brought up to date, not yet flushed."""
        model = MODELS[kind]
        row = None
        if self._updated[kind, record.slug]:
            row = self.session.scalars(
                sa.select(model).where(model.slug == record.slug)
            ).one()
        if row is None:
            row = model(slug=record.slug)
            self.session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.digest = record.digest()
        self._rows[kind, record.slug] = row
        return row

    def _flush(self, kind: Kind) -> None:
        self.session.flush()
        self.stored.forget(kind, [located.slug for located in self._work[kind]])
        self.stored.prepare(kind, [located.slug for located in self._work[kind]])

    def _id(self, kind: Kind, slug: str | None) -> int | None:
        return self.stored.id(kind, slug)

    def _fault(self, located: Located, path: Any, value: object, expected: str) -> None:
        fault = located.fault(path, value, expected)
        self.findings.append(Finding(located, fault))

    # Datasets, topics, actors

    def _write_datasets(self) -> None:
        for _, record in self._each("dataset", DatasetRecord):
            row: Dataset = self._row(
                "dataset",
                record,
                title=record.title,
                description=record.description,
                licence=record.licence,
            )
            row.contacts = list(record.contacts)
        self._flush("dataset")

    def _write_topics(self) -> None:
        for _, record in self._each("topic", TopicRecord):
            row: Topic = self._row("topic", record, name=record.name)
            self._loosen(row, record.parent)
        self._flush("topic")
        for _, record in self._each("topic", TopicRecord):
            row = self._rows["topic", record.slug]
            row.parent_id = self._id("topic", record.parent)
        self.session.flush()

    def _loosen(self, row: Any, parent: str | None) -> None:
        """Untie a row whose parent changes: half-way, two could be each other's."""
        if row.parent is not None and row.parent.slug != parent:
            row.parent = None
            if isinstance(row, Meeting):
                row.relation = None

    def _write_actors(self) -> None:
        before = self.marker
        for _, record in self._each("actor", ActorRecord):
            row: Actor = self._row(
                "actor",
                record,
                name=record.name,
                kind=record.kind,
                description=record.description,
            )
            self._loosen(row, record.parent)
            self._drop_names(row, record)
        self._flush("actor")
        for _, record in self._each("actor", ActorRecord):
            row = self._rows["actor", record.slug]
            row.parent_id = self._id("actor", record.parent)
            self._add_names(row, record)
        self.session.flush()
        if self._work["actor"]:
            self.marker = Marker(self.session)
            self.report.mentions += self.marker.mark_again(before)
            self._tell_ambiguous()
        if self._work["actor"] or self._work["topic"]:
            self.marker.resolve_subjects()

    def _drop_names(self, row: Actor, record: ActorRecord) -> None:
        names = {(item.name, item.language or UNDETERMINED) for item in record.names}
        for name in [n for n in row.names if (n.name, n.language) not in names]:
            row.names.remove(name)
        pairs = record.identifiers.items()
        for each in [i for i in row.identifiers if (i.scheme, i.value) not in pairs]:
            row.identifiers.remove(each)

    def _add_names(self, row: Actor, record: ActorRecord) -> None:
        held = {(name.name, name.language): name for name in row.names}
        for item in record.names:
            key = (item.name, item.language or UNDETERMINED)
            name = held.get(key)
            if name is None:
                name = ActorName(name=item.name, language=key[1])
                row.names.append(name)
            name.script = item.script
            name.kind = item.kind
        schemes = {each.scheme for each in row.identifiers}
        for scheme, value in record.identifiers.items():
            if scheme not in schemes:
                row.identifiers.append(ActorIdentifier(scheme=scheme, value=value))

    def _tell_ambiguous(self) -> None:
        ambiguous = sorted(self.marker.names.ambiguous)
        if ambiguous:
            shown = ", ".join(f"“{name}”" for name in ambiguous[:5])
            more = f" and {len(ambiguous) - 5} more" if len(ambiguous) > 5 else ""
            self.report.note(
                f"names of several actors, which therefore mark nobody: {shown}{more}"
            )

    # Sources

    def _write_sources(self) -> None:
        writer = SourceWriter(self.session, self.batch, self.marker, self.report)
        work = list(self._each("source", SourceRecord))
        writer.add([each for each in work if not self._updated["source", each[0].slug]])
        self._loosen_sources(work)
        for located, record in work:
            if self._updated["source", record.slug]:
                writer.change(located, record)
        self._flush("source")
        self.findings.extend(writer.findings)

    def _loosen_sources(self, work: Sequence[tuple[Located, SourceRecord]]) -> None:
        changed = [r.slug for _, r in work if self._updated["source", r.slug]]
        if changed:
            self.session.execute(
                sa.update(Source)
                .where(Source.slug.in_(changed), Source.derived_from_id.is_not(None))
                .values(derived_from_id=None, derivation=None)
            )

    # Memberships and offices, which need sources for their evidence

    def _write_memberships(self) -> None:
        for located, record in self._each("actor", ActorRecord):
            actor: Actor = self._rows["actor", record.slug]
            keys = _numbered(
                (
                    f"{record.slug}/{item.organization}/{item.status}"
                    for item in record.memberships
                ),
                [item.since for item in record.memberships],
            )
            held = {row.key: row for row in actor.memberships}
            rows: list[Membership] = []
            for key, item in zip(keys, record.memberships, strict=True):
                row = held.pop(key, None)
                if row is None:
                    row = Membership(key=key, member_id=actor.id)
                    self.session.add(row)
                row.organization_id = self._must("actor", item.organization)
                row.status = item.status
                _set_dates(row, since=item.since, until=item.until)
                _set_dates(row, attested=item.attested)
                rows.append(row)
            self._drop(held.values())
            self.session.flush()
            for i, (row, item) in enumerate(zip(rows, record.memberships, strict=True)):
                path = ("memberships", i, "evidence")
                self.claims.sync("membership", row, located, path, item.evidence)
            self.session.expire(actor, ["memberships"])

    def _write_offices(self) -> None:
        for _, record in self._each("office", OfficeRecord):
            self._row(
                "office",
                record,
                title=record.title,
                body_id=self._id("actor", record.body),
            )
        self._flush("office")
        for located, record in self._each("office", OfficeRecord):
            self._write_tenures(located, record, self._rows["office", record.slug])

    def _write_tenures(
        self, located: Located, record: OfficeRecord, office: Office
    ) -> None:
        keys = _numbered(
            (f"{item.person}/{record.slug}" for item in record.tenures),
            [item.since for item in record.tenures],
        )
        held = {row.key: row for row in office.tenures}
        rows: list[Tenure] = []
        for key, item in zip(keys, record.tenures, strict=True):
            row = held.pop(key, None)
            if row is None:
                row = Tenure(key=key, office_id=office.id)
                self.session.add(row)
            row.person_id = self._must("actor", item.person)
            _set_dates(row, since=item.since, until=item.until, attested=item.attested)
            rows.append(row)
        self._drop(held.values())
        self.session.flush()
        for i, (row, item) in enumerate(zip(rows, record.tenures, strict=True)):
            path = ("tenures", i, "evidence")
            self.claims.sync("tenure", row, located, path, item.evidence)
        self.session.expire(office, ["tenures"])

    def _must(self, kind: Kind, slug: str) -> int:
        id_ = self._id(kind, slug)
        if id_ is None:
            raise LookupError(f"no {kind} {slug}")
        return id_

    def _drop(self, rows: Any) -> None:
        for row in list(rows):
            delete_row(self.session, row)
            self.report.removed += 1

    # Propositions

    def _write_propositions(self) -> None:
        for _, record in self._each("proposition", PropositionRecord):
            row: Proposition = self._row(
                "proposition",
                record,
                text=record.text,
                kind=record.kind,
                topic_id=self._id("topic", record.topic),
            )
            _set_dates(row, about=record.about)
        self._flush("proposition")

    # Meetings

    def _write_meetings(self) -> None:
        for _, record in self._each("meeting", MeetingRecord):
            row: Meeting = self._row(
                "meeting",
                record,
                title=record.title,
                kind=record.kind,
                format=record.format,
                medium=record.medium,
                level=record.level,
                venue=record.venue,
                city=record.city,
                country_id=self._id("actor", record.country),
                several=record.several,
                series=record.series,
            )
            _set_dates(row, date=record.date)
            self._loosen(row, record.parent)
        self._flush("meeting")
        for located, record in self._each("meeting", MeetingRecord):
            row = self._rows["meeting", record.slug]
            row.parent_id = self._id("meeting", record.parent)
            row.relation = record.relation
            self.session.flush()
            self.claims.sync("meeting", row, located, ("evidence",), record.evidence)
            self._write_status(located, record, row)
            self._write_participants(located, record, row)
            self._write_agenda(located, record, row)
            self._write_outcomes(located, record, row)

    def _write_status(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: MeetingStatusEvent, item: StatusItem) -> None:
            row.status = item.status
            _set_dates(row, date=item.date)

        self._write_children(
            located,
            meeting,
            ("status", "status_events", "status_event"),
            record.status,
            _numbered(item.status.value for item in record.status),
            lambda key: MeetingStatusEvent(key=key),
            lambda row: row.key,
            fill,
        )

    def _write_participants(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: Participation, item: ParticipantItem) -> None:
            row.person_id = self._id("actor", item.person)
            row.label = item.label
            row.represented_id = self._id("actor", item.represents)
            row.office_id = self._id("office", item.office)
            row.role = item.role
            row.presence = item.presence

        self._write_children(
            located,
            meeting,
            ("participants", "participations", "participation"),
            record.participants,
            _numbered(_participant_key(item) for item in record.participants),
            lambda key: Participation(key=key),
            lambda row: row.key,
            fill,
        )

    def _write_agenda(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: AgendaItem, item: AgendaEntry) -> None:
            row.text = item.text
            row.topic_id = self._id("topic", item.topic)
            row.side_id = self._id("actor", item.side)
            row.status = item.status

        texts = set(_numbered(item.text for item in record.agenda))
        gone = [
            row
            for key, row in _keyed(meeting.agenda, lambda row: row.text)
            if key not in texts
        ]
        for row in gone:
            slug = self.session.scalar(
                sa.select(Stance.slug).where(Stance.agenda_item_id == row.id).limit(1)
            )
            if slug is not None:
                expected = f"the item “{row.text}” too, because stance {slug} names it"
                self._fault(located, ("agenda",), None, expected)
                return
        self._write_children(
            located,
            meeting,
            ("agenda", "agenda", "agenda_item"),
            record.agenda,
            _numbered(item.text for item in record.agenda),
            lambda key: AgendaItem(),
            lambda row: row.text,
            fill,
        )

    def _write_outcomes(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: Outcome, item: OutcomeItem) -> None:
            row.type = item.type
            row.text = item.text

        self._write_children(
            located,
            meeting,
            ("outcomes", "outcomes", "outcome"),
            record.outcomes,
            _numbered(f"{item.type}: {item.text}" for item in record.outcomes),
            lambda key: Outcome(),
            lambda row: f"{row.type}: {row.text}",
            fill,
        )

    def _write_children(
        self,
        located: Located,
        meeting: Meeting,
        names: tuple[str, str, str],
        items: Sequence[Any],
        keys: Sequence[str],
        make: Callable[[str], Any],
        key_of: Callable[[Any], str],
        fill: Callable[[Any, Any], None],
    ) -> None:
        """Match children by key, so that what is still named keeps its row.

        Agenda items and outcomes are matched by their words, not their position: a
        stance goes on pointing at its item when another is put before it.
        """
        field, attribute, claim = names
        held = dict(_keyed(getattr(meeting, attribute), key_of))
        kept = [held.pop(key, None) for key in keys]
        self._drop(held.values())
        for position, row in enumerate(kept, 1):  # out of each other's way
            if row is not None and row.position != position:
                row.position = -position
        self.session.flush()
        rows = []
        for position, (row, key, item) in enumerate(
            zip(kept, keys, items, strict=True), 1
        ):
            if row is None:
                row = make(key)
                row.meeting_id = meeting.id
                self.session.add(row)
            row.position = position
            fill(row, item)
            rows.append(row)
        self.session.flush()
        for i, (row, item) in enumerate(zip(rows, items, strict=True)):
            self.claims.sync(claim, row, located, (field, i, "evidence"), item.evidence)
        self.session.expire(meeting, [attribute])

    # Stances

    def _write_stances(self) -> None:
        for located, record in self._each("stance", StanceRecord):
            if self._updated["stance", record.slug]:
                self._compare_stance(located, record)
            else:
                self._add_stance(located, record)
        self._flush("stance")
        for located, record in self._each("stance", StanceRecord):
            stance: Stance = self._rows["stance", record.slug]
            added = self._add_relations(stance, record)
            added |= self.claims.sync(
                "stance", stance, located, ("evidence",), record.evidence
            )
            if self._updated["stance", record.slug] and not added:
                del self._updated["stance", record.slug]
                self.report.count("stance").unchanged += 1

    def _add_stance(self, located: Located, record: StanceRecord) -> None:
        recorded = record.recorded
        stance: Stance = self._row(
            "stance",
            record,
            **self._content(record),
            recorded_at=recorded and parse_edtf(recorded.at).earliest,
            recorded_by=recorded and recorded.by,
        )
        _set_dates(
            stance,
            stated=record.stated,
            valid_from=record.valid_from,
            valid_to=record.valid_to,
        )

    def _content(self, record: StanceRecord) -> dict[str, Any]:
        return {
            "holder_id": self._id("actor", record.holder),
            "represents_id": self._id("actor", record.represents),
            "proposition_id": self._id("proposition", record.proposition),
            "target_actor_id": self._id("actor", record.actor),
            "position": record.position,
            "polarity": record.polarity,
            "mode": record.mode,
            "certainty": record.certainty,
            "topic_id": self._id("topic", record.topic),
            "meeting_id": self._id("meeting", record.meeting),
            "agenda_item_id": self._agenda_item_id(record),
            "note": record.note,
        }

    def _agenda_item_id(self, record: StanceRecord) -> int | None:
        if record.agenda_item is None:
            return None
        return self.session.scalar(
            sa.select(AgendaItem.id)
            .join(Meeting)
            .where(
                Meeting.slug == record.meeting,
                AgendaItem.position == record.agenda_item,
            )
        )

    def _compare_stance(self, located: Located, record: StanceRecord) -> None:
        """Refuse a change of what a stance says: that is a stance of its own.

        When and by whom it was recorded is not compared: the record keeps the first.
        """
        stance = self.session.scalars(
            sa.select(Stance).where(Stance.slug == record.slug)
        ).one()
        self._rows["stance", record.slug] = stance
        expected = (
            f"this as it is recorded, or a new slug that supersedes {record.slug}"
        )
        for name, value in self._content(record).items():
            if getattr(stance, name) != value:
                field = _FIELDS.get(name, name)
                self._fault(located, (field,), getattr(record, field), expected)
        for name in ("stated", "valid_from", "valid_to"):
            date: Date | None = getattr(record, name)
            wanted = (date.edtf, date.as_written) if date else (None, None)
            if (getattr(stance, name), getattr(stance, f"{name}_as_written")) != wanted:
                self._fault(located, (name,), wanted[0], expected)
        stance.digest = record.digest()

    def _add_relations(self, stance: Stance, record: StanceRecord) -> bool:
        held = {(each.relation, each.other_id) for each in stance.relations}
        wanted = {
            (each.relation, self._must("stance", each.other))
            for each in record.relations
        }
        for relation, other in sorted(wanted - held):
            self.session.add(
                StanceRelation(stance_id=stance.id, relation=relation, other_id=other)
            )
        if held - wanted:
            self.report.note(
                f"{stance.slug}: relations that the record no longer names are kept"
            )
        return bool(wanted - held)


_FIELDS = {
    "holder_id": "holder",
    "represents_id": "represents",
    "proposition_id": "proposition",
    "target_actor_id": "actor",
    "topic_id": "topic",
    "meeting_id": "meeting",
    "agenda_item_id": "agenda_item",
}


def _set_dates(row: Any, **dates: Date | None) -> None:
    """Set dates with their words; the model computes the days they may cover."""
    for name, date in dates.items():
        setattr(row, name, date and date.edtf)
        setattr(row, f"{name}_as_written", date and date.as_written)


def _participant_key(item: ParticipantItem) -> str:
    """Return a readable key: who it is, or else whom they represent and their label."""
    if item.person is not None:
        return item.person
    parts = [item.represents, slugify(item.label) if item.label else None]
    return "-".join(filter(None, parts)) or "participant"


def _numbered(keys: Any, sinces: Sequence[Date | None] | None = None) -> list[str]:
    """Tell equal keys apart: by the date since when, or else by number from 2."""
    seen: Counter[str] = Counter()
    numbered: list[str] = []
    for i, key in enumerate(keys):
        since = sinces[i] if sinces else None
        if seen[key] and since is not None:
            seen[key] += 1
            key = f"{key}/{since.edtf}"
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return numbered


def _keyed(
    rows: Sequence[Child], key_of: Callable[[Child], str]
) -> Iterator[tuple[str, Child]]:
    """Yield rows with their keys, numbered as `_numbered` numbers those of a record."""
    keys = [key_of(row) for row in rows]
    if len(set(keys)) < len(keys):
        keys = _numbered(keys)
    return iter(zip(keys, rows, strict=True))
