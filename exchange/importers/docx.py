"""DOCX: our own walk over its XML.

Footnotes, tables and what tracked changes put in are kept; what they took out,
comments, heads and feet of pages are counted.
"""

from collections.abc import Mapping

from exchange.importers.archive import Archive
from exchange.importers.document import Document, Given, letters
from exchange.importers.tables import Flow
from exchange.importers.xml import walk

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"
DELETED, COMMENTS, HEADS = "tracked deletions", "comments", "heads and feet of pages"
_GONE = {_W + "del": DELETED, _W + "moveFrom": DELETED}
_WORDS = (_W + "t", _W + "delText")
_SPACES = {_W + "tab": " ", _W + "ptab": " ", _W + "br": "\n", _W + "cr": "\n"}


def read(content: bytes, given: Given) -> Document:
    """Read a Word document."""
    archive = Archive(content)
    document = Document()
    for part in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if part in archive or part == "word/document.xml":
            _Body(document).run(archive, part)
    for name in sorted(archive.names):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            _leave_out(archive, name, HEADS, document)
        elif name == "word/comments.xml":
            _leave_out(archive, name, COMMENTS, document)
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        document.notes.append("its macros were left alone")
    describe(archive, "docProps/core.xml", document)
    return document


def describe(archive: Archive, part: str, document: Document) -> None:
    """Take title, language and authors from a part in Dublin Core, if it is there."""
    if part not in archive:
        return
    words: list[str] = []
    for event in walk(archive.read(part), part):
        if event.kind == "start":
            words = []
        elif event.kind == "text":
            words.append(event.text)
        elif value := " ".join("".join(words).split()):
            _describe(event.tag.removeprefix(_DC), value, document)
            words = []


def _describe(name: str, value: str, document: Document) -> None:
    if name in ("title", "language", "publisher"):
        setattr(document, name, getattr(document, name) or value)
    elif name == "creator" and value not in document.contributors:
        document.contributors.append(value)


class _Body:
    """Adds the paragraphs of a part to a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.flow = Flow(document)
        self.gone: list[str] = []
        self.fallbacks = 0
        self.in_words: str | None = None

    def run(self, archive: Archive, part: str) -> None:
        for event in walk(archive.read(part), part):
            if event.tag == _FALLBACK:
                self.fallbacks += 1 if event.kind == "start" else -1
            elif self.fallbacks:
                continue  # the same once more, for older programs
            elif event.kind == "start":
                self._start(event.tag, event.attributes)
            elif event.kind == "end":
                self._end(event.tag)
            elif self.in_words:
                self._say(event.text)
        self.flow.end()

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _GONE:
            self.gone.append(_GONE[tag])
        elif tag in _WORDS:
            self.in_words = tag
        elif tag in _SPACES and not self.gone:
            self.flow.say(_SPACES[tag])
        elif tag == _W + "noBreakHyphen":
            self._say("\u2011")
        elif tag == _W + "p":
            self.flow.start_paragraph()
        elif tag == _W + "pStyle":
            style = attributes.get(_W + "val", "").lower()
            self.flow.heading = style.startswith(("heading", "title"))
        elif tag == _W + "tr":
            self.flow.start_row()
        elif tag == _W + "tc":
            self.flow.start_cell()

    def _end(self, tag: str) -> None:
        if tag in _GONE:
            self.gone.pop()
        elif tag in _WORDS:
            self.in_words = None
        elif tag == _W + "p":
            self.flow.end_paragraph()
        elif tag == _W + "tr":
            self.flow.end_row()

    def _say(self, text: str) -> None:
        self.document.found += letters(text)
        if self.gone or self.in_words == _W + "delText":
            self.document.drop(DELETED, text)
        else:
            self.flow.say(text)


def _leave_out(archive: Archive, part: str, reason: str, document: Document) -> None:
    in_words = False
    for event in walk(archive.read(part), part):
        if event.tag in _WORDS:
            in_words = event.kind == "start"
        elif event.kind == "text" and in_words:
            document.found += letters(event.text)
            document.drop(reason, event.text)
