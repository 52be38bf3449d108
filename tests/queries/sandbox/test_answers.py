"""What users' SQL answers."""

import json
from pathlib import Path

import pytest

from models import Topic, open_session
from queries.sql import (
    run_sql,
)
from queries.views import EXAMPLES, VIEWS, Example
from settings import Settings
from tests import factories
from tests.conftest import Templates
from tests.queries.sandbox.asking import (
    only_postgresql,
    only_sqlite,
    quickly,
    rows,
    with_reader,
)


def test_a_query_is_answered_with_columns_and_rows(console: Settings) -> None:
    result = run_sql(console, "select slug, name, path from topics")
    assert result.columns == ("slug", "name", "path")
    assert result.rows == (("grain", "Grain", "grain"),)
    assert result.row_count == 1
    assert result.truncated is None
    assert 0 < result.seconds < 5
    assert result.bytes > 0


def test_the_passages_of_a_long_text_are_answered(
    backend: str, templates: Templates, tmp_path: Path
) -> None:
    with templates.copy(backend, tmp_path) as settings:
        with open_session(settings.database_url, write=True) as session:
            factories.source_text(session, "\n\n".join(["слово " * 50] * 500))
            session.commit()
        settings.instance.chmod(0o777)
        sql = "select count(*), min(text), max(text) from passages"
        assert rows(with_reader(settings), sql) == [(500, "слово " * 50, "слово " * 50)]


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


@only_postgresql
def test_numbers_that_json_cannot_hold_come_as_text(console: Settings) -> None:
    result = run_sql(
        console, "select 10::numeric^1000, -1.5::numeric * 10::numeric^400, 1e-400"
    )
    huge, negative, tiny = json.loads(result.as_json(), parse_constant=pytest.fail)[
        "rows"
    ][0]
    assert huge == "1" + "0" * 1000
    assert negative.startswith("-15000")
    assert tiny == "1E-400"


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
