"""What readers of spreadsheets share: bounded rows, and the choice of a sheet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from exchange.importers.document import Unreadable
from exchange.importers.rows import MOST_COLUMNS, Row
from wording import clean, quoted

MOST_ROWS = 200_000
MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Cell:
    """The text of a cell; `bad` says what was expected in its place."""

    text: str
    bad: str | None = None


@dataclass
class Sheet:
    """The rows of a sheet that are not empty."""

    rows: list[tuple[int, list[str], dict[int, str]]] = field(default_factory=list)
    _cells: int = 0

    def add(self, number: int, cells: list[Cell]) -> None:
        """Take a row, numbered from 1.

        Raises:
            Unreadable: it is one too many.
        """
        while cells and not cells[-1].text and cells[-1].bad is None:
            cells.pop()
        if not cells:
            return
        self._cells += len(cells)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                f"a table of at most {MOST_COLUMNS:,} columns (row {number:,} has "
                f"{len(cells):,})"
            )
        if len(self.rows) >= MOST_ROWS or self._cells > MOST_CELLS:
            raise Unreadable(
                f"a spreadsheet of at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells "
                "(save it as CSV, which may have more)"
            )
        bad = {place: cell.bad for place, cell in enumerate(cells) if cell.bad}
        self.rows.append((number, [clean(cell.text) for cell in cells], bad))


def choose(
    names: Sequence[str], read: Callable[[str], Sheet], wanted: str | None
) -> dict[str, Any]:
    """Return the rows of the sheet that is asked for, else of the first with any.

    Raises:
        Unreadable: there is no such sheet.
    """
    if wanted is not None and wanted not in names:
        known = ", ".join(quoted(name) for name in names)
        raise Unreadable(f"a sheet called {quoted(wanted)} (it has {known})")
    for name in names if wanted is None else [wanted]:
        sheet = read(name)
        if sheet.rows:
            others = [quoted(other) for other in names if other != name]
            notes = []
            if others and wanted is None:
                notes.append(
                    f"of the sheets only {quoted(name)} is read, and not "
                    f"{', '.join(others)} (`sheet:` in a mapping chooses)"
                )
            return {"rows": sheet.rows, "notes": notes}
    raise Unreadable("a spreadsheet with rows (it has none)")


def rows_of(answer: dict[str, Any]) -> Callable[[], Iterator[Row]]:
    """Return the rows that the reading process answered, all as wide as the header."""
    listed = answer["rows"]
    width = len(listed[0][1])

    def rows() -> Iterator[Row]:
        for number, cells, bad in listed:
            filled = cells + [""] * (width - len(cells))
            fault = None
            if len(filled) > width:
                fault = f"{width:,} cells at most, as the header has"
            yield Row(number, filled, {int(at): why for at, why in bad.items()}, fault)

    return rows
