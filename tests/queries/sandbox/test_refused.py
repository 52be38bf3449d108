"""What users' SQL may not do.

Every attack that was tried on prototypes is here. None may change anything, and each
must be answered in bounded time.
"""

import pytest

from errors import BadRequest, Refused
from queries.sql import (
    run_sql,
)
from settings import Settings
from tests.queries.sandbox.asking import contents, only_postgresql, only_sqlite, quickly

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
