"""What the child does: read a request, run it, say how it ended."""

import json
import sys
from typing import Any

from .answer import Request, Stop, write_line


def main() -> None:
    """Read the request, run it, and always write the line that says how it ended."""
    request: Request = json.load(sys.stdin.buffer)
    try:
        ending: dict[str, Any] = {"end": _run(request)}
    except Stop as stop:
        ending = stop.ending
    except MemoryError:
        ending = {"end": "memory"}
    write_line(ending)


def _run(request: Request) -> str:
    # One of the two only: each import is time that every query waits for.
    if request["backend"] == "sqlite":
        from .sqlite import query
    else:
        from .postgresql import query
    return query(request)
