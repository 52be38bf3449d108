"""How documents lie in Whoosh: its schema, its writer, and a codec of our own.

Whoosh keeps the table of contents, the segments and their deletions, the lock and the
commit; the segments themselves are arrays (`search.engines.whoosh.building`). The parts
of Whoosh that are not public stay in this module, and its version is pinned.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from whoosh import fields as whoosh_fields
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.writing import SegmentWriter

from errors import Unavailable
from search.engine import Document, damaged
from search.engines.whoosh.arrays import Damage, write_arrays
from search.engines.whoosh.building import Arrays, Builder, merged
from search.engines.whoosh.segments import COLUMNS, GROUPS, Segment

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


class _Storage(FileStorage):
    """A folder in which a file has reached the disk before it takes its name.

    Tables of contents end in a checksum, behind what Whoosh reads of them: they are
    pickles, of which a single wrong bit may bring a deleted document back.
    """

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        path = Path(self.folder) / oldname
        with path.open("r+b") as file:
            checksum = crc32(file.read())
            file.write(checksum.to_bytes(4, "big"))
        flush(path)
        super().rename_file(oldname, newname, safe)
        flush(Path(self.folder))

    def open_file(self, name: str, **kwargs: Any) -> Any:
        content = (Path(self.folder) / name).read_bytes()
        if crc32(content[:-4]).to_bytes(4, "big") != content[-4:]:
            raise Damage(f"the checksum of {name} is wrong")
        return super().open_file(name, **kwargs)


class ArraySegment(W3Segment):
    """What the table of contents says of a segment."""

    def __init__(self, indexname: str) -> None:
        super().__init__(None, indexname)

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


class Writer(SegmentWriter):
    """Whoosh's writer, for whole documents; what it commits is on disk."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, codec=_ArrayCodec(), compound=False)
        self._builder = Builder()
        self._before = [
            (Segment.open(segment.path(self.storage.folder)), segment)
            for segment in self.segments
        ]

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

    def finish(self) -> None:
        """Commit: merge what has become too much, and let readers see it."""
        if self._builder.size:
            self._store(self._builder.size, self._builder.take())
        self.commit(mergetype=_merge)

    def unite(self, segments: list[ArraySegment]) -> None:
        """Make one segment of several."""
        folder = self.storage.folder
        opened = [
            Segment.open(segment.path(folder), list(segment.deleted_docs()))
            for segment in segments
        ]
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
        flush(Path(self.storage.folder))
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
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


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create(folder: Path) -> FileIndex:
    """Make an empty index in *folder*."""
    folder.mkdir(parents=True)
    TOC.create(_Storage(str(folder)), _schema())
    return open_index(folder)


def open_index(folder: Path) -> FileIndex:
    """Open the index in *folder*.

    Raises:
        Unavailable: it cannot be read.
    """
    with reading():
        return FileIndex(_Storage(str(folder)), _schema())


def latest_commit(folder: Path) -> int:
    """Return the number of the last commit of the index in *folder*; -1 for none."""
    return int(TOC._latest_generation(FileStorage(str(folder)), "MAIN"))


def segments_of(folder: Path) -> dict[Path, frozenset[int]]:
    """Return the files of the segments, each with the documents deleted in it."""
    with reading():
        return {
            segment.path(str(folder)): frozenset(segment.deleted_docs())
            for segment in open_index(folder)._segments()
        }


@contextmanager
def reading() -> Iterator[None]:
    """Report whatever goes wrong while an index is read as damage."""
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:  # a damaged pickle may raise anything
        raise unreadable(error) from error


def unreadable(error: Exception) -> Unavailable:
    """Say why the index cannot be read, and what to do."""
    return damaged(f"{type(error).__name__}: {error}")
