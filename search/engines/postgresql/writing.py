"""The statements that write the index, each within a transaction of the engine's."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import CreateTable, DropTable

from search.engines.postgresql.store import (
    COLUMNS,
    SCHEMA,
    STATE,
    WEIGHTS,
    Rows,
    Tables,
    Totals,
)

#: The columns of the vocabulary.
VOCABULARY = ("field", "term", "word", "documents")


def configure(connection: sa.Connection, values: Mapping[str, str]) -> None:
    """Change settings of the server until the end of the transaction."""
    changed = (sa.func.set_config(*item, True) for item in values.items())
    connection.execute(sa.select(*changed))


def make_state(connection: sa.Connection) -> None:
    """Leave the table of the state empty; readers still see the row it had."""
    inspector = sa.inspect(connection)
    if inspector.has_table(STATE.name, SCHEMA):
        columns = inspector.get_columns(STATE.name, SCHEMA)
        if [column["name"] for column in columns] == STATE.columns.keys():
            connection.execute(sa.delete(STATE))
            return
        connection.execute(DropTable(STATE))  # another version's
    connection.execute(CreateTable(STATE))


def generations(connection: sa.Connection) -> dict[str, int]:
    """The tables of all generations, in use or left behind."""
    names = sa.inspect(connection).get_table_names(SCHEMA)
    parts = ((name, name.partition("_")[2]) for name in names)
    return {name: int(number) for name, number in parts if number.isdigit()}


def copy(
    connection: sa.Connection,
    table: sa.Table,
    columns: Iterable[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Stream rows into a table."""
    driver: Any = connection.connection.driver_connection
    listed = ", ".join(columns)
    name = table.fullname
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as copying,
    ):
        for row in rows:
            copying.write_row(row)


def stage(
    connection: sa.Connection, current: Tables, rows: Iterable[tuple[Any, ...]]
) -> sa.Table:
    """Put rows into a table that the end of the transaction drops."""
    columns = current.document.c
    staged = sa.Table(
        "staged",
        sa.MetaData(),
        *(sa.Column(key, columns[key].type) for key in COLUMNS),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    connection.execute(CreateTable(staged))
    copy(connection, staged, COLUMNS, rows)
    return staged


def add_terms(connection: sa.Connection, current: Tables, rows: Rows) -> None:
    """Add the terms that came to the vocabulary; those that went stay until rebuilt."""
    listed = zip(("", "", "", 0), *rows.terms(), strict=True)
    columns = [
        sa.cast(list(column[1:]), ARRAY(current.vocabulary.c[name].type))
        for name, column in zip(VOCABULARY, listed, strict=True)
    ]
    given = sa.func.unnest(*columns).table_valued(*VOCABULARY)
    given = given.render_derived()
    adding = postgresql.insert(current.vocabulary).from_select(
        VOCABULARY, sa.select(*given.c)
    )
    documents = current.vocabulary.c.documents
    connection.execute(
        adding.on_conflict_do_update(
            index_elements=("field", "term"),
            set_={"documents": documents + adding.excluded.documents},
            where=adding.excluded.documents > 0,
        )
    )


def take_terms(
    connection: sa.Connection, current: Tables, gone: sa.ColumnElement[bool]
) -> None:
    """Count the terms of some documents no more; they stay in the vocabulary."""
    parts = sa.func.unnest(current.document.c.words).table_valued("lexeme", "weights")
    in_text = parts.c.weights.op("&&")(as_array(WEIGHTS["text"]))
    removed = (
        sa.select(
            sa.case((in_text, "text"), else_="title").label("field"),
            parts.c.lexeme.label("term"),
            sa.func.count().label("documents"),
        )
        .select_from(current.document.join(parts, sa.true()))
        .where(gone)
        .group_by(sa.literal_column("1"), parts.c.lexeme)
        .subquery()
    )
    held = current.vocabulary
    connection.execute(
        sa.update(held)
        .where(held.c.field == removed.c.field, held.c.term == removed.c.term)
        .values(documents=held.c.documents - removed.c.documents)
    )


def as_array(values: Iterable[str]) -> sa.ColumnElement[Any]:
    """Write texts as an array."""
    return sa.cast(sorted(values), ARRAY(sa.Text))


def totals_of(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> dict[str, list[int]]:
    """Return the `Totals` of some documents, by kind."""
    asked = (
        sa.select(
            table.c.kind[1],
            sa.func.count(),
            sa.func.sum(table.c.text_length),
            sa.func.sum(table.c.title_length),
            sa.func.count(table.c.long),
        )
        .where(condition)
        .group_by(table.c.kind)
    )
    return {kind: [*totals] for kind, *totals in connection.execute(asked)}


def changed_totals(
    before: Mapping[str, Totals],
    removed: Mapping[str, list[int]],
    added: Mapping[str, list[int]],
) -> dict[str, list[int]]:
    """Return totals after some documents went and others came."""
    nothing = [0] * len(fields(Totals))
    old = {kind: [*astuple(totals)] for kind, totals in before.items()}
    changes = {
        kind: [parts.get(kind, nothing) for parts in (old, removed, added)]
        for kind in {*old, *added}
    }
    return {
        kind: [was - gone + new for was, gone, new in zip(*parts, strict=True)]
        for kind, parts in changes.items()
    }
