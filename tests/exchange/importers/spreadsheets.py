"""Tables made by another program's library, or by hand, for the tests to import."""

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Any

import openpyxl

from tests.exchange.importers import files

_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)

Rows = Sequence[Sequence[Any]]


def csv_of(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A table of text."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue().encode(encoding)


def xlsx_of(rows: Rows, **sheets: Rows) -> bytes:
    """A spreadsheet of Excel, written by openpyxl; more sheets follow the first."""
    book = openpyxl.Workbook()
    for sheet, given in ((book.active, rows), *sheets.items()):
        made = book.create_sheet(sheet) if isinstance(sheet, str) else sheet
        for row in given:
            made.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(cells: str) -> bytes:
    """An OpenDocument spreadsheet of one sheet with these rows in XML."""
    content = (
        f"<office:document-content {_ODF}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return files.archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
        }
    )


def ods_of(rows: Rows) -> bytes:
    """An OpenDocument spreadsheet of texts."""
    return ods(
        "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
    )


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
