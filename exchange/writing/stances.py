"""Write stances: added, never changed; more evidence and relations may come."""

from typing import Any

import sqlalchemy as sa

from exchange.reading import Located
from exchange.records import Date, StanceRecord
from exchange.writing.batch import Writing, set_dates
from models import AgendaItem, Meeting, Stance, StanceRelation, parse_edtf
from models.dates import date_columns

_FIELDS = {
    "holder_id": "holder",
    "represents_id": "represents",
    "proposition_id": "proposition",
    "target_actor_id": "actor",
    "topic_id": "topic",
    "meeting_id": "meeting",
    "agenda_item_id": "agenda_item",
}


class StanceWriter:
    """Writes the stances of one batch."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing

    def write(self) -> None:
        filled = set()
        for located, record in self.w.each("stance", StanceRecord):
            if self.w.is_update(located):
                if self._compare_stance(located, record):
                    filled.add(record.slug)
            else:
                self._add_stance(located, record)
        self.w.flush("stance")
        for located, record in self.w.each("stance", StanceRecord):
            stance: Stance = self.w.rows["stance", record.slug]
            added = self._add_relations(stance, record)
            added |= self.w.claims.sync(
                "stance", stance, located, ("evidence",), record.evidence
            )
            if self.w.is_update(located) and not (added or record.slug in filled):
                self.w.is_unchanged(located)

    def _add_stance(self, located: Located, record: StanceRecord) -> None:
        recorded = record.recorded
        stance: Stance = self.w.row(
            located,
            **self._content(record),
            recorded_at=recorded and parse_edtf(recorded.at).earliest,
            recorded_by=recorded and recorded.by,
        )
        set_dates(
            stance,
            stated=record.stated,
            valid_from=record.valid_from,
            valid_to=record.valid_to,
        )

    def _content(self, record: StanceRecord) -> dict[str, Any]:
        return {
            "holder_id": self.w.id("actor", record.holder),
            "represents_id": self.w.id("actor", record.represents),
            "represents_nobody": record.represents_nobody,
            "proposition_id": self.w.id("proposition", record.proposition),
            "target_actor_id": self.w.id("actor", record.actor),
            "position": record.position,
            "polarity": record.polarity,
            "mode": record.mode,
            "certainty": record.certainty,
            "topic_id": self.w.id("topic", record.topic),
            "meeting_id": self.w.id("meeting", record.meeting),
            "agenda_item_id": self._agenda_item_id(record),
            "note": record.note,
        }

    def _agenda_item_id(self, record: StanceRecord) -> int | None:
        if record.agenda_item is None:
            return None
        return self.w.session.scalar(
            sa.select(AgendaItem.id)
            .join(Meeting)
            .where(
                Meeting.slug == record.meeting,
                AgendaItem.position == record.agenda_item,
            )
        )

    def _compare_stance(self, located: Located, record: StanceRecord) -> bool:
        """Refuse a change of what a stance says: that is a stance of its own.

        Tells whether whom it represents has become known.

        When and by whom it was recorded is not compared: the record keeps the first.
        """
        stance = self.w.session.scalars(
            sa.select(Stance).where(Stance.slug == record.slug)
        ).one()
        self.w.rows["stance", record.slug] = stance
        expected = (
            f"this as it is recorded, or a new slug that supersedes {record.slug} (the "
            "holder changed its mind) or corrects it (the coder was wrong)"
        )
        unknown = stance.represents_id is None and not stance.represents_nobody
        if unknown:
            # It was not known, so this adds to what is known and takes nothing back.
            stance.represents_id = self.w.id("actor", record.represents)
            stance.represents_nobody = record.represents_nobody
        for name, value in self._content(record).items():
            if getattr(stance, name) != value:
                field = _FIELDS.get(name, name)
                self.w.fault(located, (field,), getattr(record, field), expected)
        for name in ("stated", "valid_from", "valid_to"):
            date: Date | None = getattr(record, name)
            wanted = (date.edtf, date.as_written) if date else (None, None)
            columns = date_columns(name)
            recorded = (
                getattr(stance, columns.edtf),
                getattr(stance, columns.as_written),
            )
            if recorded != wanted:
                self.w.fault(located, (name,), wanted[0], expected)
        stance.digest = located.digest
        known = stance.represents_id is not None or stance.represents_nobody
        return unknown and known

    def _add_relations(self, stance: Stance, record: StanceRecord) -> bool:
        held = {(each.relation, each.other_id) for each in stance.relations}
        wanted = {
            (each.relation, self.w.id("stance", each.other))
            for each in record.relations
        }
        for relation, other in sorted(wanted - held):
            self.w.session.add(
                StanceRelation(stance_id=stance.id, relation=relation, other_id=other)
            )
        if held - wanted:
            self.w.report.note(
                f"{stance.slug}: relations that the record no longer names are kept"
            )
        return bool(wanted - held)
