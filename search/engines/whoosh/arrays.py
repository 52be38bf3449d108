"""Named arrays in one file: written once, read in place, every byte checked.

The arrays stand one after the other; behind them a directory in JSON says where each is
and gives a checksum of every 64 KiB of it; the last bytes say where the directory is
and give its own checksum. Reading maps the file into memory and checks a block when it
is first touched, so opening costs the same for ten documents and for a million, and a
query pays for what it reads and no more.
"""

import json
import mmap
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

Rule: TypeAlias = Callable[[Array, int, int], bool]
"""Tells of an array whether all is well with the numbers from one place to another."""

_BLOCK = 1 << 16
_ALIGNMENT = 64
_MAGIC = b"DRGARR01"
_NUMBERS = re.compile(r"[<>|][biuf][1248]")
_END = struct.Struct("<QII8s")  # where the directory is, its size, its checksum


class Damage(Exception):
    """The file is not what was written."""


def write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write *arrays* to a new file; nothing is on disk before it is flushed."""
    entries = {}
    for name, array in arrays.items():
        file.write(bytes(-file.tell() % _ALIGNMENT))
        content = np.ascontiguousarray(array).view(np.uint8).data
        sums = [
            crc32(content[at : at + _BLOCK]) for at in range(0, len(content), _BLOCK)
        ]
        entries[name] = [array.dtype.str, file.tell(), len(array), sums]
        file.write(content)
    directory = json.dumps(entries, separators=(",", ":")).encode("ascii")
    start = file.tell()
    file.write(directory)
    file.write(_END.pack(start, len(directory), crc32(directory), _MAGIC))


class ArrayFile:
    """The arrays of a file. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Map the file into memory; it stays readable if its name goes.

        Raises:
            Damage: it is not such a file, or it was cut short.
            OSError: it cannot be opened.
        """
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise Damage(f"{path.name} is empty") from None
        self._name = path.name
        try:
            start, size, checksum, magic = _END.unpack(self._map[-_END.size :])
        except struct.error:
            raise Damage(f"{path.name} is cut short") from None
        directory = self._map[start : start + size]
        if magic != _MAGIC or crc32(directory) != checksum:
            raise Damage(f"{path.name} is cut short or has a damaged directory")
        self._arrays: dict[str, Array] = {}
        self._sums: dict[str, list[int]] = {}
        self._checked: dict[str, bytearray] = {}
        self._rules: dict[str, Rule] = {}
        for name, (kind, offset, count, sums) in json.loads(directory).items():
            if not _NUMBERS.fullmatch(kind):
                raise Damage(f"“{name}” in {path.name} is no array of numbers")
            self._arrays[name] = np.frombuffer(self._map, kind, count, offset)
            self._sums[name] = sums
            self._checked[name] = bytearray(-(-self._arrays[name].nbytes // _BLOCK))
            if len(sums) != len(self._checked[name]):
                raise Damage(f"“{name}” in {path.name} is not as long as its checksums")

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the arrays."""
        return iter(self._arrays)

    def kind(self, name: str) -> str:
        """The type of the numbers in an array: a letter and how many bytes."""
        return self._of(name).dtype.str[1:]

    def length(self, name: str) -> int:
        """How many numbers an array has."""
        return len(self._of(name))

    def keep(self, name: str, rule: Rule) -> None:
        """Take for damage what breaks a rule, wherever it is first read."""
        self._of(name)
        self._rules[name] = rule

    def __getitem__(self, name: str) -> Array:
        """Return a whole array.

        Raises:
            Damage: it is not what was written.
        """
        return self.part(name, 0, self.length(name))

    def verify(self) -> None:
        """Read it all.

        Raises:
            Damage: it is not what was written.
        """
        for name in self._arrays:
            self[name]

    def part(self, name: str, start: int, stop: int) -> Array:
        """Return a part of an array.

        Raises:
            Damage: it is not what was written, or has no such part.
        """
        array = self._of(name)
        if not 0 <= start <= stop <= len(array):
            raise Damage(f"“{name}” in {self._name} has no part {start} to {stop}")
        size = array.itemsize
        first, end = start * size // _BLOCK, -(-stop * size // _BLOCK)
        if self._checked[name].find(0, first, end) >= 0:
            self._check(name, first, end)
        return array[start:stop]

    def _of(self, name: str) -> Array:
        if name not in self._arrays:
            raise Damage(f"{self._name} has no “{name}”")
        return self._arrays[name]

    def _check(self, name: str, first: int, end: int) -> None:
        array, rule = self._arrays[name], self._rules.get(name)
        content, size = array.view(np.uint8).data, array.itemsize
        checked, sums = self._checked[name], self._sums[name]
        for block in range(first, end):
            if not checked[block]:
                at = block * _BLOCK
                if crc32(content[at : at + _BLOCK]) != sums[block]:
                    raise Damage(f"the checksum of “{name}” in {self._name} is wrong")
                last = min(len(array), (at + _BLOCK) // size)
                if rule and not rule(array, at // size, last):
                    raise Damage(f"“{name}” in {self._name} has impossible numbers")
                checked[block] = 1
