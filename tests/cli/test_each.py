"""`dragoman search --each FILE`: a list in, a table or CSV out."""

import csv
from pathlib import Path

import pytest

from queries.search.batch import LONGEST_LINE, MOST_LINES
from tests.cli.conftest import Type, typing


@pytest.fixture
def search_each(loaded: dict[str, str]) -> Type:
    """Search for the lines of a file in the bundled dataset."""
    run = typing(loaded)
    return lambda *given, **more: run("search", "--each", *given, **more)


def test_each_line_of_a_file_has_a_row(search_each: Type, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("\ufeffiran\r\n\r\nдроны\r\nnobody at all\r\n", encoding="utf-8")
    table = search_each(names)
    assert table.exit_code == 0
    assert [line.split()[0] for line in table.stdout.splitlines()[-3:]] == [
        "1", "3", "4",
    ]  # fmt: skip
    rows = list(csv.DictReader(search_each(names, "--csv").stdout.splitlines()))
    assert [row["query"] for row in rows] == ["iran", "дроны", "nobody at all"]
    assert rows[0]["named"] == "iran" and int(rows[0]["all_words"]) > 0
    assert rows[2]["all_words"] == "0"


def test_a_list_may_come_by_standard_input(search_each: Type) -> None:
    result = search_each("-", "--csv", stdin='iran\nship "sail\n')
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert len(rows) == 2 and "not closed" in rows[1]["remark"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x\n" * (MOST_LINES + 1), "5,001 lines are given, at most 5,000"),
        ("a\n" + "x" * (LONGEST_LINE + 1), "Line 2 has 301 characters, at most 300"),
    ],
)
def test_a_list_that_is_too_long_is_refused_in_a_sentence(
    search_each: Type, given: str, said: str
) -> None:
    result = search_each("-", stdin=given)
    assert result.exit_code == 1 and said in result.stderr and not result.stdout


def test_a_file_that_is_not_text_is_refused_in_a_sentence(
    search_each: Type, tmp_path: Path
) -> None:
    file = tmp_path / "names.xlsx"
    file.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    result = search_each(file)
    assert result.exit_code == 1 and "not in UTF-8" in result.stderr


def test_each_takes_no_query_besides(search_each: Type) -> None:
    result = search_each("-", "iran", stdin="x")
    assert result.exit_code == 2 and "--each takes neither" in result.stderr
