"""Any view as CSV or Parquet.

**Spreadsheets run what they read.** A text that begins with `=`, `+`, `-`, `@` (or
their full-width forms), a tab or a line break is taken for a formula, so in CSV an
apostrophe is put before it. To be reversible, a text that begins with an apostrophe
gets one more, and so does the empty text, which would else look like a missing value:
`unguarded` takes one apostrophe away again. Numbers, days and truth values are not
texts and stay as they are. Parquet knows types and needs none of this.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import Unavailable

_AT_ONCE = 2_000
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
_TRUTHS = {"several", "current", "text_held"}
_DAYS = {"earliest", "latest"}
_NUMBERS = {
    "depth",
    "end_char",
    "evidence_count",
    "last_passage",
    "passage",
    "polarity",
    "start_char",
}


def type_of(view: str, column: str) -> Any:
    """Return the type of a view's column: all views together have four."""
    if column in _TRUTHS:
        return sa.Boolean()
    if column in _DAYS:
        return sa.Date()
    if column in _NUMBERS or (column == "position" and view != "stances"):
        return sa.Integer()
    return sa.Text()


def read_view(
    session: Session, view: str, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a view, ordered by all columns from the first to the last."""
    typed = [sa.column(name, type_of(view, name)) for name in columns]
    statement = sa.select(*typed).select_from(sa.table(view)).order_by(*typed)
    options = {"stream_results": True, "yield_per": _AT_ONCE}
    for row in session.execute(statement, execution_options=options):
        yield tuple(row)


def guarded(value: object) -> object:
    """Return a value as it stands in a CSV cell, safe for spreadsheets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (not value or value.startswith(_DANGEROUS)):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def unguarded(cell: str) -> str | None:
    """Return the text of a cell; None if there was none."""
    return cell.removeprefix("'") if cell else None


def csv_lines(
    columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[str]:
    """Yield a table as CSV (RFC 4180), a line at a time."""
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guarded(value) for value in row])


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def write_parquet(
    session: Session, view: str, columns: Sequence[str], file: Path | IO[bytes]
) -> None:
    """Write a view as Parquet, some thousand rows at a time.

    Raises:
        Unavailable: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Unavailable(
            "Parquet needs the extra “parquet”: run “pip install pyarrow”. The same "
            "view is there as CSV."
        ) from None
    made: dict[type, Callable[[], Any]] = {
        sa.Boolean: pyarrow.bool_,
        sa.Date: pyarrow.date32,
        sa.Integer: pyarrow.int64,
        sa.Text: pyarrow.string,
    }
    types = [made[type(type_of(view, name))]() for name in columns]
    schema = pyarrow.schema(list(zip(columns, types, strict=True)))
    rows = read_view(session, view, columns)
    with parquet.ParquetWriter(file, schema) as writer:
        while some := list(islice(rows, _AT_ONCE)):
            arrays = [
                pyarrow.array(values, kind)
                for values, kind in zip(zip(*some, strict=True), types, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
