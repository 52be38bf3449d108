"""One query of a user's, run in a process of its own: `python -I child.py`.

The parent (`queries/sandbox/__init__.py`) writes one request, as JSON, to our
standard input. We answer with lines of JSON: the column names, a list per row, and last
of all an object that says how it ended. Without that last line we were killed.

Why a process: inside one opcode SQLite neither calls a progress handler nor heeds an
interrupt (`instr` of long strings ran for 20 s), and neither SQLite nor a PostgreSQL
client bounds the memory that one value may take. A process can be killed, and the
kernel bounds its memory. It costs about 25 ms on SQLite, 250 ms on PostgreSQL.

This file imports the standard library only, so that SQLite's child can run without
`site` (`-S`); psycopg is imported where the request asks for PostgreSQL.
"""

import json
import math
import os
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

Request = dict[str, Any]

# Allowed to happen: reading. Everything that changes, attaches, or configures is
# refused, whatever a later SQLite may add.
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
# Nothing registers functions on our connection, so what is there is what SQLite was
# built with. Of these, some load code, take addresses in memory, or run statements.
_REFUSED_FUNCTIONS = {
    "edit",
    "fts3_tokenizer",
    "fts5",
    "load_extension",
    "optimize",
    "readfile",
    "rtreecheck",
    "rtreedepth",
    "rtreenode",
    "sqlite_log",
    "writefile",
}
_ACTIONS = {
    getattr(sqlite3, f"SQLITE_{name}"): name.replace("_", " ")
    for name in (
        "ALTER_TABLE ANALYZE ATTACH CREATE_INDEX CREATE_TABLE CREATE_TEMP_INDEX "
        "CREATE_TEMP_TABLE CREATE_TEMP_TRIGGER CREATE_TEMP_VIEW CREATE_TRIGGER "
        "CREATE_VIEW CREATE_VTABLE DELETE DETACH DROP_INDEX DROP_TABLE DROP_TEMP_INDEX "
        "DROP_TEMP_TABLE DROP_TEMP_TRIGGER DROP_TEMP_VIEW DROP_TRIGGER DROP_VIEW "
        "DROP_VTABLE INSERT PRAGMA REINDEX SAVEPOINT TRANSACTION UPDATE"
    ).split()
}
_SCHEMA = {"sqlite_master", "sqlite_temp_master"}
_WRITES = {"DELETE", "INSERT", "MERGE", "UPDATE"}

_LONGEST_VALUE = 64_000_000  # bytes; a stored text must still fit
_WRITABLE = (
    1_000_000  # bytes per file: SQLite's own -shm file beside a database in WAL mode
)


class Stop(Exception):
    """The query ends here; `kind` is what the parent turns into an error."""

    def __init__(self, kind: str, detail: str, position: int | None = None) -> None:
        super().__init__(detail)
        self.ending = {"end": kind, "detail": detail, "position": position}


def main() -> None:
    """Read the request, run it, and always write the line that says how it ended."""
    request: Request = json.load(sys.stdin.buffer)
    run = sqlite_query if request["backend"] == "sqlite" else postgresql_query
    try:
        ending: dict[str, Any] = {"end": run(request)}
    except Stop as stop:
        ending = stop.ending
    except MemoryError:
        ending = {"end": "memory"}
    write_line(ending)


def bound(request: Request) -> None:
    """Ask the kernel for limits; none can be raised again."""
    limits = {
        resource.RLIMIT_AS: request["memory"],
        # The parent's clock comes first; this one works when the parent is gone.
        resource.RLIMIT_CPU: math.ceil(request["seconds"]) + 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: _WRITABLE,
        resource.RLIMIT_NPROC: 0,
    }
    if sys.platform == "darwin":  # cannot bound memory; SQLite's own limit remains
        del limits[resource.RLIMIT_AS]
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def is_fixed(database: str) -> bool:
    """Whether SQLite may not write beside the file (see `models.database`)."""
    writable = os.access(os.path.dirname(database), os.W_OK)
    return not writable and not os.path.exists(f"{database}-wal")


