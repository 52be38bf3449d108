"""Migrations: the one way in which a database gets its schema.

Imports nothing of ours: a migration must mean the same for ever. `upgrade` and its
companions take an engine and run in one `transaction`, on SQLite too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

HERE = Path(__file__).resolve().parent


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema up to *revision*; where it is there already, wait for nobody."""
    if revision == "head" and current_revision(engine) == head_revision():
        return
    with transaction(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the schema down to *revision*; ``base`` leaves nothing of ours."""
    with transaction(engine) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(engine: sa.Engine) -> str | None:
    """Return the revision that the database is at; None if it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the newest revision that this checkout knows."""
    return ScriptDirectory(str(HERE)).get_current_head()


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection whose one transaction is committed if nothing is wrong with it.

    On SQLite the write lock is taken at once. Foreign keys are off, because a table
    that is rebuilt would otherwise lose what refers to it (`migrations.rebuild`): every
    reference is checked before COMMIT, and every view and trigger must compile.

    Raises:
        Unsound: a reference, view or trigger leads nowhere; nothing has been changed.
    """
    # PostgreSQL knows no such option.
    connecting = engine.execution_options(dragoman_begin="BEGIN IMMEDIATE").connect()
    with connecting as connection:
        if engine.dialect.name != "sqlite":
            _wait_for_all(connection)
            yield connection
            connection.commit()
            return
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise RuntimeError("the connection has been closed")
        driver.execute("PRAGMA foreign_keys = OFF")  # heard only outside a transaction
        try:
            yield connection
            _check(connection)
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = ON")


def _wait_for_all(connection: sa.Connection) -> None:
    """Let the sessions of others end first, and let new ones wait, on PostgreSQL.

    Every session reads this table before any other, so nobody holds a table that the
    migration needs and waits for one that it has: that was a deadlock with every load.
    """
    if sa.inspect(connection).has_table("alembic_version"):
        connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
        connection.exec_driver_sql(
            "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"
        )


class Unsound(CommandError):
    """A migration would leave something that leads nowhere."""


def _check(connection: sa.Connection) -> None:
    run = connection.exec_driver_sql
    loose = run("PRAGMA foreign_key_check").all()
    if loose:
        table, row, other = loose[0][:3]
        raise Unsound(
            f"The migration was taken back: {len(loose)} rows refer to what is not "
            f"there, the first from {table} (row {row}) to {other}."
        )
    for name, kind in run(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite_%'"
    ).all():
        columns = [row[1] for row in run(f'PRAGMA table_info("{name}")')]
        statements = [f'SELECT * FROM "{name}"']
        if kind == "table":  # a change compiles the triggers
            same = ", ".join(f'"{column}" = "{column}"' for column in columns)
            statements += [
                f'INSERT INTO "{name}" DEFAULT VALUES',
                f'UPDATE "{name}" SET {same}',
                f'DELETE FROM "{name}"',
            ]
        for statement in statements:
            try:
                run(f"EXPLAIN {statement}").close()
            except sa.exc.OperationalError as error:
                raise Unsound(
                    f"The migration was taken back: {kind} {name}, with its triggers, "
                    f"no longer compiles ({error.orig})."
                ) from error


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
