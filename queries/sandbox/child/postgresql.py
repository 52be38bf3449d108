"""A query on PostgreSQL, as a role that can read the views and nothing else.

The role's grants keep it from everything but the views (`role.py` checks them). What
every role may read is the server's own catalogue, so the plan is looked at before the
first row is asked for: it may touch the views, what they expand to, and no more.
"""

import json
import math
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from .answer import Request, Stop, bound, send
from .role import why_unfit

_WRITES = {"DELETE", "INSERT", "MERGE", "UPDATE"}
_RECORD = (
    "select relname from pg_class where relkind in ('r', 'p', 'm', 'f') "
    "and relnamespace in (select oid from pg_namespace "
    "where nspname !~ '^(pg_|information_schema$)')"
)
_NAME = re.compile(r'(?:"(?:[^"]|"")*"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$]+))*')


def query(request: Request) -> str:
    """Run the query through a server-side cursor and write its rows.

    `DECLARE … CURSOR FOR` takes one SELECT and nothing else. What a SELECT can still
    change is its own session, so each step sets its time limit anew.
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
        if reason := why_unfit(connection, request["views"]):
            raise Stop("unfit", reason)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        limit_time()
        # The extended protocol refuses a second statement behind a semicolon.
        connection.execute((declare + request["sql"]).encode(), prepare=True)
        # So this is one SELECT. Nothing has been read yet, and EXPLAIN reads nothing.
        limit_time()
        explain = "EXPLAIN (FORMAT JSON, COSTS OFF) " + request["sql"]
        (plan,) = connection.execute(explain.encode(), prepare=True).fetchone() or [""]
        ours = {name for (name,) in connection.execute(_RECORD)}
        for name in _relations(json.loads(plan)):
            if name not in ours:
                raise Stop("relation", name)

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
        raise _stop(error, request["sql"], len(declare)) from error


def _relations(plan: Any) -> Iterator[str]:
    """Name what a plan reads."""
    if isinstance(plan, list):
        for part in plan:
            yield from _relations(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield plan["Relation Name"]
        for part in plan.values():
            yield from _relations(part)


def _stop(error: Any, query: str, prefix: int) -> Stop:
    diagnosis = error.diag
    position = int(diagnosis.statement_position or 0) - 1 - prefix
    message = diagnosis.message_primary or str(error)
    state = diagnosis.sqlstate or ""
    if not state and "memory" in message:  # ours; a server's error has a state
        return Stop("memory", "")
    if state == "42601" and "multiple commands" in message:
        return Stop("several", "")
    if state == "42601" and position >= 0:
        word = re.split(r"\W", query[position:], maxsplit=1)[0].upper()
        if word in _WRITES or (word and not query[:position].strip()):
            return Stop("refused", word)  # another kind of statement
    if state in {"42P02", "08P01", "42P18"}:  # $1, and nothing to put in its place
        return Stop("parameter", "")
    if state == "42501" and (named := re.search(r"\btable (\S+)$", message)):
        return Stop("relation", named[1].strip('"'))
    if state in {"25006", "42501", "0A000"}:  # read-only, privilege, not in a cursor
        return Stop("denied", message)
    if state == "53400":  # configuration limit exceeded: temp_file_limit
        return Stop("disk", "")
    if state in {"53100", "53200"}:
        return Stop("server", message)
    if state in {"XX001", "XX002"}:  # data or index corrupted
        return Stop("damaged", message)
    if state[:2] in {"08", "53", "57", "58", "XX"} or not state:
        return Stop("unavailable", message)
    kinds = {"42P01": "relation", "42703": "column"}
    if state in kinds and position >= 0 and (found := _NAME.match(query, position)):
        return Stop(kinds[state], found[0].replace('"', ""), position)
    return Stop("error", message, position if position >= 0 else None)
