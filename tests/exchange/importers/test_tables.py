"""Tables: which columns are what, and what their rows become."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from errors import InputFaults
from exchange.importers.document import Given
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.making.fields import ROWS
from exchange.importers.making.mapping import Columns, read_mapping
from exchange.importers.records import Tabular
from exchange.load import load
from exchange.templates import template_of
from models import Actor, Meeting, Source, Stance, open_session
from search.lookup import look_up
from settings import Settings
from tests.exchange.importers.spreadsheets import csv_of, ods_of, xlsx_of
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
    assert "`--encoding windows-125" in said(report)
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
