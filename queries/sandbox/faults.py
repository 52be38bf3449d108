"""What a person reads where a query has no answer: one sentence, with the remedy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from errors import BadRequest, DragomanError, Refused, Unavailable
from models.alike import likest
from models.database import damaged
from queries.sandbox import Reply
from queries.views import READ_INSTEAD, VIEWS
from wording import none_called, quoted

MEMORY = 512_000_000
"""Bytes that the process of one query may take; a normal one needs about 30 million."""


class Stopped(DragomanError):
    """The query ran into one of the limits and has no answer."""

    status = 422


@dataclass(frozen=True, slots=True)
class SqlLimits:
    """How long a query may run, and how much it may return."""

    seconds: float
    rows: int
    bytes: int
    memory: int = MEMORY


def fault(reply: Reply, sql: str, limits: SqlLimits, database: str) -> DragomanError:
    """Turn the child's last line into an error; `database` is its address."""
    detail = sentence(reply.detail)
    narrow = "Narrow it with a WHERE, and join views on their keys."
    match reply.end:
        case "time":
            return Stopped(
                f"The query was stopped after {limits.seconds:g} seconds, the limit. "
                f"{narrow}"
            )
        case "processor":
            return Stopped(
                f"The query was stopped: it needed more than the {limits.seconds:g} "
                f"seconds of processor time that it may have. {narrow}"
            )
        case "memory":
            return Stopped(
                f"The query was stopped: it needed more than the "
                f"{limits.memory // 1_000_000:,} MB of memory that it may have. "
                f"{narrow}"
            )
        case "disk":
            return Stopped(
                "The query was stopped: it sorts or joins more rows than its role's "
                "temp_file_limit allows. Narrow it with a WHERE."
            )
        case "server":
            return Stopped(
                f"The query was stopped: the database server said {quoted(detail)}. "
                f"{narrow}"
            )
        case "crash":
            return Stopped(
                "The query ended the process that ran it; nothing else was harmed. "
                "If others end so too, run “dragoman check”."
            )
        case "refused":
            return Refused(
                "A query here is one SELECT (or WITH …, VALUES), which only reads. "
                f"Not allowed: {detail}."
            )
        case "denied":
            return Refused(f"Queries here only read the views. The database: {detail}.")
        case "several":
            return Refused("Several statements at once are not run: send one SELECT.")
        case "unfit":
            return Unavailable(
                f"SQL queries are off: the role in DRAGOMAN_SQL_URL could do more than "
                f"read the views, because {detail}. docs/sql.md shows how to make the "
                "right one."
            )
        case "damaged":
            return damaged(database, detail)
        case "unavailable":
            return Unavailable(
                f"The database cannot be read: {detail}.",
                public="The database cannot be read.",
            )
        case "empty":
            return no_query()
        case "relation" if detail in {view.name for view in VIEWS}:
            return Unavailable(
                f"The database has no view “{detail}”: it is not whole, or another "
                "version's. “dragoman check” says which."
            )
    return BadRequest(
        _mistake(reply.end, detail, sql), field="query", position=reply.position
    )


def no_query() -> BadRequest:
    """Say that nothing was asked, and what could be."""
    return BadRequest(
        "There is no query here. Try: select slug, date, status from meetings",
        field="query",
    )


def sentence(detail: str) -> str:
    """Return a driver's message on one line, without its full stop."""
    return " ".join(detail.split()).rstrip(".")


def _mistake(end: str, detail: str, sql: str) -> str:
    match end:
        case "relation":
            return (
                f"{none_called('view', detail)}.{_nearest_view(detail)} "
                f"The views are {', '.join(view.name for view in VIEWS)}."
            )
        case "column":
            return f"{none_called('column', detail)}.{_nearest_column(detail, sql)}"
        case "parameter":
            return (
                "The query has a parameter, such as ? or $1, and nothing is filled in "
                "here. Write the value itself."
            )
    return f"The database cannot read this query: {detail}."


def _nearest_view(name: str) -> str:
    bare = name.rpartition(".")[2].lower()
    found = READ_INSTEAD.get(bare) or _likest(bare, [view.name for view in VIEWS])
    return f" Read {found} instead." if found else ""


def _nearest_column(name: str, sql: str) -> str:
    """Name the nearest column of the views that the query names, else of all."""
    words = set(re.findall(r"\w+", sql.lower()))
    named = [view for view in VIEWS if view.name in words] or list(VIEWS)
    bare = name.rpartition(".")[2].lower()
    columns = [column.name for view in named for column in view.columns]
    if found := _likest(bare, columns):
        return f" The nearest is {found}."
    if len(named) == 1:
        return f" {named[0].name} has {', '.join(columns)}."
    return ""


def _likest(name: str, known: Sequence[str]) -> str | None:
    place = likest(name, known)
    return None if place is None else known[place]
