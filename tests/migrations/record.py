"""What a migration must not lose: the objects of a schema, and every row."""

import re
from typing import Any

import sqlalchemy as sa

Rows = dict[str, list[tuple[Any, ...]]]


def contents(engine: sa.Engine) -> Rows:
    """Return the rows of every table, by table, in order of their columns."""
    with engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        return {
            name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def schema(engine: sa.Engine) -> dict[str, str]:
    """Return every column, check, key, index, trigger and view with its definition."""
    inspector = sa.inspect(engine)
    found: dict[str, str] = {}
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            found[f"column {table}.{column['name']}"] = (
                f"{column['type']} {column['nullable']} {column['default']}"
            )
        for check in inspector.get_check_constraints(table):
            found[f"check {check['name']}"] = _plain(check["sqltext"])
        for key in inspector.get_foreign_keys(table):
            found[f"key {key['name']}"] = (
                f"{key['constrained_columns']} {key['referred_table']} {key['options']}"
            )
        for unique in inspector.get_unique_constraints(table):
            found[f"unique {unique['name']}"] = str(unique["column_names"])
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        for kind, name, definition in connection.execute(
            sa.text(_SQLITE if sqlite else _POSTGRESQL)
        ):
            found[f"{kind} {name}"] = _plain(definition)
    return found


def _plain(definition: str | None) -> str:
    return re.sub(r'[\s"]+', " ", definition or "").strip()


_SQLITE = """
    SELECT type, name, sql FROM sqlite_schema
    WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL
"""
#: Without the indexes of primary keys: SQLite has no such objects.
_POSTGRESQL = r"""
    SELECT 'index', indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND indexname NOT LIKE 'pk\_%'
    UNION ALL
    SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid) || ' ' || p.prosrc
    FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
"""
