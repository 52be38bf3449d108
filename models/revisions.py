"""Whether a database is this version's: what is older, later or foreign is refused.

Every session asks, so that every page, command and script refuses in the same words and
before anything is read or written. That costs one small query for each session. The
newest revision is read from the names of the migrations, because Alembic takes a third
of a second to import and no reader needs it.
"""

from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

_VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


@lru_cache(maxsize=1)
def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this checkout knows, oldest first."""
    return tuple(sorted(path.name.partition("_")[0] for path in _files()))


def _files() -> list[Path]:
    return [path for path in _VERSIONS.glob("*.py") if path.name[0].isdigit()]


def why_unfit(revision: str | None) -> str | None:
    """Say why a database at *revision* cannot be used; None if it can."""
    newest = known_revisions()[-1]
    if revision == newest:
        return None
    if revision is None:
        return "is new and has no tables yet. Run “dragoman db upgrade”."
    if revision in known_revisions():
        return (
            f"is at {revision}, this version needs {newest}. Run “dragoman db upgrade”."
        )
    return (
        f"is at {revision}, which a later version of Dragoman made; this one knows no "
        f"more than {newest}. Use the later one."
    )


def revision_of(connection: sa.Connection) -> str | None:
    """Return the revision that a database is at; None if it was never migrated."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    ).scalar()


def is_foreign(connection: sa.Connection) -> bool:
    """Whether a database holds tables, and was never migrated: somebody else's."""
    inspector = sa.inspect(connection)
    tables = inspector.get_table_names()
    return bool(tables) and "alembic_version" not in tables
