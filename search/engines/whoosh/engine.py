"""The embedded engine: Whoosh keeps segments of arrays, we evaluate the query on them.

Whoosh gives us segments, deletions, merges, a lock and an atomic table of contents. Its
queries and collectors stay unused: their top hits go missing behind NOT, boosted groups
and wide ORs, and a phrase marks words outside it. Its postings stay unused too: read
one by one they cost a hundred times what arrays do. docs/decisions/0007 weighs it.

On disk the index folder holds `current.json`, which names the versions and the folder
of the index in use. A rebuild fills another folder and then replaces that file, in one
step. Arrays are in the machine's byte order, so that is part of the version.
"""

import json
import os
import re
import shutil
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from whoosh.index import LockError
from whoosh.util.filelock import FileLock

from errors import Unavailable
from search.analyzer import ANALYZER_VERSION
from search.engine import (
    DOCUMENTS_VERSION,
    Changes,
    Document,
    Locked,
    NoIndex,
    Request,
    Result,
)
from search.engines.whoosh import contents
from search.engines.whoosh.answering import answer
from search.engines.whoosh.arrays import Damage
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.similar import similar
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.store import (
    Index,
    Writer,
    create,
    reading,
    segments_of,
    unreadable,
)

#: What an index must say of itself to be read.
VERSION = {
    "engine": "whoosh",
    "arrays": 3,
    "documents": DOCUMENTS_VERSION,
    "analyser": ANALYZER_VERSION,
    "byteorder": sys.byteorder,
}

_CURRENT = "current.json"

#: What a folder of an index is called. Another name may lead out of the instance.
_FOLDER = re.compile(r"index-[0-9a-f]{32}")

#: File systems tell times apart that are so many nanoseconds apart, even coarse ones.
_TICK = 20_000_000

_Stamp: TypeAlias = tuple[tuple[int, int], ...]


