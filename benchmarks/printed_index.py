"""Does the search find what the index at the back of a book points at?

Needs `../shared/data`. Two volumes of Foreign Relations of the United States have their
printed index in the files: its headings are the queries, each after the heading that it
stands under, and the documents that it points at are what should be found, directly or
by the pages that they stand on. The passages are those of both volumes and, so that
CORPUS is reached, of others. Titles are in no index. `benchmarks.relevance` says how
it is judged and which half of the headings is kept apart.
"""

import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.parsers import expat

from benchmarks.relevance import (
    DATA,
    Query,
    Text,
    dice,
    peers_of,
    print_head,
    print_set,
)

DOCUMENTS = DATA / "frus-documents.sources.jsonl.gz"
VOLUMES = {
    "frus1952-54guat": DATA / "foreign/frus/frus1952-54Guat.xml.gz",
    "frus1958-60v08": DATA / "foreign/frus/frus1958-60v08.xml.gz",
}
QUERIES = 250
#: A heading that points at more documents than this is what the volume is about.
MOST_DOCUMENTS = 20


@dataclass
class _Item:
    """One heading of an index, with what it points at: documents, or their pages."""

    above: str
    heading: str = ""
    open: bool = True
    documents: set[str] = field(default_factory=set)
    pages: list[int] = field(default_factory=list)

    @property
    def query(self) -> str:
        own = re.sub(r"\(.*?\)|\(.*", "", self.heading)
        own = re.sub(r"\s+", " ", own).strip(" ,:;.")
        return f"{self.above} {own}".strip()


class _Volume:
    """Reads a volume as TEI: the pages of its documents, and then its index."""

    def __init__(self, path: Path) -> None:
        self.items: list[_Item] = []
        self.on_page: dict[int, set[str]] = defaultdict(set)
        self._divs: list[str] = []
        self._stack: list[_Item] = []
        self._page = 0
        self._ref: str | None = None
        self._between = ""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        with gzip.open(path) as file:
            parser.ParseFile(file)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "div":
            self._divs.append(attributes.get("xml:id", ""))
        elif name == "pb" and attributes.get("n", "").isdigit():
            self._page = int(attributes["n"])
        if document := next((d for d in self._divs if re.fullmatch(r"d\d+", d)), None):
            self.on_page[self._page].add(document)
        if "index" not in self._divs:
            return
        if name == "item":
            above = self._stack[-1].query if self._stack else ""
            self._stack.append(_Item(above))
        elif name in ("ref", "list") and self._stack:
            self._stack[-1].open = False
            if name == "ref":
                self._ref = attributes.get("target", "")

    def _end(self, name: str) -> None:
        if name == "div":
            self._divs.pop()
        elif name == "item" and self._stack:
            self.items.append(self._stack.pop())
        elif name == "ref":
            self._ref, self._between = None, ""

    def _text(self, text: str) -> None:
        if not self._stack:
            return
        item = self._stack[-1]
        if self._ref is None:
            self._between += text
            if item.open:
                item.heading += text
        elif re.fullmatch(r"#d\d+", self._ref):
            item.documents.add(self._ref[1:])
        elif text.isdigit():
            last = int(text)
            first = item.pages[-1] if self._between.strip() == "–" else last
            item.pages += range(first, min(last, first + 50) + 1)


def headings(kept: bool) -> list[Query]:
    """Return the headings of one half as queries, at most `QUERIES`."""
    found: dict[str, set[str]] = defaultdict(set)
    for volume, path in VOLUMES.items():
        read = _Volume(path)
        for item in read.items:
            documents = item.documents.union(*(read.on_page[p] for p in item.pages))
            found[item.query] |= {f"{volume}-{document}" for document in documents}
    return [
        Query(text, frozenset(relevant))
        for text, relevant in sorted(found.items(), key=lambda pair: dice(pair[0]))
        if 0 < len(relevant) <= MOST_DOCUMENTS
        and dice(text) % 2 == kept
        and {"see", "also"}.isdisjoint(text.lower().split())
    ][:QUERIES]


def corpus(passages: int) -> Iterator[Text]:
    """Yield the documents of both volumes, then others up to so many passages."""
    others: list[Text] = []
    with gzip.open(DOCUMENTS, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            slug, paragraphs = record["slug"], tuple(record["paragraphs"])
            text = Text(slug, record["title"], paragraphs)
            if slug.rpartition("-")[0] in VOLUMES:
                passages -= len(paragraphs)
                yield text
            elif dice(slug) % 4 == 0:  # one in four is enough, and fits into memory
                others.append(text)
    for text in sorted(others, key=lambda text: dice(text.slug)):
        if passages <= 0:
            return
        passages -= len(text.paragraphs)
        yield text


def run() -> int:
    """Measure, and print a table in Markdown."""
    if not DOCUMENTS.exists():
        print(f"{DOCUMENTS} is not at hand.")
        return 1
    kept = os.environ.get("RELEVANCE") == "kept"
    texts = list(corpus(int(os.environ.get("CORPUS", "10000"))))
    print_head(texts, kept)
    with TemporaryDirectory(prefix="dragoman-bench-") as name:
        print_set("index", headings(kept), peers_of(Path(name), texts))
    return 0
