"""One batch being written: its transaction, its records, and the rows they become."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, overload

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding
from exchange.journal import Journal
from exchange.reading import Located
from exchange.records import Date, Kind, Root
from exchange.report import Report
from exchange.stored import MODELS
from exchange.writing.claims import ClaimWriter, delete_row
from exchange.writing.marking import Marker
from exchange.yaml12 import Keys
from models import Meeting
from models.dates import date_columns

RecordT = TypeVar("RecordT", bound=Root)


class Writing:
    """What the writers of all kinds share while one batch is written."""

    def __init__(
        self,
        session: Session,
        batch: Batch,
        marker: Marker,
        report: Report,
        journal: Journal,
    ) -> None:
        self.session = session
        self.batch = batch
        self.stored = batch.stored
        self.marker = marker
        self.report = report
        self.journal = journal
        self.findings: list[Finding] = []
        self.claims = ClaimWriter(session, batch, report, self.findings)
        self.rows: dict[tuple[Kind, str], Any] = {}
        self.work: dict[Kind, list[Located]] = {}
        self._is_update: dict[tuple[Kind, str], bool] = {}
        for kind in MODELS:
            self.work[kind] = list(self._to_write(kind))
            for updated, note in ((False, journal.added), (True, journal.changing)):
                slugs = [each.slug for each in self.work[kind]]
                note(kind, [s for s in slugs if self._is_update[kind, s] is updated])

    def _to_write(self, kind: Kind) -> Iterator[Located]:
        """Yield the records that are new or have changed; count the rest."""
        for located in self.batch.of(kind):
            entry = self.stored.get(kind, located.slug)
            if (kind, located.slug) in self.batch.kept or (
                entry is not None and entry.digest == located.digest
            ):
                self.report.count(kind).unchanged += 1
            else:
                self._is_update[kind, located.slug] = entry is not None
                yield located

    def each(
        self, kind: Kind, model: type[RecordT]
    ) -> Iterator[tuple[Located, RecordT]]:
        """Yield the records of a kind that are to be written."""
        for located in self.work[kind]:
            if isinstance(located.record, model):
                yield located, located.record

    def is_update(self, located: Located) -> bool:
        """Tell whether the record is stored already, with other content."""
        return self._is_update[located.kind, located.slug]

    def is_unchanged(self, located: Located) -> None:
        """Count a record as unchanged that turned out to say nothing new."""
        del self._is_update[located.kind, located.slug]
        self.report.count(located.kind).unchanged += 1

    def count(self) -> None:
        """Count what was written."""
        for (kind, _), updated in self._is_update.items():
            count = self.report.count(kind)
            if updated:
                count.updated += 1
            else:
                count.added += 1

    def row(self, located: Located, **values: Any) -> Any:
        """Return the row of a record, made or brought up to date, not yet flushed."""
        model = MODELS[located.kind]
        row = None
        if self.is_update(located):
            query = sa.select(model).where(model.slug == located.slug)
            row = self.session.scalars(query).one()
        else:
            row = model(slug=located.slug)
            self.session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.digest = located.digest
        self.rows[located.kind, located.slug] = row
        return row

    def flush(self, kind: Kind) -> None:
        """Send the rows of a kind to the database, and learn their ids."""
        self.session.flush()
        slugs = [located.slug for located in self.work[kind]]
        self.stored.forget(kind, slugs)
        self.stored.prepare(kind, slugs)

    @overload
    def id(self, kind: Kind, slug: str) -> int: ...
    @overload
    def id(self, kind: Kind, slug: None) -> None: ...
    @overload
    def id(self, kind: Kind, slug: str | None) -> int | None: ...
    def id(self, kind: Kind, slug: str | None) -> int | None:
        """Return the id of a record that is there; None for None."""
        return self.stored.id(kind, slug)

    def detach(self, row: Any, parent: str | None) -> None:
        """Remove a parent that changes: half-way, two could be each other's parents."""
        if row.parent is not None and row.parent.slug != parent:
            row.parent = None
            if isinstance(row, Meeting):
                row.relation = None

    def tie(self, kind: Kind, parents: Mapping[str, str | None]) -> None:
        """Give rows of a kind their parents; all of them have been written.

        The lowest come first: the database looks for circles above each row that it
        changes, and finds nothing yet above the parent. From the top it would walk the
        whole chain again for each row.
        """
        heights: dict[str, int] = {}
        for slug in parents:
            path = [slug]
            above = parents[slug]
            while above is not None and above in parents and above not in heights:
                path.append(above)
                above = parents[above]
            height = heights.get(above, -1) if above is not None else -1
            for step in reversed(path):
                height += 1
                heights.setdefault(step, height)
        ordered = sorted(
            (slug for slug, parent in parents.items() if parent is not None),
            key=lambda slug: heights[slug],
            reverse=True,
        )
        self.session.flush()
        rows = [
            (self.rows[kind, slug], self.id(kind, parents[slug])) for slug in ordered
        ]
        changed = [(row, parent) for row, parent in rows if row.parent_id != parent]
        if changed:
            values = [{"id": row.id, "parent_id": parent} for row, parent in changed]
            self.session.execute(sa.update(MODELS[kind]), values)
            for row, _ in changed:
                self.session.expire(row, ["parent_id", "parent"])

    def drop(self, rows: Iterable[Any]) -> None:
        """Delete children that a record no longer names, and count them."""
        for row in list(rows):
            delete_row(self.session, row)
            self.report.removed += 1

    def fault(self, located: Located, path: Keys, value: object, expected: str) -> None:
        """Note a fault that only the writing could show; nothing will be committed."""
        self.findings.append(Finding(located, located.fault(path, value, expected)))


def set_dates(row: Any, **dates: Date | None) -> None:
    """Set dates with their words; the model computes the days they may cover."""
    for name, date in dates.items():
        columns = date_columns(name)
        setattr(row, columns.edtf, date and date.edtf)
        setattr(row, columns.as_written, date and date.as_written)
