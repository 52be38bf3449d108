"""How our documents lie in Whoosh: its schema, its writer, and reading its segments.

The analyser's terms are indexed as they are, with their positions; Whoosh analyses
nothing. What is not text is a plain value or a column. The parts of Whoosh that are not
public stay in this module, and its version is pinned.
"""

import os
import pickle
import struct
import zlib
from array import array
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

from whoosh import columns, formats
from whoosh import fields as whoosh_fields
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.reading import CorruptIndexError, SegmentReader, TermNotFound
from whoosh.writing import PostingPool, SegmentWriter

from errors import Unavailable
from search.analysis import postings, stemmed_language
from search.engines import Document
from search.engines.evaluation import OPEN_END, OPEN_START, pack_days, pack_places
from search.fields import FIELDS, SCORED, Match

#: How much memory the postings of one commit may take before they go to disk, in MB.
POOL_MEGABYTES = 256

#: The fields with words; `subject` is not stemmed, its labels are compared as written.
WORD_FIELDS = (*SCORED, "subject")

#: The fields with values, as documents hold them.
VALUE_FIELDS = tuple(
    dict.fromkeys(
        field.reads for field in FIELDS if field.match not in (Match.WORDS, Match.DATE)
    )
)


_Postings: TypeAlias = Generator[tuple[bytes, int, float, bytes], Any, None]


class _Places(formats.Format):
    """Postings with packed positions."""

    posting_size = -1


class _Presence(formats.Format):
    """Postings that say no more than that there is one."""

    posting_size = 0


class _Terms(whoosh_fields.FieldType):
    """A field that takes ready terms with their positions."""

    def __init__(self) -> None:
        self.format = _Places()

    def index(self, value: dict[str, list[int]], **_: Any) -> _Postings:
        for term, places in value.items():
            yield term.encode(), len(places), 1.0, pack_places(places)


class _Values(whoosh_fields.FieldType):
    """A field that takes values as they are, and may keep the first in a column."""

    def __init__(self, column: columns.Column | None = None) -> None:
        self.format = _Presence()
        self.column_type = column

    def index(self, value: Sequence[str], **_: Any) -> _Postings:
        return ((text.encode(), 1, 1.0, b"") for text in value)

    def to_column_value(self, value: Sequence[str]) -> bytes:
        return value[0].encode()


def _number(default: int = 0) -> whoosh_fields.COLUMN:
    return whoosh_fields.COLUMN(columns.NumericColumn("i", default=default))


def _schema() -> whoosh_fields.Schema:
    columns_of_lengths = {f"{field}_length": _number() for field in SCORED}
    return whoosh_fields.Schema(
        id=_Values(columns.VarBytesColumn()),
        owner=_Values(),
        language=_Values(),
        earliest=_number(OPEN_END),
        latest=_number(OPEN_START),
        digest=whoosh_fields.COLUMN(columns.FixedBytesColumn(8)),
        **columns_of_lengths,
        **{field: _Terms() for field in WORD_FIELDS},
        **{field: _Values() for field in VALUE_FIELDS},
    )


class _Storage(FileStorage):
    """A folder in which a file has reached the disk before it takes its name.

    It knows the files that were opened: Whoosh forgets those that prove damaged.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opened: list[StructFile] = []

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        file: StructFile = super().open_file(name, **kwargs)
        self._opened.append(file)
        return file

    def close_files(self) -> None:
        for file in self._opened:
            if not file.is_closed:
                file.close()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        flush(Path(self.folder) / oldname)
        super().rename_file(oldname, newname, safe)
        flush(Path(self.folder))


class _Pool(PostingPool):
    """Whoosh's pool of postings without its checks of every posting."""

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        self.currentsize += 160 + 2 * len(item[1]) + len(item[4])
        if self.currentsize > self.limit:
            self.save()
        self.current.append(item)


