"""Read JSON Lines: one object a line, packed or not, however damaged the file is."""

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO

from errors import DragomanError
from exchange.files import NotReadable, open_file
from exchange.report import Progress, no_progress

LONGEST_LINE = 32_000_000
"""Bytes in one line at most; a longer one is refused and passed over."""

LONGEST_SKIPPED = 1_000_000_000
"""Bytes of a line that are passed over at most: a sparse file, or a small packed one,
may have terabytes of them."""

MOST_BLANK = 1_000_000
"""Blank lines in a row at most: a small packed file may have billions of them."""

_Lines = BinaryIO | BufferedIOBase
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Line:
    """A line of the file, or what was wrong with it."""

    number: int
    content: bytes
    fault: str | None = None


def read_lines(path: Path, progress: Progress = no_progress) -> Iterator[Line]:
    """Yield the lines of a file, unpacked if it is packed; never one that is too long.

    A file that breaks off ends with a line that says so.
    """
    number = blank = 0
    try:
        with open_file(path) as raw:
            total = os.fstat(raw.fileno()).st_size
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            if path.suffix == ".gz" and not packed:
                yield Line(1, b"", "a gzip file")
                return
            lines: BinaryIO | BufferedIOBase = (
                gzip.GzipFile(fileobj=raw) if packed else raw
            )
            while content := lines.readline(LONGEST_LINE + 1):
                number += 1
                blank = blank + 1 if len(content) < 3 and content.isspace() else 0
                if blank > MOST_BLANK:
                    expected = (
                        f"at most {MOST_BLANK:,} blank lines in a row (the rest of the "
                        "file was not read)"
                    )
                    yield Line(number, b"", expected)
                    return
                if len(content) > LONGEST_LINE:
                    expected = f"a line of at most {LONGEST_LINE:,} bytes"
                    if not _skip_line(lines):
                        expected += (
                            f" (this one has over {LONGEST_SKIPPED:,}: the rest of the "
                            "file was not read)"
                        )
                        yield Line(number, b"", expected)
                        return
                    yield Line(number, b"", expected)
                else:
                    yield Line(number, content)
                progress(raw.tell(), total)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Line(number + 1, b"", f"a whole gzip file ({error})")
    except NotReadable as error:
        raise DragomanError(f"{path} cannot be read: {error.why}", 404) from error
    except OSError as error:
        reason = error.strerror or str(error)
        if number == 0:
            raise DragomanError(f"{path} cannot be read: {reason}", 404) from error
        yield Line(number + 1, b"", f"a readable file ({reason})")


def _skip_line(lines: _Lines) -> bool:
    """Pass over the rest of a line; tell whether it came to an end."""
    passed = LONGEST_LINE
    while (rest := lines.readline(1_000_000)) and not rest.endswith(b"\n"):
        passed += len(rest)
        if passed > LONGEST_SKIPPED:
            return False
    return True


class NotRead(ValueError):
    """A line that holds no JSON object; the message says what was expected."""


def parse_line(content: bytes) -> dict[str, Any]:
    """Return the JSON object that a line holds.

    Raises:
        NotRead: it holds none.
    """
    try:
        data = json.loads(
            content.rstrip(b"\r\n").decode("utf-8-sig"),
            object_pairs_hook=_keys_once,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        raise NotRead(f"UTF-8 (byte {error.start + 1} of the line is not)") from error
    except json.JSONDecodeError as error:
        raise NotRead(f"JSON ({error.msg}, character {error.pos + 1})") from error
    except RecursionError as error:
        raise NotRead("JSON that is not nested so deeply") from error
    except NotRead:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise NotRead("JSON with numbers that are not so long") from error
    if _SURROGATE.search(content):
        _check_surrogates(data)
    if not isinstance(data, dict):
        raise NotRead("a JSON object, one a line")
    return data


def _check_surrogates(data: Any) -> None:
    """Refuse halves of a character, in keys as in values: no UTF-8 can hold them."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise NotRead(f"text without lone surrogates (it has {half})") from error


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise NotRead("each key of an object once")
    return data


def _no_constant(name: str) -> Any:
    raise NotRead(f"JSON, which knows no {name}")
