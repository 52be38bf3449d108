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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable, DropTable

from errors import DragomanError, Unavailable
from models.database import explain, reading, shared_engine
from search.engines import Changes, Document, Locked, NoIndex, Request, Result
from search.engines.postgresql_answer import answer
from search.engines.postgresql_query import Remembered, Snapshot, texts
from search.engines.postgresql_store import (
    COLUMNS,
    SCHEMA,
    STATE,
    VERSION,
    Rows,
    Tables,
    Totals,
    tables,
)

#: Names the advisory lock: "drag", "sear" in ASCII.
LOCK = (0x64726167, 0x73656172)

#: How long a rebuild waits for readers of the tables that it has replaced.
DROP_SECONDS = 5

#: A plan for any values fits none; compiling one takes longer than running it. To fetch
#: a tsvector and look into it costs far more than the planner believes: it would
#: rather read them all than use the index. Where no index helps, it still does.
_PLANNING = {
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    "work_mem": "64MB",
    "enable_seqscan": "off",
}

#: The list of the entries of one commit may grow long: sorted, they are soon added.
_BUILDING = {"gin_pending_list_limit": "512MB", "maintenance_work_mem": "256MB"}

_VOCABULARY = ("field", "term", "word")

_UNDEFINED = ("42P01", "3F000", "42703")  # table, schema, column

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
        return self._read(lambda index: index.similar(word, limit))

    def check(self) -> None:
        """Raise `Unavailable` if the index is missing, damaged or another version's."""

        self._read(lambda index: index.check())

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the digest of each document, in no order."""

        def read(index: Snapshot) -> list[tuple[str, bytes]]:
            rows = index.rows(sa.select(index.document.id, index.document.digest))
            return [(id, bytes(digest)) for id, digest in rows]

        yield from self._read(read)

    def close(self) -> None:
        """Close the connections that wait for the next search."""
        self._engine.dispose()

    def _read(self, work: Callable[[Snapshot], T]) -> T:
        """Read from one snapshot; from the next one if a rebuild swept it away."""
        with self._explained():
            for _ in range(2):
                try:
                    with reading(self._engine).connect() as connection:
                        return work(self._snapshot(connection))
                except DBAPIError as error:
                    if _state_of(error) not in _UNDEFINED:
                        raise
                    failed = error
            raise failed

    def _snapshot(self, connection: sa.Connection) -> Snapshot:
        _configure(connection, _PLANNING)
        state = _state(connection)
        known = self._known
        if known is None or (known.generation, known.commits) != (
            state.generation,
            state.commits,
        ):
            known = Remembered(
                generation=state.generation,
                commits=state.commits,
                totals={kind: Totals(*found) for kind, found in state.totals.items()},
                languages=frozenset(state.languages),
            )
            self._known = known
        return Snapshot(connection, tables(state.generation), known)

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
                raise Locked(
                    "The search index is being written by somebody else. What changed "
                    "meanwhile is queued and will be indexed afterwards."
                )
            self._writer, self._thread = connection, threading.get_ident()
            try:
                yield
            finally:
                self._writer = self._thread = None
                _unlock(connection)
        finally:
            connection.close()

    def write(self, changes: Changes) -> None:
        """Make the changes in one commit; they are on disk when this returns."""
        with self._writing() as connection:
            _configure(connection, _BUILDING)
            state = _state(connection)
            current = tables(state.generation)
            rows = Rows()
            staged = _stage(connection, current, rows.of(changes.documents))
            document = current.document
            gone = sa.or_(
                document.c.id.in_(sa.select(staged.c.id)),
                document.c.id == sa.any_(texts(changes.ids)),
                document.c.owner == sa.any_(texts(changes.owners)),
            )
            lost = _totals(connection, document, gone)
            connection.execute(sa.delete(document).where(gone))
            connection.execute(
                sa.insert(document).from_select(
                    COLUMNS, sa.select(*(staged.c[key] for key in COLUMNS))
                )
            )
            won = _totals(connection, staged, sa.true())
            _add_terms(connection, current, rows)
            # Entries that wait in a list would be read one by one by every search.
            index = f"{SCHEMA}.{current.document.name}_gin"
            connection.execute(sa.select(sa.func.gin_clean_pending_list(index)))
            connection.execute(
                sa.update(STATE).values(
                    commits=STATE.c.commits + 1,
                    languages=sorted({*state.languages, *rows.languages}),
                    totals=_changed(state.totals, lost, won),
                )
            )

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Build the index anew beside the one in use, then swap it in."""
        with self._writing() as connection:
            _configure(connection, _BUILDING)
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
            generation = 1 + max(_generations(connection).values(), default=0)
            made = tables(generation)
            for table in (made.document, made.vocabulary):
                connection.execute(CreateTable(table))
            rows = Rows()
            _copy(connection, made.document, COLUMNS, rows.of(documents))
            _copy(connection, made.vocabulary, _VOCABULARY, rows.terms())
            for table in (made.document, made.vocabulary):
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    connection.execute(CreateIndex(index))
                connection.exec_driver_sql(f"ANALYZE {table.fullname}")
            _make_state(connection)
            connection.execute(
                sa.insert(STATE).values(
                    version=VERSION,
                    generation=generation,
                    commits=0,
                    languages=sorted(rows.languages),
                    totals=_totals(connection, made.document, sa.true()),
                )
            )
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
                for name, generation in _generations(connection).items()
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
            return Unavailable(
                f"The search index is damaged ({said}). `dragoman reindex` builds it "
                "anew."
            )
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


