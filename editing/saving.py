"""Save what a form or a request made: all of it in one transaction, or nothing.

What comes in are dataset records as plain values. A record may hold another new one
where a slug belongs (`New` in place of the slug of an actor that there is not yet), so
that an actor and the stance that needs it are saved together. Slugs are made from names
inside the transaction, which is the only writer at its time: two who save in the same
second get two slugs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from errors import Conflict, Fault, InputFaults
from exchange.export.records import Reader
from exchange.importers.sources import in_latin
from exchange.journal import Author
from exchange.load import write_records
from exchange.reading import Located, no_line, read_record
from exchange.records import Kind
from exchange.report import Report
from exchange.stored import MODELS
from exchange.yaml12 import Keys, dotted
from models import open_session
from models.slugs import slugify

LONGEST_MADE = 80
"""Characters of a slug that is made from a name; one with a number may be longer."""

_RESERVED = {"new"}
Step = str | int


@dataclass(frozen=True, kw_only=True, eq=False)
class New:
    """A record that is to be added. `eq` is identity: two may say the same."""

    kind: Kind
    data: Mapping[str, Any]
    """Its values; one of them may be another `New`, whose slug belongs there."""
    called: str = ""
    """What its slug is made of, unless the values have one."""
    place: str = ""
    """What its faults call it; its kind unless given."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Addition:
    """One more entry in a list of a stored record, such as a participant."""

    kind: Kind
    slug: str
    path: tuple[Step, ...]
    """Where the list stands in the record: `("participants",)`, or
    `("participants", 0, "evidence")`, counted from 0."""
    entry: Mapping[str, Any]
    place: str = ""


Change = New | Addition


@dataclass(frozen=True)
class Saved:
    """What was written."""

    slugs: tuple[tuple[Kind, str], ...]
    """The kind and the slug of each change, in the order in which they were given."""
    made: tuple[tuple[Kind, str], ...]
    """Those of records that were made along with them."""
    report: Report = field(repr=False)

    @property
    def change(self) -> int | None:
        """The number that the journal gave to it; None if nothing was new."""
        return self.report.changes[-1] if self.report.changes else None


def save(url: str, changes: Sequence[Change], author: Author) -> Saved:
    """Write changes, all or none of them.

    Args:
        url: the database's address.
        changes: what is to be written.
        author: who makes the change, for the journal.

    Raises:
        InputFaults: what is wrong, one fault for each; nothing has changed. The place
            of a fault is that of its change, its field the one within the change.
        Conflict: a rule of the database refused it; nothing has changed.
        Unavailable: the database cannot be written.
    """
    report = Report("the workbench")
    with open_session(url, write=True) as session:
        prepared = _Prepared(session, author)
        slugs = tuple((each.kind, prepared.add(each)) for each in changes)
        prepared.finish()
        if prepared.faults:
            raise InputFaults(prepared.faults)
        try:
            write_records(session, prepared.records, report, "save", author)
            session.commit()
        except InputFaults as error:
            raise InputFaults(map(prepared.told, error.faults)) from None
        except IntegrityError as error:
            said = str(error.orig).strip().splitlines()[0]
            raise Conflict(
                f"The database refused it: {said}; nothing has changed"
            ) from error
    made = tuple(key for key in prepared.made if key not in slugs)
    return Saved(slugs, made, report)


def recorded(url: str, kind: Kind, slug: str) -> dict[str, Any] | None:
    """Return a record as a dataset has it, with quotes; None if there is none.

    Also one that does not stand any more, or that names such a one.
    """
    with open_session(url, history=True) as session:
        return next(Reader(session, with_texts=True).read(kind, [slug]), None)


