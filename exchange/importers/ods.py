"""Read an OpenDocument spreadsheet: our own walk over its XML.

A file of a few kilobytes may say that its last row repeats a million times, so what is
empty is counted and never made.
"""

from dataclasses import dataclass, field
from typing import Any

from exchange.importers.archive import Archive
from exchange.importers.document import Given, Unreadable
from exchange.importers.rows import MOST_COLUMNS
from exchange.importers.sheets import MOST_ROWS, Cell, Sheet, choose
from exchange.importers.xml import Event, walk

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MACROS = ("Basic/", "Scripts/")
_SPACES = {_TEXT + "s": " ", _TEXT + "tab": " ", _TEXT + "line-break": "\n"}
_LEFT_OUT = (_OFFICE + "annotation", _TABLE + "shapes")


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the rows of the chosen sheet, as `sheets.Sheet` has them.

    Raises:
        Unreadable: it is broken, encrypted, has macros, or declares entities.
    """
    archive = Archive(content)
    manifest = "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise Unreadable(
            "a file without a password (save it without one, then import it)"
        )
    if any(name.startswith(_MACROS) for name in archive.names):
        raise Unreadable("a spreadsheet without macros (remove them, or save as CSV)")
    walked = _Walk()
    for event in walk(archive.read("content.xml"), "content.xml"):
        walked.take(event)
    return choose(list(walked.sheets), walked.sheets.__getitem__, given.sheet)


@dataclass
class _Walk:
    """Takes `content.xml`, event by event."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    _sheet: Sheet | None = None
    _number: int = 0
    _repeated: int = 1
    _cells: list[Cell] = field(default_factory=list)
    _empty: int = 0
    """Empty cells that count only if one that is not follows."""
    _cell: dict[str, str] | None = None
    _text: list[str] = field(default_factory=list)
    _depth_left_out: int = 0
    _depth_of_tables: int = 0

    def take(self, event: Event) -> None:
        if event.tag in _LEFT_OUT and event.kind != "text":
            self._depth_left_out += 1 if event.kind == "start" else -1
        elif self._depth_left_out:
            return
        elif event.kind == "start":
            self._start(event.tag, dict(event.attributes))
        elif event.kind == "end":
            self._end(event.tag)
        elif self._cell is not None:
            self._text.append(event.text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _TABLE + "table":
            self._depth_of_tables += 1
            if self._depth_of_tables == 1:
                self._sheet, self._number = Sheet(), 0
                self.sheets[attributes.get(_TABLE + "name", "")] = self._sheet
        elif tag == _TABLE + "table-row":
            self._cells, self._empty = [], 0
            self._repeated = _number(attributes.get(_TABLE + "number-rows-repeated"))
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self._cell, self._text = attributes, []
        elif tag in _SPACES:
            self._text.append(
                _SPACES[tag] * min(1_000, _number(attributes.get(_TEXT + "c")))
            )
        elif tag == _TEXT + "p" and self._text:
            self._text.append("\n")

    def _end(self, tag: str) -> None:
        if tag == _TABLE + "table":
            self._depth_of_tables -= 1
        elif tag == _TABLE + "table-row" and self._sheet is not None:
            for at in range(min(self._repeated, MOST_ROWS + 1) if self._cells else 0):
                self._sheet.add(self._number + at + 1, list(self._cells))
            self._number += self._repeated
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        attributes, self._cell = self._cell, None
        number = _number(attributes.get(_TABLE + "number-columns-repeated"))
        cell = _cell(attributes, "".join(self._text))
        if not cell.text and cell.bad is None:
            self._empty += number
            return
        if len(self._cells) + self._empty + number > MOST_COLUMNS:
            raise Unreadable(
                f"a table of at most {MOST_COLUMNS:,} columns (row {self._number + 1:,}"
                f" has {len(self._cells) + self._empty + number:,})"
            )
        self._cells += [Cell("")] * self._empty + [cell] * number
        self._empty = 0


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 1


def _cell(attributes: dict[str, str], shown: str) -> Cell:
    """Return what a cell holds: its value where it is a number or a day.

    What is shown of those depends on the language and format of the cell.
    """
    kind = attributes.get(_OFFICE + "value-type")
    value = attributes.get(_OFFICE + "value", "")
    if attributes.get(_TABLE + "formula") and kind is None:
        return Cell(
            "", "the result of its formula (open the file, save it, and import that)"
        )
    if shown.startswith(("#", "Err:")) and attributes.get(_TABLE + "formula"):
        return Cell("", f"a value, not the error {shown}")
    if kind == "date":
        return Cell(attributes.get(_OFFICE + "date-value", shown).split("T00:00")[0])
    if kind == "boolean":
        return Cell(attributes.get(_OFFICE + "boolean-value", shown))
    if kind in ("float", "currency", "percentage"):
        return Cell(value.removesuffix(".0") or shown)
    return Cell(shown.strip())
