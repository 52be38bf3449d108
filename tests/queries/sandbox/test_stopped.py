"""Where users' SQL is stopped: time, processor, memory, rows and bytes."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from errors import BadRequest
from queries.sandbox.faults import SqlLimits, Stopped
from queries.sql import (
    run_sql,
)
from settings import Settings
from tests.queries.sandbox.asking import (
    ENDLESS,
    NUMBERS,
    ROLE,
    as_superuser,
    contents,
    only_postgresql,
    only_sqlite,
    quickly,
    rows,
)

pytestmark = pytest.mark.slow


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
    stopped = "answered"
    try:
        result = quickly(console, sql.replace("{n}", NUMBERS.format(9999)), seconds=2)
    except (Stopped, BadRequest) as error:
        stopped = error.detail
    else:
        assert list(result.rows) == answer
    assert re.search("answered|was stopped|too big|too complex", stopped)
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
    limits = SqlLimits(seconds=20, rows=10, bytes=1000, memory=150_000_000)
    with pytest.raises(Stopped, match="150 MB of memory"):
        run_sql(console, "select repeat('x', 120000000)", limits=limits)


@only_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from generate_series(1, 10000000000)",
        "select 1 from generate_series(1, 10000000000) n where n < 0",
        "select sum(length(repeat('x', n))) from generate_series(1, 10000000) n",
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
