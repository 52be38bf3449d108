"""How many expensive requests run at once, over all processes that serve an instance.

A slot is a locked file below the instance. The lock belongs to the process that holds
it, so what dies gives its slots back, and a second process counts the same slots as the
first. Whoever comes when all are taken is asked to try again, and pages stay quick.

On a disk that cannot be written to, the instance's folder is locked itself: one slot.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, g, request

from errors import Busy
from queries.filters import DEFAULT_LIMIT
from web import settings

AT_ONCE = {"sql": 2, "export": 2, "analysis": 2, "list": 2, "sign-in": 2}
"""How many requests of a kind run at once. The other threads keep serving pages."""

WORDS = {
    "sql": "SQL queries",
    "export": "exports",
    "analysis": "analyses",
    "list": "long lists",
    "sign-in": "sign-ins",
}

LONG = 2 * DEFAULT_LIMIT
"""Rows from which on a list is a long one."""

_NETWORKS = ("stance_network", "meeting_network")


class Slot:
    """A locked file; `release` may be called more than once."""

    def __init__(self, file: int) -> None:
        self._file: int | None = file

    def release(self) -> None:
        """Give it back."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def take(instance: Path, kind: str) -> Slot:
    """Take a slot of a kind.

    Raises:
        Busy: if all are taken.
    """
    for number in range(AT_ONCE[kind]):
        if slot := _lock(instance, f"{kind}-{number}"):
            return slot
    raise Busy(
        f"Other {WORDS[kind]} are running just now, and no more than {AT_ONCE[kind]} "
        "run at once. Try again in a few seconds."
    )


@contextmanager
def slot(kind: str) -> Iterator[None]:
    """Hold a slot of the installation that answers this request."""
    taken = take(settings().instance, kind)
    try:
        yield
    finally:
        taken.release()


def limit_expensive(app: Flask) -> None:
    """Make `app` hold a slot while it answers what is expensive.

    SQL and the batch search take theirs themselves, when they know what is asked.
    """

    @app.before_request
    def take_slot() -> None:
        if kind := _kind():
            g.dragoman_slot = take(settings().instance, kind)

    @app.after_request
    def hold_while_streaming(response: Response) -> Response:
        # A file that lies ready costs nothing but bytes; lines are made as they go.
        taken: Slot | None = g.get("dragoman_slot")
        if taken and response.is_streamed and not response.direct_passthrough:
            del g.dragoman_slot
            response.response = _holding(taken, response.iter_encoded())
            response.call_on_close(taken.release)  # for a client that leaves at once
        return response

    @app.teardown_request
    def release_slot(_error: BaseException | None) -> None:
        if taken := g.pop("dragoman_slot", None):
            taken.release()


def _kind() -> str | None:
    if request.blueprint == "exports":
        return "export"
    name = (request.endpoint or "").rpartition(".")[2]
    if name in _NETWORKS or request.args.get("format", "html") != "html":
        return None if request.blueprint in ("console", "batch") else "analysis"
    limit = request.args.get("limit", "")
    return "list" if limit.isdecimal() and int(limit[:9]) > LONG else None


def _holding(taken: Slot, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        taken.release()


def _lock(instance: Path, name: str) -> Slot | None:
    folder = instance / "slots"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        file = os.open(instance, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return Slot(file)
