"""A copy of the whole database in one file, taken while others read and write.

SQLite only: PostgreSQL has `pg_dump`. The file is written beside its place and moved
there when it is complete, checked and on disk, so that there is a whole backup or none;
a process that is killed leaves a file called `….part` at most. `cp` is no backup: what
was committed last stands in the WAL beside the database, often all of it.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp

import sqlalchemy as sa

from errors import Conflict, DragomanError, Unavailable
from models import make_engine
from models.database import shown, sqlite_path
from models.revisions import why_unfit

_MARK = int.from_bytes(b"DRGM", "big")
"""SQLite's application id of a backup; the database itself has none."""
_PAGES = 1000
"""Pages copied before progress is reported; the copy is of one moment anyway."""
_OURS_EVEN_IF_EMPTY = {"alembic_version", "index_job", "index_state"}

Progress = Callable[[int, int], None]


def back_up(url: str, target: Path, progress: Progress | None = None) -> int:
    """Copy the database at *url* to the new file *target*; return its bytes.

    The copy holds every change whose commit returned before this was called, and of
    later ones whole transactions or nothing.

    Raises:
        Conflict: there is something at *target* already.
        Unavailable: the database or the place cannot be used; nothing is left there.
    """
    source = _file_of(url, f"pg_dump --format=custom --no-owner --file={target}")
    if not source.is_file():
        raise Unavailable(f"There is no database at {source}, so nothing to back up.")
    if os.path.lexists(target):
        raise Conflict(f"{target} exists, and stays as it is. Name a new file.")
    with _explained(target), closing(_read(source)) as reader:
        if _revision(reader) is None:
            raise DragomanError(f"{source} is not a database of Dragoman’s.")
        with _written_aside(target) as aside:
            _copy(reader, aside, _MARK, "DELETE", progress)
            os.link(aside, target)  # unlike a rename, never over what has come between
            return target.stat().st_size


def restore(url: str, backup: Path, progress: Progress | None = None) -> None:
    """Make the database at *url* from a backup; there may be none yet, or an empty one.

    Raises:
        Conflict: there is a database with something in it, or in use.
        DragomanError: *backup* is not a backup of this or an earlier version.
        Unavailable: a disk or folder refuses; the database is as it was.
    """
    target = _file_of(url, f"pg_restore --no-owner --dbname=… {backup}")
    with _explained(target), closing(_open_backup(backup)) as reader:
        if target.is_symlink():
            raise Conflict(f"{target} is a link. Restore to a place of its own.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with _nobody_else(target), _written_aside(target) as aside:
            _copy(reader, aside, 0, "WAL", progress)
            os.replace(aside, target)


def _file_of(url: str, instead: str) -> Path:
    path = sqlite_path(make_engine(url))
    if path is None:
        raise DragomanError(
            f"{shown(url)} is on a server, whose own tools do this: {instead}"
        )
    return path


def _read(path: Path, how: str = "mode=rw") -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=30
    )
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _revision(connection: sqlite3.Connection) -> str | None:
    there = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.execute(there).fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _open_backup(backup: Path) -> sqlite3.Connection:
    if not stat.S_ISREG(backup.stat().st_mode):
        raise DragomanError(f"{backup} is not a regular file, so not a backup.")
    reader = _read(backup, "mode=ro&immutable=1")
    try:
        (mark,) = reader.execute("PRAGMA application_id").fetchone()
        revision = _revision(reader) if mark == _MARK else None
        if revision is None:
            raise DragomanError(
                f"{backup} is not a backup of Dragoman’s: “dragoman backup” makes one."
            )
        # An earlier revision is brought up to date after it has been restored.
        if (unfit := why_unfit(revision)) and "later version" in unfit:
            raise DragomanError(f"The backup {backup} {unfit}")
        _check(reader, backup)
    except sqlite3.DatabaseError as error:
        reader.close()
        raise DragomanError(
            f"{backup} is not a backup of Dragoman’s, or is damaged ({error})."
        ) from error
    except DragomanError:
        reader.close()
        raise
    return reader


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DragomanError(f"{path} is damaged ({found}).")


def _copy(
    reader: sqlite3.Connection,
    aside: Path,
    mark: int,
    mode: str,
    progress: Progress | None,
) -> None:
    """Copy one moment of a database, look whether it is whole, and put it on disk."""

    def tell(_status: int, left: int, total: int) -> None:
        if progress:
            progress(total - left, total)

    # An open read keeps the moment; without it each change would begin the copy anew.
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    with closing(sqlite3.connect(aside, isolation_level=None)) as writer:
        reader.backup(writer, pages=_PAGES, progress=tell, sleep=0)
        writer.execute("PRAGMA journal_mode = DELETE")
        writer.execute(f"PRAGMA application_id = {mark}")
        _check(writer, aside)
        writer.execute(f"PRAGMA journal_mode = {mode}")
    reader.execute("ROLLBACK")
    _sync(aside)


@contextmanager
def _written_aside(target: Path) -> Iterator[Path]:
    """Give a new file beside *target*; afterwards it is gone, moved or not."""
    handle, name = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        _sync(target.parent)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{aside}{ending}").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _nobody_else(target: Path) -> Iterator[None]:
    """Hold the database that is to be replaced, which must be empty and unused."""
    if not os.path.lexists(target):
        for ending in ("-wal", "-shm"):
            if os.path.lexists(f"{target}{ending}"):
                raise Conflict(
                    f"{target}{ending} belongs to another database that lay here. Put "
                    "it aside first."
                )
        yield
        return
    with closing(_read(target)) as held:
        held.execute("PRAGMA busy_timeout = 1000")
        if found := _first_filled(held):
            raise Conflict(
                f"{target} is not empty: it has rows in {found}. Restore to a new "
                "place, or put this database aside."
            )
        try:
            # Only a database that nobody else has open leaves the mode of the WAL.
            held.execute("PRAGMA journal_mode = DELETE")
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Conflict(
                f"{target} is in use. Stop what serves or loads it, then restore."
            ) from error
        try:
            yield
        except BaseException:
            held.execute("ROLLBACK")
            held.execute("PRAGMA journal_mode = WAL")
            raise


def _first_filled(connection: sqlite3.Connection) -> str | None:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    for (name,) in tables:
        rows = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        statement = str(rows.compile(compile_kwargs={"literal_binds": True}))
        if name not in _OURS_EVEN_IF_EMPTY and connection.execute(statement).fetchone():
            return str(name)
    return None


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Turn what a disk or SQLite says into a sentence; nothing half is left."""
    try:
        yield
    except FileExistsError as error:
        raise Conflict(f"{place} exists, and stays as it is.") from error
    except OSError as error:
        where = error.filename or place
        raise Unavailable(
            f"{where}: {error.strerror or error}. Nothing was written to {place}."
        ) from error
    except sqlite3.Error as error:
        raise Unavailable(
            f"The copy to {place} failed ({error}). Nothing was written there."
        ) from error
