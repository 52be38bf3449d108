"""Which column is which field: by its header, by a file, or as it was the last time."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from errors import DragomanError, Fault, InputFaults
from exchange.importers.making.fields import FIELDS, ROWS, Field, field_of, named
from exchange.importers.rows import column_name
from exchange.yaml12 import read_yaml
from models.alike import likest
from wording import quoted

_KEYS = ("as", "columns", "fixed", "values", "names", "sheet")


@dataclass(frozen=True)
class Columns:
    """A mapping, as its file says it.

    `columns` gives the field of a header, None to leave it out; `fixed` the same value
    for all rows; `values` other words for values, by field; `names` the slugs of actors
    by the names that the table has for them.
    """

    kind: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None


@dataclass(frozen=True)
class Placed:
    """The field of each column, None where it is left out."""

    kind: str
    fields: Sequence[Field | None]
    mapping: Columns
    left_out: Sequence[str] = ()


def read_mapping(path: Path) -> Columns:
    """Read the file of a mapping.

    Raises:
        InputFaults: it cannot be read, or says what no mapping says.
    """
    parsed = read_yaml(path, path.name)
    faults = list(parsed.faults)
    value = parsed.value
    if not faults and not isinstance(value, dict):
        faults.append(_fault(path, None, None, f"keys: {', '.join(_KEYS)}"))
    if faults:
        raise InputFaults(faults)
    faults = [
        Fault(path.name, parsed.line((key,)), str(key), None, expected)
        for key, expected in _wrong(value)
    ]
    if faults:
        raise InputFaults(faults)
    return Columns(
        kind=value.get("as"),
        columns={
            str(header): None if name is None else str(name)
            for header, name in (value.get("columns") or {}).items()
        },
        fixed=_texts(value.get("fixed")),
        values={
            str(name): _texts(words)
            for name, words in (value.get("values") or {}).items()
        },
        names=_texts(value.get("names")),
        sheet=value.get("sheet"),
    )


def _wrong(value: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for key, part in value.items():
        if key not in _KEYS:
            yield str(key), f"one of the keys {', '.join(_KEYS)}"
        elif key == "as":
            if part not in ROWS:
                yield key, f"one of {', '.join(ROWS)}"
        elif key == "sheet":
            if not isinstance(part, str):
                yield key, "the name of a sheet, in quotes if it is a number"
        elif part is not None and not isinstance(part, dict):
            yield key, "keys and values"
        elif part and any(
            isinstance(each, list) or isinstance(each, dict) is not (key == "values")
            for each in part.values()
        ):
            of = "keys and values for each field" if key == "values" else "single words"
            yield key, of


def _texts(part: dict[Any, Any] | None) -> dict[str, str]:
    return {str(key): _word(word) for key, word in (part or {}).items()}


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _fault(path: Path, key: str | None, value: str | None, expected: str) -> Fault:
    return Fault(path.name, None, key, value, expected)


def place(table: str, kind: str, headers: Sequence[str], mapping: Columns) -> Placed:
    """Give each column its field; `table` is what faults call the file.

    What the mapping says goes before what the header says by itself.

    Raises:
        InputFaults: the mapping names columns or fields that there are not, or two
            columns are one field.
    """
    faults: list[Fault] = []
    known = [each.name for each in FIELDS[kind]]
    for name in (*filter(None, mapping.columns.values()), *mapping.fixed):
        if named(kind, name) is None:
            faults.append(Fault(table, None, None, name, _one_of(kind, name, known)))
    for header in mapping.columns:
        if header not in headers:
            expected = f"one of the columns {', '.join(map(quoted, headers[:20]))}"
            faults.append(Fault(table, 1, None, header, expected))
    fields: list[Field | None] = []
    first: dict[str, int] = {}
    for at, header in enumerate(headers):
        said = mapping.columns.get(header)
        found = named(kind, said) if said else None
        if header not in mapping.columns:
            found = field_of(kind, header)
            if found and found.name in {*mapping.columns.values(), *mapping.fixed}:
                found = None
        if found is not None and first.setdefault(found.name, at) != at:
            other = headers[first[found.name]]
            expected = (
                f"one column for {found.name} ({quoted(other)} in "
                f"{column_name(first[found.name])} is it too; `--map` chooses)"
            )
            faults.append(Fault(table, 1, column_name(at), header, expected))
        fields.append(found)
    if not any(fields) and not faults:
        expected = f"columns of {kind}: {', '.join(known)} (`--map` names others)"
        faults.append(Fault(table, 1, None, None, expected))
    if faults:
        raise InputFaults(faults)
    left_out = [
        header or column_name(at)
        for at, header in enumerate(headers)
        if fields[at] is None and mapping.columns.get(header, "") is not None
    ]
    return Placed(kind, fields, mapping, left_out)


def _one_of(kind: str, name: str, known: Sequence[str]) -> str:
    nearest = likest(name, known)
    near = f" (the nearest is {known[nearest]})" if nearest is not None else ""
    return f"a field of {kind}{near}: {', '.join(known)}"


class Remembered:
    """The mappings that served before, one file for each header row, in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def of(self, headers: Sequence[str]) -> tuple[Path, Columns] | None:
        """Return the mapping that a table of these headers was imported with."""
        path = self._path(headers)
        if path is None or not path.is_file():
            return None
        try:
            return path, read_mapping(path)
        except InputFaults as error:
            raise DragomanError(
                f"The remembered mapping {path} cannot be read: {error.detail}. Mend "
                "or remove it."
            ) from error

    def keep(self, headers: Sequence[str], placed: Placed) -> Path | None:
        """Remember what a table was imported with; return the file."""
        path = self._path(headers)
        if path is None:
            return None
        mapping = placed.mapping
        found = {
            header: each.name if each else None
            for header, each in zip(headers, placed.fields, strict=True)
            if header
        }
        parts = {
            "as": placed.kind,
            "columns": found,
            "fixed": dict(mapping.fixed),
            "values": {name: dict(words) for name, words in mapping.values.items()},
            "names": dict(mapping.names),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        # JSON is YAML, and needs no care with words that YAML reads as something else.
        lines = [
            f"{key}: {json.dumps(part, ensure_ascii=False)}\n"
            for key, part in parts.items()
            if part
        ]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def _path(self, headers: Sequence[str]) -> Path | None:
        if self.folder is None:
            return None
        told = json.dumps([header.strip() for header in headers], ensure_ascii=False)
        return self.folder / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.yaml"
