"""What `dragoman serve` logs, and how its lines look.

A value from outside is quoted as JSON quotes it, so that no request can forge a line.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any


def log_to_stderr(how: str) -> None:
    """Write the log of this process to standard error.

    Args:
        how: one of `settings.LOGS`.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if how == "json" else AsLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    if how != "errors":
        logging.getLogger("dragoman.access").setLevel(logging.INFO)


class AsLines(logging.Formatter):
    """A line of words; a request as time, client, method, address, status, time, id."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        access: dict[str, Any] | None = getattr(record, "access", None)
        if access is None:
            return super().format(record)
        path, query = (_plain(access[name]) for name in ("path", "query"))
        return (
            f"{_moment(record)} {access['remote']} {access['method']} "
            f"{path}{'?' if query else ''}{query} {access['status']} "
            f"{access['ms']} ms {access['id']}"
        )


class AsJson(logging.Formatter):
    """An object in JSON for each line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, Any] = {"at": _moment(record), "level": record.levelname}
        access: dict[str, Any] | None = getattr(record, "access", None)
        if access is not None:
            said |= access
        else:
            said |= {"logger": record.name, "message": record.getMessage()}
            if record.exc_info:
                said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said)


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(text: str) -> str:
    return json.dumps(text)[1:-1].replace(" ", "%20")