def sqlite_query(request: Request) -> str:
    """Run the query on an SQLite file opened read-only, under an authorizer."""
    refused: list[str] = []

    def authorize(
        action: int, first: str | None, second: str | None, *_: str | None
    ) -> int:
        if action == sqlite3.SQLITE_FUNCTION and second in _REFUSED_FUNCTIONS:
            refused.append(f"the function {second}")
        elif action not in _ALLOWED and first in _SCHEMA:
            refused.append("to change the schema")
        elif action not in _ALLOWED:
            refused.append(_ACTIONS.get(action, "this statement"))
        else:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    database = request["database"]
    fixed = "&immutable=1" if is_fixed(database) else ""
    try:
        connection = sqlite3.connect(
            f"file:{quote(database)}?mode=ro{fixed}",
            uri=True,
            isolation_level=None,
            timeout=request["seconds"],
        )
        connection.execute("pragma temp_store = memory")
        connection.execute(f"pragma hard_heap_limit = {request['memory'] // 2:d}")
        # Opens the file, and makes two table-valued functions known, which later would
        # look like a change of the schema.
        connection.execute(
            "select count(*) from sqlite_master, json_each('[]'), json_tree('[]')"
        ).fetchone()
    except sqlite3.Error as error:
        raise Stop("unavailable", str(error)) from error
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):
        connection.setlimit(limit, value)
    connection.set_authorizer(authorize)
    bound(request)
    try:
        cursor = connection.execute(request["sql"])
        if cursor.description is None:
            raise Stop("empty", "")
        return send(request, [name for name, *_ in cursor.description], cursor)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if refused:
            raise Stop("refused", refused[0]) from error
        if "one statement" in str(error):
            raise Stop("several", "") from error
        kind = "relation" if "no such table" in str(error) else "error"
        raise Stop(kind, str(error)) from error


def postgresql_query(request: Request) -> str:
    """Run the query through a server-side cursor, as a role that can only read.

    `DECLARE … CURSOR FOR` takes one SELECT and nothing else. What a SELECT can still
    change is its own session (`set_config`), so each step sets its time limit anew.
    """
    try:
        import psycopg
        from psycopg import postgres
        from psycopg.types.string import TextLoader
    except ImportError as error:
        raise Stop(
            "unavailable",
            "the PostgreSQL driver is missing; install it with "
            "pip install -e '.[postgresql]'",
        ) from error

    bound(request)
    deadline = time.monotonic() + request["seconds"]
    declare = 'DECLARE "query" NO SCROLL CURSOR FOR '
    try:
        connection = psycopg.connect(
            request["database"],
            autocommit=True,
            connect_timeout=max(2, math.ceil(request["seconds"])),
            options="-c client_connection_check_interval=1000",
        )
    except psycopg.Error as error:
        raise Stop("unavailable", str(error)) from error
    # Numbers and truth values are read as such; of everything else we keep what the
    # server writes, which knows dates before Christ and without an end.
    kept = {"bool", "int2", "int4", "int8", "oid", "float4", "float8", "numeric"}
    for kind in postgres.types:
        if kind.name not in kept:
            connection.adapters.register_loader(kind.oid, TextLoader)
        connection.adapters.register_loader(kind.array_oid, TextLoader)

    def limit_time() -> None:
        left = max(1, int((deadline - time.monotonic()) * 1000))
        connection.execute(f"SET LOCAL statement_timeout = {left:d}")

    try:
        if reason := why_unfit(connection):
            raise Stop("unfit", reason)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        limit_time()
        # The extended protocol refuses a second statement behind a semicolon.
        connection.execute((declare + request["sql"]).encode(), prepare=True)

        def fetch() -> Any:
            limit_time()
            return connection.execute('FETCH 100 FROM "query"')

        first = fetch()
        names = [column.name for column in first.description or ()]

        def rows() -> Iterator[Sequence[Any]]:
            batch = first.fetchall()
            while batch:
                yield from batch
                batch = fetch().fetchall()

        return send(request, names, rows())
    except psycopg.errors.QueryCanceled as error:
        raise Stop("time", "") from error
    except psycopg.Error as error:
        raise _postgresql_stop(error, request["sql"], len(declare)) from error


