"""Bring documents in: what each file is, what comes of it, and what it left out.

One file, one source. A file is known by the SHA-256 of its bytes: what was imported
before is not imported twice, so that the same command goes on where it stopped.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import Fault
from exchange.batches import BatchLoader
from exchange.checks import Batch, check
from exchange.files import NotReadable, open_file
from exchange.importers.charsets import looks_like_text
from exchange.importers.document import Given, Unreadable
from exchange.importers.fetching import Fetched, Policy, fetch
from exchange.importers.kinds import KINDS, RECORDS, REFERENCES, by_suffix
from exchange.importers.making.base import DryLoader
from exchange.importers.records import RecordImport, Tabular
from exchange.importers.sniffing import is_table_of_text
from exchange.importers.sources import Options, slug_of, source_data, title_of
from exchange.importers.twins import Twins
from exchange.importers.walking import files_of
from exchange.importers.worker import Reader, ReadFile
from exchange.journal import Author
from exchange.reading import Located, no_line, read_record
from exchange.records import SourceRecord
from exchange.report import Progress, Report, no_progress
from exchange.stored import Stored
from exchange.texts import text_of
from models import Source, SourceText, open_session, parse_edtf
from wording import counted

_LARGEST = max(kind.largest for kind in KINDS.values())
_MOST_TOLD = 1_000
_HEAD = 65_536
_LISTS = tuple(suffix for kind in REFERENCES for suffix in kind.suffixes)


@dataclass(frozen=True)
class Imported:
    """What became of one document, in characters that are not white space."""

    file: str
    kind: str
    slug: str
    title: str
    published: str | None
    language: str | None
    pages: int | None
    passages: int
    found: int
    kept: int
    dropped: dict[str, int]
    notes: tuple[str, ...]


@dataclass
class ImportReport(Report):
    """What an import did; `documents` names the first thousand of them."""

    documents: list[Imported] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    """A sentence for each name of a table that stands for nothing."""
    examples: list[dict[str, Any]] = field(default_factory=list)
    """The first records of tables."""
    dry_run: bool = False


@dataclass(frozen=True)
class Request:
    """What to import and how; see the command's options."""

    paths: Sequence[Path]
    options: Options = Options()
    given: Given = Given()
    tabular: Tabular = Tabular()
    addresses: Sequence[str] = ()
    """Pages to fetch."""
    policy: Policy = Policy()
    kind: str | None = None
    update: bool = False
    dry_run: bool = False


def import_documents(
    request: Request,
    url: str | None = None,
    progress: Progress | None = None,
    author: Author | None = None,
) -> ImportReport:
    """Import documents; what cannot be read is refused and named, the rest goes in.

    A file that was imported before is left as it is, unless `update` is set: then it is
    read again, and a text that differs becomes a further version of its source.

    Raises:
        DragomanError: there are too many files; nothing has changed.
    """
    with Reader(request.given) as reader, TemporaryDirectory() as folder:
        importing = _Import(request, url, reader, author)
        importing.fetch(Path(folder))
        return importing.run(progress or no_progress)


