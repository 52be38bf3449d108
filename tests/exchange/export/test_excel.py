"""Views as workbooks: the rows of the view, whatever they hold, and nothing run."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from sqlalchemy.orm import Session

from errors import BadRequest
from exchange.export.excel import CUT, MOST_LETTERS, fitting, write_excel
from exchange.export.views import read_view
from queries.views import VIEWS
from tests import factories as make
from tests.queries.world import make_world

COLUMNS = {view.name: [column.name for column in view.columns] for view in VIEWS}


def sheet(session: Session, view: str, **given: int) -> list[tuple[object, ...]]:
    file = io.BytesIO()
    write_excel(session, view, COLUMNS[view], file, **given)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()), read_only=True)
    (found,) = book.worksheets
    return [
        tuple(unescape(cell) if isinstance(cell, str) else cell for cell in row)
        for row in found.iter_rows(values_only=True)
    ]


def as_read(value: object) -> object:
    """Days come back as moments, and the empty text as nothing."""
    if isinstance(value, date):
        return (value.year, value.month, value.day)
    return value or (value if isinstance(value, (bool, int)) else None)


@pytest.mark.parametrize("view", ["stances", "meetings", "citations", "passages"])
def test_a_workbook_has_the_rows_of_its_view(session: Session, view: str) -> None:
    make_world(session)
    head, *rows = sheet(session, view)
    assert list(head) == COLUMNS[view]
    expected = list(read_view(session, view, COLUMNS[view]))
    assert expected
    # Empty cells at the end of a row are not stored.
    padded = [(*row, *[None] * (len(head) - len(row))) for row in rows]
    assert [tuple(map(as_read, row)) for row in padded] == [
        tuple(map(as_read, row)) for row in expected
    ]


def test_what_looks_like_a_formula_is_a_text_and_early_days_are_too(
    session: Session,
) -> None:
    for number, title in enumerate(("=1+1", '=HYPERLINK("http://x")', "@SUM(A1)")):
        make.meeting(session, slug=f"m-{number}", title=title, date="0001-01-01")
    make.meeting(session, slug="m-last", title="-2", date="9999-12-31")
    head, *rows = sheet(session, "meetings")
    titles = {row[head.index("slug")]: row[head.index("title")] for row in rows}
    assert titles == {
        "m-0": "=1+1",
        "m-1": '=HYPERLINK("http://x")',
        "m-2": "@SUM(A1)",
        "m-last": "-2",
    }
    assert {row[head.index("earliest")] for row in rows[:3]} == {"0001-01-01"}
    file = io.BytesIO()
    write_excel(session, "meetings", COLUMNS["meetings"], file)
    (found,) = openpyxl.load_workbook(io.BytesIO(file.getvalue())).worksheets
    assert not any(cell.data_type == "f" for row in found.rows for cell in row)


def test_a_view_with_more_rows_than_may_be_is_refused_before_it_is_read(
    session: Session,
) -> None:
    for _ in range(3):
        make.meeting(session)
    with pytest.raises(BadRequest, match="meetings has 3 rows.*may have 2"):
        sheet(session, "meetings", most=2)
    assert len(sheet(session, "meetings", most=3)) == 4


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("_x0041_\x00\x1f\r")))
def test_any_text_comes_back_from_a_cell_as_it_was(text: str) -> None:
    assert unescape(fitting(text)) == text


@pytest.mark.parametrize("letter", ["a", "😀", "\x01"])
@pytest.mark.parametrize("length", [10, MOST_LETTERS, 2 * MOST_LETTERS])
def test_a_text_too_long_for_a_cell_says_that_it_is_cut(
    letter: str, length: int
) -> None:
    made = fitting(letter * length)
    assert len(made.encode("utf-16-le")) // 2 <= MOST_LETTERS
    whole = letter == "a" and length <= MOST_LETTERS
    assert (length == 10 or whole) is not made.endswith(CUT)
