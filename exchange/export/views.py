"""Any view as CSV or Parquet.

CSV is written by `formats/spreadsheets.py`; Parquet knows types.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import Unavailable

_AT_ONCE = 2_000
_TRUTHS = {"several", "current", "text_held", "represents_nobody"}
_DAYS = {"earliest", "latest"}
_NUMBERS = {
    "depth",
    "end_char",
    "evidence_count",
    "last_page",
    "last_passage",
    "page",
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
    if column in _NUMBERS or (
        column == "position" and view not in ("stances", "stances_history")
    ):
        return sa.Integer()
    return sa.Text()


def read_view(
    session: Session, view: str, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a view, ordered by all columns from the first to the last."""
    typed = [sa.column(name, type_of(view, name)) for name in columns]
    statement = sa.select(*typed).select_from(sa.table(view)).order_by(*typed)
    options = {"stream_results": True, "yield_per": _AT_ONCE}
    with session.execute(statement, execution_options=options) as result:
        for row in result:
            yield tuple(row)


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
