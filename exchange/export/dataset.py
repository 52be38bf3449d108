"""Write the record as a dataset folder, or as a stream of the same records.

What is written loads into an empty database to the same rows, but for their ids; the
words of texts that may not be passed on are withheld, as DESIGN has it for datasets.
A second export of the same rows is the same, byte by byte. Nothing is replaced before
everything has been read and checked: a folder with faults is not written at all.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from errors import Conflict, Fault, InputFaults
from exchange.export.parts import Data
from exchange.export.reading_back import locate_record, shortened
from exchange.export.records import Reader
from exchange.export.yaml import dump, dump_item, nodes
from exchange.folder import FOLDERS, HEAD, LISTS
from exchange.lines import LONGEST_LINE
from exchange.records import Kind
from exchange.report import Progress, no_progress
from exchange.stored import MODELS
from exchange.yaml12 import LARGEST_FILE, MOST_NODES
from models import Dataset, Stance, StanceRelation, whole_history
from models.enums import StanceLink
from models.parts import in_parts

Chosen = Mapping[Kind, Collection[str]]
"""The slugs of the records to export, by kind."""

_CORRECTED = "corrected.yaml"
_FILES: dict[Kind, str] = {
    kind: name for name, kind in LISTS.items() if name != _CORRECTED
}
_FOLDERS: dict[Kind, str] = {kind: name for name, kind in FOLDERS.items()}
_UNNAMED = {"slug": "export", "title": "Export of a Dragoman database"}
_MOST_FAULTS = 1_000


@dataclass
class Exported:
    """What an export wrote, in numbers, and what a reader should know about it."""

    counts: Counter[str] = field(default_factory=Counter)
    """Records by kind."""
    shipped: int = 0
    """Sources whose words are in the export."""
    withheld: list[str] = field(default_factory=list)
    """Sources whose words the database holds and the export does not."""
    notes: list[str] = field(default_factory=list)


def export_dataset(
    session: Session,
    folder: Path,
    *,
    chosen: Chosen | None = None,
    with_texts: bool = False,
    progress: Progress = no_progress,
) -> Exported:
    """Write all records, or those chosen with all that they name, as a dataset.

    A folder that holds a dataset already is brought up to date: files of records that
    are gone are removed, and what is no part of a dataset stays.

    Raises:
        Conflict: the folder holds something else, or the record is too large for
            files that people edit.
        InputFaults: rows that no record can say; nothing was written.
    """
    if folder.exists() and not folder.is_dir():
        raise Conflict(f"{folder} is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / HEAD).is_file():
        raise Conflict(f"{folder} is neither empty nor a dataset; name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as draft,
        whole_history(session),
    ):
        job = _Job(session, chosen, with_texts, progress)
        _write_folder(job, Path(draft))
        job.check()
        _replace(folder, Path(draft))
    return job.exported


def export_stream(
    session: Session,
    path: Path,
    *,
    chosen: Chosen | None = None,
    with_texts: bool = False,
    progress: Progress = no_progress,
) -> Exported:
    """Write the same records as JSON Lines, one a line; packed if the name ends so.

    Raises:
        InputFaults: rows that no record can say; nothing was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    try:
        with (
            whole_history(session),
            _open_stream(draft, packed=path.suffix == ".gz") as write,
        ):
            job = _Job(session, chosen, with_texts, progress)
            for kind, data in job.records():
                line = json.dumps({"type": kind, **shortened(data)}, ensure_ascii=False)
                # A lone surrogate cannot come from a database; the rest is UTF-8.
                content = line.encode() + b"\n"
                if len(content) > LONGEST_LINE:
                    expected = f"a line of at most {LONGEST_LINE:,} bytes"
                    place = f"{kind} {data['slug']}"
                    job.faults.append(Fault(place, None, None, None, expected))
                write(content)
        job.check()
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return job.exported


@contextmanager
def _open_stream(path: Path, packed: bool) -> Iterator[Callable[[bytes], object]]:
    with path.open("wb") as raw:
        if not packed:
            yield raw.write
            return
        # No name and no time of day in the header: the same rows, the same bytes.
        with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as pack:
            yield pack.write


class _Job:
    """One export: its records in order, checked, counted and reported on."""

    def __init__(
        self,
        session: Session,
        chosen: Chosen | None,
        with_texts: bool,
        progress: Progress,
    ) -> None:
        self.reader = Reader(session, with_texts)
        self.chosen = None if chosen is None else _with_what_they_name(session, chosen)
        corrects = StanceRelation.relation == StanceLink.CORRECTS
        wrong = sa.select(Stance.slug).join(Stance.related).where(corrects)
        self.corrected = set(session.scalars(wrong))
        self.progress = progress
        self.exported = Exported()
        self.faults: list[Fault] = []

    def records(self) -> Iterator[tuple[Kind, Data]]:
        """Yield all records, each kind after those that it needs most."""
        total = sum(map(self._count, MODELS))
        for kind in MODELS:
            slugs = None if self.chosen is None else self.chosen.get(kind, ())
            for data in self.reader.read(kind, slugs):
                located, faults = locate_record(kind, data)
                self.faults.extend(faults[: _MOST_FAULTS - len(self.faults)])
                self.exported.counts[kind] += 1
                self._note_text(kind, data)
                self.progress(self.exported.counts.total(), total)
                yield kind, data

    def _count(self, kind: Kind) -> int:
        if self.chosen is not None:
            return len(self.chosen.get(kind, ()))
        return self.reader.count(kind)

    def _note_text(self, kind: Kind, data: Data) -> None:
        if kind == "source" and "text" in data:
            self.exported.shipped += 1
        elif kind == "source" and data["slug"] in self.reader.kept_back:
            self.exported.withheld.append(data["slug"])

    def check(self) -> None:
        """Refuse an export that would not load to the same rows."""
        if self.faults:
            raise InputFaults(self.faults)


