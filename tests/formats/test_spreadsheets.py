"""Every CSV is safe in a spreadsheet, and its texts come back as they were."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from formats.spreadsheets import csv_lines, csv_text, guarded, unguarded

RUN = "=+-@\t\r\n＝＋－＠"


@given(st.text())
def test_what_is_guarded_can_be_undone_and_runs_nowhere(text: str) -> None:
    cell = str(guarded(text))
    assert cell[:1] not in tuple(RUN)
    assert cell != ""
    assert unguarded(cell) == text
    assert unguarded("") is None


CELL = st.none() | st.text() | st.integers()


@given(st.lists(st.tuples(CELL, CELL)))
def test_a_table_is_read_back_by_pythons_own_reader(
    rows: list[tuple[object, object]],
) -> None:
    text = csv_text(["a", "b"], rows)
    header, *found = csv.reader(io.StringIO(text, newline=""))
    assert header == ["a", "b"]
    assert found == [
        ["" if cell is None else str(guarded(cell)) for cell in row] for row in rows
    ]
    assert text == "".join(csv_lines(["a", "b"], rows))