def why_unfit(connection: Any) -> str | None:
    """Say why this role may not serve the console: it could do more than read."""
    for reason, found in (
        (
            "it is a superuser or may make roles, databases or replicas",
            "select rolsuper or rolcreaterole or rolcreatedb or rolreplication "
            "or rolbypassrls from pg_roles where rolname = session_user",
        ),
        (
            "it is a member of another role, whose rights it could take on",
            "select exists (select from pg_auth_members m join pg_roles r "
            "on r.oid = m.member where r.rolname = session_user)",
        ),
        (
            "it may write to tables",
            "select exists (select from pg_class c join pg_namespace n "
            "on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') "
            "and n.nspname !~ '^(pg_|information_schema$)' and has_table_privilege("
            "session_user, c.oid, 'insert, update, delete, truncate'))",
        ),
        (
            "it may create tables",
            "select has_database_privilege(session_user, current_database(), 'create') "
            "or exists (select from pg_namespace n where n.nspname !~ '^pg_' "
            "and has_schema_privilege(session_user, n.oid, 'create'))",
        ),
        (
            "its temp_file_limit is not set",
            "select current_setting('temp_file_limit') = '-1'",
        ),
    ):
        if connection.execute(found).fetchone()[0]:
            return reason
    return None


def _postgresql_stop(error: Any, query: str, prefix: int) -> Stop:
    diagnosis = error.diag
    position = int(diagnosis.statement_position or 0) - 1 - prefix
    message = diagnosis.message_primary or str(error)
    state = diagnosis.sqlstate or ""
    if "memory" in message and state in {"", "53200"}:  # ours, or the server's
        return Stop("memory", "")
    if state == "42601" and "multiple commands" in message:
        return Stop("several", "")
    if state == "42601" and position >= 0:
        word = re.split(r"\W", query[position:], maxsplit=1)[0].upper()
        if word in _WRITES or (word and not query[:position].strip()):
            return Stop("refused", word)  # another kind of statement
    if state in {"25006", "42501", "0A000"}:  # read-only, privilege, not in a cursor
        return Stop("denied", message)
    if state == "53400":  # configuration limit exceeded: temp_file_limit
        return Stop("disk", "")
    if state[:2] in {"08", "53", "57"} or not state:
        return Stop("unavailable", message)
    kind = "relation" if state == "42P01" else "error"
    return Stop(kind, message, position if position >= 0 else None)


def send(request: Request, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write names and rows until done, or until the rows or bytes are used up."""
    left = request["bytes"] - write_line(list(names))
    for number, row in enumerate(rows):
        if number == request["rows"]:
            return "rows"
        if sum(len(value) for value in row if isinstance(value, str | bytes)) > left:
            return "bytes"
        line = encode([plain(value) for value in row])
        if len(line) > left:
            return "bytes"
        sys.stdout.buffer.write(line)
        left -= len(line)
    return "done"


def plain(value: Any) -> Any:
    """Return what JSON can carry without changing its meaning."""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, Decimal) and value.is_finite():
        whole = value == value.to_integral_value() and value.adjusted() < 100
        return int(value) if whole else float(value)
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return str(value)
    return value


def encode(value: Any) -> bytes:
    """Return `value` as one line of JSON."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def write_line(value: Any) -> int:
    """Write one line and return its length."""
    return sys.stdout.buffer.write(encode(value))


if __name__ == "__main__":
    main()
