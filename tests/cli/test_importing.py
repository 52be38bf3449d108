"""`dragoman import` and `dragoman template`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.exchange.importers import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five documents of as many kinds, a table, and a file that is broken."""
    made = {
        "To the Sultan.md": b"# A letter\n\nMost high and mighty prince.\n",
        "a.pdf": files.pdf_of(
            [["Norland speaks of herring."], ["Suria keeps silent."]]
        ),
        "b.docx": files.docx_of(["The delegates walked along the quay."]),
        "c.html": files.html_of(["The ministers met in the lighthouse at noon."]),
        "d.rtf": files.rtf_of(["An envoy waited."]),
        "e.csv": b"actor,position\nNorland,for\n",
        "f.pdf": b"%PDF-1.4 fake",
    }
    inside = tmp_path / "mine"
    inside.mkdir()
    for name, content in made.items():
        (inside / name).write_bytes(content)
    return inside


def test_documents_of_five_kinds_are_found_by_their_own_words(
    type_: Type, folder: Path
) -> None:
    result = type_("import", "--language", "en", folder)
    assert result.exit_code == 1
    assert "e.csv: expected what the rows of this table are: `--as`" in result.stderr
    assert "f.pdf: expected a whole PDF" in result.stderr
    assert "2 records were refused; the rest is loaded." in result.stderr
    for word in ("prince", "herring", "quay", "lighthouse", "envoy"):
        assert "/sources/" in type_("search", word).stdout, word
    select = "select page from passages where source = 'a' order by position"
    pages = type_("sql", "--format", "csv", select)
    assert pages.stdout == "page\n1\n2\n"
    again = type_("import", folder)
    assert "5" in again.stdout and "unchanged" in again.stdout


def test_that_nothing_was_loaded_is_said_where_there_is_no_rest(
    type_: Type, folder: Path
) -> None:
    result = type_("import", folder / "f.pdf", folder / "e.csv")
    assert "2 records were refused; nothing was loaded." in result.stderr


def test_a_dry_run_writes_nothing_and_says_so(type_: Type, folder: Path) -> None:
    result = type_("import", "--dry-run", folder)
    assert result.exit_code == 1
    assert "to-the-sultan" in result.stdout
    assert "This was a dry run: nothing was written." in result.stderr
    assert "2 records would be refused." in result.stderr
    assert (
        type_("sql", "--format", "csv", "select slug from sources").stdout == "slug\n"
    )


def test_the_report_in_json_accounts_for_every_character(
    type_: Type, folder: Path
) -> None:
    [report] = json.loads(type_("import", "--json", folder).stdout)
    assert len(report["documents"]) == 5
    for each in report["documents"]:
        assert each["found"] == each["kept"] + sum(each["dropped"].values())


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--propose"], "needs the workbench"),
    ],
)
def test_what_is_not_there_yet_is_refused_in_a_sentence(
    type_: Type, folder: Path, option: list[str], said: str
) -> None:
    result = type_("import", *option, folder)
    assert result.exit_code == 1
    assert said in result.stderr and "nothing was imported" in result.stderr


def test_a_kind_may_be_said_instead_of_looked_at(type_: Type, folder: Path) -> None:
    assert type_("import", "--as", "text", folder / "e.csv").exit_code == 0
    assert "/sources/e" in type_("search", "Norland").stdout


def test_the_day_of_publication_may_be_given_in_words(
    type_: Type, folder: Path
) -> None:
    path = folder / "To the Sultan.md"
    assert type_("import", path, "--published", "3 March 2025").exit_code == 0
    shown = type_("sql", "--format", "csv", "select published from sources")
    assert shown.stdout == "published\n2025-03-03\n"
    answer = type_("import", path, "--published", "03/04/2025")
    assert answer.exit_code != 0
    assert "2025-04-03 (day first) or 2025-03-04 (month first)" in answer.stderr


def test_an_encoding_is_confirmed(type_: Type, folder: Path) -> None:
    path = folder / "old.txt"
    path.write_bytes("Стороны встретились в Осло.".encode("cp1251"))
    asked = type_("import", path)
    assert asked.exit_code == 1
    assert "`--encoding windows-1251` confirms that" in asked.stderr
    assert type_("import", path, "--encoding", "windows-1251").exit_code == 0
    assert "Стороны" in type_("search", "встретились").stdout


