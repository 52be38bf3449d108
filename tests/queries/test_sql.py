"""Users' SQL: what it answers, what it refuses, and where it is stopped.

Every attack that was tried on prototypes is here. None may change anything, and each
must be answered in bounded time.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from errors import BadRequest, DragomanError, Refused, Unavailable
from models import Topic, make_engine, open_session
from queries.sql import (
    LONGEST_QUERY,
    SqlLimits,
    SqlResult,
    Stopped,
    grant_views,
    run_sql,
    sql_limits,
    why_sql_is_off,
)
from queries.views import EXAMPLES, VIEWS, Example
from settings import CHECKOUT, Settings
from tests.conftest import Templates

ROLE = "dragoman_reader"

# Some rows without a table, as each database makes them.
NUMBERS = (
    "(with recursive n(i) as (select 1 union all select i + 1 from n where i < {0})"
    " select i from n)"
)
ENDLESS = "with recursive n(i) as (select 1 union all select i + 0 from n) "


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database, all of this file's on the same."""
    return str(request.param)


only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def console(
    backend: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A database with one topic in it, and on PostgreSQL a role that reads the views.

    One for all tests: no query may change it.
    """
    with templates.copy(backend, tmp_path_factory.mktemp("console")) as settings:
        with open_session(settings.database_url, write=True) as session:
            session.add(Topic(slug="grain", name="Grain"))
            session.commit()
        settings.instance.chmod(0o777)  # the server may be another user
        yield with_reader(settings)


def with_reader(settings: Settings) -> Settings:
    """On PostgreSQL, make the role as docs/sql.md says and let the console use it."""
    if settings.database_url.startswith("sqlite"):
        return settings
    page = (CHECKOUT / "docs" / "sql.md").read_text(encoding="utf-8")
    recipe = re.search(r"<!-- role -->\n```sql\n(.*?)```", page, re.DOTALL)
    assert recipe
    with as_superuser(settings) as admin:
        if not admin.execute(
            "select 1 from pg_roles where rolname = %s", [ROLE]
        ).fetchone():
            admin.execute(recipe[1].encode())
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


# What it answers


def test_a_query_is_answered_with_columns_and_rows(console: Settings) -> None:
    result = run_sql(console, "select slug, name, path from topics")
    assert result.columns == ("slug", "name", "path")
    assert result.rows == (("grain", "Grain", "grain"),)
    assert result.row_count == 1
    assert result.truncated is None
    assert 0 < result.seconds < 5
    assert result.bytes > 0


def test_two_columns_may_share_a_name(console: Settings) -> None:
    result = run_sql(console, "select 1 as a, 2 as a")
    assert (result.columns, result.rows) == (("a", "a"), ((1, 2),))


@pytest.mark.parametrize("tail", [";", " ; ", "; -- the end", "\n-- the end"])
def test_a_semicolon_or_remark_at_the_end_is_no_second_statement(
    console: Settings, tail: str
) -> None:
    assert rows(console, f"select 1{tail}") == [(1,)]


def test_text_of_every_script_comes_back_as_it_was_sent(console: Settings) -> None:
    words = "Эрдоған 🕊 é ﷽ %s %(x)s {} ?"
    assert rows(console, f"select '{words}'") == [(words,)]


@only_sqlite
def test_values_that_json_does_not_know_come_as_text(console: Settings) -> None:
    query = "select x'00ff', 9e999, -9e999, cast(x'ff41' as text), null, 0.5, 1e15"
    assert rows(console, query) == [
        ("x'00ff'", "inf", "-inf", "\\xffA", None, 0.5, 1e15)
    ]


@only_postgresql
def test_postgresql_values_that_python_does_not_know_come_as_text(
    console: Settings,
) -> None:
    query = (
        "select 'infinity'::date, '0044-03-15 BC'::date, 'NaN'::float8, 'NaN'::numeric,"
        " 2.50, 1e30::numeric, true, '{1,2}'::int[], '{\"a\": 1}'::json, avg(x),"
        " null::int from generate_series(1, 2) x"
    )
    assert rows(console, query) == [
        (
            *("infinity", "0044-03-15 BC", "nan", "NaN", 2.5, 10**30, True),
            *("{1,2}", '{"a": 1}', 1.5, None),
        )
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_every_example_runs(console: Settings, example: Example) -> None:
    assert run_sql(console, example.sql).columns


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_every_view_can_be_read(console: Settings, view: str) -> None:
    assert run_sql(console, f"select * from {view}").columns


def test_reading_does_not_wait_for_a_writer(sqlite_settings: Settings) -> None:
    with open_session(sqlite_settings.database_url, write=True) as session:
        session.add(Topic(slug="arms", name="Arms"))
        session.flush()
        assert quickly(sqlite_settings, "select slug from topics").rows == ()
        session.commit()
        assert quickly(sqlite_settings, "select slug from topics").rows == (("arms",),)


def test_a_database_that_nobody_else_has_open_is_read(
    sqlite_settings: Settings,
) -> None:
    files = {path.suffix for path in sqlite_settings.instance.iterdir()}
    assert files == {".sqlite3"}
    assert rows(sqlite_settings, "select slug from topics") == []


@only_sqlite
def test_table_valued_json_functions_may_be_used(console: Settings) -> None:
    assert rows(console, "select value from json_each('[1, 2]')") == [(1,), (2,)]


def test_a_result_is_written_as_json(console: Settings) -> None:
    result = run_sql(console, "select 1 as n, '=a,\"b' as t, null as z")
    parsed = json.loads(result.as_json())
    assert parsed["columns"] == ["n", "t", "z"]
    assert parsed["rows"] == [[1, '=a,"b', None]]
    assert parsed["row_count"] == 1
    assert parsed["truncated"] is None


# What is wrong with a query


@pytest.mark.parametrize("sql", ["", "  \n", ";", " ; ;"])
def test_nothing_is_no_query(console: Settings, sql: str) -> None:
    with pytest.raises(BadRequest, match="There is no query here"):
        run_sql(console, sql)


def test_a_remark_alone_is_no_query(console: Settings) -> None:
    with pytest.raises(BadRequest):
        run_sql(console, "-- nothing")


@pytest.mark.parametrize("char", ["\0", "\ud800"])
def test_what_is_not_text_is_refused_with_its_place(
    console: Settings, char: str
) -> None:
    with pytest.raises(BadRequest, match="not text") as caught:
        run_sql(console, f"select '{char}'")
    assert caught.value.position == 8


def test_a_query_that_nobody_typed_is_too_long(console: Settings) -> None:
    with pytest.raises(BadRequest, match="20,001 characters"):
        run_sql(console, "x" * (LONGEST_QUERY + 1))


def test_a_syntax_error_says_what_the_database_says(console: Settings) -> None:
    with pytest.raises(BadRequest, match='near "fro"'):
        run_sql(console, "select slug topic fro topics")


@only_postgresql
def test_postgresql_points_at_the_mistake(console: Settings) -> None:
    with pytest.raises(BadRequest) as caught:
        run_sql(console, "select slug,\n  nme from topics")
    assert caught.value.position == 15


def test_an_unknown_table_is_answered_with_the_views(console: Settings) -> None:
    with pytest.raises(BadRequest, match="The views are meetings, participations"):
        run_sql(console, "select * from treaties")


def test_deep_nesting_is_an_error_and_no_crash(console: Settings) -> None:
    with pytest.raises(DragomanError):
        quickly(console, "select " + "(" * 9000 + "1" + " + 1)" * 2000)


# What is refused

WRITES = [
    "insert into topic (slug, name) values ('arms', 'Arms')",
    "update topic set name = 'Corn'",
    "delete from topic",
    "with gone as (select 1) delete from topic",
    "create table loot (a int)",
    "create temp table loot (a int)",
    "create view loot as select 1",
    "drop view topics",
    "drop table topic",
    "alter table topic rename to loot",
    "analyze",
    "vacuum",
    "begin",
    "commit",
    "commit;",
    "rollback",
    "savepoint a",
    "select 1; drop table topic",
    "select 1; select 2",
]

SQLITE_WRITES = [
    "pragma journal_mode = delete",
    "pragma query_only = off",
    "pragma writable_schema = on",
    "select * from pragma_journal_mode",
    "attach '{folder}/loot' as loot",
    "attach ':memory:' as loot",
    "detach main",
    "vacuum into '{folder}/loot'",
    "select load_extension('{folder}/loot')",
    "select fts3_tokenizer('simple')",
    "select fts3_tokenizer('simple', x'4141414141414141')",
    "create virtual table loot using fts5(a)",
    "replace into topic (slug, name) values ('grain', 'Corn')",
    "explain delete from topic",
    "reindex topic",
]

POSTGRESQL_WRITES = [
    "with new as (insert into topics values ('a', 'b', 'c') returning 1)"
    " select * from new",
    "with gone as (delete from topics returning 1) select * from gone",
    "copy topics to program 'touch {folder}/loot'",
    "copy (select 1) to '{folder}/loot'",
    "copy topic from program 'echo 1'",
    "select pg_read_file('PG_VERSION')",
    "select pg_read_binary_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'loot')",
    "set role postgres",
    "reset role",
    "set session authorization postgres",
    "select set_config('role', 'postgres', false)",
    "select set_config('session_authorization', 'postgres', false)",
    "select set_config('transaction_read_only', 'off', false)",
    "select set_config('temp_file_limit', '-1', false)",
    "do $$ begin delete from topic; end $$",
    "select * from topic",
    "select * from pg_authid",
    "select * from topics for update",
    "select slug into loot from topics",
    "table topic",
    "select query_to_xml('delete from topic', true, true, '')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
    "select pg_reload_conf()",
    "grant select on topics to public",
    "lock table topics",
    "listen loot",
    "prepare loot as select 1",
    "call loot()",
    "execute loot",
]


@pytest.mark.parametrize("sql", WRITES)
def test_what_changes_something_is_refused(console: Settings, sql: str) -> None:
    before = contents(console)
    with pytest.raises(Refused):
        quickly(console, sql)
    assert contents(console) == before


@only_sqlite
@pytest.mark.parametrize("sql", SQLITE_WRITES)
def test_what_reaches_out_of_sqlite_is_refused(console: Settings, sql: str) -> None:
    before = contents(console)
    with pytest.raises(Refused):
        quickly(console, sql.format(folder=console.instance))
    assert contents(console) == before


@only_postgresql
@pytest.mark.parametrize("sql", POSTGRESQL_WRITES)
def test_what_reaches_out_of_postgresql_is_refused(console: Settings, sql: str) -> None:
    before = contents(console)
    with pytest.raises((Refused, BadRequest)):
        quickly(console, sql.format(folder=console.instance))
    assert contents(console) == before


def test_a_refusal_names_what_is_not_allowed(console: Settings) -> None:
    with pytest.raises(Refused, match="Not allowed: DELETE"):
        run_sql(console, "delete from topic")
    with pytest.raises(Refused, match="Several statements"):
        run_sql(console, "select 1; select 2")


# Where it is stopped


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            f"select count(*) from {NUMBERS.format(9999)} a, {NUMBERS.format(9999)} b,"
            f" {NUMBERS.format(9999)} c",
            id="a cartesian product",
        ),
        pytest.param(ENDLESS + "select count(*) from n", id="an endless recursion"),
    ],
)
def test_a_query_that_does_not_end_is_stopped(console: Settings, sql: str) -> None:
    before = contents(console)
    with pytest.raises(Stopped, match="was stopped"):
        quickly(console, sql, seconds=1)
    assert contents(console) == before


BOMBS = [
    # (a query, what may be said of it, apart from being stopped)
    ("select length(printf('%.*c', 900000000, 'x'))", [(None,)]),
    ("select length(printf('%.*c', 2000000000, 'x'))", [(None,)]),
    (
        "select sum(instr(printf('%.*c', 50000000, 'x') || i,"
        " printf('%.*c', 20000000, 'x') || 'y'))"
        " from (select 1 as i union all select 2)",
        None,
    ),
    ("select length(json_group_array(a.i || b.i)) from {n} a, {n} b", None),
    ("select length(group_concat(a.i || b.i)) from {n} a, {n} b", None),
    ("select a.i || b.i as x from {n} a, {n} b order by x", None),
    ("select hex(zeroblob(900000000))", None),
    ("select replace(hex(zeroblob(9999)), '0', hex(zeroblob(9999)))", None),
    ("select count(*) from (select distinct a.i, b.i from {n} a, {n} b)", None),
    (
        "select '" + "a" * 5000 + "' like '" + "%a" * 400 + "b'",
        [(0,)],
    ),
]


@only_sqlite
@pytest.mark.parametrize(("sql", "answer"), BOMBS, ids=[sql[:40] for sql, _ in BOMBS])
def test_a_bomb_ends_in_the_child_and_in_time(
    console: Settings, sql: str, answer: list[tuple[Any, ...]] | None
) -> None:
    before = contents(console)
    try:
        result = quickly(console, sql.replace("{n}", NUMBERS.format(9999)), seconds=2)
    except (Stopped, BadRequest) as error:
        assert re.search("was stopped|too big|too complex", error.detail)  # noqa: PT017
    else:
        assert list(result.rows) == answer
    assert contents(console) == before


@only_sqlite
def test_memory_is_bounded(console: Settings) -> None:
    limits = SqlLimits(seconds=20, rows=10, bytes=1000, memory=100_000_000)
    numbers = NUMBERS.format(9999)
    with pytest.raises(Stopped, match="100 MB of memory"):
        run_sql(
            console,
            f"select a.i || b.i as x from {numbers} a, {numbers} b order by x",
            limits=limits,
        )


@only_postgresql
def test_postgresql_values_do_not_fill_our_memory(
    console: Settings,
) -> None:
    limits = SqlLimits(seconds=20, rows=10, bytes=1000, memory=200_000_000)
    with pytest.raises(Stopped, match="200 MB of memory"):
        run_sql(console, "select repeat('x', 250000000)", limits=limits)


@only_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "select pg_sleep(100)",
        "select set_config('statement_timeout', '0', false), pg_sleep(100)",
        "select set_config('statement_timeout', '0', false), pg_sleep(0.01)"
        " from generate_series(1, 100000)",
        "select count(*) from generate_series(1, 10000000000)",
    ],
)
def test_postgresql_stops_too_and_leaves_no_query_behind(
    console: Settings, sql: str
) -> None:
    with pytest.raises(Stopped):
        quickly(console, sql, seconds=1)
    with as_superuser(console) as admin:
        for _ in range(50):
            running = admin.execute(
                "select query from pg_stat_activity where usename = %s", [ROLE]
            ).fetchall()
            if not running:
                return
            time.sleep(0.1)
    pytest.fail(f"still running: {running}")


@only_postgresql
def test_large_temporary_files_are_stopped(console: Settings) -> None:
    with pytest.raises(Stopped, match="temp_file_limit"):
        quickly(
            console,
            "select repeat(md5(a::text), 30) from generate_series(1, 999999) a"
            " order by 1",
            seconds=30,
        )


def test_rows_are_capped_and_the_answer_says_so(console: Settings) -> None:
    limits = SqlLimits(seconds=5, rows=3, bytes=10_000)
    more = run_sql(console, f"select * from {NUMBERS.format(4)} x", limits=limits)
    assert more.rows == ((1,), (2,), (3,))
    assert more.truncated is not None
    assert "At most 3 rows" in more.truncated
    exact = run_sql(console, f"select * from {NUMBERS.format(3)} x", limits=limits)
    assert (exact.row_count, exact.truncated) == (3, None)


def test_an_endless_answer_is_cut_rather_than_waited_for(console: Settings) -> None:
    result = quickly(console, ENDLESS + "select i from n")
    assert result.row_count == console.sql_rows
    assert result.truncated


def test_bytes_are_capped_and_the_answer_says_so(console: Settings) -> None:
    limits = SqlLimits(seconds=5, rows=100, bytes=1000)
    result = run_sql(
        console,
        f"select '{'x' * 300}' as x from {NUMBERS.format(9)} x",
        limits=limits,
    )
    assert result.row_count == 3
    assert result.bytes <= 1000
    assert result.truncated is not None
    assert "At most 1,000 bytes" in result.truncated


def test_a_single_row_that_is_too_large_is_said_to_be(console: Settings) -> None:
    limits = SqlLimits(seconds=5, rows=100, bytes=1000)
    result = run_sql(console, f"select '{'x' * 1001}'", limits=limits)
    assert result.rows == ()
    assert result.truncated is not None
    assert "the first alone" in result.truncated


def test_the_child_takes_nothing_from_where_it_is_started(
    console: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert rows(console, "select 1") == [(1,)]


# When it is off


def test_it_is_on_where_it_can_run(console: Settings) -> None:
    assert why_sql_is_off(console) is None


def test_a_missing_file_names_the_remedy(sqlite_settings: Settings) -> None:
    nowhere = replace(sqlite_settings, database_url="sqlite:////nowhere/at/all")
    with pytest.raises(Unavailable, match="dragoman db upgrade"):
        run_sql(nowhere, "select 1")


def test_a_file_that_is_no_database_is_unavailable(sqlite_settings: Settings) -> None:
    path = sqlite_settings.instance / "letter"
    path.write_text("Dear ambassador, " * 100)
    letter = replace(sqlite_settings, database_url=f"sqlite:///{path}")
    with pytest.raises(Unavailable, match="not a database"):
        run_sql(letter, "select 1")


def test_a_database_in_memory_cannot_be_asked(sqlite_settings: Settings) -> None:
    with pytest.raises(Unavailable, match="in a file"):
        run_sql(replace(sqlite_settings, database_url="sqlite://"), "select 1")


def test_a_path_with_odd_characters_is_opened(sqlite_settings: Settings) -> None:
    path = sqlite_settings.instance / "a b#c%20é&mode=rw.sqlite3"
    Path(sqlite_settings.database_url.removeprefix("sqlite:///")).rename(path)
    odd = replace(
        sqlite_settings, database_url=f"sqlite:///{str(path).replace('%', '%25')}"
    )
    assert rows(odd, "select slug from topics") == []


@only_postgresql
def test_postgresql_needs_a_login_of_its_own(console: Settings) -> None:
    off = replace(console, sql_url=None)
    with pytest.raises(Unavailable, match="DRAGOMAN_SQL_URL"):
        run_sql(off, "select 1")
    assert "docs/sql.md" in str(why_sql_is_off(off))


@only_postgresql
def test_the_owner_of_the_database_may_not_serve_the_console(
    console: Settings,
) -> None:
    powerful = replace(console, sql_url=console.database_url)
    with pytest.raises(Unavailable, match="superuser"):
        run_sql(powerful, "select 1")


@only_postgresql
@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "grant insert on topic to {role}",
            "revoke insert on topic from {role}",
            "write",
        ),
        (
            "grant update on topics to {role}",
            "revoke update on topics from {role}",
            "write",
        ),
        (
            "grant create on schema public to {role}",
            "revoke create on schema public from {role}",
            "create tables",
        ),
        (
            "grant pg_read_server_files to {role}",
            "revoke pg_read_server_files from {role}",
            "member of another role",
        ),
        (
            "alter role {role} createrole",
            "alter role {role} nocreaterole",
            "make roles",
        ),
        (
            "alter role {role} reset temp_file_limit",
            "alter role {role} set temp_file_limit = '256MB'",
            "temp_file_limit",
        ),
    ],
)
def test_a_role_that_could_do_more_than_read_is_refused(
    console: Settings, before: str, after: str, reason: str
) -> None:
    with as_superuser(console) as admin:
        admin.execute(before.format(role=ROLE).encode())
        try:
            with pytest.raises(Unavailable, match=reason):
                run_sql(console, "select 1")
        finally:
            admin.execute(after.format(role=ROLE).encode())
    assert rows(console, "select 1") == [(1,)]


@only_postgresql
def test_a_server_out_of_reach_is_unavailable(console: Settings) -> None:
    away = replace(console, sql_url="postgresql://a:secret@127.0.0.1:1/x")
    with pytest.raises(Unavailable, match="cannot be read") as caught:
        run_sql(away, "select 1")
    assert "secret" not in caught.value.detail


@only_postgresql
def test_granting_to_a_role_that_is_not_there_says_so(
    console: Settings,
) -> None:
    nobody = replace(console, sql_url="postgresql://nobody@localhost/x")
    with pytest.raises(Unavailable, match='role "nobody" does not exist'):
        grant_views(nobody)


@only_postgresql
def test_any_password_is_taken_and_none_is_shown(console: Settings) -> None:
    assert console.sql_url
    login = make_url(console.sql_url).set(password="choose 'one' \\ + 100 %")
    address = login.render_as_string(hide_password=False)
    odd = replace(console, sql_url=address)
    assert run_sql(odd, "select 1 as one").rows == ((1,),)
    away = replace(odd, sql_url=address.replace("?host=", "?port=1&host=", 1))
    with pytest.raises(Unavailable, match="cannot be read") as caught:
        run_sql(away, "select 1")
    assert "choose" not in caught.value.detail
