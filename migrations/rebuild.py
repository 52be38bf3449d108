"""Change the columns and constraints of a table without losing anything.

PostgreSQL alters a table in place. SQLite can neither change a CHECK nor drop a
constraint: the table is made anew beside the old one, filled, and renamed. Three things
are lost if that is done carelessly, and this module is the one place that does it:

- With foreign keys on, dropping the old table deletes its rows first, and cascades take
  the evidence along. `migrations.transaction` turns them off before BEGIN, the only
  moment when SQLite listens, and checks every reference before COMMIT.
- Dropping the old table drops its indexes and triggers; they are written again from
  the statements that the database keeps, letter for letter.
- A definition put together from reflection forgets CHECKs, collations and
  AUTOINCREMENT. So the stored CREATE TABLE is edited: what is not named stays as it is.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import op

_PAIRS = {"'": "'", '"': '"', "`": "`", "[": "]"}
_CONSTRAINTS = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}


@dataclass
class Change:
    """What is to change in one table, collected and then made in one go."""

    table: str
    added: dict[str, tuple[sa.types.TypeEngine[Any], str | None]] = field(
        default_factory=dict
    )
    dropped: set[str] = field(default_factory=set)
    constraints: dict[str, str] = field(default_factory=dict)
    dropped_constraints: set[str] = field(default_factory=set)

    def add_column(
        self, name: str, kind: sa.types.TypeEngine[Any], value: str | None = None
    ) -> None:
        """Add a column at the end.

        With *value*, an SQL constant, it is NOT NULL and the rows that stand get that
        value; without, it is NULL in them. No trigger fires either way.
        """
        self.added[name] = (kind, value)

    def drop_column(self, name: str) -> None:
        """Drop a column; drop its indexes and constraints before."""
        self.dropped.add(name)

    def add_constraint(self, name: str, definition: str) -> None:
        """Add a constraint: ``CHECK (…)``, ``FOREIGN KEY(x) REFERENCES y (id)`` …"""
        self.constraints[name] = definition

    def drop_constraint(self, name: str) -> None:
        """Drop a constraint by its name."""
        self.dropped_constraints.add(name)

    def replace_constraint(self, name: str, definition: str) -> None:
        """Give a constraint another definition under the same name."""
        self.drop_constraint(name)
        self.add_constraint(name, definition)


@contextmanager
def changing(table: str) -> Iterator[Change]:
    """Change one table; what the block asks for is done when it ends.

    Raises:
        ValueError: a column or constraint to be dropped is not there, or one to be
            added is; nothing has been done.
        RuntimeError: on SQLite, the migration does not run in `migrations.transaction`.
    """
    change = Change(table)
    yield change
    if op.get_context().dialect.name == "sqlite":
        _rebuild(op.get_bind(), change)
    else:
        _alter(op.get_bind(), change)


def _alter(connection: sa.Connection, change: Change) -> None:
    def alter(action: str) -> None:
        connection.execute(sa.text(f"ALTER TABLE {change.table} {action}"))

    for name in sorted(change.dropped_constraints):
        alter(f"DROP CONSTRAINT {name}")
    for name in sorted(change.dropped):
        alter(f"DROP COLUMN {name}")
    for name, (kind, value) in change.added.items():
        column = f"{name} {kind.compile(dialect=connection.dialect)}"
        if value is None:
            alter(f"ADD COLUMN {column}")
        else:
            alter(f"ADD COLUMN {column} DEFAULT {value} NOT NULL")
            alter(f"ALTER COLUMN {name} DROP DEFAULT")
    for name, definition in change.constraints.items():
        alter(f"ADD CONSTRAINT {name} {definition}")


def _rebuild(connection: sa.Connection, change: Change) -> None:
    run = connection.exec_driver_sql
    if run("PRAGMA foreign_keys").scalar():
        raise RuntimeError(
            "A table is rebuilt with foreign keys off, and they can be turned off only "
            "before the transaction: run the migration in migrations.transaction."
        )
    table, aside = change.table, f"rebuilt_{change.table}"
    create = run(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).scalar()
    if create is None:
        raise ValueError(f"there is no table {table}")
    items, ending = _read(create)
    # Indexes that a constraint makes have no statement and come with the table.
    rest = run(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = ? "
        "AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        (table,),
    ).scalars()
    statements = list(rest)
    columns = [name for name in _names(items, columns=True) if name]
    kept = [name for name in columns if name not in change.dropped]
    edited = _edit(items, change, connection.dialect)
    values = {name: value for name, (_, value) in change.added.items() if value}
    into = ", ".join(f'"{name}"' for name in (*kept, *values))
    out = ", ".join([*(f'"{name}"' for name in kept), *values.values()])
    last_number = _last_number(connection, table)

    run(f'CREATE TABLE "{aside}" ({", ".join(edited)}){ending}')
    run(f'INSERT INTO "{aside}" ({into}) SELECT {out} FROM "{table}"')
    run(f'DROP TABLE "{table}"')
    # Otherwise RENAME refuses while views and triggers name a table that is not there.
    run("PRAGMA legacy_alter_table = ON")
    run(f'ALTER TABLE "{aside}" RENAME TO "{table}"')
    run("PRAGMA legacy_alter_table = OFF")
    for statement in statements:
        run(statement)
    if last_number is not None:  # an AUTOINCREMENT table never gives a number again
        run("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        run(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            (table, last_number),
        )


def _last_number(connection: sa.Connection, table: str) -> int | None:
    run = connection.exec_driver_sql
    if not run("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").scalar():
        return None
    number = run("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    return None if number is None else int(number)


def _edit(items: list[str], change: Change, dialect: sa.Dialect) -> list[str]:
    columns = _names(items, columns=True)
    constraints = _names(items, columns=False)
    for name in (*change.dropped, *change.dropped_constraints):
        if name not in {*columns, *constraints}:
            raise ValueError(f"{change.table} has no {name} to drop")
    present = {*columns, *constraints} - change.dropped - change.dropped_constraints
    for name in (*change.added, *change.constraints):
        if name in present:
            raise ValueError(f"{change.table} has a {name} already")
    kept_columns = [
        item
        for item, name in zip(items, columns, strict=True)
        if name and name not in change.dropped
    ]
    kept_constraints = [
        item
        for item, column, name in zip(items, columns, constraints, strict=True)
        if not column and name not in change.dropped_constraints
    ]
    new_columns = [
        f"{name} {kind.compile(dialect=dialect)}"
        + ("" if value is None else " NOT NULL")
        for name, (kind, value) in change.added.items()
    ]
    new_constraints = [
        f"CONSTRAINT {name} {definition}"
        for name, definition in change.constraints.items()
    ]
    return [*kept_columns, *new_columns, *kept_constraints, *new_constraints]


def _names(items: list[str], columns: bool) -> list[str]:
    """Return for each item the name of the column, or of the constraint; else ''."""
    return [_name(item, columns) for item in items]


def _name(item: str, column: bool) -> str:
    words: list[str] = re.findall(r'"[^"]*"|`[^`]*`|\[[^\]]*\]|\w+', item)
    is_constraint = words[0].upper() in _CONSTRAINTS
    if is_constraint == column:
        return ""
    if is_constraint:
        return words[1].strip('"`[]') if words[0].upper() == "CONSTRAINT" else ""
    return words[0].strip('"`[]')


def _read(create: str) -> tuple[list[str], str]:
    """Split CREATE TABLE into the items between its brackets, and what follows them."""
    items: list[str] = []
    depth = start = at = 0
    while at < len(create):
        character = create[at]
        if character in _PAIRS:
            at = create.index(_PAIRS[character], at + 1)
        elif create.startswith(("--", "/*"), at):
            raise ValueError(f"a comment in the definition of a table: {create}")
        elif character == "(":
            depth += 1
            if depth == 1:
                start = at + 1
        elif character in ",)" and depth == 1:
            items.append(create[start:at].strip())
            start = at + 1
            if character == ")":
                return items, create[start:]
        elif character == ")":
            depth -= 1
        at += 1
    raise ValueError(f"the definition of a table does not end: {create}")
