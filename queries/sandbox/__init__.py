"""Running one query in a child process, and what its last line means.

`child` does the work and explains why there is a child at all. Here is the parent's
part: start it with nothing in its environment, keep the clock, kill it when the time
is over, and turn the way it ended into a result or an error of ours.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from errors import Unavailable

# The child finds its own files by this folder, and nothing else of ours.
_CHILD = "import sys; sys.path.append(sys.argv[1]); from child.run import main; main()"
_HERE = Path(__file__).parent

# What a cell of an answer may hold: what JSON can carry.
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Request:
    """One query and the limits it runs under."""

    backend: str
    database: str
    sql: str
    views: list[str]
    seconds: float
    rows: int
    bytes: int
    memory: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the child wrote, and how it ended.

    `end` is `done`; `rows` or `bytes` where the answer was cut there; `time`,
    `processor` or `memory` where there is none; or a fault, with its `detail`.
    """

    end: str
    detail: str
    position: int | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    seconds: float
    bytes: int


# The kernel's limit of time; its memory killer, or a library that found none left.
_BY_SIGNAL: dict[int, str] = {
    signal.SIGXCPU: "processor",
    signal.SIGKILL: "memory",
    signal.SIGABRT: "memory",
}


def ask(request: Request) -> Reply:
    """Run `request` in a child; it is gone when this returns, whatever happened."""
    # PostgreSQL's driver lies in site-packages; SQLite's child does without.
    flags = ["-I", "-S"] if request.backend == "sqlite" else ["-I"]
    fields = {name: getattr(request, name) for name in request.__slots__}
    started = time.monotonic()
    # S603 warns of words from outside in a command line: all of these are ours, and
    # what the user wrote goes in by standard input.
    with subprocess.Popen(  # noqa: S603
        [sys.executable, *flags, "-X", "utf8", "-c", _CHILD, str(_HERE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={},
        start_new_session=True,
    ) as child:
        try:
            written, complaint = child.communicate(
                json.dumps(fields).encode(), timeout=request.seconds
            )
        except subprocess.TimeoutExpired:
            return _without_rows("time", request.seconds)
        finally:
            child.kill()
    seconds = time.monotonic() - started
    lines = written.splitlines()
    if child.returncode < 0:
        return _without_rows(_BY_SIGNAL.get(-child.returncode, "crash"), seconds)
    if child.returncode > 0 or not lines:
        raise Unavailable(
            "The process that runs SQL queries failed: "
            + (complaint.decode(errors="replace").strip().rpartition("\n")[2] or "?")
        )
    ending = json.loads(lines.pop())
    columns, *rows = (tuple(json.loads(line)) for line in lines or [b"[]"])
    return Reply(
        end=ending["end"],
        detail=ending.get("detail", ""),
        position=ending.get("position"),
        columns=columns,
        rows=tuple(rows),
        seconds=seconds,
        bytes=sum(map(len, lines)) + len(lines),
    )


def _without_rows(end: str, seconds: float) -> Reply:
    return Reply(end, "", None, (), (), seconds, 0)
