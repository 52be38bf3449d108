"""Alembic's entry point: the given connection, or the configured database."""

from alembic import context
from alembic.migration import MigrationContext
from alembic.operations.ops import MigrationScript
from sqlalchemy import Connection

import migrations
from models import Base, make_engine
from settings import load_settings


def number(_: MigrationContext, __: object, directives: list[MigrationScript]) -> None:
    """Give a new revision the next number."""
    for script in directives:
        script.rev_id = f"{int(migrations.head_revision() or 0) + 1:04}"


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite rolls DDL back as well once BEGIN is explicit; Alembic assumes not.
        transactional_ddl=True,
        compare_type=True,
        process_revision_directives=number,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrations.transaction(make_engine(load_settings().database_url)) as opened:
        run(opened)