def _configure(connection: sa.Connection, values: Mapping[str, str]) -> None:
    """Change settings of the server until the end of the transaction."""
    changed = (sa.func.set_config(*item, True) for item in values.items())
    connection.execute(sa.select(*changed))


def _unlock(connection: sa.Connection) -> None:
    try:
        connection.rollback()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(*LOCK)))
        connection.commit()
    except DBAPIError:
        connection.invalidate()  # it goes, and the lock with it


def _state(connection: sa.Connection) -> "sa.Row[Any]":
    """Return what the index says of itself, if this version can read it."""
    if connection.scalar(sa.select(sa.func.to_regclass(STATE.fullname))) is None:
        raise NoIndex("There is no search index yet. `dragoman reindex` builds it.")
    if connection.scalars(sa.select(STATE.c.version)).all() != [VERSION]:
        raise NoIndex(
            "The search index was written by another version of Dragoman. "
            "`dragoman reindex` builds it anew."
        )
    return connection.execute(sa.select(STATE)).one()


def _make_state(connection: sa.Connection) -> None:
    """Leave the table of the state empty; readers still see the row it had."""
    inspector = sa.inspect(connection)
    if inspector.has_table(STATE.name, SCHEMA):
        columns = inspector.get_columns(STATE.name, SCHEMA)
        if [column["name"] for column in columns] == STATE.columns.keys():
            connection.execute(sa.delete(STATE))
            return
        connection.execute(DropTable(STATE))  # another version's
    connection.execute(CreateTable(STATE))


def _generations(connection: sa.Connection) -> dict[str, int]:
    """The tables of all generations, in use or left behind."""
    names = sa.inspect(connection).get_table_names(SCHEMA)
    parts = ((name, name.partition("_")[2]) for name in names)
    return {name: int(number) for name, number in parts if number.isdigit()}


def _copy(
    connection: sa.Connection,
    table: sa.Table,
    columns: Iterable[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Stream rows into a table."""
    driver: Any = connection.connection.driver_connection
    listed = ", ".join(columns)
    name = table.fullname
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as copying,
    ):
        for row in rows:
            copying.write_row(row)


def _stage(
    connection: sa.Connection, current: Tables, rows: Iterable[tuple[Any, ...]]
) -> sa.Table:
    """Put rows into a table that the end of the transaction drops."""
    columns = current.document.c
    staged = sa.Table(
        "staged",
        sa.MetaData(),
        *(sa.Column(key, columns[key].type) for key in COLUMNS),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    connection.execute(CreateTable(staged))
    _copy(connection, staged, COLUMNS, rows)
    return staged


def _add_terms(connection: sa.Connection, current: Tables, rows: Rows) -> None:
    """Add the terms that came to the vocabulary; those that went stay until rebuilt."""
    listed = zip(("", "", ""), *rows.terms(), strict=True)
    columns = [sa.cast(list(column[1:]), ARRAY(sa.Text)) for column in listed]
    given = sa.func.unnest(*columns).table_valued(*_VOCABULARY)
    given = given.render_derived()
    connection.execute(
        postgresql.insert(current.vocabulary)
        .from_select(_VOCABULARY, sa.select(*given.c))
        .on_conflict_do_nothing()
    )


def _totals(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> dict[str, list[int]]:
    """Return the `Totals` of some documents, by kind."""
    asked = (
        sa.select(
            table.c.kind[1],
            sa.func.count(),
            sa.func.sum(table.c.text_length),
            sa.func.sum(table.c.title_length),
            sa.func.count(table.c.long),
        )
        .where(condition)
        .group_by(table.c.kind)
    )
    return {kind: [*totals] for kind, *totals in connection.execute(asked)}


def _changed(
    before: Mapping[str, list[int]],
    lost: Mapping[str, list[int]],
    won: Mapping[str, list[int]],
) -> dict[str, list[int]]:
    """Return totals after some documents went and others came."""
    nothing = [0] * len(fields(Totals))
    changes = {
        kind: [parts.get(kind, nothing) for parts in (before, lost, won)]
        for kind in {*before, *won}
    }
    return {
        kind: [was - gone + new for was, gone, new in zip(*parts, strict=True)]
        for kind, parts in changes.items()
    }
