"""What the command line says when the database, or its schema, refuses."""

import sys

from sqlalchemy.exc import DBAPIError

from models.database import explain, shared_engine
from settings import load_settings


def said(error: Exception) -> str | None:
    """Return the sentence for an error of the database or of Alembic; else None."""
    if isinstance(error, DBAPIError):
        explained = explain(error, shared_engine(load_settings().database_url))
        if explained is not None:
            return explained.detail
        return f"The database refused this: {' '.join(str(error.orig).split())}."
    alembic = sys.modules.get("alembic.util")
    if alembic is not None and isinstance(error, alembic.CommandError):
        return f"The database was not made by this version of Dragoman: {error}."
    return None