class _Prepared:
    """Changes on their way to records, inside the transaction that writes them."""

    def __init__(self, session: Session, author: Author) -> None:
        self.session = session
        self.recorded = {"at": str(datetime.now(UTC).date()), "by": author.name}
        self.records: list[Located] = []
        self.faults: list[Fault] = []
        self.made: list[tuple[Kind, str]] = []
        self._slugs: dict[int, str] = {}
        self._stored: dict[tuple[Kind, str], dict[str, Any] | None] = {}
        self._entries: list[tuple[str, str, str]] = []

    def add(self, change: Change) -> str:
        """Make a record of a change; return its slug."""
        if isinstance(change, Addition):
            self._extend(change)
            return change.slug
        if id(change) not in self._slugs:
            self._slugs[id(change)] = self._make(change)
        return self._slugs[id(change)]

    def finish(self) -> None:
        """Read the stored records to which something was added."""
        for (kind, slug), record in self._stored.items():
            if record is not None:
                self._read(kind, record, f"{kind} {slug}")

    def told(self, fault: Fault) -> Fault:
        """Say a fault of a stored record as one of the entry that was added to it."""
        for record, path, place in self._entries:
            if fault.place == record and (fault.field or "").startswith(path):
                rest = (fault.field or "")[len(path) :].lstrip(".")
                return Fault(place, None, rest or None, fault.value, fault.expected)
        return fault

    def _make(self, change: New) -> str:
        place = change.place or change.kind
        slug = change.data.get("slug")
        if slug is None:
            slug = self._free_slug(change.kind, change.called)
        elif self._is_taken(change.kind, slug):
            expected = f"a slug of its own (another {change.kind} has this one)"
            self.faults.append(Fault(place, None, "slug", str(slug), expected))
            return str(slug)
        self.made.append((change.kind, str(slug)))
        data = {"slug": slug, **self._plain(change.data)}
        if change.kind == "stance":
            data.setdefault("recorded", self.recorded)
        self._read(change.kind, data, place)
        return str(slug)

    def _plain(self, value: Any) -> Any:
        """Put slugs in the place of new records."""
        if isinstance(value, New):
            return self.add(value)
        if isinstance(value, Mapping):
            return {key: self._plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        return value

    def _read(self, kind: Kind, data: dict[str, Any], place: str) -> None:
        located, faults = read_record(kind, data, place, no_line)
        self.faults += map(self.told, faults)
        if located is not None:
            self.records.append(located)

    def _extend(self, change: Addition) -> None:
        key = (change.kind, change.slug)
        place = change.place or change.kind
        if key not in self._stored:
            reader = Reader(self.session, with_texts=True)
            found = reader.read(change.kind, [change.slug])
            self._stored[key] = next(found, None)
        record = self._stored[key]
        if record is None:
            expected = f"a {change.kind} that is there (it may have been removed)"
            self.faults.append(Fault(place, None, None, change.slug, expected))
            return
        holder: Any = record
        try:
            for step in change.path[:-1]:
                holder = holder[step]
        except LookupError:
            expected = f"a part of {change.slug} that is there (it has changed)"
            self.faults.append(Fault(place, None, None, None, expected))
            return
        entries = holder.setdefault(change.path[-1], [])
        entries.append(self._plain(change.entry))
        where = f"{change.kind} {change.slug}"
        path: Keys = (*change.path, len(entries) - 1)
        self._entries.append((where, dotted(path), place))

    def _is_taken(self, kind: Kind, slug: Any) -> bool:
        column = MODELS[kind].slug
        found = self.session.scalar(select(column).where(column == slug))
        return found is not None or (kind, slug) in self.made

    def _free_slug(self, kind: Kind, called: str) -> str:
        """Return a slug made of a name that nothing of its kind has or has had."""
        base = slugify(in_latin(called))
        if len(base) > LONGEST_MADE:
            base = base[:LONGEST_MADE].rpartition("-")[0] or base[:LONGEST_MADE]
        base = base or kind
        column = MODELS[kind].slug
        near = or_(column == base, column.startswith(f"{base}-", autoescape=True))
        taken = set(
            self.session.scalars(
                select(column).where(near, func.length(column) <= len(base) + 12)
            )
        )
        taken |= {slug for made, slug in self.made if made == kind}
        taken |= _RESERVED  # the address of the form of a new one
        number = 1
        slug = base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug
