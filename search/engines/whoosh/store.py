"""How documents lie in Whoosh: its writer, and a codec of our own.

Whoosh keeps the segments and their deletions, the lock and the commit; the table of
contents is ours (`contents`), and the segments themselves are arrays (`building`). The
parts of Whoosh that are not public stay in this module and in `contents`, and its
version is pinned.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields as whoosh_fields
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.writing import SegmentWriter

from errors import Unavailable
from search.engine import Document, damaged
from search.engines.whoosh import contents
from search.engines.whoosh.arrays import write_arrays
from search.engines.whoosh.building import Builder
from search.engines.whoosh.contents import Part
from search.engines.whoosh.merging import merged
from search.engines.whoosh.rules import COLUMNS, GROUPS
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.shaping import Arrays

#: The end of the names of files with a segment's arrays.
EXTENSION = ".arrays"

#: No merge makes a segment of more documents: what bounds the memory it takes.
LARGEST = 400_000

#: How many segments of about one size there may be before they become one.
ALIKE = 4


def _schema() -> whoosh_fields.Schema:
    words = [field for fields in GROUPS.values() for field in fields]
    names = (*words, *COLUMNS, "earliest", "latest", "digest")
    return whoosh_fields.Schema(**{name: whoosh_fields.STORED() for name in names})


class ArraySegment(W3Segment):
    """What the writer knows of a segment."""

    def __init__(self, indexname: str, part: Part | None = None) -> None:
        super().__init__(None, indexname)
        if part is not None:
            self.segid = part.name
            self.set_doc_count(part.size)
            for doc in part.deleted:
                self.delete_document(doc)

    @classmethod
    def _random_id(cls, size: int = 16) -> str:
        # Not from `random`, as Whoosh has it: whoever seeds that, or forks a process
        # that has used it, gets a name twice, and a commit fails at the file there.
        return secrets.token_hex(size // 2)

    @property
    def part(self) -> Part:
        """What the table of contents says of it."""
        deleted = frozenset(self.deleted_docs())
        return Part(self.segid, self.doc_count_all(), deleted)

    def path(self, folder: str) -> Path:
        """Return the file with its arrays."""
        return Path(folder) / str(self.make_filename(EXTENSION))


class _Nothing:
    """Stands where Whoosh would write documents and postings itself."""

    is_closed = True


class _ArrayCodec:
    """What the writer asks of a codec: segments of arrays, which it fills itself."""

    def new_segment(self, storage: FileStorage, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)

    def per_document_writer(self, storage: FileStorage, segment: Any) -> _Nothing:
        return _Nothing()

    def field_writer(self, storage: FileStorage, segment: Any) -> _Nothing:
        return _Nothing()


class Index(FileIndex):
    """An index in a folder, with a table of contents of our own.

    Raises:
        Unavailable: it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        # Whoosh's own would read a table of contents in its format.
        self.storage = FileStorage(str(folder))
        self.indexname = contents.INDEX_NAME
        self._folder = folder
        self._schema = _schema()
        self._read_toc()

    def _read_toc(self) -> TOC:
        with reading():
            known = contents.read(self._folder)
        segments = [ArraySegment(self.indexname, part) for part in known.parts]
        return TOC(self._schema, segments, known.generation)


