"""Write meetings with all that hangs on them."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from exchange.reading import Located
from exchange.records import (
    AgendaEntry,
    MeetingRecord,
    OutcomeItem,
    ParticipantItem,
    StatusItem,
)
from exchange.writing.batch import Writing, set_dates
from exchange.writing.keys import keyed, numbered
from models import (
    AgendaItem,
    Meeting,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Stance,
)
from models.slugs import slugify


class MeetingWriter:
    """Writes the meetings of one batch."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing

    def write(self) -> None:
        for located, record in self.w.each("meeting", MeetingRecord):
            row: Meeting = self.w.row(
                located,
                title=record.title,
                kind=record.kind,
                format=record.format,
                medium=record.medium,
                level=record.level,
                venue=record.venue,
                city=record.city,
                country_id=self.w.id("actor", record.country),
                several=record.several,
                series=record.series,
            )
            set_dates(row, date=record.date)
            self.w.detach(row, record.parent)
        self.w.flush("meeting")
        for located, record in self.w.each("meeting", MeetingRecord):
            row = self.w.rows["meeting", record.slug]
            row.parent_id = self.w.id("meeting", record.parent)
            row.relation = record.relation
            self.w.session.flush()
            self.w.claims.sync("meeting", row, located, ("evidence",), record.evidence)
            self._write_status(located, record, row)
            self._write_participants(located, record, row)
            self._write_agenda(located, record, row)
            self._write_outcomes(located, record, row)

    def _write_status(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: MeetingStatusEvent, item: StatusItem) -> None:
            row.status = item.status
            set_dates(row, date=item.date)

        self._write_children(
            located,
            meeting,
            ("status", "status_events", "status_event"),
            record.status,
            numbered(item.status.value for item in record.status),
            lambda key: MeetingStatusEvent(key=key),
            lambda row: row.key,
            fill,
        )

    def _write_participants(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: Participation, item: ParticipantItem) -> None:
            row.person_id = self.w.id("actor", item.person)
            row.label = item.label
            row.represented_id = self.w.id("actor", item.represents)
            row.office_id = self.w.id("office", item.office)
            row.role = item.role
            row.presence = item.presence

        self._write_children(
            located,
            meeting,
            ("participants", "participations", "participation"),
            record.participants,
            numbered(_participant_key(item) for item in record.participants),
            lambda key: Participation(key=key),
            lambda row: row.key,
            fill,
        )

    def _write_agenda(
        self, located: Located, record: MeetingRecord, meeting: Meeting
    ) -> None:
        def fill(row: AgendaItem, item: AgendaEntry) -> None:
            row.text = item.text
            row.topic_id = self.w.id("topic", item.topic)
            row.side_id = self.w.id("actor", item.side)
            row.status = item.status

        texts = set(numbered(item.text for item in record.agenda))
        gone = [
            row
            for key, row in keyed(meeting.agenda, lambda row: row.text)
            if key not in texts
        ]
        for row in gone:
            slug = self.w.session.scalar(
                sa.select(Stance.slug).where(Stance.agenda_item_id == row.id).limit(1)
            )
            if slug is not None:
                expected = f"the item “{row.text}” too, because stance {slug} names it"
                self.w.fault(located, ("agenda",), None, expected)
                return
        self._write_children(
            located,
            meeting,
            ("agenda", "agenda", "agenda_item"),
            record.agenda,
            numbered(item.text for item in record.agenda),
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
            numbered(f"{item.type}: {item.text}" for item in record.outcomes),
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
        held = dict(keyed(getattr(meeting, attribute), key_of))
        kept = [held.pop(key, None) for key in keys]
        self.w.drop(held.values())
        for position, row in enumerate(kept, 1):  # out of each other's way
            if row is not None and row.position != position:
                row.position = -position
        self.w.session.flush()
        rows = []
        for position, (row, key, item) in enumerate(
            zip(kept, keys, items, strict=True), 1
        ):
            if row is None:
                row = make(key)
                row.meeting_id = meeting.id
                self.w.session.add(row)
            row.position = position
            fill(row, item)
            rows.append(row)
        self.w.session.flush()
        for i, (row, item) in enumerate(zip(rows, items, strict=True)):
            self.w.claims.sync(
                claim, row, located, (field, i, "evidence"), item.evidence
            )
        self.w.session.expire(meeting, [attribute])


def _participant_key(item: ParticipantItem) -> str:
    """Return a readable key: who it is, or else the actor represented and the label."""
    if item.person is not None:
        return item.person
    parts = [item.represents, slugify(item.label) if item.label else None]
    return "-".join(filter(None, parts)) or "participant"
