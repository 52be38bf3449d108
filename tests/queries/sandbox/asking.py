"""Asking the console in tests: its role, its limits, what an attack would change."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, text

from models import make_engine
from queries.sql import (
    SqlResult,
    grant_views,
    run_sql,
    sql_limits,
)
from settings import CHECKOUT, Settings

ROLE = "dragoman_reader"

# Some rows without a table, as each database makes them.
NUMBERS = (
    "(with recursive n(i) as (select 1 union all select i + 1 from n where i < {0})"
    " select i from n)"
)
ENDLESS = "with recursive n(i) as (select 1 union all select i + 0 from n) "


only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def with_reader(settings: Settings) -> Settings:
    """On PostgreSQL, make the role as docs/sql.md says and let the console use it."""
    if settings.database_url.startswith("sqlite"):
        return settings
    page = (CHECKOUT / "docs" / "sql.md").read_text(encoding="utf-8")
    role, functions = re.findall(r"<!-- role -->\n```sql\n(.*?)```", page, re.DOTALL)
    with as_superuser(settings) as admin:
        if not admin.execute(
            "select 1 from pg_roles where rolname = %s", [ROLE]
        ).fetchone():
            admin.execute(role.encode())
        admin.execute(functions.encode())
    reading = replace(
        settings, sql_url=settings.database_url.replace("//postgres:", f"//{ROLE}:")
    )
    grant_views(reading)
    return reading


@contextmanager
def as_superuser(settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        yield connection


def contents(settings: Settings) -> object:
    """Return what an attack would change: the schema, a row, and files nearby."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        inspector = inspect(connection)
        seen = (
            sorted(inspector.get_table_names()),
            sorted(inspector.get_view_names()),
            connection.execute(text("select slug, name from topic")).all(),
        )
    engine.dispose()
    files = sorted(
        path.name
        for path in settings.instance.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    )
    return seen, files


def quickly(settings: Settings, sql: str, seconds: float = 10) -> SqlResult:
    """Run an attack under tight limits; fail if the answer takes long."""
    limits = replace(sql_limits(settings), seconds=seconds)
    started = time.monotonic()
    try:
        return run_sql(settings, sql, limits=limits)
    finally:
        assert time.monotonic() - started < seconds + 2


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return list(run_sql(settings, sql).rows)
