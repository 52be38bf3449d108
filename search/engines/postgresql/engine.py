"""The engine on a server: the index lies in the record's own PostgreSQL database.

It searches with tsvectors of our analyser's terms; PostgreSQL's parsers, dictionaries
and ranking stay unused, so what matches is what matches everywhere. The tables stand in
a schema of their own, which the engine makes and anybody may drop: `dragoman reindex`
makes it again. It costs the server's time for every result counted; in return several
web servers share one index, and backups and replicas come with the database's.

Each write is one transaction. Readers see the last commit and wait for nobody. A
rebuild fills tables of the next generation and points to them, in one transaction too.
The lock is an advisory one, held by the connection that writes: where that breaks, the
server ends both. Index jobs lie in the same database and are deleted later, so no crash
of the server can keep the deletion and lose the index.
"""

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from errors import DragomanError, Unavailable
from models.database import explain, shared_engine
from search.engine import Changes, Document, Locked, NoIndex, Request, Result, damaged
from search.engines.postgresql.answer import answer
from search.engines.postgresql.known import Moved, Remembered
from search.engines.postgresql.readers import open_readers
from search.engines.postgresql.similar import similar
from search.engines.postgresql.snapshot import Snapshot
from search.engines.postgresql.store import (
    COLUMNS,
    SCHEMA,
    STATE,
    TOAST,
    VERSION,
    Rows,
    Totals,
    tables,
)
from search.engines.postgresql.writing import (
    VOCABULARY,
    add_terms,
    as_array,
    changed_totals,
    configure,
    copy,
    generations,
    make_state,
    stage,
    take_terms,
    totals_of,
)

#: Names the advisory lock: "drag", "sear" in ASCII.
LOCK = (0x64726167, 0x73656172)

#: How long a rebuild waits for readers of the tables that it has replaced.
DROP_SECONDS = 5

#: How often a reader starts again when commits overtake it, before it holds on to one.
OVERTAKEN = 2


#: The list of the entries of one commit may grow long: sorted, they are soon added.
_BUILDING = {"gin_pending_list_limit": "512MB", "maintenance_work_mem": "256MB"}


_UNDEFINED = ("42P01", "3F000", "42703", "0A000")  # table, schema, column, plan

T = TypeVar("T")


