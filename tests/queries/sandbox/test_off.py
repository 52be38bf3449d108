"""When users' SQL is off, and what helps."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from errors import Unavailable
from queries.sql import (
    grant_views,
    run_sql,
    why_sql_is_off,
)
from settings import Settings
from tests.queries.sandbox.asking import ROLE, as_superuser, only_postgresql, rows


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
        (
            "alter role {role} set track_activities = on",
            "alter role {role} set track_activities = off",
            "track_activities",
        ),
        (
            "grant execute on function pg_logical_emit_message(boolean, text, text,"
            " boolean) to {role}",
            "revoke execute on function pg_logical_emit_message(boolean, text, text,"
            " boolean) from {role}",
            "may call pg_logical_emit_message",
        ),
        (
            "grant execute on function pg_advisory_lock(bigint) to public",
            "revoke execute on function pg_advisory_lock(bigint) from public",
            "may call pg_advisory_lock",
        ),
        (
            "grant select (slug) on stance to {role}",
            "revoke select (slug) on stance from {role}",
            "may read public.stance",
        ),
        (
            "grant usage on sequence stance_id_seq to {role}",
            "revoke usage on sequence stance_id_seq from {role}",
            "may read public.stance_id_seq",
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
