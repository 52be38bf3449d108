"""What is not a public view is denied, in whatever clause and under whatever name."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from errors import BadRequest, DragomanError, Refused
from models import Base, make_engine
from queries.sandbox.child.sqlite import guarded
from queries.sql import run_sql
from queries.views import READ_INSTEAD, VIEWS
from settings import Settings
from tests.queries.sandbox.asking import (
    ROLE,
    as_superuser,
    only_postgresql,
    only_sqlite,
)

PUBLIC = [view.name for view in VIEWS]
TABLES = sorted({*Base.metadata.tables, "alembic_version"})

# Each reads {0}, or counts its rows, somewhere in a query.
CLAUSES = [
    "select * from {0}",
    "select count(*) from {0}",
    "select 1 from {0} limit 1",
    "select x.* from (select * from {0}) x",
    "select stances.* from (select * from {0}) as stances",
    "with x as (select * from {0}) select * from x",
    "with stances as (select * from {0}) select * from stances",
    "with stances as (select count(*) as n from {0}) select n from stances",
    "with a as (select * from topics), topics as (select * from {0})"
    " select * from topics",
    "select t.slug from topics t join {0} x on true",
    "select t.slug from topics t left join {0} x on true",
    "select t.slug from topics t, {0}",
    "select (select count(*) from {0})",
    "select 1 where exists (select 1 from {0})",
    "select 1 where 1 in (select 1 from {0})",
    "select slug from topics union all select 'x' from {0}",
    "select slug from topics order by (select count(*) from {0})",
    "select slug from topics group by slug having (select count(*) from {0}) > 0",
    "select slug from topics limit (select count(*) from {0})",
    "values ((select count(*) from {0}))",
    "with recursive n(i) as (select 1 union all select i + 1 from n, {0} where i < 3)"
    " select * from n",
    'select * from "{0}"',
    'select count(*) from "{0}" as "stances"',
]
SQLITE_CLAUSES = [
    "select * from main.{0}",
    "select count(*) from main.{0}",
    "with {0} as (select * from main.{0}) select * from {0}",
    "select rowid from {0}",
    "select 1 where 1 in {0}",
    "select count(*) from [{0}]",
    "select count(*) from `{0}` topics",
]
SQLITE_NAMES = [
    "sqlite_master",
    "sqlite_schema",
    "sqlite_temp_master",
    "sqlite_temp_schema",
    "sqlite_sequence",
    "sqlite_stat1",
    "dbstat",
    "sqlite_dbpage",
    "sqlite_stmt",
    "pragma_table_list",
    "pragma_database_list",
    "pragma_module_list",
    "pragma_table_info('stance')",
    "pragma_journal_mode",
]
POSTGRESQL_NAMES = [
    "pg_class",
    "pg_catalog.pg_proc",
    "pg_stat_activity",
    "pg_settings",
    "pg_tables",
    "information_schema.tables",
    "information_schema.sql_features",
    "pg_timezone_names",
    "pg_stat_get_activity(null)",
    "rows from (pg_stat_get_activity(null), pg_show_all_settings())",
]


@pytest.fixture
def connection(sqlite_settings: Settings) -> sqlite3.Connection:
    """SQLite as a query sees it, without the process around it."""
    path = sqlite_settings.database_url.removeprefix("sqlite:///")
    return guarded({"database": path, "views": PUBLIC, "seconds": 5, "memory": 10**9})[
        0
    ]


def is_read(connection: sqlite3.Connection, sql: str) -> bool:
    try:
        connection.execute(sql).fetchall()
    except sqlite3.Error:
        return False
    return True


@pytest.mark.parametrize("clause", [*CLAUSES, *SQLITE_CLAUSES])
def test_sqlite_reads_no_table_in_any_clause(
    connection: sqlite3.Connection, clause: str
) -> None:
    read = [x for x in TABLES if is_read(connection, clause.format(x))]
    assert read == []


@pytest.mark.parametrize("clause", CLAUSES)
def test_sqlite_reads_every_view_in_any_clause(
    connection: sqlite3.Connection, clause: str
) -> None:
    # A query's own WITH called topics cannot read itself, and x has no two columns.
    views = [view for view in PUBLIC if view != "stances"]
    if "topics as" in clause:
        views.remove("topics")
    if "union all select 'x'" in clause or "recursive" in clause:
        views = views[:3]
    for view in views:
        connection.execute(clause.format(view)).fetchall()


@only_sqlite
@pytest.mark.parametrize("name", SQLITE_NAMES)
def test_sqlite_reads_nothing_of_its_own(console: Settings, name: str) -> None:
    for columns in ("*", "count(*)"):
        with pytest.raises((BadRequest, Refused)):
            run_sql(console, f"select {columns} from {name}")


@only_postgresql
@pytest.mark.parametrize("name", POSTGRESQL_NAMES)
def test_postgresql_reads_nothing_of_its_own(console: Settings, name: str) -> None:
    with pytest.raises((BadRequest, Refused)):
        run_sql(console, f"select count(*) from {name}")


@only_postgresql
@pytest.mark.parametrize("clause", CLAUSES)
def test_postgresql_reads_no_table_in_any_clause(
    console: Settings, clause: str
) -> None:
    for table in ("stance", "pg_class"):
        with pytest.raises((BadRequest, Refused)):
            run_sql(console, clause.format(table))


@only_postgresql
def test_postgresql_grants_the_views_and_nothing_else(console: Settings) -> None:
    with as_superuser(console) as admin:
        granted = admin.execute(
            "select c.relname from pg_class c join pg_namespace n"
            " on n.oid = c.relnamespace where n.nspname !~ '^(pg_|information_schema)'"
            " and c.relkind in ('r', 'v', 'm', 'p', 'f')"
            " and has_any_column_privilege(%s, c.oid, 'select')",
            [ROLE],
        ).fetchall()
    assert sorted(name for (name,) in granted) == sorted(PUBLIC)


def test_each_table_is_answered_with_the_view_to_read(console: Settings) -> None:
    engine = make_engine(console.database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    for table in tables:
        with pytest.raises(BadRequest, match=f'No view is called "{table}"') as caught:
            run_sql(console, f"select * from {table}")
        if table in READ_INSTEAD:
            assert f"Read {READ_INSTEAD[table]} instead" in caught.value.detail
    assert set(READ_INSTEAD) <= set(tables)
    assert set(READ_INSTEAD.values()) <= set(PUBLIC)


def test_a_table_in_the_singular_leads_to_its_view(console: Settings) -> None:
    with pytest.raises(BadRequest, match="Read stances instead"):
        run_sql(console, "select * from stance")


def test_a_wrong_column_leads_to_the_nearest(console: Settings) -> None:
    for sql in ("select holdr from stances", "select s.holdr from stances s"):
        with pytest.raises(BadRequest, match="The nearest is holder"):
            run_sql(console, sql)


NAME = st.sampled_from(["topics", "stances", "x", "tree", "json_each", "main"])


@given(
    inner=st.sampled_from(CLAUSES),
    table=st.sampled_from(["loot", "main.loot", '"LOOT"', "Loot"]),
    names=st.lists(NAME, min_size=1, max_size=4),
)
def test_no_nesting_of_names_reaches_a_table(
    tmp_path_factory: pytest.TempPathFactory, inner: str, table: str, names: list[str]
) -> None:
    """Whatever the subqueries around it are called, a table stays out of reach."""
    path = tmp_path_factory.getbasetemp() / "loot.sqlite3"
    _make_loot(path)
    sql = inner.format(table.strip('"') if '"{0}"' in inner else table)
    for name in names:
        sql = f"with {name} as ({sql}) select * from {name}"
    connection, _ = guarded(
        {"database": str(path), "views": PUBLIC, "seconds": 5, "memory": 10**9}
    )
    try:
        rows = connection.execute(sql).fetchall()
    except sqlite3.Error:
        rows = []
    connection.close()
    assert rows == []


def _make_loot(path: Path) -> None:
    if path.exists():
        return
    connection = sqlite3.connect(path)
    connection.executescript(
        "create table loot (slug);"
        "insert into loot values ('secret');"
        "create view topics AS with tree as (select slug from loot) "
        "select 'a' as slug from tree;"
    )
    connection.close()


@only_sqlite
@pytest.mark.parametrize(
    "function",
    [
        "load_extension('x')",
        "readfile('/etc/passwd')",
        "sqlite_compileoption_used('x')",
        "sqlite_offset(slug)",
        "last_insert_rowid()",
        "fts5(slug)",
        "highlight(slug, 0, '', '')",
    ],
)
def test_sqlite_calls_no_function_that_is_not_on_the_list(
    console: Settings, function: str
) -> None:
    with pytest.raises((Refused, BadRequest)):
        run_sql(console, f"select {function} from topics")


@only_postgresql
@pytest.mark.parametrize(
    "call",
    [
        "pg_logical_emit_message(false, 'a', repeat('x', 1000))",
        "pg_advisory_lock(1)",
        "pg_try_advisory_xact_lock_shared(1, 2)",
        "pg_terminate_backend(pg_backend_pid())",
        "pg_cancel_backend(0)",
        "set_config('work_mem', '1GB', false)",
        "pg_notify('a', 'b')",
        "pg_sleep(1)",
        "pg_current_xact_id()",
        "pg_export_snapshot()",
        "lo_create(0)",
        "setseed(0.5)",
        "query_to_xml('select 1', true, true, '')",
        "table_to_xml('pg_class', true, true, '')",
        "ts_stat('select 1')",
        "pg_stat_get_activity(null)",
    ],
)
def test_postgresql_calls_no_function_with_an_effect(
    console: Settings, call: str
) -> None:
    with pytest.raises(Refused, match="permission denied for function"):
        run_sql(console, f"select {call} from topics")


@only_postgresql
def test_what_the_list_allows_can_be_called(console: Settings) -> None:
    calls = "random() >= 0, clock_timestamp() is null, gen_random_uuid() is null"
    assert run_sql(console, f"select {calls}").rows == ((True, False, False),)
    series = (
        "select n from generate_series(1, 3) n where n in (select unnest('{2}'::int[]))"
    )
    assert run_sql(console, series).rows == ((2,),)


def test_parameters_are_not_filled_in_and_the_answer_says_so(
    console: Settings,
) -> None:
    name = "$1" if console.database_url.startswith("postgresql") else "?"
    with pytest.raises(BadRequest, match="parameter"):
        run_sql(console, f"select {name}")
    with pytest.raises(DragomanError, match="parameter"):
        run_sql(console, f"select slug from topics where slug = {name}")
