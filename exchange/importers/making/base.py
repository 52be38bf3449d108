"""What makers of records share: where records go, and what is said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from errors import Fault
from exchange.checks import Batch, check
from exchange.export.records import Reader
from exchange.reading import Located, one_line, read_record
from exchange.records import Kind
from exchange.report import Report
from exchange.stored import Stored
from exchange.yaml12 import Keys
from models import open_session
from models.parts import in_parts

MOST_EXAMPLES = 3
_AT_ONCE = 500


class Loader(Protocol):
    """Takes records one by one: `BatchLoader`, or `DryLoader`."""

    def add(self, located: Located, size: int) -> None: ...
    def finish(self) -> None: ...


@dataclass(frozen=True)
class CellLocated(Located):
    """A record out of a row: its faults name the cell."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The letters of the columns by the names of their fields."""

    def fault(self, path: Keys, value: object, expected: str) -> Fault:
        """Return a fault of one part of this record."""
        fault = super().fault(path, value, expected)
        return at_cell(fault, path, self.columns)


def at_cell(fault: Fault, path: Keys, columns: Mapping[str, str]) -> Fault:
    """Return the fault with its cell, as `D14 (quote)`, if it is one of a cell."""
    names = [str(part) for part in path if isinstance(part, str)]
    names = ["target" if name == "actor" else name for name in names]
    for name in (*reversed(names), *(names and _WHERE.get(names[0], ()))):
        if name in columns:
            field_ = f"{columns[name]}{fault.line or ''} ({name})"
            return Fault(fault.place, fault.line, field_, fault.value, fault.expected)
    return fault


_WHERE = {"identifiers": ("iso3", "wikidata"), "subjects": ("topics",)}


def make(
    kind: Kind, data: object, place: str, row: int, columns: Mapping[str, str]
) -> tuple[CellLocated | None, list[Fault]]:
    """Check the record of a row; a record comes without faults only."""
    located, faults = read_record(kind, data, place, one_line(row))
    if located is None:
        return None, [at_cell(each, _keys(each.field), columns) for each in faults]
    return (
        CellLocated(kind, located.record, place, located.line_of, columns),
        [],
    )


def _keys(field_: str | None) -> Keys:
    """Take the path of a fault apart again."""
    if field_ is None:
        return ()
    return tuple(part.partition("[")[0] for part in field_.split("."))


class DryLoader:
    """Checks records as a load would, and writes nothing."""

    def __init__(self, report: Report, url: str | None) -> None:
        self.report = report
        self.url = url
        self._records: list[Located] = []
        self._seen: set[tuple[Kind, str]] = set()

    def add(self, located: Located, size: int) -> None:
        """Take a record."""
        self._records.append(located)
        if len(self._records) >= _AT_ONCE:
            self._check()

    def finish(self) -> None:
        """Check what is left."""
        self._check()

    def _check(self) -> None:
        with open_session(self.url, history=True) as session:
            stored = Stored(session)
            # What came before would be there: what rests on it is not checked again.
            batch = Batch(self._records, stored, self._seen)
            faulty: dict[int, list[Fault]] = {}
            for finding in check(batch):
                faulty.setdefault(id(finding.located), []).append(finding.fault)
            for located in self._records:
                if faults := faulty.get(id(located)):
                    self.report.refuse(located.kind, faults[:1])
                    continue
                entry = stored.get(located.kind, located.slug)
                count = self.report.count(located.kind)
                if entry is None:
                    count.added += 1
                elif entry.digest == located.digest:
                    count.unchanged += 1
                else:
                    count.updated += 1
        # Nothing rests on a stance here, and there may be a million of them.
        self._seen |= {
            (each.kind, each.slug) for each in self._records if each.kind != "stance"
        }
        self._records = []


def plain_values(located: Located) -> dict[str, Any]:
    """Return a record as it is shown to people: what it says, with its kind first."""
    said = located.record.model_dump(mode="json", exclude_defaults=True)
    return {"type": located.kind, **said}


def stored_records(
    url: str | None, kind: Kind, slugs: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return what is stored under slugs, as the records that would load to it."""
    found: dict[str, dict[str, Any]] = {}
    with open_session(url, history=True) as session:
        reader = Reader(session, with_texts=True)
        for part in in_parts(slugs):
            found |= {data["slug"]: data for data in reader.read(kind, part)}
    return found
