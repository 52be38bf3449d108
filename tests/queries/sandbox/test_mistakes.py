"""What is wrong with a query, and what helps to put it right."""

import pytest

from errors import BadRequest, DragomanError
from queries.sql import (
    LONGEST_QUERY,
    run_sql,
)
from settings import Settings
from tests.queries.sandbox.asking import only_postgresql, quickly


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
    with pytest.raises(BadRequest, match="which no text can hold") as caught:
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
