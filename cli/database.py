"""`dragoman db`: the schema."""

import click
from sqlalchemy.engine import Engine, make_url

from cli.speech import Failure, say
from models.database import shared_engine, sqlite_path
from models.revisions import is_foreign, known_revisions, revision_of, why_unfit
from queries.sql import grant_views
from settings import Settings, load_settings


@click.group()
def db() -> None:
    """Set up the database and bring it up to date."""


@db.command()
def upgrade() -> None:
    """Create or update the tables and views; again changes nothing.

    Makes the instance folder too. On PostgreSQL the role of DRAGOMAN_SQL_URL is given
    the views.
    """
    before, after, name = upgrade_database(load_settings())
    if before == after:
        say(f"{name} is up to date ({after}).")
    else:
        say(f"{name} is now at {after}" + (f" (was {before})." if before else "."))


@db.command()
def check() -> None:
    """Say whether the schema is up to date; exit 1 if not."""
    settings = load_settings()
    require_schema(settings)
    say(f"{_name(settings)} is up to date ({schema_of(settings)}).")


def require_schema(settings: Settings) -> None:
    """Fail unless the schema is this version's: before anything is written, say."""
    if unfit := why_unfit(schema_of(settings)):
        raise Failure(f"{_name(settings)} {unfit}")


def upgrade_database(settings: Settings) -> tuple[str | None, str | None, str]:
    """Bring the schema up to date; return the revision before, after, and the name."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = shared_engine(settings.database_url)
    if path := sqlite_path(engine):
        path.parent.mkdir(parents=True, exist_ok=True)
    before = _revision(engine)
    if before is not None and before not in known_revisions():
        raise Failure(f"{_name(settings)} {why_unfit(before)}")
    if before is None:
        with engine.connect() as connection:
            if is_foreign(connection):
                raise Failure(
                    f"{_name(settings)} holds tables that Dragoman did not make, and "
                    "stays as it was. Set DRAGOMAN_DATABASE_URL to a database of its "
                    "own."
                )
    if before != known_revisions()[-1]:
        import migrations  # Alembic takes a third of a second, and most have no need

        migrations.upgrade(engine)
    if sqlite_path(engine):  # a copy made by other tools may have lost it
        with engine.connect() as connection:
            connection.commit()
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    grant_views(settings)
    return before, _revision(engine), _name(settings)


def schema_of(settings: Settings) -> str | None:
    """Return the database's revision; None for one that is empty or not there."""
    engine = shared_engine(settings.database_url)
    path = sqlite_path(engine)
    if path is not None and not path.exists():
        return None  # connecting would create it
    return _revision(engine)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return revision_of(connection)


def _name(settings: Settings) -> str:
    return make_url(settings.database_url).render_as_string(hide_password=True)
