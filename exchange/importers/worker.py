"""Reads files in a process of its own, which is replaced when one kills it.

A process for each file would cost a start of half a second; one for all, without end,
would carry what one file broke to the next. So one reads on until it fails.
"""

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exchange.importers.document import Document, Given, Unreadable
from exchange.importers.kinds import KINDS, Kind

SECONDS = 120.0
"""How long one file may take."""
_LARGEST_ANSWER = 512_000_000
INSTALL = "make documents"


@dataclass(frozen=True)
class ReadFile:
    """A file that was read: its kind, the SHA-256 of its bytes, and what it holds.

    `items` is what a file of records holds, whose document is empty; None if it is read
    elsewhere.
    """

    kind: Kind
    sha256: str
    document: Document
    items: dict[str, Any] | None = None


class Reader:
    """Reads files one after the other; use it as a context manager."""

    def __init__(self, given: Given, seconds: float = SECONDS) -> None:
        self.given = given
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, path: Path, kind: str | None = None) -> ReadFile:
        """Read a file; `kind` says what it is, if it is not to be looked at.

        Raises:
            Unreadable: with what was expected instead, be it a package.
        """
        request = {
            "path": str(path.absolute()),
            "as": kind,
            "encoding": self.given.encoding,
            "keep_lines": self.given.keep_lines,
            "sheet": self.given.sheet,
        }
        answer = self._ask(json.dumps(request).encode() + b"\n")
        if "missing" in answer:
            what = KINDS[answer["kind"]].label if answer["kind"] else "it"
            raise Unreadable(
                f"the package {answer['missing']}, which reads {what}: `{INSTALL}` "
                "installs it"
            )
        if "expected" in answer:
            raise Unreadable(answer["expected"])
        document = Document.of(answer["document"])
        kind_ = KINDS[answer["kind"]]
        return ReadFile(kind_, answer["sha256"], document, answer["items"])

    def _ask(self, request: bytes) -> dict[str, Any]:
        process = self._process or self._start()
        requests, answers = process.stdin, process.stdout
        try:
            if requests is None or answers is None:
                raise BrokenPipeError
            requests.write(request)
            requests.flush()
            line = self._line(answers.fileno())
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            self._end()
            raise Unreadable(
                "a file that can be read (it made the reading process fail: fetch or "
                "save it again, or as another kind)"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _line(self, descriptor: int) -> bytes:
        """Return what is answered within the time, a line or as far as it came."""
        until = time.monotonic() + self.seconds
        parts: list[bytes] = []
        size = 0
        while (left := until - time.monotonic()) > 0:
            if not select.select([descriptor], [], [], left)[0]:
                break
            part = os.read(descriptor, 1 << 20)
            parts.append(part)
            size += len(part)
            if not part or part.endswith(b"\n") or size > _LARGEST_ANSWER:
                return b"".join(parts)
        self._end()
        raise Unreadable(
            f"a file that can be read in {self.seconds:g} seconds (split it)"
        )

    def _start(self) -> subprocess.Popen[bytes]:
        # -I: nothing of the folder in which the files lie is ever imported.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-m", "exchange.importers.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.communicate()
