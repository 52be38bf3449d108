"""The embedded engine: Whoosh keeps the postings, we evaluate the query.

Whoosh gives us segments, deletions, merges, a lock and an atomic table of contents. Its
queries and collectors stay unused: their top hits go missing behind NOT, boosted groups
and wide ORs, and a phrase marks words outside it. Instead the postings of each leaf are
read from every segment and the tree is evaluated on whole sets of documents
(`search.engines.evaluation`). That is exact by construction and costs time for common
words: a faster engine may come, and this is what it must agree with.

On disk the index folder holds `current.json`, which names the versions and the folder
of the index in use. A rebuild fills another folder and then replaces that file, in one
step. Positions are native integers, so the byte order is part of the version.
"""

import json
import os
import shutil
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex, LockError
from whoosh.util.filelock import FileLock

from search.analysis import ANALYSER_VERSION
from search.engines import (
    DOCUMENTS_VERSION,
    Changes,
    Document,
    Locked,
    NoIndex,
    Request,
    Result,
    evaluation,
)
from search.engines.whoosh_store import (
    WhooshSegment,
    create,
    damaged,
    fields_of,
    flush,
    latest_commit,
    open_index,
    open_segments,
    writer,
)

#: What an index must say of itself to be read.
VERSION = {
    "engine": "whoosh",
    "documents": DOCUMENTS_VERSION,
    "analyser": ANALYSER_VERSION,
    "byteorder": sys.byteorder,
}

_CURRENT = "current.json"


class WhooshEngine:
    """A search index in a folder. Threads may share it; they search one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._opened: tuple[str, int] | None = None
        self._segments: list[WhooshSegment] = []
        self._caches: dict[str, dict[str, Any]] = {}

    # Reading

    def search(self, request: Request) -> Result:
        """Answer a question from the last commit."""
        with self._reading() as segments:
            return evaluation.answer(segments, self._languages(), request)

    def languages(self) -> frozenset[str]:
        """The stemmed languages that its documents are written in."""
        with self._reading():
            return self._languages()

    def similar(self, word: str, limit: int = 5) -> tuple[str, ...]:
        """Words of its texts that *word*, folded, may have been meant for."""
        with self._reading() as segments:
            return evaluation.similar(segments, self._languages(), word, limit)

    def check(self) -> None:
        """Raise `Unavailable` if the index is missing, damaged or another version's."""
        with self._reading():
            pass

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the digest of each document, in no order."""
        with self._reading() as segments:
            found = [
                (segment.ids()[doc], digest)
                for segment in segments
                for doc, digest in enumerate(segment.digests())
                if doc in segment.live
            ]
        yield from found

    def close(self) -> None:
        """Close the files that are open for reading; the next search opens them."""
        with self._guard:
            self._forget()

    @contextmanager
    def _reading(self) -> Iterator[list[WhooshSegment]]:
        """Hold the segments of the last commit."""
        with self._guard:
            self._refresh()
            yield self._segments

    def _languages(self) -> frozenset[str]:
        return frozenset(
            language
            for segment in self._segments
            for language in segment.terms("language")
        )

    def _refresh(self) -> None:
        name = self._current()
        opened = (name, latest_commit(self._folder / name))
        if opened == self._opened:
            return
        caches = {}
        segments = []
        for reader in open_segments(open_index(self._folder / name)):
            known = str(reader.segment())
            caches[known] = self._caches.get(known, {})
            segments.append(WhooshSegment(reader, caches[known]))
        self._forget()
        self._opened, self._segments, self._caches = opened, segments, caches

    def _forget(self) -> None:
        for segment in self._segments:
            segment.close()
        self._opened, self._segments = None, []

    def _current(self) -> str:
        """Return the folder of the index in use."""
        try:
            said = json.loads((self._folder / _CURRENT).read_text("utf-8"))
            name = str(said.pop("folder"))
        except FileNotFoundError:
            raise NoIndex(
                "There is no search index yet. `dragoman reindex` builds it."
            ) from None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise damaged(error) from error
        if said != VERSION:
            raise NoIndex(
                "The search index was written by another version of Dragoman. "
                "`dragoman reindex` builds it anew."
            )
        return name

    # Writing

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold this while you read the database and write the index."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self._folder / "lock"))
        if not lock.acquire():
            raise Locked(
                "The search index is being written by somebody else. What changed "
                "meanwhile is queued and will be indexed afterwards."
            )
        try:
            yield
        finally:
            lock.release()

    def write(self, changes: Changes) -> None:
        """Make the changes in one commit; they are on disk when this returns."""
        _write(open_index(self._folder / self._current()), changes)

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Build the index anew beside the one in use, then swap it in."""
        name = f"index-{uuid.uuid4().hex}"
        folder = self._folder / name
        try:
            _write(create(folder), Changes(documents))
            self._swap_in(name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._clean(name)

    def _swap_in(self, name: str) -> None:
        made = self._folder / f"{_CURRENT}.new"
        made.write_text(json.dumps(VERSION | {"folder": name}), "utf-8")
        flush(made)
        os.replace(made, self._folder / _CURRENT)
        flush(self._folder)

    def _clean(self, name: str) -> None:
        """Remove what earlier rebuilds left, finished or not."""
        for folder in self._folder.glob("index-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)


def _write(index: FileIndex, changes: Changes) -> None:
    try:
        writing = writer(index)
    except LockError:
        raise Locked("The search index is being written by somebody else.") from None
    try:
        gone = _Deletions(writing)
        for owner in changes.owners:
            gone.delete("owner", owner)
        for id in changes.ids:
            gone.delete("id", id)
        seen: set[str] = set()
        for document in changes.documents:
            if document.id in seen:
                raise ValueError(f"{document.id} comes twice")
            seen.add(document.id)
            gone.delete("id", document.id)
            writing.add_document(**fields_of(document))
        gone.close()
        writing.commit()
    except BaseException:
        with suppress(Exception):
            writing.cancel()
        raise


class _Deletions:
    """Deletes documents of earlier commits; Whoosh would search for each anew."""

    def __init__(self, writing: Any) -> None:
        self._segments = [
            (WhooshSegment(leaf, {}), leaf.segment())
            for leaf, _ in writing.reader().leaf_readers()
            if leaf.segment() is not None
        ]

    def delete(self, field: str, value: str) -> None:
        """Delete the documents that hold a value."""
        for segment, deleting in self._segments:
            for doc in segment.holding(field, value):
                deleting.delete_document(doc)

    def close(self) -> None:
        """Close the files."""
        for segment, _ in self._segments:
            segment.close()
