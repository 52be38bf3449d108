"""Migrations: the one way in which a database gets its schema.

Imports nothing of ours: a migration must mean the same for ever. `upgrade` and its
companions take an engine and run in one transaction, on SQLite too.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

HERE = Path(__file__).resolve().parent


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema up to *revision*."""
    with _connected(engine) as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the schema down to *revision*; ``base`` leaves nothing of ours."""
    with _connected(engine) as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def current_revision(engine: sa.Engine) -> str | None:
    """Return the revision that the database is at; None if it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the newest revision that this checkout knows."""
    return ScriptDirectory(str(HERE)).get_current_head()


def why_unfit(revision: str | None) -> str | None:
    """Say why a database at *revision* cannot be used; None if it can."""
    scripts = ScriptDirectory(str(HERE))
    newest = scripts.get_current_head()
    if revision == newest:
        return None
    if revision in {None, *(script.revision for script in scripts.walk_revisions())}:
        return (
            f"is at {revision or 'no revision'}, this version needs {newest}. "
            "Run `dragoman db upgrade`."
        )
    return (
        f"is at {revision}, which a later version of Dragoman made; this one knows no "
        f"more than {newest}. Use the later one."
    )


def _connected(engine: sa.Engine) -> sa.Connection:
    # On SQLite the write lock is taken at once; PostgreSQL knows no such option.
    return engine.execution_options(dragoman_begin="BEGIN IMMEDIATE").connect()


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
