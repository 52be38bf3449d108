"""Tables: what files of them hold, which columns are what, and what rows become."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import InputFaults
from exchange.importers.child import read_records
from exchange.importers.document import Given, Unreadable
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.kinds import KINDS
from exchange.importers.making.fields import ROWS
from exchange.importers.making.mapping import Columns, read_mapping
from exchange.importers.records import Tabular
from exchange.importers.rows import MOST_COLUMNS, Table, read_csv, table_of
from exchange.importers.sheets import rows_of
from exchange.load import load
from exchange.templates import template_of
from models import Actor, Meeting, Source, Stance, open_session
from search.lookup import look_up
from settings import Settings
from tests.exchange.importers import files
from tests.exchange.importers.spreadsheets import csv_of, ods, ods_of, xlsx_of
from tests.exchange.small import write_small


@pytest.fixture
def url(sqlite_settings: Settings, tmp_path: Path) -> str:
    """A database that holds the small dataset."""
    load(write_small(tmp_path / "small"), sqlite_settings.database_url)
    return sqlite_settings.database_url


def importing(
    url: str, rows: str | None, *paths: Path, dry_run: bool = False, **tabular: Any
) -> ImportReport:
    told = Tabular(rows=rows, look_up=look_up, **tabular)
    return import_documents(Request(paths=paths, tabular=told, dry_run=dry_run), url)


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def said(report: ImportReport) -> str:
    return "\n".join(map(str, report.refusals))


# What a file holds

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


@settings(deadline=None, max_examples=40)
@given(st.data(), st.sampled_from(["xlsx", "ods"]))
def test_a_damaged_spreadsheet_is_read_or_refused(
    data: st.DataObject, kind: str
) -> None:
    rows = [["name", "kind"], ["Norland", "state"]]
    content = bytearray((xlsx_of if kind == "xlsx" else ods_of)(rows))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        read_records(bytes(content), KINDS[kind], Given())
    except Unreadable as error:
        assert "\n" not in str(error)


# Which columns are what


def test_each_template_of_a_table_loads_and_again_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    for rows in ROWS:
        path = write(tmp_path / f"{rows}.csv", template_of(f"{rows}.csv"))
        report = importing(database_url, rows, path)
        assert (said(report), report.unresolved) == ("", [])
        assert report.changed, rows
    for rows in ROWS:
        again = importing(database_url, rows, tmp_path / f"{rows}.csv")
        assert (said(again), again.changed) == ("", False), rows


def test_the_same_rows_are_the_same_records_out_of_any_file(
    url: str, tmp_path: Path
) -> None:
    rows = [["name", "kind", "aliases"], ["Weria", "state", "Were; Weriland"]]
    first = write(tmp_path / "a.csv", csv_of(rows, ";", "utf-8-sig"))
    assert importing(url, "actors", first).counts["actor"].added == 1
    for name, content in (
        ("b.xlsx", xlsx_of(rows)),
        ("c.ods", ods_of(rows)),
        ("d.tsv", csv_of(rows, "\t")),
        ("e.txt", csv_of(rows, "|", "utf-16")),
    ):
        report = importing(url, "actors", write(tmp_path / name, content))
        assert report.counts["actor"].unchanged == 1, name


def test_an_old_encoding_is_confirmed(url: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "name,kind,description\nCôte,state,L’État des forêts et des fées\n".encode(
            "cp1252"
        ),
    )
    report = importing(url, "actors", path)
    assert "`--encoding windows-1252` confirms that" in said(report)
    request = Request(
        [path], given=Given(encoding="windows-1252"), tabular=Tabular("actors")
    )
    assert import_documents(request, url).counts["actor"].added == 1
    with open_session(url) as session:
        assert session.scalar(sa.select(Actor.name).where(Actor.slug == "cote"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name,kind\nA,state,x\n", "line 2: expected 2 cells, as the header has (it"),
        ("name,kind\nA\n", "expected 2 cells, as the header has (it has 1"),
        ('name,kind\n"A "b" c",state\n', "quotation marks inside a quoted cell"),
        ('name,kind\n"A,state\n', "an end of the quotes that begin in it"),
        ("name,kind\n=A1+2,state\n", 'A2 (name): "=A1+2": expected a value, not a'),
        ("name,kind\nA,stat\n", 'B2 (kind): "stat": expected one of person'),
        ("name,kind\nA,state\nA,bloc\n", None),
        ("name,Name,kind\nA,B,state\n", 'B: "Name": expected one column for name'),
        ("x,y\n1,2\n", "expected columns of actors: slug, name, kind"),
        (",".join(["x"] * 1_001), "at most 1,000 columns (it has 1,001)"),
        ("\n\n", "a file that is not empty|a table with a header"),
        ("name,kind\nA\0,state\n", "neither a text nor"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_cell(
    url: str, tmp_path: Path, content: str, expected: str | None
) -> None:
    report = importing(url, "actors", write(tmp_path / "a.csv", content))
    if expected is None:
        assert report.counts["actor"].added == 2
        return
    assert any(each in said(report) for each in expected.split("|")), said(report)
    assert report.total("refused") == 1
    assert "\n" not in said(report)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("columns: {Land: nam}", '"nam": expected a field of actors (the nearest is'),
        ("columns: {Land: name, Nowhere: kind}", "expected one of the columns"),
        ("columns: {Land: name, Also: name}", "one column for name"),
        ("fixed: {knd: state}", "a field of actors (the nearest is kind)"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_as_a_whole(
    url: str, tmp_path: Path, text: str, expected: str
) -> None:
    table = write(tmp_path / "a.csv", "Land,Also,kind\nA,B,state\n")
    mapping = read_mapping(write(tmp_path / "m.yaml", text))
    report = importing(url, "actors", table, columns=mapping)
    assert expected in said(report)
    assert not report.changed


@pytest.mark.parametrize(
    "text", ["- a", "as: nothing", "colums: {}", "columns: [a]", "fixed: {a: [b]}",
             "values: {a: b}", "sheet: 3", "a: [", "columns: {a: {b: c}}"],
)  # fmt: skip
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputFaults, match="m.yaml"):
        read_mapping(write(tmp_path / "m.yaml", text))


def test_names_are_told_by_any_alias_and_never_guessed(
    url: str, tmp_path: Path
) -> None:
    # АННА БЕРГ is Anna Berg, by her name in Russian; "Bergh" may be her, and is asked.
    head = "meeting,person,role,source,quote\n"
    quote = "report,met Bo Lund of Suria\n"
    names = ["АННА БЕРГ", "bo-lund", "Bergh", "Bergh", "Nobody Known"]
    rows = "".join(f"Talks in Oslo,{name},guest,{quote}" for name in names)
    path = write(tmp_path / "a.csv", head + rows)
    report = importing(url, "participations", path)
    assert report.counts["meeting"].refused == 3
    first, second = report.unresolved
    assert '"Bergh" is the name of no actor' in first
    assert "2 rows: B4, B5" in first and "the nearest: anna-berg" in first
    assert '"Nobody Known"' in second
    with open_session(url) as session:
        meeting = session.scalars(sa.select(Meeting)).one()
        people = [each.person.slug for each in meeting.participations if each.person]
        # Those who were there stay, and so do the others.
        assert people == ["anna-berg", "anna-berg", "bo-lund"]
        assert len(meeting.participations) == 4
    mapping = Columns(names={"Bergh": "anna-berg", "Nobody Known": "bo-lund"})
    told = importing(url, "participations", path, columns=mapping)
    assert told.unresolved == []


def test_a_stance_needs_a_source_and_a_quote_that_it_holds(
    url: str, tmp_path: Path
) -> None:
    head = "holder,proposition,position,mode,source,quote\n"
    rows = (
        "Norland,make-peace,for,said,report,\n"
        "Norland,make-peace,for,said,report,The talks went off\n"
        "Norland,make-peace,for,said,report,The talks went on\n"
        "Norland,make-peace,for,said,nowhere,The talks went on\n"
    )
    report = importing(url, "stances", write(tmp_path / "a.csv", head + rows))
    assert report.counts["stance"].added == 1
    assert report.counts["stance"].refused == 3
    faults = said(report)
    assert "F2 (quote)" in faults and "nothing is recorded without a passage" in faults
    assert 'F3 (quote): "The talks went off"' in faults
    assert '"nowhere" is the name of no source' in report.unresolved[0]


def test_a_table_adds_to_what_is_stored_and_takes_nothing_away(
    url: str, tmp_path: Path
) -> None:
    rows = "slug,name,kind,aliases\nanna-berg,Anna Berg,person,A. Berg\n"
    path = write(tmp_path / "a.csv", rows)
    assert importing(url, "actors", path).counts["actor"].updated == 1
    with open_session(url) as session:
        actor = session.scalars(sa.select(Actor).where(Actor.slug == "anna-berg")).one()
        assert {each.name for each in actor.names} == {"Berg", "Анна Берг", "A. Berg"}
    rows = "slug,title,kind,publisher\nreport,A report,news_report,The Weekly\n"
    report = importing(url, "sources", write(tmp_path / "b.csv", rows))
    assert report.counts["source"].updated == 1
    with open_session(url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert (source.publisher, str(source.published)) == ("The Weekly", "2021-05-04")
        assert len(source.texts) == 1 and len(source.texts[0].passages) == 3
        assert [each.name for each in source.contributors] == ["C. Writer", "D. Writer"]


def test_the_text_of_a_source_made_of_quotes_grows_with_the_table(
    database_url: str, tmp_path: Path
) -> None:
    head = (
        "holder,holder_kind,proposition,proposition_kind,position,mode,source,"
        "source_kind,quote\n"
    )
    row = "{0},state,Share it,normative,for,said,Readout,readout,{1}\n"
    first = row.format("Norland", "Share it") + row.format("Suria", "Yes: Share it")
    path = write(tmp_path / "a.csv", head + first)
    report = importing(database_url, "stances", path)
    assert (said(report), report.counts["stance"].added) == ("", 2)
    path.write_text(head + first + row.format("Weria", "We agree."))
    more = importing(database_url, "stances", path)
    assert (more.counts["stance"].added, more.counts["stance"].unchanged) == (1, 2)
    with open_session(database_url) as session:
        source = session.scalars(sa.select(Source)).one()
        texts = [each.text for each in source.texts]
        assert texts == [
            "Share it\n\nYes: Share it", "Share it\n\nYes: Share it\n\nWe agree.",
        ]  # fmt: skip
        assert {each.reader for each in source.texts} == {"quotes 1"}
        for stance in session.scalars(sa.select(Stance)):
            [evidence] = stance.evidence
            text = evidence.source_text.text or ""
            assert text[evidence.start_char : evidence.end_char] == evidence.quote


def test_a_dry_run_counts_as_the_import_does_and_writes_nothing(
    url: str, tmp_path: Path
) -> None:
    head = "holder,holder_kind,proposition,position,mode,source,quote\n"
    rows = (
        "Norland,state,make-peace,for,said,report,The talks went on\n"
        "Weria,state,make-peace,for,said,report,The talks went on\n"
        "Weria,state,make-peace,for,said,report,Not in the text\n"
        "Weria,state,make-peace,perhaps,said,report,The talks went on\n"
        "Weria,state,make-peace,for,said,report,The talks went on\n"
    )
    path = write(tmp_path / "a.csv", head + rows)
    dry = importing(url, "stances", path, dry_run=True)
    with open_session(url) as session:
        assert session.scalar(sa.select(Actor).where(Actor.slug == "weria")) is None
    done = importing(url, "stances", path)
    assert dry.counts == done.counts
    assert done.counts["stance"].added == 2
    assert dry.examples[0] == {
        "type": "actor", "slug": "weria", "name": "Weria", "kind": "state",
    }  # fmt: skip


def test_what_served_is_remembered_for_the_same_headers(
    url: str, tmp_path: Path
) -> None:
    remembered = tmp_path / "mappings"
    table = write(tmp_path / "a.csv", "Land,Art\nWeria,a state\n")
    refused = importing(url, None, table, remembered=remembered)
    assert "what the rows of this table are: `--as`" in said(refused)
    mapping = Columns(
        kind="actors",
        columns={"Land": "name", "Art": "kind"},
        values={"kind": {"a state": "state"}},
    )
    done = importing(url, None, table, remembered=remembered, columns=mapping)
    assert done.counts["actor"].added == 1
    table.write_text("Land,Art\nXeria,a state\n")
    again = importing(url, None, table, remembered=remembered)
    assert again.counts["actor"].added == 1
    assert "columns are read as the last time" in " ".join(again.notes)
    table.write_text("Land,Other\nYeria,a state\n")
    assert not importing(url, None, table, remembered=remembered).changed


def test_the_rows_of_a_long_table_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("name,kind\n")
        file.writelines(f"Land {number},state\n" for number in range(200_000))
    rows = read_csv(path, Given()).rows()
    first = next(rows)
    assert (first.number, first.cells) == (2, ["Land 0", "state"])
    assert sum(1 for _ in rows) == 199_999