class _Writer(SegmentWriter):
    """Whoosh's writer, made durable: a segment is on disk before it is in the table."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, limitmb=POOL_MEGABYTES)
        self.pool = _Pool(self._tempstorage, self.newsegment, limitmb=POOL_MEGABYTES)

    def _commit_toc(self, segments: list[Any]) -> None:
        for segment in segments:
            for name in segment.list_files(self.storage):
                flush(Path(self.storage.folder) / name)
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        clean_files(self.storage, self.indexname, self.generation, segments)


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
    storage = _Storage(str(folder))
    with _closing_on_error(storage):
        return FileIndex(storage, _schema())


def latest_commit(folder: Path) -> int:
    """Return the number of the last commit of the index in *folder*; -1 for none."""
    return int(TOC._latest_generation(_Storage(str(folder)), "MAIN"))


def open_segments(index: FileIndex) -> list[SegmentReader]:
    """Open the segments of the index's last commit.

    Raises:
        Unavailable: they cannot be read.
    """
    with _closing_on_error(index.storage):
        leaves = [leaf for leaf, _ in index.reader().leaf_readers()]
    return [leaf for leaf in leaves if leaf.segment() is not None]


@contextmanager
def _closing_on_error(storage: Any) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a damaged pickle may raise anything
        storage.close_files()
        raise damaged(error) from error


def writer(index: FileIndex) -> _Writer:
    """Open a writer; nobody else has one while it is open."""
    return _Writer(index)


def fields_of(document: Document) -> dict[str, Any]:
    """Return what the schema takes of a document."""
    fields: dict[str, Any] = {
        key: value for key, value in document.values.items() if value
    }
    texts = {
        "text": document.text,
        "title": document.title,
        "subject": tuple((label, None) for label in document.subjects),
    }
    languages: set[str | None] = set()
    for name, parts in texts.items():
        if not parts:
            continue
        fields[name], length = postings(parts)
        languages.update(stemmed_language(language) for _, language in parts)
        if name in SCORED:
            fields[f"{name}_length"] = length
    earliest, latest = pack_days(document.dated, document.earliest, document.latest)
    return fields | {
        "id": (document.id,),
        "owner": (document.owner,),
        "kind": (document.kind.value,),
        "language": tuple(sorted(filter(None, languages))),
        "earliest": earliest,
        "latest": latest,
        "digest": document.digest(),
    }


P = ParamSpec("P")
T = TypeVar("T")

_DAMAGE = (
    CorruptIndexError,
    OSError,
    EOFError,
    pickle.UnpicklingError,
    struct.error,
    zlib.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    MemoryError,
)


def damaged(error: Exception) -> Unavailable:
    """Say that the index cannot be read, and what to do."""
    return Unavailable(
        f"The search index is damaged ({type(error).__name__}: {error}). "
        "`dragoman reindex` builds it anew."
    )


def _reads(method: Callable[P, T]) -> Callable[P, T]:
    """Report whatever goes wrong while Whoosh's files are read as damage."""

    @wraps(method)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except _DAMAGE as error:
            raise damaged(error) from error

    return reading


class WhooshSegment:
    """A segment of the index, with what was read of it.

    *cache* outlives the segment's deletions: nothing else in a segment ever changes.
    Not for two threads at once, since Whoosh's files have one place to read from.
    """

    def __init__(self, reader: SegmentReader, cache: dict[str, Any]) -> None:
        self._reader = reader
        self._cache = cache
        self.memo: dict[str, Any] = {}
        self._deleted = frozenset(reader.deleted_docs_set)
        self.live = frozenset(range(reader.doc_count_all())) - self._deleted

    def close(self) -> None:
        """Close its files."""
        self._reader.close()

    @_reads
    def places(self, field: str, term: str) -> dict[int, bytes]:
        """Return the live documents with a term, and its packed positions in each."""
        found: dict[int, bytes] = {}
        for ids, values in self._blocks(field, term):
            found.update(zip(ids, values, strict=True))
        for doc in self._deleted & found.keys():
            del found[doc]
        return found

    @_reads
    def holding(self, field: str, value: str) -> frozenset[int]:
        """Return the live documents whose field holds a value."""
        found: set[int] = set()
        for ids, _ in self._blocks(field, value):
            found.update(ids)
        return frozenset(found) - self._deleted

    def _blocks(
        self, field: str, term: str
    ) -> Iterator[tuple[Sequence[int], Sequence[bytes]]]:
        """Read postings block by block, five times as fast as one by one."""
        encoded = term.encode()
        try:
            matcher = self._reader._terms.matcher(
                field, encoded, self._reader.schema[field].format
            )
        except TermNotFound:
            return
        if not isinstance(matcher, W3LeafMatcher):
            raise CorruptIndexError(f"unexpected postings of {field}:{term}")
        while matcher.is_active():
            matcher._read_ids()
            matcher._read_values()
            yield matcher._ids or (), matcher._values or ()
            matcher._next_block()

    @_reads
    def terms(self, field: str) -> Sequence[str]:
        """Return all terms or values of a field, sorted."""
        return self._once(
            f"terms {field}",
            lambda: sorted(text.decode() for text in self._reader.lexicon(field)),
        )

    @_reads
    def values(self, field: str) -> Sequence[tuple[str, ...]]:
        """Return the values of a field, for each document."""

        def inverted() -> list[tuple[str, ...]]:
            found: list[tuple[str, ...]] = [()] * self._reader.doc_count_all()
            for value in self.terms(field):
                for ids, _ in self._blocks(field, value):
                    for doc in ids:
                        found[doc] += (value,)
            return found

        return self._once(f"values {field}", inverted)

    @_reads
    def lengths(self, field: str) -> Sequence[int]:
        """Return how many words a field has, for each document."""
        return self._numbers(f"{field}_length")

    @_reads
    def days(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the earliest and the latest day of each document."""
        return self._numbers("earliest"), self._numbers("latest")

    @_reads
    def ids(self) -> Sequence[str]:
        """Return the id of each document."""
        return self._once(
            "ids", lambda: [packed.decode() for packed in self._column("id")]
        )

    @_reads
    def digests(self) -> Sequence[bytes]:
        """Return the digest of each document."""
        return list(self._column("digest"))

    def _numbers(self, name: str) -> "array[int]":
        return self._once(name, lambda: array("i", self._column(name)))

    def _column(self, name: str) -> Any:
        """Read a column; a document without a value has the column's default."""
        reader = self._reader.column_reader(name, translate=False)
        return (reader[doc] for doc in range(self._reader.doc_count_all()))

    def _once(self, name: str, read: Callable[[], T]) -> T:
        if name not in self._cache:
            self._cache[name] = read()
        found: T = self._cache[name]
        return found
