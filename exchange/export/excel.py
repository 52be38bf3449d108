"""Any view as a workbook of Excel, in one sheet, written as it is read.

Texts stay texts: a cell is typed, so that nothing that begins with `=` is run, and no
apostrophe is needed as in CSV. What a sheet cannot hold is said: its lines and the
letters of a cell are limited (Microsoft, "Excel specifications and limits"), and it
knows no days before 1900, which are written as texts in ISO 8601.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import BadRequest, Unavailable
from exchange.export.views import read_view

MOST_LINES = 1_048_576
"""How many lines a sheet holds, its head included."""
MOST_LETTERS = 32_767
"""How many UTF-16 units a cell holds."""
CUT = " … [cut: a cell holds no more; the CSV has all]"
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in a 29 February 1900

# ECMA-376, 22.4.2.4: what XML cannot hold stands as its number, and so does an
# underscore that would be taken for the beginning of one.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]|_(?=x[0-9A-Fa-f]{4}_)"
)


def write_excel(
    session: Session,
    view: str,
    columns: Sequence[str],
    file: Path | IO[bytes],
    most: int = MOST_LINES - 1,
) -> None:
    """Write a view as a workbook with one sheet.

    Args:
        session: an open session.
        view: the view's name, one of those that docs/sql.md describes.
        columns: its columns, in their order.
        file: where to write.
        most: how many rows it may have, at most as many as a sheet has lines.

    Raises:
        BadRequest: the view has more rows.
        Unavailable: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise Unavailable(
            "Workbooks need openpyxl, which the extra “import” brings: run “make "
            "documents”. The same view is there as CSV."
        ) from None
    rows = session.scalar(sa.select(sa.func.count()).select_from(sa.table(view))) or 0
    if rows > most:
        raise BadRequest(
            f"{view} has {rows:,} rows, and this workbook may have {most:,}: take "
            "the CSV, or choose rows with SQL."
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(view[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in read_view(session, view, columns):
        sheet.append(list(_cells(sheet, row, WriteOnlyCell)))
    book.save(file)


def _cells(sheet: Any, row: Sequence[Any], make: Any) -> Iterator[Any]:
    for value in row:
        if isinstance(value, date) and value < _FIRST_DAY:
            value = value.isoformat()
        if not isinstance(value, str):
            yield value
            continue
        cell = make(sheet, value="")
        cell.value = fitting(value)
        cell.data_type = "s"  # a text, whatever it begins with
        yield cell


def fitting(text: str) -> str:
    """Return a text as a cell can hold it."""
    written = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if len(written) + sum(letter > "\uffff" for letter in written) <= MOST_LETTERS:
        return written
    # Half of the letters may take two units: none is cut through.
    room = (MOST_LETTERS - len(CUT)) // 2
    return written[:room] + CUT
