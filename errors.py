"""The errors that Dragoman raises on purpose; everything else is a bug.

Each carries one plain sentence for people (`detail`) and the HTTP status that the
web answers with. The command line prints the sentence and exits non-zero; the page and
the JSON API render the same object. This module imports only the
words that errors are made of.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wording import none_called, printable, quoted

_LONGEST_FIELD = 320


class DragomanError(Exception):
    """Something a user can understand and, usually, put right."""

    status = 400

    def __init__(
        self, detail: str, status: int | None = None, *, public: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.public = detail if public is None else public
        """What anybody may read, where `detail` names a place on this machine."""
        if status is not None:
            self.status = status


class BadRequest(DragomanError):
    """The request cannot be understood; `field` and `position` say where.

    `position` counts characters of the field's value from 0; it is the start unless
    said otherwise.
    """

    status = 400

    def __init__(
        self, detail: str, *, field: str | None = None, position: int | None = None
    ) -> None:
        super().__init__(detail)
        self.field = field
        self.position = 0 if position is None and field is not None else position


class Refused(DragomanError):
    """Understood, and not allowed."""

    status = 403


class NotFound(DragomanError):
    """No record has this name."""

    status = 404


def no_such(kind: str, slug: str, nearest: str | None = None) -> NotFound:
    """Make the error for a slug that nothing of a kind has, with the nearest if any."""
    remedy = f" The nearest is {nearest}." if nearest else ""
    return NotFound(f"{none_called(kind, slug)}.{remedy}")


class Conflict(DragomanError):
    """The request contradicts what is already recorded."""

    status = 409


class Unavailable(DragomanError):
    """Something Dragoman needs is missing or busy; the sentence names the remedy."""

    status = 503


class Busy(Unavailable):
    """As many do this already as may at once; asked again soon, it works."""

    retry_after = 5
    """In how many seconds to ask again."""


class Rebuilding(Unavailable):
    """Missing now, and made anew by a running server without anybody's help."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with some input: where it stands and what was expected there."""

    place: str
    line: int | None
    field: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        """Return one line, whatever file, field and value hold."""
        place = printable(self.place)
        parts = [place if self.line is None else f"{place}, line {self.line}"]
        if self.field is not None:
            parts.append(printable(self.field[-_LONGEST_FIELD:]))
        if self.value is not None:
            parts.append(quoted(self.value))
        return f"{': '.join(parts)}: expected {self.expected}"


class InputFaults(DragomanError):
    """Input that was refused as a whole, with every fault found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
