"""Read a spreadsheet of Excel: the values of one sheet, with what formulas came to.

The sheet is gone through twice, once with the formulas and once with their results,
because a formula whose result was never computed would else look like an empty cell.
"""

import io
import warnings
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from exchange.importers.archive import Archive
from exchange.importers.document import Given, Unreadable
from exchange.importers.sheets import Cell, Sheet, choose

_PARTS_OF_XML = (".xml", ".rels")


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the rows of the chosen sheet, as `sheets.Sheet` has them.

    Raises:
        Unreadable: it is broken, has macros, or declares entities.
    """
    import openpyxl

    _look_at(content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of charts and the like, which it leaves out.
            warnings.simplefilter("ignore")
            values = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True
            )
            formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            names = [
                sheet.title
                for sheet in values.worksheets
                if sheet.sheet_state == "visible"
            ]
            return choose(
                names, lambda name: _sheet(values[name], formulas[name]), given.sheet
            )
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        # openpyxl states no errors of its own for what is broken inside: KeyError,
        # AttributeError, ParseError and others come out of a damaged file.
        raise Unreadable(
            "a whole spreadsheet (this one cannot be read: save it again, or as CSV)"
        ) from error


def _look_at(content: bytes) -> None:
    """Refuse what is dangerous before the library unpacks any of it."""
    archive = Archive(content)
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        raise Unreadable("a spreadsheet without macros (save it as .xlsx)")
    for name in archive.names:
        if name.endswith(_PARTS_OF_XML):
            head = archive.read(name)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Unreadable(
                    f"XML without entities of its own (its part {name} declares some)"
                )


def _sheet(values: Any, formulas: Any) -> Sheet:
    # What a file says of its size may be wrong.
    values.reset_dimensions()
    formulas.reset_dimensions()
    sheet = Sheet()
    pairs = zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=())
    for number, (row, sources) in enumerate(pairs, 1):
        sheet.add(
            number,
            [
                _cell(cell.value, cell.data_type, source.data_type == "f")
                for cell, source in zip_longest(row, sources, fillvalue=_EMPTY)
            ],
        )
    return sheet


class _Empty:
    value = None
    data_type = "n"


_EMPTY = _Empty()


def _cell(value: Any, kind: str, is_formula: bool) -> Cell:
    if value is None and is_formula:
        return Cell(
            "", "the result of its formula (open the file, save it, and import that)"
        )
    if kind == "e":
        return Cell("", f"a value, not the error {value}")
    return Cell(_text(value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep="T", timespec="minutes")
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)