class PostgresqlEngine:
    """A search index in a PostgreSQL database. Threads may share it."""

    def __init__(self, url: str | None) -> None:
        if url is None or not url.startswith("postgresql"):
            raise DragomanError(
                "DRAGOMAN_SEARCH_ENGINE is “postgresql”, but the database is not: it "
                "needs a DRAGOMAN_DATABASE_URL that begins with postgresql://."
            )
        self._engine = shared_engine(url)
        self._readers = open_readers(url)
        # An engine that nobody holds any more leaves no connection open.
        weakref.finalize(self, self._readers.dispose)
        self._known: Remembered | None = None
        self._writer: sa.Connection | None = None
        self._thread: int | None = None

    # Reading

    def search(self, request: Request) -> Result:
        """Answer a question from the last commit."""
        return self._read(lambda index: answer(index, request))

    def languages(self) -> frozenset[str]:
        """The stemmed languages that its documents are written in."""
        return self._read(lambda index: index.known.languages)

    def similar(self, word: str, limit: int = 5) -> tuple[str, ...]:
        """Words of its texts that *word*, folded, may have been meant for."""
        return self._read(lambda index: similar(index, word, limit))

    def check(self) -> None:
        """Raise `Unavailable` if the index is missing, damaged or another version's."""

        self._read(lambda index: index.check())

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the digest of each document, in no order."""

        def read(index: Snapshot) -> list[tuple[str, bytes]]:
            rows = index.rows(f"SELECT d.id, d.digest FROM {index.document}")
            return [(id, bytes(digest)) for id, digest in rows]

        yield from self._read(read)

    def token(self) -> str | None:
        """Return the token of the last commit; None if it was given none."""
        with self._explained(), self._reading() as connection:
            return _remembered(connection).token

    def close(self) -> None:
        """Close the connections that wait for the next search."""
        self._readers.dispose()
        self._engine.dispose()

    def _read(self, work: Callable[[Snapshot], T]) -> T:
        """Read from one commit; from the next one if a commit overtakes that.

        What is known of the last commit is taken to hold still. Each statement tells
        whether it does, so that a search needs no transaction.
        """
        with self._explained():
            for attempt in range(OVERTAKEN):
                try:
                    return self._attempt(work)
                except Moved:
                    self._known = None
                except self._driver.Error as error:
                    self._known = None
                    if attempt or not (_lost(error) or error.sqlstate in _UNDEFINED):
                        raise
            return self._hold(work)

    def _attempt(self, work: Callable[[Snapshot], T]) -> T:
        with self._reading() as connection:
            known = self._known
            if known is None:
                known = self._known = _remembered(connection)
            return work(Snapshot(connection, tables(known.generation), known))

    def _hold(self, work: Callable[[Snapshot], T]) -> T:
        """Read in a transaction, which no commit overtakes."""
        with self._reading() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                known = _remembered(connection)
                return work(Snapshot(connection, tables(known.generation), known))
            finally:
                connection.rollback()

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """Take a connection of the driver, each of whose statements is on its own."""
        pooled = self._readers.raw_connection()
        try:
            yield pooled.driver_connection
        except self._driver.OperationalError as error:
            if _lost(error):  # so are the others, most likely
                pooled.invalidate()
                self._readers.dispose()
            raise
        finally:
            pooled.close()

    @property
    def _driver(self) -> Any:
        return self._engine.dialect.loaded_dbapi

    # Writing

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold this while you read the database and write the index."""
        with self._explained():
            connection = self._engine.connect()
        try:
            with self._explained():
                got = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(*LOCK)))
                connection.commit()
            if not got:
                raise Locked
            self._writer, self._thread = connection, threading.get_ident()
            try:
                yield
            finally:
                self._writer = self._thread = None
                _unlock(connection)
        finally:
            connection.close()

    def write(self, changes: Changes, token: str | None = None) -> None:
        """Make the changes in one commit; they are on disk when this returns."""
        with self._writing() as connection:
            configure(connection, _BUILDING)
            state = _remembered(connection.connection.driver_connection)
            current = tables(state.generation)
            rows = Rows()
            staged = stage(connection, current, rows.of(changes.documents))
            document = current.document
            gone = sa.or_(
                document.c.id.in_(sa.select(staged.c.id)),
                document.c.id == sa.any_(as_array(changes.ids)),
                document.c.owner == sa.any_(as_array(changes.owners)),
            )
            removed = totals_of(connection, document, gone)
            take_terms(connection, current, gone)
            connection.execute(sa.delete(document).where(gone))
            connection.execute(
                sa.insert(document).from_select(
                    COLUMNS, sa.select(*(staged.c[key] for key in COLUMNS))
                )
            )
            added = totals_of(connection, staged, sa.true())
            add_terms(connection, current, rows)
            # Entries that wait in a list would be read one by one by every search.
            index = f"{SCHEMA}.{current.document.name}_gin"
            connection.execute(sa.select(sa.func.gin_clean_pending_list(index)))
            connection.execute(
                sa.update(STATE).values(
                    languages=sorted({*state.languages, *rows.languages}),
                    totals=changed_totals(state.totals, removed, added),
                    token=token,
                )
            )

    def rebuild(self, documents: Iterable[Document], token: str | None = None) -> None:
        """Build the index anew beside the one in use, then swap it in."""
        with self._writing() as connection:
            configure(connection, _BUILDING)
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
            generation = 1 + max(generations(connection).values(), default=0)
            made = tables(generation)
            for table in (made.document, made.vocabulary):
                connection.execute(CreateTable(table))
            connection.exec_driver_sql(
                f"ALTER TABLE {made.document.fullname} SET (toast_tuple_target={TOAST})"
            )
            rows = Rows()
            copy(connection, made.document, COLUMNS, rows.of(documents))
            copy(connection, made.vocabulary, VOCABULARY, rows.terms())
            for table in (made.document, made.vocabulary):
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    connection.execute(CreateIndex(index))
                connection.exec_driver_sql(f"ANALYZE {table.fullname}")
            make_state(connection)
            connection.execute(
                sa.insert(STATE).values(
                    version=VERSION,
                    generation=generation,
                    languages=sorted(rows.languages),
                    totals=totals_of(connection, made.document, sa.true()),
                    token=token,
                )
            )
            connection.exec_driver_sql(f"ANALYZE {STATE.fullname}")
        self._sweep(generation)

    def _sweep(self, current: int) -> None:
        """Drop the tables of earlier generations, unless readers are too slow.

        A reader has locked one of its tables and may wait for the other one. Whoever
        waits for the first meanwhile is in a deadlock with it: the sweep never waits.
        """
        until = time.monotonic() + DROP_SECONDS
        with suppress(Unavailable):
            while not self._swept(current) and time.monotonic() < until:
                time.sleep(0.05)

    def _swept(self, current: int) -> bool:
        """Drop them, unless somebody reads them."""
        with self._writing() as connection:
            old = [
                f"{SCHEMA}.{name}"
                for name, generation in generations(connection).items()
                if generation != current
            ]
            if not old:
                return True
            listed = ", ".join(old)
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(
                        f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE NOWAIT"
                    )
            except DBAPIError as error:
                if _state_of(error) != "55P03":  # lock not available
                    raise
                return False
            connection.exec_driver_sql(f"DROP TABLE {listed}")
            return True

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Hold a transaction of the connection that has the lock."""
        if self._writer is None or self._thread != threading.get_ident():
            raise RuntimeError("the index is written under its lock")
        with self._explained(), self._writer.begin():
            yield self._writer

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in a sentence what went wrong on the server."""
        driver: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        try:
            yield
        except DBAPIError as error:
            raise self._sentence(error) from error
        except driver as error:
            wrapped = DBAPIError.instance(None, None, error, driver)
            raise self._sentence(wrapped) from error

    def _sentence(self, error: Any) -> DragomanError:
        said = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
        if _state_of(error) in _UNDEFINED:
            return damaged(said)
        if _state_of(error) == "42501":  # insufficient privilege
            return Unavailable(
                f"PostgreSQL does not let Dragoman keep its search index ({said}). "
                f"Its role needs CREATE on the database, or a schema {SCHEMA} of its "
                "own."
            )
        explained = None
        if isinstance(error, OperationalError):
            explained = explain(error, self._engine)
        return explained or Unavailable(
            f"PostgreSQL could not use the search index ({said})."
        )


def _state_of(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _unlock(connection: sa.Connection) -> None:
    try:
        connection.rollback()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(*LOCK)))
        connection.commit()
    except DBAPIError:
        connection.invalidate()  # it goes, and the lock with it


def _lost(error: Any) -> bool:
    """Tell whether an error means that the connection is no more."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _remembered(connection: Any) -> Remembered:
    """Return what the index says of itself, if this version can read it."""
    [made] = connection.execute(f"SELECT to_regclass('{STATE.fullname}')").fetchone()
    if made is None:
        raise NoIndex.yet()
    asked = f"SELECT version FROM {STATE.fullname}"
    if connection.execute(asked).fetchall() != [(VERSION,)]:
        raise NoIndex.of_this_version()
    generation, written, totals, languages, token = connection.execute(
        f"SELECT generation, xmin::text, totals, languages, token FROM {STATE.fullname}"
    ).fetchone()
    return Remembered(
        generation=generation,
        written=written,
        totals={kind: Totals(*found) for kind, found in totals.items()},
        languages=frozenset(languages),
        token=token,
    )
