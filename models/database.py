"""Engines and sessions, with the transactions that hold on both databases.

SQLite is driven with ``isolation_level=None`` and explicit BEGINs: the driver's own
handling lets reads of one session disagree and leaves rolled-back DDL in place.
Readers BEGIN, writers BEGIN IMMEDIATE: of the transactions that began as readers and
went on to write, three in four failed at once under four writers, whatever the timeout.
"""

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    OperationalError,
)
from sqlalchemy.orm import Session

from errors import DragomanError, Unavailable
from models.folded import prepare_connection
from models.revisions import why_unfit
from settings import DATABASE_URL, load_settings
from wording import quoted

STANDING_ONLY = "standing_only"
"""The key in `Session.info` that leaves out stances which another corrects, and their
evidence (`models.standing`)."""

BUSY_SECONDS = 30
_BEGIN = "dragoman_begin"


def make_engine(url: str) -> sa.Engine:
    """Make an engine for a SQLite or PostgreSQL URL.

    Raises:
        DragomanError: it is none; in the same words as for the setting.
    """
    try:
        parsed = sa.make_url(DATABASE_URL.read(url))
    except (ArgumentError, ValueError):
        raise DATABASE_URL.refused(url) from None
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
    else:
        engine = _postgresql_engine(parsed)
    event.listen(engine, "connect", _close_when_forgotten)
    return engine


def _close_when_forgotten(connection: Any, record: Any) -> None:
    """Close what waits in the pool of an engine that nobody holds any more."""
    weakref.finalize(record, connection.close).atexit = False


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"), pool_pre_ping=True
        )
    except ModuleNotFoundError as error:
        raise Unavailable(
            "PostgreSQL needs the package psycopg, which is not installed. "
            "Run “make postgresql”."
        ) from error


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise DragomanError("SQLite needs a file: sqlite:///PATH.")
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        # Who reads a WAL database writes files beside it, unless it is immutable.
        address = _address(path) + ("?immutable=1" if _is_fixed(path) else "")
        return sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        )

    def reconnect(_: object, record: Any, __: object) -> None:
        fixed = _is_fixed(path)
        if record.info.setdefault("fixed", fixed) is not fixed:
            raise DisconnectionError("what could not be written can be, or the reverse")

    engine = sa.create_engine(url, creator=connect)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "checkout", reconnect)
    event.listen(engine, "begin", _begin)
    return engine


def _address(path: Path) -> str:
    """Return SQLite's own address of a file, whatever bytes its name has."""
    try:
        return path.absolute().as_uri()
    except UnicodeEncodeError as error:
        raise DragomanError(
            f"The name of the database’s file, {quoted(str(path))}, is not text. "
            "Set DRAGOMAN_INSTANCE or DRAGOMAN_DATABASE_URL to another place."
        ) from error


def _is_fixed(path: Path) -> bool:
    """Whether a database lies on a read-only disk, and nobody has it open elsewhere."""
    beside = path.with_name(f"{path.name}-wal")
    return (
        not os.access(path.parent, os.W_OK) and path.is_file() and not beside.exists()
    )


def _prepare_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None
    prepare_connection(connection)
    cursor = connection.cursor()
    (empty,) = cursor.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()
    if empty:  # a database of ours keeps the mode; a foreign one is left as it is
        cursor.execute("PRAGMA journal_mode = WAL")
    # Without it one zeroed page ended the process.
    cursor.execute("PRAGMA cell_size_check = ON")
    # NORMAL, the usual companion of WAL, loses commits in a power cut that the index,
    # which is synced, still has. The cost is one sync a commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Cascades fire the index's triggers too, as they do on PostgreSQL.
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(str(options.get(_BEGIN, "BEGIN")))


def writing(engine: sa.Engine) -> sa.Engine:
    """Return the engine for transactions that write."""
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def reading(engine: sa.Engine) -> sa.Engine:
    """Return the engine for transactions whose reads all see the same moment."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    # In WAL mode a SQLite transaction reads a snapshot anyway.
    return engine.execution_options(**{_BEGIN: "BEGIN"})


@lru_cache(maxsize=8)
def shared_engine(url: str) -> sa.Engine:
    """Return this process's engine for a URL; engines hold the pool of connections."""
    return make_engine(url)


@contextmanager
def open_session(
    url: str | None = None, write: bool = False, history: bool = False
) -> Iterator[Session]:
    """Open a session on the configured database, or on the one that *url* names.

    The caller commits; what is not committed is rolled back at the end. With
    ``write=True`` a SQLite transaction takes the write lock at once and waits for it
    up to 30 seconds. A session that reads sees only stances that stand, without those
    that another corrects; with ``history=True``, and to write, it sees all.

    Raises:
        Unavailable: the database cannot be reached, is locked, or is not set up.
    """
    url = url or load_settings().database_url
    engine = shared_engine(url)
    _require_file(engine)
    with Session(
        writing(engine) if write else reading(engine),
        info={} if write or history else {STANDING_ONLY: True},
    ) as session:
        if write and engine.dialect.name == "postgresql":
            event.listen(session, "after_begin", _take_turn)
        event.listen(session, "after_begin", _refuse_unfit)
        try:
            yield session
        except DBAPIError as error:
            explained = explain(error, engine)
            if explained is None:
                raise
            raise explained from error