class Writer(SegmentWriter):
    """Whoosh's writer, for whole documents; what it commits is on disk."""

    def __init__(self, index: Index) -> None:
        super().__init__(index, codec=_ArrayCodec(), compound=False)
        self._discard()  # what a writer left that was killed
        self._builder = Builder()
        self._token: str | None = None
        self._before = [
            (Segment.open(segment.path(self.storage.folder)), segment)
            for segment in self.segments
        ]

    @property
    def _folder(self) -> Path:
        return Path(self.storage.folder)

    def add(self, document: Document) -> None:
        """Take a document, which replaces the one with its id."""
        self.delete("id", document.id)
        self._builder.add(document)
        if self._builder.full:
            self._store(self._builder.size, self._builder.take())

    def delete(self, field: str, value: str) -> None:
        """Delete the documents of earlier commits that hold a value."""
        for segment, known in self._before:
            for docs in segment.values(field).holding([value]):
                for doc in docs.tolist():
                    known.delete_document(doc)

    def finish(self, token: str | None) -> None:
        """Commit: merge what has become too much, and let readers see it."""
        self._token = token
        if self._builder.size:
            self._store(self._builder.size, self._builder.take())
        self.commit(mergetype=_merge)

    def give_up(self) -> None:
        """Leave nothing of what was added or deleted, on disk neither."""
        try:
            self._discard()
        finally:
            self.cancel()

    def _discard(self) -> None:
        """Remove the files that no commit names.

        A full disk must not get fuller each time a commit is tried in vain.
        """
        known = contents.read(self._folder)
        segments = [ArraySegment(self.indexname, part) for part in known.parts]
        clean_files(self.storage, self.indexname, known.generation, segments)
        contents.clean(self._folder)

    def unite(self, segments: list[ArraySegment]) -> None:
        """Make one segment of several."""
        opened = [
            Segment.open(
                segment.path(self.storage.folder), list(segment.deleted_docs())
            )
            for segment in segments
        ]
        for segment in opened:
            segment.verify()  # what is wrong would be right in what is written
        self.segments = [known for known in self.segments if known not in segments]
        size = sum(segment.count for segment in opened)
        if size:
            self._store(size, merged(opened))

    def _store(self, size: int, arrays: Arrays) -> None:
        segment = self.codec.new_segment(self.storage, self.indexname)
        segment.set_doc_count(size)
        with segment.path(self.storage.folder).open("xb") as file:
            write_arrays(file, arrays)
            file.flush()
            os.fsync(file.fileno())
        self.segments.append(segment)

    def _commit_toc(self, segments: list[ArraySegment]) -> None:
        contents.flush(self._folder)
        parts = tuple(segment.part for segment in segments)
        known = contents.Contents(self.generation, self._token, parts)
        contents.write(self._folder, known)
        clean_files(self.storage, self.indexname, self.generation, segments)


def _merge(writer: Writer, segments: list[ArraySegment]) -> list[ArraySegment]:
    """Merge while there are several segments of about one size; so each is few times
    written again, and there are few.
    """
    for segment in segments:
        if segment.deleted_count() * 2 > segment.doc_count_all():
            writer.unite([segment])
    while True:
        known = sorted(writer.segments, key=ArraySegment.doc_count)
        for first in range(len(known) - ALIKE + 1):
            some = known[first : first + ALIKE]
            sizes = [segment.doc_count() for segment in some]
            if sizes[0] * ALIKE >= sizes[-1] and sum(sizes) <= LARGEST:
                writer.unite(some)
                break
        else:
            return list(writer.segments)


def create(folder: Path) -> Index:
    """Make an empty index in *folder*."""
    folder.mkdir(parents=True)
    contents.write(folder, contents.Contents(0, None, ()))
    return Index(folder)


def segments_of(folder: Path) -> tuple[dict[Path, frozenset[int]], str | None]:
    """Return the files of the segments of the last commit, and its token.

    With each file come the numbers of the documents that are deleted in it.
    """
    with reading():
        known = contents.read(folder)
    files = {
        ArraySegment(contents.INDEX_NAME, part).path(str(folder)): part.deleted
        for part in known.parts
    }
    return files, known.token


@contextmanager
def reading() -> Iterator[None]:
    """Report whatever goes wrong while an index is read as damage."""
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:  # a damaged file may raise anything
        raise unreadable(error) from error


#: What is missing where the table of contents says that something is.
_GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


def unreadable(error: Exception) -> Unavailable:
    """Say why the index cannot be read, and what to do.

    What the system forbids or cannot do just now is no damage, and to build the index
    anew would not help.
    """
    if isinstance(error, OSError) and not isinstance(error, _GONE):
        where = f" {error.filename}" if error.filename else ""
        why = error.strerror or type(error).__name__
        return Unavailable(
            f"The search index cannot be read ({why}:{where}). Dragoman needs to read "
            "its files; nothing in them was changed.",
            public=f"The search index cannot be read ({why}).",
        )
    return damaged(f"{type(error).__name__}: {error}")
