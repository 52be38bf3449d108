"""What the child writes: rows as JSON, within the limits, and how it ended."""

import json
import math
import resource
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

Request = dict[str, Any]

_WRITABLE = (
    1_000_000  # bytes per file: SQLite's own -shm file beside a database in WAL mode
)


class Stop(Exception):
    """The query ends here; `kind` is what the parent turns into an error."""

    def __init__(self, kind: str, detail: str, position: int | None = None) -> None:
        super().__init__(detail)
        self.ending = {"end": kind, "detail": detail, "position": position}


def bound(request: Request) -> None:
    """Ask the kernel for limits; none can be raised again."""
    limits = {
        resource.RLIMIT_AS: request["memory"],
        # The parent's clock comes first; this one works when the parent is gone.
        resource.RLIMIT_CPU: math.ceil(request["seconds"]) + 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: _WRITABLE,
        resource.RLIMIT_NPROC: 0,
    }
    if sys.platform == "darwin":  # cannot bound memory; SQLite's own limit remains
        del limits[resource.RLIMIT_AS]
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def send(request: Request, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write names and rows until done, or until the rows or bytes are used up."""
    left = request["bytes"] - write_line(list(names))
    for number, row in enumerate(rows):
        if number == request["rows"]:
            return "rows"
        if sum(len(value) for value in row if isinstance(value, str | bytes)) > left:
            return "bytes"
        line = encode([plain(value) for value in row])
        if len(line) > left:
            return "bytes"
        sys.stdout.buffer.write(line)
        left -= len(line)
    return "done"


def plain(value: Any) -> Any:
    """Return what JSON can carry without changing its meaning.

    A number with decimals is rounded to the 17 digits that a program reading JSON keeps
    anyway; one that would become infinite or nothing comes as text.
    """
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, Decimal) and value.is_finite():
        if value == value.to_integral_value() and value.adjusted() < 100:
            return int(value)
        near = float(value)
        return near if math.isfinite(near) and near else str(value)
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return str(value)
    return value


def encode(value: Any) -> bytes:
    """Return `value` as one line of JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def write_line(value: Any) -> int:
    """Write one line and return its length."""
    return sys.stdout.buffer.write(encode(value))
