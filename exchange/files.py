"""Read files that people hand in: regular ones only, and no larger than is stated.

A name may lead to a FIFO that nobody writes to, a device that never ends, or a sparse
file of terabytes. Each is refused before it is opened or read, with one sentence.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from errors import DragomanError

LARGEST_TEXT = 64_000_000
"""Bytes of one document or text file at most."""

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class NotReadable(DragomanError):
    """A file that is not read; `why` says it without the file's name."""

    def __init__(self, path: Path, why: str, status: int = 400) -> None:
        super().__init__(f"{path.name} cannot be read: {why}", status)
        self.why = why


def open_file(path: Path, largest: int | None = None) -> BinaryIO:
    """Open a regular file of at most `largest` bytes; symbolic links are followed.

    Raises:
        NotReadable: there is no such file, it is not a regular one, or it is too large.
    """
    try:
        # Asked before it is opened: merely opening a device can change it.
        _check(path, path.stat(), largest)
        # Without O_NONBLOCK a pipe put there in the meantime would hold us here.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        file = os.fdopen(descriptor, "rb")
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error), 404) from error
    except ValueError as error:
        raise NotReadable(path, "a file's name has no NUL characters") from error
    try:
        _check(path, os.fstat(file.fileno()), largest)
    except NotReadable:
        file.close()
        raise
    return file


def read_bytes(path: Path, largest: int) -> bytes:
    """Return what a regular file of at most `largest` bytes holds.

    Raises:
        NotReadable: there is no such file, it is not a regular one, or it is too large.
    """
    with open_file(path, largest) as file:
        try:
            content = file.read(largest + 1)
        except OSError as error:
            raise NotReadable(path, error.strerror or str(error)) from error
    if len(content) > largest:  # it has grown since it was asked
        raise NotReadable(path, _too_large(largest))
    return content


def file_inside(folder: Path, beside: Path, name: str) -> Path | None:
    """Return the file `name`, seen from the folder `beside`; None outside `folder`.

    A dataset may use links and `..` within itself. What is outside, and an absolute
    name even of a file inside, would be missing on another machine.
    """
    if "\0" in name or Path(name).is_absolute():
        return None
    try:
        file = (beside / name).resolve()
        return file if file.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):  # a link that leads to itself
        return None


def _check(path: Path, status: os.stat_result, largest: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise NotReadable(path, f"it is {kind}, not a regular file")
    if largest is not None and status.st_size > largest:
        raise NotReadable(path, f"{_too_large(largest)} and has {status.st_size:,}")


def _too_large(largest: int) -> str:
    return f"it may have at most {largest:,} bytes"
