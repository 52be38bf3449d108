"""Read a dataset folder: every record in it, and everything that is wrong with it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from errors import DragomanError, Fault
from exchange.contradictions import contradictions
from exchange.files import file_inside
from exchange.reading import Located, read_record
from exchange.records import (
    DatasetRecord,
    Kind,
    MeetingRecord,
    Recorded,
    StanceRecord,
)
from exchange.suspects import copied_from, leftover, suspects
from exchange.texts import read_text
from exchange.yaml12 import Keys, Parsed, dotted, read_yaml

HEAD = "dataset.yaml"
LISTS: dict[str, Kind] = {
    "datasets.yaml": "dataset",
    "topics.yaml": "topic",
    "actors.yaml": "actor",
    "offices.yaml": "office",
    "propositions.yaml": "proposition",
    "stances.yaml": "stance",
    "corrected.yaml": "stance",
}
"""Files that hold a list of records."""
FOLDERS: dict[str, Kind] = {"sources": "source", "meetings": "meeting"}
"""Folders that hold one record a file."""


def is_dataset(path: Path) -> bool:
    """Tell whether a path is a dataset folder."""
    return path.is_dir() and (path / HEAD).is_file()


@dataclass
class Folder:
    """The records of a dataset, and what is wrong with it.

    `broken` holds the kind and slug of records that are there but at fault, so that
    what refers to them is not called wrong as well. With `unread` files nothing can be
    said about references at all.
    """

    records: list[Located] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    broken: set[tuple[Kind, str]] = field(default_factory=set)
    unread: bool = False
    warnings: list[Fault] = field(default_factory=list)


def read_folder(path: Path) -> Folder:
    """Read all records of a dataset folder."""
    if not is_dataset(path):
        fault = Fault(str(path), None, None, None, f"a folder with a {HEAD}")
        return Folder(faults=[fault], unread=True)
    folder = Folder()
    _look_around(path, folder)
    for file, kind in _files(path):
        place = file.relative_to(path).as_posix()
        if file_inside(path, path, place) is None:
            expected = "a file of this dataset, not a link that leads out of it"
            folder.faults.append(Fault(place, None, None, None, expected))
            folder.unread = True
            continue
        parsed = read_yaml(file, place)
        folder.warnings.extend(parsed.warnings)
        folder.faults.extend(parsed.faults)
        if parsed.faults:
            folder.unread = True
            continue
        for data, at in _items(parsed, place, kind, folder):
            wrong: list[Fault] = []
            if kind == "source" and isinstance(data, dict):
                data = _with_text(path, file, place, parsed, data, wrong)
            located, faults = read_record(kind, data, place, _lines(parsed, at))
            folder.faults.extend(wrong + faults)
            found = list(suspects(data))
            if located is not None and isinstance(located.record, MeetingRecord):
                found += contradictions(located.record)
            for keys, value, expected in found:
                where = dotted(keys) or None
                line = parsed.line((*at, *keys))
                folder.warnings.append(Fault(place, line, where, value, expected))
            if located is not None and not wrong:
                folder.records.append(located)
            elif isinstance(data, Mapping):
                folder.broken.add((kind, str(data.get("slug"))))
    folder.records = _with_recorded(folder.records)
    return folder


def _files(folder: Path) -> Iterator[tuple[Path, Kind]]:
    yield folder / HEAD, "dataset"
    for name, kind in LISTS.items():
        if os.path.lexists(folder / name):  # whatever it is: reading it says so
            yield folder / name, kind
    for name, kind in FOLDERS.items():
        for path in sorted((folder / name).glob("*.yaml")):
            if leftover(path.name) is None:
                yield path, kind


def _look_around(path: Path, folder: Folder) -> None:
    """Say which files are not read: silence would lose what they hold.

    What a program left there is warned of; what looks like records is refused.
    """
    read = {file for file, _ in _files(path)}
    for file in sorted(path.rglob("*")):
        place = file.relative_to(path).as_posix()
        if "__MACOSX/" in place or ".git/" in place:
            continue
        if what := leftover(file.name):
            expected = f"no such file ({what}; it was not read): delete it"
            folder.warnings.append(Fault(place, None, None, None, expected))
        elif file.suffix.lower() in (".yaml", ".yml") and file not in read:
            folder.faults.append(Fault(place, None, None, None, _home_of(file)))
        elif file in read and (original := copied_from(file.stem)):
            if file.with_stem(original) in read:
                expected = (
                    f"one file for each record (this looks like a copy of {original}"
                    ".yaml): delete it, or give it a name and slug of its own"
                )
                folder.faults.append(Fault(place, None, None, None, expected))


def _home_of(file: Path) -> str:
    known = ", ".join([HEAD, *LISTS, *(f"{name}/*.yaml" for name in FOLDERS)])
    expected = f"one of the files {known}"
    if file.suffix != ".yaml":
        expected += f": rename it to {file.stem}.yaml"
    return expected


def _items(
    parsed: Parsed, place: str, kind: Kind, folder: Folder
) -> Iterator[tuple[Any, Keys]]:
    """Yield each record's data and where it stands in the file."""
    if kind in FOLDERS.values() or kind == "dataset":
        yield parsed.value, ()
    elif isinstance(parsed.value, list):
        for number, item in enumerate(parsed.value):
            yield item, (number,)
    elif parsed.value is not None:
        expected = f"a list of {kind} records"
        folder.faults.append(Fault(place, 1, None, None, expected))
        folder.unread = True


def _lines(parsed: Parsed, at: Keys) -> Any:
    return lambda path: parsed.line((*at, *path))


def _with_text(
    folder: Path,
    path: Path,
    place: str,
    parsed: Parsed,
    data: dict[str, Any],
    faults: list[Fault],
) -> Mapping[str, Any]:
    """Put the words of `text_file` into the record: they are part of its content."""
    name = data.get("text_file")
    if not isinstance(name, str) or "\0" in name or "text" in data:
        return data  # which the record itself refuses
    file = file_inside(folder, path.parent, name)
    line = parsed.line(("text_file",))
    if file is None:
        faults.append(Fault(place, line, "text_file", name, "a file of this dataset"))
        return data
    try:
        text = read_text(file)
    except DragomanError as error:
        expected = f"a text file beside this one ({error.detail})"
        faults.append(Fault(place, line, "text_file", name, expected))
        return data
    if not text.strip():
        faults.append(Fault(place, line, "text_file", name, "a text that is not empty"))
        return data
    return {key: data[key] for key in data if key != "text_file"} | {"text": text}


def _with_recorded(records: list[Located]) -> list[Located]:
    """Give each stance the dataset's date and coder where it has none of its own."""
    default = None
    for located in records:
        if isinstance(located.record, DatasetRecord):
            default = default or located.record.recorded
    return [with_recorded(located, default) for located in records]


def with_recorded(located: Located, default: Recorded | None) -> Located:
    """Return the record with a default for when and by whom it was made."""
    record = located.record
    if default and isinstance(record, StanceRecord) and record.recorded is None:
        record = record.model_copy(update={"recorded": default})
        return Located(located.kind, record, located.place, located.line_of)
    return located
