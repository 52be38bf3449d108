"""The table of contents of an index: JSON, where Whoosh would write a pickle.

An index is copied from machine to machine, and whoever reads a pickle runs what it
says. So nothing here is ever unpickled: a table of contents is text, each value of it
is checked, and its last line is a checksum of the others, because a single wrong bit in
the numbers of deleted documents would bring one of them back.

It has Whoosh's own name, so that Whoosh finds the last one and removes the earlier.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from whoosh.index import TOC

from search.engines.whoosh.arrays import Damage

#: Whoosh's name for an index in a folder that has no other.
INDEX_NAME = "MAIN"

_NEW = ".new"
_SEGMENT = re.compile(r"[0-9a-z]{16}")


@dataclass(frozen=True)
class Part:
    """A segment, as the table of contents knows it."""

    name: str
    """What its file is called: sixteen letters and digits."""
    size: int
    """How many documents it has, deleted ones among them."""
    deleted: frozenset[int]
    """The numbers of those that are deleted."""


@dataclass(frozen=True)
class Contents:
    """What one commit of an index consists of."""

    generation: int
    """The number of the commit, from 0."""
    token: str | None
    """Which state of the database the commit follows (see `search.engine`)."""
    parts: tuple[Part, ...]


def file_name(generation: int) -> str:
    """Return the name of the file with a table of contents."""
    return str(TOC._filename(INDEX_NAME, generation))


def latest(folder: Path) -> int:
    """Return the number of the last commit in a folder; -1 for none."""
    return int(TOC._latest_generation(os.listdir(folder), INDEX_NAME))


def write(folder: Path, contents: Contents) -> None:
    """Write a table of contents; it is on disk when this returns, or is not there."""
    text = json.dumps(
        {
            "generation": contents.generation,
            "token": contents.token,
            "segments": [
                [part.name, part.size, sorted(part.deleted)] for part in contents.parts
            ],
        },
        separators=(",", ":"),
    )
    body = text.encode("ascii") + b"\n"
    path = folder / file_name(contents.generation)
    made = path.with_suffix(_NEW)
    with made.open("wb") as file:
        file.write(body + b"%08x\n" % crc32(body))
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    flush(folder)


def clean(folder: Path) -> None:
    """Remove what is left of a table of contents that could not be written."""
    for path in folder.glob(f"*{_NEW}"):
        path.unlink(missing_ok=True)


def read(folder: Path) -> Contents:
    """Read the last table of contents in a folder.

    Raises:
        Damage: there is none, or it is not what was written.
        OSError: it cannot be opened; a writer may have put the next in its place.
    """
    generation = latest(folder)
    if generation < 0:
        raise Damage(f"{folder.name} has no table of contents")
    name = file_name(generation)
    content = (folder / name).read_bytes()
    body, checksum = content[:-9], content[-9:]
    if b"%08x\n" % crc32(body) != checksum:
        raise Damage(f"the checksum of {name} is wrong")
    try:
        contents = _contents(json.loads(body))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Damage(f"{name} is no table of contents: {error}") from error
    if contents.generation != generation:
        raise Damage(f"{name} is that of commit {contents.generation}")
    return contents


def _contents(said: Any) -> Contents:
    token = said["token"]
    if not (token is None or isinstance(token, str)):
        raise TypeError("its token is no text")
    parts = tuple(_part(*segment) for segment in said["segments"])
    if len({part.name for part in parts}) < len(parts):
        raise ValueError("a segment comes twice")
    return Contents(_number(said["generation"]), token, parts)


def _part(name: object, size: object, deleted: Iterable[object]) -> Part:
    if not (isinstance(name, str) and _SEGMENT.fullmatch(name)):
        raise ValueError("a segment has no plain name")
    part = Part(name, _number(size), frozenset(map(_number, deleted)))
    if max(part.deleted, default=-1) >= part.size:
        raise ValueError("a document is deleted that a segment does not have")
    return part


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a number is none")
    return value


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
