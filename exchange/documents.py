"""Import plain documents: one `.txt` or `.md` file, one source."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from errors import DragomanError, Fault
from exchange.batches import BatchLoader
from exchange.passages import text_hash
from exchange.reading import Located, no_line, read_record
from exchange.report import Progress, Report, no_progress
from exchange.stored import Stored
from exchange.texts import read_text
from models import open_session
from models.enums import SourceKind
from models.slugs import slugify
from wording import counted

SUFFIXES = (".txt", ".md")
_LONGEST_TITLE = 200
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")


@dataclass(frozen=True)
class Options:
    """What all documents of one import have in common."""

    kind: SourceKind = SourceKind.OFFICIAL_DOCUMENT
    publisher: str | None = None
    issuer: str | None = None
    published: str | None = None
    language: str | None = None
    licence: str | None = None


def import_documents(
    paths: Sequence[Path],
    url: str | None = None,
    options: Options | None = None,
    *,
    update: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Import documents; the slug comes from the file's name, the title from its text.

    A file that cannot be imported is refused and named; the others are imported. A slug
    that is already stored with other content is refused too, unless `update` is set:
    then the source takes the new title and keeps the new text as a further version.
    """
    return _Import(url, options or Options(), update, len(paths)).run(
        paths, progress or no_progress
    )


class _Import:
    def __init__(
        self, url: str | None, options: Options, update: bool, count: int
    ) -> None:
        self.url = url
        self.options = options
        self.update = update
        self.report = Report(counted(count, "document"))
        self.names: dict[str, str] = {}

    def run(self, paths: Sequence[Path], progress: Progress) -> Report:
        loader = BatchLoader(self.report, self.url, "import")
        sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
        done = 0
        for path, size in zip(paths, sizes, strict=True):
            located, faults = self._read(path)
            if located is not None and not faults:
                loader.add(located, size)
            else:
                self.report.refuse("document", faults)
            done += size
            progress(done, sum(sizes))
        loader.finish()
        return self.report

    def _read(self, path: Path) -> tuple[Located | None, list[Fault]]:
        if path.suffix.lower() not in SUFFIXES:
            return None, [_fault(path, "a .txt or .md file")]
        try:
            text = read_text(path)
        except DragomanError as error:
            return None, [_fault(path, f"a readable text ({error.detail})")]
        if not text.strip():
            return None, [_fault(path, "a text that is not empty")]
        slug = slugify(path.stem) or f"document-{text_hash(text)[:12]}"
        first = self.names.setdefault(slug, path.name)
        if first != path.name:
            expected = f"a name that gives a slug of its own ({first} gives {slug} too)"
            return None, [_fault(path, expected)]
        data = {name: v for name, v in asdict(self.options).items() if v is not None}
        data |= {"slug": slug, "title": title_of(text) or path.stem, "text": text}
        located, faults = read_record("source", data, path.name, no_line)
        if located is not None and not self.update and self._is_taken(located):
            expected = "a new slug (a source of this one is stored with other content)"
            faults = [located.fault(("slug",), slug, expected)]
        return located, faults

    def _is_taken(self, located: Located) -> bool:
        with open_session(self.url, history=True) as session:
            entry = Stored(session).get("source", located.slug)
        return entry is not None and entry.digest != located.digest


def title_of(text: str) -> str:
    """Return the first heading of a document or, if it has none, its first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    headings = (_HEADING.fullmatch(line) for line in lines)
    heading = next((found[1] for found in headings if found and found[1]), None)
    title = heading or (lines[0] if lines else "")
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _fault(path: Path, expected: str) -> Fault:
    return Fault(str(path), None, None, None, expected)