def test_an_import_that_is_stopped_goes_on_from_there(
    type_: Type, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exchange.importers.worker import Reader

    read, seen = Reader.read, list[Path]()

    def stopped(self: Reader, path: Path, kind: str | None = None) -> object:
        seen.append(path)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return read(self, path, kind)

    monkeypatch.setattr(Reader, "read", stopped)
    result = type_("import", folder)
    assert result.exit_code == 130
    assert "the same command goes on from there" in result.stderr
    monkeypatch.setattr(Reader, "read", read)
    type_("import", folder)
    shown = type_("sql", "--format", "csv", "select count(*) as n from sources")
    assert shown.stdout == "n\n5\n"


def test_a_template_is_printed(type_: Type) -> None:
    assert "holder: norland" in type_("template", "stance").stdout
    assert type_("template", "nothing").exit_code != 0


STANCES = """\
Country;Vote;Motion;When;Where said;Words
Norland;pro;Share the quota;3 March 2025;Readout;We are for it.
Suria;contra;Share the quota;2025-03-04;Readout;"We are
against it."
"""
MAP = """
as: stances
columns:
  Country: holder
  Vote: position
  Motion: proposition
  When: stated
  Where said: source
  Words: quote
fixed:
  mode: said
  holder_kind: state
  proposition_kind: normative
  source_kind: readout
values:
  position: {pro: for, contra: against}
"""


def test_a_spreadsheet_of_stances_becomes_a_matrix_in_two_commands(
    type_: Type, tmp_path: Path
) -> None:
    table, mapping = tmp_path / "mine.csv", tmp_path / "columns.yaml"
    table.write_bytes(STANCES.encode("utf-8-sig"))
    mapping.write_text(MAP)
    done = type_("import", table, "--map", mapping)
    assert done.exit_code == 0, done.stderr
    select = "select holder, position, stated_on, quote from stances order by holder"
    assert type_("sql", "--format", "csv", select).stdout == (
        "holder,position,stated_on,quote\n"
        "Norland,for,2025-03-03,We are for it.\n"
        'Suria,against,2025-03-04,"We are\nagainst it."\n'
    )
    # The columns are known the next time, and the same rows are the same stances.
    again = type_("import", table)
    assert again.exit_code == 0, again.stderr
    assert "nothing changed" in again.stdout
    table.write_text(STANCES + "Weria;pro;Share the quota;2025;Readout;Weria too.\n")
    assert type_("import", table).exit_code == 0
    count = "select count(*) as n from stances"
    assert type_("sql", "--format", "csv", count).stdout == "n\n3\n"


def test_a_dry_run_of_a_table_shows_counts_and_the_first_records(
    type_: Type, tmp_path: Path
) -> None:
    table, mapping = tmp_path / "mine.csv", tmp_path / "columns.yaml"
    table.write_text(STANCES)
    mapping.write_text(MAP)
    result = type_("import", "--dry-run", table, "--map", mapping)
    assert result.exit_code == 0, result.stderr
    shown = [json.loads(line) for line in result.stdout.splitlines() if "{" in line]
    assert {each["type"] for each in shown} <= {"actor", "proposition", "source"}
    assert len(shown) == 3
    assert "stance" in result.stdout and "nothing was written" in result.stderr
    select = "select count(*) as n from sources"
    assert type_("sql", "--format", "csv", select).stdout == "n\n0\n"


def test_names_that_nothing_has_are_listed_once_with_the_nearest(
    type_loaded: Type, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    rows = "".join(f"Irann,Body {number},government_body\n" for number in range(5))
    table.write_text("state,name,kind\n" + rows + "Iran,Body six,government_body\n")
    result = type_loaded("import", "--as", "actors", table)
    assert result.exit_code == 1
    assert result.stderr.count('"Irann" is the name of no actor') == 1
    assert "(5 rows: A2, A3, A4 and 2 more); the nearest: iran" in result.stderr
    assert "5 records were refused; the rest is loaded." in result.stderr


def test_the_template_of_a_table_can_be_imported(type_: Type, tmp_path: Path) -> None:
    table = tmp_path / "stances.csv"
    table.write_text(type_("template", "stances.csv").stdout)
    assert type_("import", "--as", "stances", table).exit_code == 0


def test_a_page_of_this_machine_is_fetched_only_if_that_is_allowed(
    type_: Type,
) -> None:
    result = type_("import", "http://127.0.0.1:9/page")
    assert result.exit_code == 1
    assert "http://127.0.0.1:9/page: expected a public address" in result.stderr
    allowed = type_("import", "--allow-private", "http://127.0.0.1:9/page")
    assert "expected a server that answers" in allowed.stderr
