"""Read-only SQL for people: one query, bounded in time, rows, bytes and memory.

The guards stand in `queries/sandbox`: on SQLite a child process with an authorizer and
the kernel's limits; on PostgreSQL a login role of its own that may read the views,
behind a server-side cursor. `docs/sql.md` says what they are and what they cost.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from errors import BadRequest, DragomanError, Unavailable
from models import make_engine
from queries.sandbox import Reply, Request, Value, ask
from queries.sandbox.faults import SqlLimits, fault, no_query, sentence
from queries.views import VIEWS
from settings import Settings
from wording import find_unreadable

LONGEST_QUERY = 20_000
"""Characters; far more than a person writes, far less than what troubles a parser."""


@dataclass(frozen=True, slots=True)
class SqlResult:
    """The answer to one query.

    `truncated` is None, or the sentence that says why these are not all the rows.
    `bytes` is the size of the rows as JSON. A value is text, a number, a truth value or
    None; dates come as text, bytes as `x'…'`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    truncated: str | None
    seconds: float
    bytes: int

    @property
    def row_count(self) -> int:
        """How many rows there are here."""
        return len(self.rows)

    def as_dict(self) -> dict[str, object]:
        """Return what the JSON API and `--format json` answer.

        Rows are lists, because two columns of a query may share a name.
        """
        return {
            "columns": self.columns,
            "rows": self.rows,
            "row_count": self.row_count,
            "truncated": self.truncated,
            "seconds": round(self.seconds, 3),
        }

    def as_json(self) -> str:
        """Return `as_dict` as JSON text."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


def sql_limits(settings: Settings) -> SqlLimits:
    """Return the configured limits."""
    return SqlLimits(settings.sql_seconds, settings.sql_rows, settings.sql_bytes)


def why_sql_is_off(settings: Settings) -> str | None:
    """Return the sentence that says why SQL queries cannot be run here, or None."""
    try:
        _database(settings)
    except DragomanError as error:
        return error.detail
    return None


def run_sql(
    settings: Settings, sql: str, *, limits: SqlLimits | None = None
) -> SqlResult:
    """Run one query on the configured database, read-only and within `limits`.

    Raises `BadRequest` for what the database cannot read, `Refused` for what is not a
    single reading query, `Stopped` at a limit without an answer, and `Unavailable`
    where SQL is off or the database is out of reach.
    """
    limits = limits or sql_limits(settings)
    backend, database = _database(settings)
    _check_text(sql)
    reply = ask(
        Request(
            backend=backend,
            database=database,
            sql=sql,
            views=[view.name for view in VIEWS],
            seconds=limits.seconds,
            rows=limits.rows,
            bytes=limits.bytes,
            memory=limits.memory,
        )
    )
    if reply.end not in {"done", "rows", "bytes"}:
        raise fault(reply, sql, limits, settings.database_url)
    return SqlResult(
        columns=reply.columns,
        rows=reply.rows,
        truncated=_truncated(reply, limits),
        seconds=reply.seconds,
        bytes=reply.bytes,
    )


def grant_views(settings: Settings) -> None:
    """Let the role of DRAGOMAN_SQL_URL read the views; on SQLite there is none.

    A migration drops and makes the views anew, and their grants go with them, so
    whoever runs migrations calls this afterwards.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() != "postgresql" or settings.sql_url is None:
        return
    engine = make_engine(settings.database_url)
    role = engine.dialect.identifier_preparer.quote(
        make_url(settings.sql_url).username or ""
    )
    views = ", ".join(view.name for view in VIEWS)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"GRANT SELECT ON {views} TO {role}"))
    except DBAPIError as error:
        raise Unavailable(
            f"The views could not be granted to the role in DRAGOMAN_SQL_URL: "
            f"{sentence(str(error.orig))}."
        ) from error
    finally:
        engine.dispose()


def _database(settings: Settings) -> tuple[str, str]:
    """Return the backend and what its child opens: a file, or a login for libpq."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        if settings.sql_url is None:
            raise Unavailable(
                "SQL queries are off: on PostgreSQL they need a login of their own "
                "that can only read the views. Make that role as docs/sql.md shows and "
                "set DRAGOMAN_SQL_URL."
            )
        return "postgresql", _libpq(make_url(settings.sql_url))
    if not url.database or url.database == ":memory:":
        raise Unavailable(
            "SQL queries need a database in a file; DRAGOMAN_DATABASE_URL names one "
            "in memory."
        )
    path = Path(url.database).absolute()
    if not path.is_file():
        raise Unavailable(
            f"There is no database at {path}. Make one with `dragoman db upgrade`.",
            public="There is no database. Make one with `dragoman db upgrade`.",
        )
    return "sqlite", str(path)


def _libpq(url: URL) -> str:
    """Write a login in libpq's own words.

    Not as an address: SQLAlchemy leaves spaces in a password and writes + for those in
    a folder, libpq understands neither, and its complaint quotes the password.
    """
    try:
        from psycopg.conninfo import make_conninfo
    except ImportError:
        return ""  # the child says that the driver is missing
    url = url.set(drivername="postgresql+psycopg")
    _, words = url.get_dialect()().create_connect_args(url)
    return make_conninfo(**words)


def _check_text(sql: str) -> None:
    if len(sql) > LONGEST_QUERY:
        raise BadRequest(
            f"The query is {len(sql):,} characters long; at most {LONGEST_QUERY:,} "
            "are read.",
            field="query",
        )
    if unreadable := find_unreadable("The query", sql):
        sentence, position = unreadable
        raise BadRequest(sentence, field="query", position=position)
    if not sql.strip(" \t\r\n;"):
        raise no_query()


def _truncated(reply: Reply, limits: SqlLimits) -> str | None:
    if reply.end == "bytes" and not reply.rows:
        return (
            f"No row is shown: the first alone exceeds the {limits.bytes:,} bytes that "
            "are returned. Choose fewer columns."
        )
    shown = f"The first {len(reply.rows):,} rows are shown; there are more."
    if reply.end == "rows":
        return (
            f"{shown} At most {limits.rows:,} rows are returned: "
            "add a LIMIT or a WHERE."
        )
    if reply.end == "bytes":
        return (
            f"{shown} At most {limits.bytes:,} bytes are returned: "
            "choose fewer columns or add a WHERE."
        )
    return None
