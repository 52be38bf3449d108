"""Alembic's entry point: the given connection, or the configured database."""

from alembic import context
from sqlalchemy import Connection

from models import Base, make_engine, writing
from settings import load_settings


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite rolls DDL back as well once BEGIN is explicit; Alembic assumes not.
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with writing(make_engine(load_settings().database_url)).begin() as connection:
        run(connection)
