"""Write actors with their names and memberships, and offices with their tenures."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from exchange.reading import Located
from exchange.records import ActorRecord, OfficeRecord
from exchange.report import Report
from exchange.stored import UNDETERMINED
from exchange.writing.batch import Writing, set_dates
from exchange.writing.keys import numbered
from exchange.writing.marking import Marker
from models import Actor, ActorIdentifier, ActorName, Membership, Office, Tenure


def note_ambiguous(session: Session, report: Report) -> None:
    """Say which names mark nobody, if a load has written actors.

    Asked once at the end of a load: all names are read for it.
    """
    count = report.counts.get("actor")
    if count is None or not (count.added or count.updated):
        return
    ambiguous = sorted(Marker(session).names.ambiguous)
    if ambiguous:
        shown = ", ".join(f"“{name}”" for name in ambiguous[:5])
        more = f" and {len(ambiguous) - 5:,} more" if len(ambiguous) > 5 else ""
        report.note(
            f"names of several actors, which therefore mark nobody: {shown}{more}"
        )


class ActorWriter:
    """Writes the actors of one batch."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing

    def write(self) -> None:
        """Write actors and their names, and mark the texts that hold them."""
        work = self.w.work["actor"]
        updated = [each.slug for each in work if self.w.is_update(each)]
        before = self.w.marker.names_of(updated)
        for located, record in self.w.each("actor", ActorRecord):
            row: Actor = self.w.row(
                located,
                name=record.name,
                kind=record.kind,
                description=record.description,
            )
            if self.w.is_update(located):
                self.w.detach(row, record.parent)
                self._drop_names(row, record)
            else:
                # Before the row is stored: afterwards each list would be asked for.
                self._add_names(row, record)
        self.w.flush("actor")
        for located, record in self.w.each("actor", ActorRecord):
            if self.w.is_update(located):
                self._add_names(self.w.rows["actor", record.slug], record)
        self.w.tie(
            "actor",
            {r.slug: r.parent for _, r in self.w.each("actor", ActorRecord)},
        )
        if work:
            self.w.marker = Marker(self.w.session)
            now = self.w.marker.names_of(each.slug for each in work)
            changed = {name for name, *_ in before ^ now}
            self.w.report.mentions += self.w.marker.mark_again(changed)
        if work or self.w.work["topic"]:
            self.w.marker.resolve_subjects()

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

    def write_memberships(self) -> None:
        """Write memberships, whose evidence needs the sources to be there."""
        for located, record in self.w.each("actor", ActorRecord):
            actor: Actor = self.w.rows["actor", record.slug]

            def make(key: str, item: Any, member: int = actor.id) -> Membership:
                row = Membership(key=key, member_id=member, status=item.status)
                row.organization_id = self.w.id("actor", item.organization)
                return row

            keys = [
                f"{record.slug}/{item.organization}/{item.status}"
                for item in record.memberships
            ]
            _write_periods(
                self.w, located, actor, "memberships", record.memberships, keys, make
            )


class OfficeWriter:
    """Writes the offices of one batch."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing

    def write(self) -> None:
        """Write offices, and who held them when."""
        for located, record in self.w.each("office", OfficeRecord):
            self.w.row(
                located,
                title=record.title,
                body_id=self.w.id("actor", record.body),
            )
        self.w.flush("office")
        for located, record in self.w.each("office", OfficeRecord):
            office: Office = self.w.rows["office", record.slug]

            def make(key: str, item: Any, office_id: int = office.id) -> Tenure:
                row = Tenure(key=key, office_id=office_id)
                row.person_id = self.w.id("actor", item.person)
                return row

            keys = [f"{item.person}/{record.slug}" for item in record.tenures]
            _write_periods(
                self.w, located, office, "tenures", record.tenures, keys, make
            )


def _write_periods(
    writing: Writing,
    located: Located,
    owner: Any,
    field: str,
    items: Sequence[Any],
    keys: Sequence[str],
    make: Callable[[str, Any], Any],
) -> None:
    """Bring the tenures of an office, or the memberships of an actor, up to date."""
    if not items and not writing.is_update(located):
        return
    held = {row.key: row for row in getattr(owner, field)}
    rows = []
    for key, item in zip(
        numbered(keys, [item.since for item in items]), items, strict=True
    ):
        row = held.pop(key, None)
        if row is None:
            row = make(key, item)
            writing.session.add(row)
        set_dates(row, since=item.since, until=item.until, attested=item.attested)
        rows.append(row)
    writing.drop(held.values())
    writing.session.flush()
    claim = field.removesuffix("s")
    for i, (row, item) in enumerate(zip(rows, items, strict=True)):
        path = (field, i, "evidence")
        writing.claims.sync(claim, row, located, path, item.evidence)
    writing.session.expire(owner, [field])
