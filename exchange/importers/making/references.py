"""Sources out of references; a file that lies beside the list becomes their text.

A reference is the source that has its address, else the one of its key, else a new one.
What is stored already and the reference does not speak of stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from errors import Fault
from exchange.files import NotReadable, file_inside
from exchange.importers.document import Unreadable
from exchange.importers.making.base import (
    MOST_EXAMPLES,
    Loader,
    make,
    plain_values,
    stored_records,
)
from exchange.importers.making.merging import merged
from exchange.importers.making.rows import digest_of, slug_for
from exchange.importers.sources import Options, in_latin, source_data
from exchange.importers.worker import ReadFile
from exchange.report import Report
from models import Source, open_session
from models.enums import SourceKind
from models.parts import in_parts
from models.slugs import slugify
from wording import quoted

Data = dict[str, Any]
_AT_ONCE = 500
_MOST_TOPICS = 5_000
_FIELDS = ("title", "publisher", "contributors", "published", "url", "language",
           "licence", "place")  # fmt: skip


@dataclass
class ReferenceMaker:
    """Makes the sources of one list of references."""

    path: Path
    options: Options
    loader: Loader
    report: Report
    url: str | None
    read: Callable[[Path], ReadFile]
    """Reads a document; it says that the file needs no source of its own."""
    examples: list[Data] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)

    def run(self, entries: list[Data]) -> None:
        """Make all sources; what is wrong with an entry is one fault."""
        for part in in_parts(entries, _AT_ONCE):
            good = [each for each in part if not self._is_bad(each)]
            found = self._stored(good)
            made = [(each, self._data(each, found)) for each in good]
            held = stored_records(
                self.url, "source", (data["slug"] for _, data in made)
            )
            for entry, data in made:
                self._add(entry, data, held)

    def _is_bad(self, entry: Data) -> bool:
        if "bad" not in entry:
            return False
        self._refuse(entry, entry["bad"])
        return True

    def _refuse(self, entry: Data, expected: str) -> None:
        fault = Fault(str(self.path), entry["line"], None, entry.get("title"), expected)
        self.report.refuse("source", [fault])

    def _stored(self, entries: list[Data]) -> dict[str, str]:
        """Return the slugs of the sources that have these addresses."""
        urls = sorted({each["url"] for each in entries if "url" in each})
        found: dict[str, str] = {}
        with open_session(self.url, history=True) as session:
            for part in in_parts(urls):
                rows = session.execute(
                    sa.select(Source.url, Source.slug)
                    .where(Source.url.in_(part))
                    .order_by(Source.slug.desc())
                )
                found |= {url: slug for url, slug in rows if url}
        return found

    def _data(self, entry: Data, found: Mapping[str, str]) -> Data:
        data = {name: entry[name] for name in _FIELDS if name in entry}
        for name in ("publisher", "published", "language", "licence", "issuer"):
            if given := getattr(self.options, name):
                data[name] = given
        kind = self.options.kind or entry.get("kind")
        data["kind"] = str(kind or SourceKind.OFFICIAL_DOCUMENT.value)
        if topics := entry.get("topics"):
            data["subjects"] = {"topics": list(dict.fromkeys(topics))[:_MOST_TOPICS]}
        key = entry.get("key", "")
        slug = "" if "/" in key else slugify(in_latin(key))
        stored = found.get(entry.get("url", ""))
        data["slug"] = stored or slug or slug_for(data["title"], data.get("published"))
        return data

    def _add(self, entry: Data, data: Data, held: Mapping[str, Data]) -> None:
        told = digest_of(data)
        if self._seen.get(data["slug"], told) != told:
            data["slug"] = f"{data['slug'][:100]}-{told}"
        if data["slug"] in self._seen:
            self.report.count("source").unchanged += 1
            return
        self._seen[data["slug"]] = told
        stored = held.get(data["slug"])
        if stored is None or not stored.get("text"):
            data |= self._text(entry)
        if stored and "kind" not in entry and not self.options.kind:
            del data["kind"]
        located, faults = make(
            "source", merged(stored, data), str(self.path), entry["line"], {}
        )
        if located is None:
            self.report.refuse("source", faults[:1])
            return
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(plain_values(located))
        self.loader.add(located, len(data.get("text", "")) + 1_000)

    def _text(self, entry: Data) -> Data:
        """Return the text of the first attached file that can be read."""
        for name in entry.get("files", ()):
            if "://" in name and not name.startswith("file://"):
                continue
            file = file_inside(self.path.parent, self.path.parent, name)
            if file is None or not file.is_file():
                self.report.note(
                    f"{self.path.name}: {quoted(name)} is no file beside the list, and "
                    "was left out"
                )
                continue
            try:
                read = self.read(file)
            except (Unreadable, NotReadable) as error:
                self.report.note(
                    f"{self.path.name}: {quoted(name)} is left out: expected {error}"
                )
                continue
            data = source_data(read, "text", file.stem, Options())
            return {
                name: data[name]
                for name in ("text", "passages", "file")
                if name in data
            }
        return {}