def _with_what_they_name(session: Session, chosen: Chosen) -> dict[Kind, set[str]]:
    """Add to the chosen records all that they name, and what that names, to the end.

    A stance brings along those that bear on it: without the one that supersedes it, it
    would read as if it still stood.
    """
    reader = Reader(session)
    found: dict[Kind, set[str]] = {kind: set() for kind in MODELS}
    found["dataset"].update(session.scalars(sa.select(Dataset.slug)))
    todo: dict[Kind, set[str]] = {kind: set(slugs) for kind, slugs in chosen.items()}
    while any(todo.values()):
        kind = next(kind for kind in MODELS if todo.get(kind))
        slugs = todo.pop(kind) - found[kind]
        found[kind] |= slugs
        for data in reader.read(kind, slugs):
            located, _ = locate_record(kind, data)
            if located is None:
                continue  # the export itself will say why
            for _, named, slug in located.record.references():
                if slug is not None and slug not in found[named]:
                    todo.setdefault(named, set()).add(slug)
        if kind == "stance":
            bearing = _bearing_on(session, slugs) - found["stance"]
            todo.setdefault("stance", set()).update(bearing)
    return found


def _bearing_on(session: Session, slugs: Collection[str]) -> set[str]:
    one, other = aliased(Stance), aliased(Stance)
    return {
        slug
        for some in in_parts(sorted(slugs))
        for slug in session.scalars(
            sa.select(one.slug)
            .join(StanceRelation, StanceRelation.stance_id == one.id)
            .join(other, other.id == StanceRelation.other_id)
            .where(other.slug.in_(some))
        )
    }


def _write_folder(job: _Job, folder: Path) -> None:
    files = _Lists(folder, job.corrected)
    heads = 0
    for kind, data in job.records():
        if kind == "dataset" and not heads:
            heads += 1
            (folder / HEAD).write_bytes(dump(shortened(data)).encode())
        elif kind in _FOLDERS:
            place = folder / _FOLDERS[kind]
            place.mkdir(exist_ok=True)
            _write_one(place, kind, data)
        else:
            files.add(kind, data)
    files.close()
    if not heads:
        (folder / HEAD).write_bytes(dump(_UNNAMED).encode())
        job.exported.notes.append(
            "the database knows no dataset by name: dataset.yaml calls this one "
            f"“{_UNNAMED['slug']}”, which loading it adds"
        )


def _write_one(place: Path, kind: Kind, data: Data) -> None:
    """Write a record with a file of its own; a source's text goes beside it."""
    text = data.get("text", "")
    if kind == "source" and text.strip().strip("\ufeff"):
        name = f"{data['slug']}.txt"
        words = f"\ufeff{text}" if text.startswith("\ufeff") else text
        (place / name).write_bytes(words.encode())
        data = {
            ("text_file" if key == "text" else key): value
            for key, value in data.items()
        }
        data["text_file"] = name
    content = dump(shortened(data)).encode()
    if len(content) > LARGEST_FILE or nodes(data) > MOST_NODES:
        raise _too_large(f"{place.name}/{data['slug']}.yaml")
    (place / f"{data['slug']}.yaml").write_bytes(content)


class _Lists:
    """The files that hold a list of records each, written as the records come.

    Stances that another corrects go into a file of their own.
    """

    def __init__(self, folder: Path, corrected: Collection[str]) -> None:
        self.folder = folder
        self.corrected = corrected
        self.open: dict[str, IO[bytes]] = {}
        self.nodes: Counter[str] = Counter()

    def add(self, kind: Kind, data: Data) -> None:
        wrong = kind == "stance" and data["slug"] in self.corrected
        name = _CORRECTED if wrong else _FILES[kind]
        if name not in self.open:
            self.open[name] = (self.folder / name).open("wb")
        self.open[name].write(dump_item(shortened(data)).encode())
        self.nodes[name] += nodes(data)
        if self.open[name].tell() > LARGEST_FILE or self.nodes[name] >= MOST_NODES:
            self.close()
            raise _too_large(name)

    def close(self) -> None:
        for file in self.open.values():
            file.close()


def _too_large(name: str) -> Conflict:
    return Conflict(
        f"{name} would be larger than a dataset folder takes; nothing was written. "
        "Choose a part of the record, or use `dragoman export jsonl`"
    )


def _replace(folder: Path, draft: Path) -> None:
    """Put the written files in place, and remove those of records that are gone."""
    folder.mkdir(exist_ok=True)
    written = {path.relative_to(draft) for path in draft.rglob("*") if path.is_file()}
    for name in sorted(written):
        (folder / name).parent.mkdir(exist_ok=True)
        os.replace(draft / name, folder / name)
    for path in _of_datasets(folder):
        if path.relative_to(folder) not in written:
            path.unlink()


def _of_datasets(folder: Path) -> Iterator[Path]:
    """Yield the files that an export may have written."""
    for name in LISTS:
        if (folder / name).is_file():
            yield folder / name
    for name in FOLDERS:
        yield from (folder / name).glob("*.yaml")
    yield from (folder / "sources").glob("*.txt")