class WhooshEngine:
    """A search index in a folder. Threads may share it, and search side by side."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = threading.Lock()
        self._opened: tuple[str, int] | None = None
        self._stamp: _Stamp | None = None
        self._segments: dict[Path, tuple[frozenset[int], Segment]] = {}
        self._snapshot = Snapshot([])

    # Reading

    def search(self, request: Request) -> Result:
        """Answer a question from the last commit."""
        with self._reading() as snapshot:
            return answer(snapshot, request)

    def languages(self) -> frozenset[str]:
        """The stemmed languages that its documents are written in."""
        with self._reading() as snapshot:
            return snapshot.languages

    def similar(self, word: str, limit: int = 5) -> tuple[str, ...]:
        """Words of its texts that *word*, folded, may have been meant for."""
        with self._reading() as snapshot:
            return similar(snapshot, word, limit)

    def check(self) -> None:
        """Raise `Unavailable` if the index is missing, damaged or another version's."""
        with self._reading():
            pass

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the digest of each document, in no order."""
        with self._reading() as snapshot:
            for segment in snapshot.segments:
                segment.verify()
                ids = segment.values("id")
                names = list(ids.vocabulary)
                for doc in segment.all().tolist():
                    yield names[ids.of_each()[doc]], segment.digests[doc].tobytes()

    def token(self) -> str | None:
        """Return the token of the last commit; None if it was given none."""
        with self._reading() as snapshot:
            return snapshot.token

    def close(self) -> None:
        """Forget what is open for reading; the next search opens it again."""
        with self._opening:
            self._opened = self._stamp = None
            self._segments, self._snapshot = {}, Snapshot([])

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """Give the last commit: whole, and the same until the end, whoever writes."""
        try:
            yield self._current_snapshot()
        except (Damage, OSError) as error:
            raise unreadable(error) from error

    def _current_snapshot(self) -> Snapshot:
        if self._stamp is None or self._stamp != self._look():
            with self._opening:
                self._refresh()
        return self._snapshot

    def _look(self) -> _Stamp:
        """Return what differs after a commit: times, read in a few microseconds."""
        folder = self._opened[0] if self._opened else ""
        try:
            found = [os.stat(self._folder / name) for name in (_CURRENT, folder)]
        except OSError:
            return ()
        return tuple((stat.st_ino, stat.st_mtime_ns) for stat in found)

    def _refresh(self) -> None:
        """Open the last commit, if it is not open."""
        began = time.time_ns()
        name = self._current()
        opened = (name, contents.latest(self._folder / name))
        if opened != self._opened:
            try:
                self._open(name)
            except Unavailable:
                # A rebuild may have been swapped in meanwhile; then try that.
                if (name := self._current()) == opened[0]:
                    raise
                opened = (name, contents.latest(self._folder / name))
                self._open(name)
            self._opened = opened
        stamp = self._look()
        # What changes within a tick of the clock leaves the same time: look again.
        settled = all(changed < began - _TICK for _, changed in stamp)
        self._stamp = stamp if stamp and settled else None

    def _open(self, name: str) -> None:
        segments = {}
        with reading():
            found, token = _last_segments(self._folder / name)
            for path, deleted in found.items():
                known = self._segments.get(path)
                if known is None:
                    segments[path] = deleted, Segment.open(path, deleted)
                elif known[0] == deleted:
                    segments[path] = known
                else:
                    segments[path] = deleted, known[1].without(deleted)
            snapshot = Snapshot([segment for _, segment in segments.values()], token)
        self._segments, self._snapshot = segments, snapshot

    def _current(self) -> str:
        """Return the folder of the index in use."""
        try:
            said = json.loads((self._folder / _CURRENT).read_text("utf-8"))
            name = said.pop("folder")
        except FileNotFoundError:
            raise NoIndex.yet() from None
        except (
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            raise unreadable(error) from error
        if said != VERSION:
            raise NoIndex.of_this_version()
        if not (isinstance(name, str) and _FOLDER.fullmatch(name)):
            raise unreadable(Damage(f"{_CURRENT} names no folder of an index"))
        if (self._folder / name).is_symlink():
            raise unreadable(Damage(f"{name} leads elsewhere"))
        return name

    # Writing

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold this while you read the database and write the index."""
        with _writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(str(self._folder / "lock"))
            acquired = lock.acquire()
        if not acquired:
            raise Locked
        try:
            with suppress(Unavailable):  # else nobody knows which of them is in use
                self._clean(self._current())
            yield
        finally:
            lock.release()

    def write(self, changes: Changes, token: str | None = None) -> None:
        """Make the changes in one commit; they are on disk when this returns."""
        _write(Index(self._folder / self._current()), changes, token)

    def rebuild(self, documents: Iterable[Document], token: str | None = None) -> None:
        """Build the index anew beside the one in use, then swap it in."""
        name = f"index-{uuid.uuid4().hex}"
        folder = self._folder / name
        try:
            with _writing():
                index = create(folder)
            _write(index, Changes(documents), token)
            with _writing():
                self._swap_in(name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._clean(name)

    def _swap_in(self, name: str) -> None:
        made = self._folder / f"{_CURRENT}.new"
        made.write_text(json.dumps(VERSION | {"folder": name}), "utf-8")
        contents.flush(made)
        os.replace(made, self._folder / _CURRENT)
        contents.flush(self._folder)

    def _clean(self, name: str) -> None:
        """Remove what earlier rebuilds left, finished or not."""
        for folder in self._folder.glob("index-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)


def _last_segments(folder: Path) -> tuple[dict[Path, frozenset[int]], str | None]:
    """Read the table of contents; the writer may replace it while we do."""
    for _ in range(9):
        try:
            return segments_of(folder)
        except Unavailable as error:
            if (
                not isinstance(error.__cause__, FileNotFoundError)
                or not folder.exists()
            ):
                raise
    return segments_of(folder)


@contextmanager
def _writing() -> Iterator[None]:
    """Report what a disk refuses, and an index that cannot be read to be changed."""
    try:
        yield
    except LockError:
        raise Locked from None
    except Damage as error:
        raise unreadable(error) from error
    except OSError as error:
        raise Unavailable(
            f"The search index cannot be written ({error.strerror or error}). It stays "
            "as it was, and what changed stays queued."
        ) from error


def _write(index: Index, changes: Changes, token: str | None) -> None:
    with _writing():
        writer = Writer(index)
    try:
        with _writing():
            for owner in changes.owners:
                writer.delete("owner", owner)
            for id in changes.ids:
                writer.delete("id", id)
        seen: set[str] = set()
        for document in changes.documents:
            if document.id in seen:
                raise ValueError(f"{document.id} comes twice")
            seen.add(document.id)
            with _writing():
                writer.add(document)
        with _writing():
            writer.finish(token)
    except BaseException:
        with suppress(Exception):
            writer.give_up()
        raise
