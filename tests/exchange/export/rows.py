"""All rows of a database without their ids, to compare what two databases say."""

from collections import Counter
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Base, open_session

#: What the program keeps about itself: runs, jobs, the journal, and digests of what was
#: loaded. The digests of states are compared: they are of what the rows say.
HOUSEKEEPING = {
    *("load_run", "index_job", "index_state"),
    *("change", "change_record", "record_origin", "tombstone"),
}
DIGEST = "digest"

Row = tuple[Any, ...]


def rows_of(url: str, but: frozenset[str] = frozenset()) -> dict[str, Counter[Row]]:
    """Return the rows of every table, each id replaced by what it points at.

    `but` names columns that are left out, as `table.column`.
    """
    with open_session(url) as session:
        return _rows(session, but)


def _rows(session: Session, but: frozenset[str]) -> dict[str, Counter[Row]]:
    tables = Base.metadata.tables
    raw = {
        name: {row.id: row for row in session.execute(sa.select(table))}
        for name, table in tables.items()
        if name not in HOUSEKEEPING
    }

    @cache
    def said(name: str, id_: int) -> Row:
        row = raw[name][id_]
        parts: list[tuple[str, object]] = []
        for column in tables[name].columns:
            value = getattr(row, column.name)
            if column.name in ("id", DIGEST) or f"{name}.{column.name}" in but:
                continue
            for key in column.foreign_keys:
                value = value and name_of(key.column.table.name, value)
            parts.append((column.name, tuple(value) if type(value) is list else value))
        return tuple(parts)

    def name_of(name: str, id_: int) -> object:
        slug = getattr(raw[name][id_], "slug", None)
        return (name, slug) if slug is not None else (name, said(name, id_))

    return {
        name: Counter(said(name, id_) for id_ in found) for name, found in raw.items()
    }


def differences(
    one: dict[str, Counter[Row]], other: dict[str, Counter[Row]]
) -> dict[str, tuple[list[Row], list[Row]]]:
    """Return, by table, the rows that only one of two databases has."""
    return {
        name: (list(rows - other[name]), list(other[name] - rows))
        for name, rows in one.items()
        if rows != other[name]
    }
