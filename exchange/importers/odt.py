"""ODT: our own walk over its XML.

Notes and tables are kept, the notes after the text; what tracked changes took out,
comments, and heads and feet of pages are counted.
"""

from exchange.importers.archive import Archive
from exchange.importers.document import Document, Given, Unreadable, letters
from exchange.importers.docx import COMMENTS, DELETED, HEADS, describe
from exchange.importers.tables import Flow
from exchange.importers.xml import Event, walk

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_GONE = {
    _TEXT + "tracked-changes": DELETED,
    _OFFICE + "annotation": COMMENTS,
    _TEXT + "note-citation": "marks of notes",
}
_SPACES = {_TEXT + "s": " ", _TEXT + "tab": " ", _TEXT + "line-break": "\n"}
_PARAGRAPHS = (_TEXT + "p", _TEXT + "h")
_HEADS = tuple(
    f"{_STYLE}{name}{side}"
    for name in ("header", "footer")
    for side in ("", "-left", "-first")
)


def read(content: bytes, given: Given) -> Document:
    """Read an OpenDocument text."""
    archive = Archive(content)
    manifest = "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise Unreadable(
            "a file without a password (save it without one, then import it)"
        )
    document = Document()
    body = _Body(document)
    for event in walk(archive.read("content.xml"), "content.xml"):
        body.take(event)
    body.flow.end()
    for note in body.notes:
        document.add(note)
    if "styles.xml" in archive:
        _leave_heads_out(archive, document)
    describe(archive, "meta.xml", document)
    return document


class _Body:
    """Takes `content.xml`, event by event; only what stands in the text is counted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.flow = Flow(document)
        self.notes: list[str] = []
        self.note: list[str] | None = None
        self.gone: list[str] = []
        self.depth = 0  # of paragraphs, in which text may stand

    def take(self, event: Event) -> None:
        if event.kind == "start":
            self._start(event.tag)
        elif event.kind == "end":
            self._end(event.tag)
        elif self.depth or self.gone:
            self.document.found += letters(event.text)
            if self.gone:
                self.document.drop(self.gone[-1], event.text)
            else:
                self._say(event.text)

    def _say(self, text: str) -> None:
        if self.note is not None:
            self.note.append(text)
        else:
            self.flow.say(text)

    def _start(self, tag: str) -> None:
        if tag in _GONE:
            self.gone.append(_GONE[tag])
        elif self.gone:
            return
        elif tag in _SPACES:
            self._say(_SPACES[tag])
        elif tag in _PARAGRAPHS:
            self.depth += 1
            if self.note is None:
                self.flow.start_paragraph(heading=tag == _TEXT + "h")
        elif tag == _TEXT + "note-body":
            self.note = []
        elif tag == _TABLE + "table-row":
            self.flow.start_row()
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self.flow.start_cell()

    def _end(self, tag: str) -> None:
        if tag in _GONE:
            self.gone.pop()
        elif self.gone:
            return
        elif tag in _PARAGRAPHS:
            self.depth -= 1
            if self.note is None:
                self.flow.end_paragraph()
            else:
                self.note.append("\n")
        elif tag == _TEXT + "note-body" and self.note is not None:
            self.notes.append("".join(self.note))
            self.note = None
        elif tag == _TABLE + "table-row":
            self.flow.end_row()


def _leave_heads_out(archive: Archive, document: Document) -> None:
    depth = 0
    for event in walk(archive.read("styles.xml"), "styles.xml"):
        if event.tag in _HEADS:
            depth += 1 if event.kind == "start" else -1
        elif event.kind == "text" and depth:
            document.found += letters(event.text)
            document.drop(HEADS, event.text)
