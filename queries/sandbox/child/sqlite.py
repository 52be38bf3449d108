"""A query on an SQLite file, opened read-only, under an authorizer that denies.

SQLite tells the authorizer which table is read, and within which view. That name alone
is no proof: a subquery of the user's that is called `stances` passes for the view. So
the real text of each view is made anew, for this connection only, under a name that
nobody can guess, over a file attached under a name that nobody can guess; the public
name reads from there. A table may be read inside such a name and nowhere else.
"""

import os
import re
import sqlite3
from typing import Any
from urllib.parse import quote

from .answer import Request, Stop, bound, send
from .functions import SQLITE, SQLITE_TABLES

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
_HEADER = re.compile(r"CREATE VIEW \w+ AS ", re.IGNORECASE)
_WITH = re.compile(
    r"\b(\w+)\s*(?:\([^()]*\)\s*)?\sAS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(",
    re.IGNORECASE,
)
_WORD = re.compile(r"\b((?:FROM|JOIN)\s+)?(\w+)\b", re.IGNORECASE)
_TEXT = re.compile(r"('[^']*')")
_LONGEST_VALUE = 64_000_000  # bytes; a stored text must still fit

# What SQLite says where the file, not the query, is at fault.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
}


class Guard:
    """The authorizer of one query; `stop` is why it first said no, if it did."""

    def __init__(self, views: set[str], secret: str, known: set[str]) -> None:
        self._views = views
        self._secret = secret
        self._known = known
        self.stop: Stop | None = None

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        view: str | None,
    ) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            name = first or ""
            if self._may_read(name, second, database, view or ""):
                return sqlite3.SQLITE_OK
            return self._deny(Stop("relation", name))
        if action == sqlite3.SQLITE_FUNCTION:
            if second in SQLITE:
                return sqlite3.SQLITE_OK
            return self._deny(Stop("refused", f"the function {second}"))
        if first in _SCHEMA:
            return self._deny(Stop("refused", "to change the schema"))
        return self._deny(Stop("refused", _ACTIONS.get(action, "this statement")))

    def _deny(self, stop: Stop) -> int:
        self.stop = self.stop or stop
        return sqlite3.SQLITE_DENY

    def _may_read(
        self, table: str, column: str | None, database: str | None, view: str
    ) -> bool:
        if view.endswith(self._secret) or table.endswith(self._secret):
            return True
        if database == "temp":
            return table in self._views
        if column:
            return database == "main" and table in SQLITE_TABLES
        # Tables of which only rows are counted are named without their view and, if
        # nobody wrote it, without their database: ours was written by us. Else it is
        # a view, or the query's own WITH; so what is neither is known by its name.
        name = table.lower()
        return (
            database == self._secret
            or database is None
            and (
                name in self._views
                or name in SQLITE_TABLES
                or (
                    name not in self._known
                    and not name.startswith(("sqlite_", "pragma_"))
                )
            )
        )


def query(request: Request) -> str:
    """Run the query of `request` and write its rows."""
    try:
        connection, guard = guarded(request)
    except sqlite3.Error as error:
        raise _stop(error) or Stop("unavailable", str(error)) from error
    bound(request)
    try:
        cursor = connection.execute(request["sql"])
        if cursor.description is None:
            raise Stop("empty", "")
        return send(request, [name for name, *_ in cursor.description], cursor)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise guard.stop or _stop(error) or _mistake(str(error)) from error


def guarded(request: Request) -> tuple[sqlite3.Connection, Guard]:
    """Open the database so that only the views can be read, and functions called."""
    secret = os.urandom(16).hex()
    connection = _open(request, secret)
    guard = _furnish(connection, request["views"], secret)
    connection.set_authorizer(guard)
    return connection, guard


def is_fixed(database: str) -> bool:
    """Whether SQLite may not write beside the file (see `models.database`)."""
    writable = os.access(os.path.dirname(database), os.W_OK)
    return not writable and not os.path.exists(f"{database}-wal")


def _open(request: Request, secret: str) -> sqlite3.Connection:
    database = request["database"]
    connection = sqlite3.connect(
        ":memory:", uri=True, isolation_level=None, timeout=request["seconds"]
    )
    fixed = "&immutable=1" if is_fixed(database) else ""
    connection.execute(
        f"attach ? as '{secret}'",
        [f"file:{quote(os.fsencode(database))}?mode=ro{fixed}"],
    )
    for pragma in (
        "temp_store = memory",
        "cell_size_check = on",
        f"hard_heap_limit = {request['memory'] // 2:d}",
    ):
        connection.execute(f"pragma {pragma}")
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
    return connection


def _furnish(connection: sqlite3.Connection, views: list[str], secret: str) -> Guard:
    """Make the views of this connection; return what lets them, and only them, read."""
    # S608 warns of SQL made of strings. No name can be a parameter, and these are the
    # random one of the schema (`secret`) and those of our own views.
    known, texts = set(), {}
    for kind, name, text in connection.execute(
        f"select type, name, sql from '{secret}'.sqlite_master"  # noqa: S608
    ):
        known.add(name.lower())
        if kind == "view" and name in views:
            texts[name] = _HEADER.sub("", text, count=1)
    for name, text in texts.items():
        hidden = _hide(text, known - set(views), secret)
        connection.execute(f'create temp view "{name} {secret}" as {hidden}')
        connection.execute(
            f'create temp view "{name}" as select * from "{name} {secret}"'  # noqa: S608
        )
    known.update(name for (name,) in connection.execute("pragma module_list"))
    # Named once, these two are known; met first in the query, they would look like a
    # change of the schema.
    connection.execute("select count(*) from json_each('[]'), json_tree('[]')")
    return Guard(set(texts), secret, known)


def _hide(text: str, tables: set[str], secret: str) -> str:
    """Write a view so that nobody else can write what it reads.

    Its tables get their database's secret name. Its own WITH is renamed, because SQLite
    takes that for the view that reads.
    """
    names = set(_WITH.findall(text))

    def written(found: re.Match[str]) -> str:
        before, name = found[1] or "", found[2]
        if name in names:
            return f'{before}"{name} {secret}"'
        return f'{before}"{secret}".{name}' if before and name in tables else found[0]

    parts = _TEXT.split(text)
    parts[::2] = [_WORD.sub(written, part) for part in parts[::2]]
    return "".join(parts)


def _stop(error: Any) -> Stop | None:
    """Say that the file is at fault, where it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without SQLite's own detail
    if code in _DAMAGED:
        return Stop("damaged", str(error))
    if code in _AWAY:
        return Stop("unavailable", str(error))
    return None


def _mistake(message: str) -> Stop:
    """Say what is wrong with the query."""
    if "one statement" in message:
        return Stop("several", "")
    if "reindexed" in message:  # before the guard is asked, there is nothing to rebuild
        return Stop("refused", "REINDEX")
    if "number of bindings" in message:
        return Stop("parameter", "")
    kind, _, name = message.partition(": ")
    kinds = {"no such table": "relation", "no such column": "column"}
    if kind in kinds and name:
        return Stop(kinds[kind], name.strip('"'))
    return Stop("error", message)
