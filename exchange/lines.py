"""Read JSON Lines: one object a line, packed or not, however damaged the file is."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from errors import DragomanError
from exchange.report import Progress, no_progress

LONGEST_LINE = 32_000_000
"""Bytes in one line at most; a longer one is refused and passed over."""

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
    number = 0
    try:
        total = path.stat().st_size
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            if path.suffix == ".gz" and not packed:
                yield Line(1, b"", "a gzip file")
                return
            lines: BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
            while content := lines.readline(LONGEST_LINE + 1):
                number += 1
                if len(content) > LONGEST_LINE:
                    _skip_line(lines)
                    expected = f"a line of at most {LONGEST_LINE:,} bytes"
                    yield Line(number, b"", expected)
                else:
                    yield Line(number, content)
                progress(raw.tell(), total)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Line(number + 1, b"", f"a whole gzip file ({error})")
    except OSError as error:
        reason = error.strerror or str(error)
        if number == 0:
            raise DragomanError(f"{path} cannot be read: {reason}", 404) from error
        yield Line(number + 1, b"", f"a readable file ({reason})")


def _skip_line(lines: BufferedIOBase) -> None:
    while (rest := lines.readline(1_000_000)) and not rest.endswith(b"\n"):
        pass


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
    except ValueError as error:
        raise error if isinstance(error, NotRead) else NotRead("JSON") from error
    if not isinstance(data, dict):
        raise NotRead("a JSON object, one a line")
    return data


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise NotRead("each key of an object once")
    return data


def _no_constant(name: str) -> Any:
    raise NotRead(f"JSON, which knows no {name}")