def reach(url: str) -> None:
    """Connect to a database, whatever is in it.

    Raises:
        Unavailable: it cannot be reached.
    """
    engine = shared_engine(url)
    _require_file(engine)
    try:
        engine.connect().close()
    except DBAPIError as error:
        raise (explain(error, engine) or error) from error


def _require_file(engine: sa.Engine) -> None:
    path = sqlite_path(engine)
    if path is not None and not path.exists():  # connecting would make an empty one
        raise _unusable(
            engine,
            "cannot be used: there is none. Run “dragoman db upgrade” to make it, or "
            "check DRAGOMAN_DATABASE_URL.",
        )


def _take_turn(_session: Session, _: object, connection: sa.Connection) -> None:
    """Let one write at a time, as SQLite does by itself.

    Two loads that wrote the same records, or only queued the same index jobs, in
    opposite order ended each other every time. To sort what each writes would have to
    hold for every trigger too; taking turns costs that two loads do not run abreast.
    Reading does not wait, and no other lock is waited for longer than this one.
    """
    run = connection.exec_driver_sql
    run(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
    run("LOCK TABLE alembic_version IN SHARE ROW EXCLUSIVE MODE")


def _refuse_unfit(session: Session, _: object, connection: sa.Connection) -> None:
    """Refuse a database of another version, before anything else is asked of it."""
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    if unfit := why_unfit(revision.scalar()):
        raise _unusable(connection.engine, unfit)


def explain(error: DBAPIError, engine: sa.Engine) -> DragomanError | None:
    """Say in a sentence what is wrong with the database, if it is not our doing.

    Where it is, and what its driver says of it, is for whoever runs it; strangers read
    the sentence without.
    """
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    state = getattr(error.orig, "sqlstate", None) or ""
    if is_damage(error.orig) or state in ("XX001", "XX002"):
        return damaged(engine.url, said)
    if "alembic_version" in said:
        return _unusable(engine, str(why_unfit(None)))
    if "no such table" in said or "no such column" in said or "does not exist" in said:
        return _unusable(
            engine,
            f"is not set up or not up to date ({said}). Run “dragoman db upgrade”.",
        )
    if "database is locked" in said or state == "55P03":
        return _unusable(
            engine,
            f"is locked by another writer for more than {BUSY_SECONDS} seconds. "
            "Try again when it is done.",
        )
    if "unable to open database file" in said:
        return _unusable(
            engine,
            f"cannot be used: {said}. Run “dragoman db upgrade” to make it, or check "
            "DRAGOMAN_DATABASE_URL.",
        )
    if "readonly database" in said or "disk is full" in said:
        why = "its disk is full" if "full" in said else "it is read-only"
        return _unusable(engine, f"cannot be written: {why}. It stays as it was.")
    if "file is not a database" in said:
        return _unusable(
            engine,
            "is not a SQLite database. Check DRAGOMAN_DATABASE_URL and "
            "DRAGOMAN_INSTANCE; nothing was changed.",
        )
    if state in ("40P01", "40001", "57014"):
        return _unusable(
            engine,
            f"is busy: another writer was in the way ({said}). Nothing of this was "
            "written; do it again.",
            "is busy: another writer was in the way. Try again.",
        )
    if isinstance(error, OperationalError):
        remedy = "Check DRAGOMAN_DATABASE_URL, its disk and its folder."
        if engine.dialect.name != "sqlite":
            # Without a state it is the connection that failed, or 08…, 57P….
            away = not state or state[:2] in ("08", "57")
            remedy = "Check DRAGOMAN_DATABASE_URL; its server must run."
            remedy = remedy if away else "Its server's log says more."
        return _unusable(
            engine, f"cannot be used: {said}. {remedy}", f"cannot be used. {remedy}"
        )
    return None


def _unusable(engine: sa.Engine, why: str, public: str | None = None) -> Unavailable:
    return Unavailable(
        f"The database {shown(engine.url)} {why}",
        public=f"The database {public or why}",
    )


_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite said that the file, not the question, is at fault."""
    if "Could not decode to UTF-8" in str(error):
        return isinstance(error, sqlite3.Error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the detail
    return code in _DAMAGED and "not a database" not in str(error)


def look_for_damage(engine: sa.Engine) -> Unavailable | None:
    """Look whether a fault that nobody foresaw comes from a damaged SQLite file.

    Reads the whole file: for what is rare. PostgreSQL looks after itself.
    """
    if engine.dialect.name != "sqlite":
        return None
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except DBAPIError as error:
        found = str(error.orig)
    return None if found == "ok" else damaged(engine.url, str(found))


def damaged(url: str | sa.URL, said: str) -> Unavailable:
    """Say that a database cannot be trusted any more, and what to do."""
    remedy = (
        "Stop what uses it, put it aside and restore the last backup with “dragoman "
        "restore FILE”; “dragoman check” then says whether it is whole."
    )
    return Unavailable(
        f"The database {shown(url)} is damaged ({said}). {remedy}",
        public=f"The database is damaged. {remedy}",
    )


def shown(url: str | sa.URL) -> str:
    """Return the address of a database as people may see it: without its password."""
    return sa.make_url(url).render_as_string(hide_password=True)


def sqlite_path(engine: sa.Engine) -> Path | None:
    """Return the file of a SQLite database; None for a server."""
    if engine.url.get_backend_name() != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database)
