"""A table as rows of texts, out of whatever file holds it.

CSV is read here, line by line, because it may have a million rows. Spreadsheets are
archives of XML: they are read in the process for strangers' files (`child.py`), whole.
Rows are numbered as a spreadsheet numbers them, the header being one of them.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from exchange.files import open_file
from exchange.importers.charsets import GUESS, decode
from exchange.importers.document import Given, Unreadable
from formats.spreadsheets import guarded, unguarded

MOST_COLUMNS = 1_000
LARGEST_CSV = 4_000_000_000
"""Bytes: a table of votes of 900,000 rows has about 600 million."""
LONGEST_LINE = 8_000_000
LONGEST_CELL = 131_072
"""Characters of a cell of CSV, as the module `csv` bounds it."""

_HEAD = 65_536
_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMULA = re.compile(r"=[A-Za-z0-9(+\-@\"$]")


@dataclass(frozen=True)
class Row:
    """A row of texts; `bad` says what was expected in the place of single cells.

    `fault` says what is wrong with a row that could not be read at all.
    """

    number: int
    cells: list[str]
    bad: dict[int, str] = field(default_factory=dict)
    fault: str | None = None


@dataclass(frozen=True)
class Table:
    """The header of a table, and its rows, as often as they are asked for."""

    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    notes: tuple[str, ...] = ()


def column_name(place: int) -> str:
    """Return the letters of a column, from 0: A to Z, AA and so on.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_csv(path: Path, given: Given) -> Table:
    """Open a table of text: CSV with commas, semicolons, tabs or bars.

    Raises:
        Unreadable: it has no header, too many columns, or an encoding that can only be
            guessed.
        NotReadable: the file itself cannot be read.
    """
    encoding, note = _encoding(path, given)
    delimiter = _delimiter(path, encoding)

    def rows() -> Iterator[Row]:
        with open_file(path, LARGEST_CSV) as raw:
            with io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
                yield from _rows(text, delimiter)

    return table_of(rows, (note,) if note else ())


def table_of(rows: Callable[[], Iterator[Row]], notes: tuple[str, ...] = ()) -> Table:
    """Take the first row that is not empty for the header of the rest.

    Raises:
        Unreadable: there is no such row, or it has too many columns.
    """
    head = next(_filled(rows()), None)
    if head is None or head.fault is not None:
        why = f" (row {head.number}: {head.fault})" if head else ""
        raise Unreadable(f"a table with a header in its first row{why}")
    columns = [cell.strip() for cell in head.cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(
            f"a table of at most {MOST_COLUMNS:,} columns (it has {len(columns):,})"
        )

    def body() -> Iterator[Row]:
        listed = _filled(rows())
        next(listed)
        return listed

    return Table(columns, body, notes)


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    return (
        row for row in rows if row.fault or row.bad or any(map(str.strip, row.cells))
    )


def _encoding(path: Path, given: Given) -> tuple[str, str | None]:
    """Return the encoding of a file, and a remark if it was guessed."""
    with open_file(path, LARGEST_CSV) as file:
        head = file.read(_HEAD)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name, None
        check = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while part := file.read(1 << 20):
                check.decode(part)
            check.decode(b"", final=True)
            return "utf-8", None
        except UnicodeDecodeError:
            pass
        file.seek(max(0, file.tell() - (1 << 20)))
        around = head if not _is_utf8(head) else file.read(1 << 20)
    if given.encoding and given.encoding != GUESS:
        decode(b"a", given.encoding)  # refuses a name that is none
        decode(around, given.encoding)
        return given.encoding, None
    # Only the part that is not UTF-8 is looked at: what decodes it is shown.
    _, note = decode(around, given.encoding)
    name = (note or "").removeprefix("read as ").partition(",")[0]
    return name, note


def _is_utf8(content: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that stands most often in the header, outside of quotes."""
    with open_file(path, LARGEST_CSV) as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        head = text.read(_HEAD)
    quoted, seen = False, dict.fromkeys(_DELIMITERS, 0)
    for char in head.lstrip():
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            break
        elif char in seen and not quoted:
            seen[char] += 1
    return max(seen, key=lambda sign: seen[sign])


def _rows(text: Any, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number, width = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, [], fault=_said(str(error)))
            continue
        except UnicodeError as error:
            yield Row(number, [], fault=f"text in one encoding ({error})")
            return
        if not any(cells):
            continue
        width = width or len(cells)
        if len(cells) != width:
            expected = (
                f"{width:,} cells, as the header has (it has {len(cells):,}: a "
                "separator inside a cell needs quotes around the cell)"
            )
            yield Row(number, cells, fault=expected)
            continue
        yield _checked(number, cells)


def _checked(number: int, cells: list[str]) -> Row:
    bad = {}
    for place, cell in enumerate(cells):
        first = cell[:1]
        if first == "'" and guarded(cell[1:]) == cell:
            cells[place] = unguarded(cell) or ""  # as our own tables have it
        elif first == "=" and _FORMULA.match(cell):
            bad[place] = "a value, not a formula"
        if "\0" in cell:
            bad[place] = "text without NUL characters"
    return Row(number, cells, bad)


def _said(error: str) -> str:
    if "unexpected end" in error:
        return "an end of the quotes that begin in it (the file ends before)"
    if "field limit" in error:
        return (
            f"cells of at most {LONGEST_CELL:,} characters (or a quotation mark is "
            "missing)"
        )
    if "expected after" in error:
        return "quotation marks inside a quoted cell doubled"
    return f"a row of CSV ({error})"


def _lines(text: TextIO) -> Iterator[str]:
    """Yield lines, none of them without end."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise csv.Error(f"a line has over {LONGEST_LINE:,} characters")
        yield line