class _Import:
    def __init__(
        self, request: Request, url: str | None, reader: Reader, author: Author | None
    ) -> None:
        self.request = request
        self.url = url
        self.reader = reader
        self.found = files_of(request.paths)
        name = counted(len(self.found.files), "document")
        self.report = ImportReport(name, dry_run=request.dry_run)
        self.loader = BatchLoader(self.report, url, "import", author)
        self.records = RecordImport(
            request.tabular,
            request.given,
            request.options,
            self._read_beside,
            url,
            self.report,
            DryLoader(self.report, url) if request.dry_run else self.loader,
        )
        self.slugs: dict[str, Path] = {}
        self.hashes: dict[str, Path] = {}
        self.fetched: dict[Path, Fetched] = {}
        self.beside: set[str] = set()
        """The bytes that became the text of a reference."""
        self.texts: dict[str, str] = {}
        self.twins = Twins(url)

    def fetch(self, folder: Path) -> None:
        """Fetch the pages that are asked for, to be imported with the files."""
        for number, address in enumerate(dict.fromkeys(self.request.addresses)):
            try:
                page = fetch(address, self.request.policy)
            except Unreadable as error:
                fault = Fault(address, None, None, None, str(error))
                self.report.refuse("document", [fault])
                continue
            path = folder / str(number) / page.name
            path.parent.mkdir()
            path.write_bytes(page.content)
            self.fetched[path] = page
            self.found.files.append(path)

    def _place(self, path: Path) -> str:
        """Return what a file is called: its path, or the address it came from."""
        page = self.fetched.get(path)
        return page.url if page else str(path)

    def run(self, progress: Progress) -> ImportReport:
        for fault in self.found.faults:
            self.report.refuse("document", [fault])
        # Lists first: what lies beside them and belongs to them is no source twice.
        files = sorted(self.found.files, key=lambda path: path.suffix not in _LISTS)
        sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
        done, total = 0, sum(sizes)
        for path, size in zip(files, sizes, strict=True):
            self._import(path, size)
            done += size
            progress(done, total)
        self.records.loader.finish()
        self.records.finish()
        self.report.unresolved = self.records.unresolved
        self.report.examples = self.records.examples
        for what, number in self.found.passed.items():
            self.report.note(f"passed over: {counted(number, what)}")
        return self.report

    def _import(self, path: Path, size: int) -> None:
        try:
            sha256 = _hash(path)
            if path not in self.fetched and self._is_table(path):
                self.records.bring(path, sha256, None)
                return
            if self.request.tabular.rows is None and self._is_known(path, sha256):
                return
            read = self.reader.read(path, self.request.kind)
            if read.kind in RECORDS:
                if path in self.fetched:
                    raise Unreadable(
                        f"a document (this is {read.kind.label}: download it, and "
                        "import the file)"
                    )
                self.records.bring(path, sha256, read)
                return
            if rows := self.request.tabular.rows:
                raise Unreadable(f"a table of {rows} (this is {read.kind.label})")
        except NotReadable as error:
            self._refuse(path, f"a readable file ({error.why})")
            return
        except Unreadable as error:
            self._refuse(path, str(error))
            return
        data = source_data(
            read, self._slug(path, sha256), path.stem, self.request.options
        )
        if page := self.fetched.get(path):
            data.setdefault("url", page.url)
            data["retrieved"] = page.retrieved.isoformat()
        located, faults = read_record("source", data, self._place(path), no_line)
        if located is not None:
            faults = self._objections(located)
        if located is None or faults:
            self.report.refuse("document", faults)
            return
        self._tell(path, read, located)
        if self.request.dry_run:
            self.report.count("source").added += 1
        else:
            self.loader.add(located, size)

    def _read_beside(self, path: Path) -> ReadFile:
        """Read a document that belongs to another file, and needs no other source."""
        read = self.reader.read(path)
        if read.kind in RECORDS:
            raise Unreadable(f"a document (this is {read.kind.label})")
        self.beside.add(read.sha256)
        return read

    def _is_table(self, path: Path) -> bool:
        """Tell whether a file is a table of text, which is not read as a whole."""
        with open_file(path, _LARGEST) as file:
            head = file.read(_HEAD)
        if self.request.tabular.rows is not None:
            return looks_like_text(head)
        if self.request.kind is not None:
            return self.request.kind in ("csv", "un-votes")
        return is_table_of_text(head, path.name)

    def _refuse(self, path: Path, expected: str) -> None:
        fault = Fault(self._place(path), None, None, None, expected)
        self.report.refuse("document", [fault])

    def _is_known(self, path: Path, sha256: str) -> bool:
        """Pass over a file that stands twice, or that was imported before."""
        if sha256 in self.beside:
            return True
        first = self.hashes.setdefault(sha256, path)
        if first != path:
            self.report.note(f"{path.name} is the same file as {first.name}")
        elif self.request.update:
            return False
        else:
            # A plain text that an older Dragoman imported is stored byte for byte.
            same = sa.or_(SourceText.file_sha256 == sha256, SourceText.sha256 == sha256)
            with open_session(self.url, history=True) as session:
                if (
                    session.scalar(sa.select(SourceText.id).where(same).limit(1))
                    is None
                ):
                    return False
        self.report.count("source").unchanged += 1
        return True

    def _slug(self, path: Path, sha256: str) -> str:
        """Return a slug that no other file of this import has."""
        slug = slug_of(path, sha256)
        if self.slugs.setdefault(slug, path) != path:
            slug = f"{slug[:100]}-{sha256[:8]}"
            self.slugs[slug] = path
        return slug

    def _objections(self, located: Located) -> list[Fault]:
        """Say what in the record speaks against the record that is stored."""
        with open_session(self.url, history=True) as session:
            stored = Stored(session)
            entry = stored.get("source", located.slug)
            is_taken = entry is not None and entry.digest != located.digest
            if is_taken and not self.request.update:
                expected = (
                    "a slug of its own (a source of this one is stored with other "
                    "content: `--update` makes this its new version; another file name "
                    "gives another slug)"
                )
                return [located.fault(("slug",), located.slug, expected)]
            if self.request.dry_run:
                return [each.fault for each in check(Batch([located], stored))]
            return []

    def _tell(self, path: Path, read: ReadFile, located: Located) -> None:
        """Keep what is to be said of a document."""
        record, document = cast(SourceRecord, located.record), read.document
        notes = list(document.notes)
        promised = by_suffix(path.name)
        if promised and promised.name != read.kind.name and not self.request.kind:
            if not {promised.name, read.kind.name} <= {"text", "markdown"}:
                notes.append(
                    f"is {read.kind.label}, not {promised.label}, and read as one"
                )
        if document.unaccounted:
            notes.append(f"{document.unaccounted:,} characters are not accounted for")
        text = text_of(record)
        if text is not None and (twin := self._twin(record.slug, text.sha256)):
            notes.append(f"has the same text as the source {twin}; both are kept")
        elif text is not None and text.text is not None:
            dated = record.published
            day = parse_edtf(dated.edtf).earliest if dated else None
            if like := self.twins.find(record.slug, text.text, day):
                notes.append(like)
        if len(self.report.documents) < _MOST_TOLD:
            self.report.documents.append(
                Imported(
                    file=self._place(path),
                    kind=read.kind.name,
                    slug=record.slug,
                    title=title_of(document) or path.stem,
                    published=record.published.edtf if record.published else None,
                    language=record.language,
                    pages=document.pages,
                    passages=len(text.spans) if text else 0,
                    found=document.found,
                    kept=document.kept,
                    dropped=dict(+Counter(document.dropped)),
                    notes=tuple(notes),
                )
            )

    def _twin(self, slug: str, sha256: str) -> str | None:
        """Return another source with the same text, of this import or stored."""
        first = self.texts.setdefault(sha256, slug)
        if first != slug:
            return first
        with open_session(self.url, history=True) as session:
            return _source_with(session, slug, sha256)


def _source_with(session: Session, slug: str, sha256: str) -> str | None:
    statement = (
        sa.select(Source.slug)
        .join(SourceText, SourceText.source_id == Source.id)
        .where(SourceText.sha256 == sha256, Source.slug != slug)
        .limit(1)
    )
    return session.scalar(statement)


def _hash(path: Path) -> str:
    with open_file(path, _LARGEST) as file:
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
        return digest.hexdigest()
