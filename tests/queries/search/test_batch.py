"""A batch of searches: what a line is, and what it finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import BadRequest
from formats.spreadsheets import csv_text
from models import open_session
from queries.search.batch import (
    COLUMNS,
    LONGEST_LINE,
    MOST_LINES,
    BatchRow,
    read_lines,
    search_each,
)
from search.engines import open_engine
from search.sync import drain
from settings import Settings
from tests.queries.world import make_world


@pytest.fixture
def rows(settings: Settings):
    with open_session(settings.database_url, write=True) as session:
        make_world(session)
        session.commit()
    engine = open_engine("whoosh", settings.index_dir)
    drain(engine, settings.database_url)
    with open_session(settings.database_url) as session:
        yield lambda text: list(search_each(session, read_lines(text), engine))


def test_each_line_has_a_row_with_what_it_finds_and_whom_it_names(rows) -> None:
    king, ship, nobody = rows("Kıral\n\n ship sail \nnobody at all")
    assert (king.line, ship.line, nobody.line) == (1, 3, 4)
    assert [one.slug for one in king.named] == ["king"] and king.total > 0
    assert (ship.query, ship.total, ship.hits[0].slug) == ("ship sail", 1, "report/3")
    assert ship.understood == "passages and records with “ship”, with “sail”"
    assert nobody.total == 0


def test_a_line_that_cannot_be_read_has_a_remark_and_ends_nothing(rows) -> None:
    broken, wide, fine = rows('ship "sail\n' + "a* " * 90 + "\nship")
    assert "not closed" in broken.remark and wide.remark
    assert fine.total == 1


@given(st.text())
def test_whatever_is_given_each_line_that_is_not_empty_is_searched_once(text) -> None:
    try:
        lines = read_lines(text)
    except BadRequest:
        return
    assert [line for _, line in lines] == [
        line.strip() for line in text.splitlines() if line.strip()
    ]
    assert all(text.splitlines()[number - 1].strip() == line for number, line in lines)


def test_too_many_or_too_long_lines_are_refused_in_a_sentence() -> None:
    assert len(read_lines("x\n" * MOST_LINES)) == MOST_LINES
    with pytest.raises(BadRequest, match="5,001 lines are given, at most 5,000"):
        read_lines("x\n" * (MOST_LINES + 1))
    assert read_lines("x" * LONGEST_LINE)
    with pytest.raises(BadRequest, match="Line 2 has 301 characters, at most 300"):
        read_lines("x\n" + "x" * (LONGEST_LINE + 1))


def test_a_list_that_takes_too_long_stops_and_says_where(
    settings: Settings, rows
) -> None:
    engine = open_engine("whoosh", settings.index_dir)
    with open_session(settings.database_url) as session:
        lines = read_lines("salt\nship\nking")
        found = list(search_each(session, lines, engine, seconds=0))
    assert [row.line for row in found] == [1]
    assert "Stopped after 0 seconds" in found[0].remark


def test_five_thousand_names_are_answered_one_by_one_as_they_are_asked_for(
    rows, settings: Settings
) -> None:
    engine = open_engine("whoosh", settings.index_dir)
    with open_session(settings.database_url) as session:
        lines = read_lines("\n".join(f"Name{number}" for number in range(MOST_LINES)))
        stream = search_each(session, lines, engine)
        assert [next(stream).query for _ in range(3)] == ["Name0", "Name1", "Name2"]


def test_a_row_has_a_cell_for_each_column_and_runs_nothing_in_a_spreadsheet() -> None:
    row = BatchRow(line=1, query="=cmd()")
    assert len(row.cells()) == len(COLUMNS)
    assert csv_text(COLUMNS, [row.cells()]).splitlines()[1].startswith("1,'=cmd(),")
