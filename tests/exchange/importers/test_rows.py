"""What files of tables hold, whichever program wrote them, and however broken."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.importers.child import read_records
from exchange.importers.document import Given, Unreadable
from exchange.importers.kinds import KINDS
from exchange.importers.rows import MOST_COLUMNS, Table, read_csv, table_of
from exchange.importers.sheets import rows_of
from tests.exchange.importers import files
from tests.exchange.importers.spreadsheets import csv_of, ods, ods_of, xlsx_of

_SIGNS = "ab1,;|'\" \t\né“Ж字"
_TEXTS = st.lists(
    st.lists(st.text(_SIGNS, max_size=8), min_size=3, max_size=3), max_size=4
)


def as_cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


@settings(deadline=None, max_examples=60)
@given(
    _TEXTS, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_csv_of_any_kind_says_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    encoding: str,
) -> None:
    # A cell that begins so is one of our own tables, where it guards a formula.
    rows = [[cell.lstrip("'\t\n") for cell in row] for row in rows]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    head = ["one", "two", "three"]
    path.write_bytes(csv_of([head, *rows], delimiter, encoding))
    table = read_csv(path, Given())
    assert table.columns == head
    kept = [row for row in rows if any(map(str.strip, row))]
    assert as_cells(table) == kept


@settings(deadline=None, max_examples=20)
@given(_TEXTS)
def test_spreadsheets_say_what_csv_says(rows: list[list[str]]) -> None:
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    head = ["one", "two", "three"]
    kept = [row for row in rows if any(row)]
    for kind, content in (
        ("xlsx", xlsx_of([head, *rows])),
        ("ods", ods_of([head, *rows])),
    ):
        answer = read_records(content, KINDS[kind], Given())
        assert answer is not None
        table = table_of(rows_of(answer))
        assert (table.columns, as_cells(table)) == (head, kept), kind


def test_cells_of_excel_are_read_as_they_are_meant() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["day", "moment", "whole", "part", "yes", "formula", "error"])
    moment = datetime(2025, 3, 3, 14, 30)
    sheet.append([date(2025, 3, 3), moment, 2.0, 1.5, True, "=1+1", "x"])
    sheet["G2"] = "#N/A"
    sheet["G2"].data_type = "e"
    content = io.BytesIO()
    book.save(content)
    answer = read_records(content.getvalue(), KINDS["xlsx"], Given())
    assert answer is not None
    [row] = table_of(rows_of(answer)).rows()
    assert row.cells[:5] == ["2025-03-03", "2025-03-03T14:30", "2", "1.5", "true"]
    assert "the result of its formula" in row.bad[5]
    assert "not the error #N/A" in row.bad[6]


def test_cells_of_an_opendocument_are_read_by_their_values() -> None:
    def cell(kind: str, value: str, shown: str) -> str:
        name = "date-value" if kind == "date" else "value"
        return (
            f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )

    head = "".join(cell("string", "", each) for each in "abc")
    body = cell("date", "2025-03-03", "3.3.25") + cell("float", "2", "2,00")
    repeated = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = ods(
        f"<table:table-row>{head}</table:table-row>{repeated}<table:table-row>{body}"
        "</table:table-row>"
    )
    answer = read_records(content, KINDS["ods"], Given())
    assert answer is not None
    [row] = table_of(rows_of(answer)).rows()
    assert (row.number, row.cells) == (1_048_002, ["2025-03-03", "2", ""])


def test_one_sheet_is_read_and_the_others_are_named() -> None:
    content = xlsx_of([["a"], ["1"]], Second=[["b"], ["2"]])
    answer = read_records(content, KINDS["xlsx"], Given())
    assert answer is not None and '"Second"' in answer["notes"][0]
    answer = read_records(content, KINDS["xlsx"], Given(sheet="Second"))
    assert answer is not None and answer["rows"][1][1] == ["2"]
    with pytest.raises(Unreadable, match='a sheet called "Third" .it has "Sheet"'):
        read_records(content, KINDS["xlsx"], Given(sheet="Third"))


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return made.getvalue()


_PLAIN = xlsx_of([["a"], ["1"]])
_ENTITIES = b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("xlsx", _with_part(_PLAIN, "xl/vbaProject.bin", b"x"), "without macros"),
        ("xlsx", _with_part(_PLAIN, "xl/more.xml", _ENTITIES), "without entities"),
        ("xlsx", _with_part(_PLAIN, "../out.xml", b"x"), "leads out of it"),
        ("xlsx", _with_part(_PLAIN, "xl/big.xml", b" " * 101_000_000), "unpacks to"),
        ("xlsx", files.archive({"xl/workbook.xml": "<x"}), "cannot be read"),
        ("xlsx", xlsx_of([]), "with rows"),
        ("xlsx", xlsx_of([["x"] * (MOST_COLUMNS + 1)]), "at most 1,000 columns"),
        ("ods", files.archive({"Basic/a.xml": "", "content.xml": "<a/>"}), "macros"),
        ("ods", files.archive({"content.xml": _ENTITIES}), "without entities"),
        ("ods", ods('<table:table-row><table:table-cell office:value-type="string" '
                    'table:number-columns-repeated="16384"><text:p>x</text:p>'
                    "</table:table-cell></table:table-row>"), "at most 1,000 columns"),
        ("ods", ods('<table:table-row table:number-rows-repeated="900000">'
                    '<table:table-cell office:value-type="string"><text:p>x</text:p>'
                    "</table:table-cell></table:table-row>"), "at most 200,000 rows"),
    ],
)  # fmt: skip
def test_a_hostile_spreadsheet_is_refused_in_a_sentence(
    kind: str, content: bytes, expected: str
) -> None:
    with pytest.raises(Unreadable, match=expected) as refused:
        read_records(content, KINDS[kind], Given())
    assert "\n" not in str(refused.value)


_ROWS = [["name", "kind"], ["Norland", "state"]]
_WHOLE = {"xlsx": xlsx_of(_ROWS), "ods": ods_of(_ROWS)}


@settings(deadline=None, max_examples=40)
@given(st.data(), st.sampled_from(["xlsx", "ods"]))
def test_a_damaged_spreadsheet_is_read_or_refused(
    data: st.DataObject, kind: str
) -> None:
    content = bytearray(_WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        # The file's length changes with the clock; what is drawn must not.
        at = data.draw(st.integers(0, 10_000)) % len(content)
        content[at] = data.draw(st.integers(0, 255))
    try:
        read_records(bytes(content), KINDS[kind], Given())
    except Unreadable as error:
        assert "\n" not in str(error)


def test_the_rows_of_a_long_table_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("name,kind\n")
        file.writelines(f"Land {number},state\n" for number in range(200_000))
    rows = read_csv(path, Given()).rows()
    first = next(rows)
    assert (first.number, first.cells) == (2, ["Land 0", "state"])
    assert sum(1 for _ in rows) == 199_999
