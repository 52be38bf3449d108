"""The record as files of other programs: `/export/stances.csv` and the like.

Lines are sent as they are read, so that a large view costs no memory; only Parquet and
workbooks, whose index stands at their end, are written to a file first. Such an answer
has a session of its own: the request's is closed before the first line is sent, and a
session that is used again after that would keep its connection for ever.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from flask import Blueprint, Response, request, send_file
from sqlalchemy.orm import Session

from errors import BadRequest, NotFound
from exchange.export.annotations import annotations
from exchange.export.excel import write_excel
from exchange.export.ftm import entities
from exchange.export.views import read_view, write_parquet
from formats.references import FILES
from formats.spreadsheets import csv_lines
from queries.parameters import refused
from queries.references import Reference, source_references
from queries.views import VIEWS
from web import opener, session
from wording import none_called, quoted

exports = Blueprint("exports", __name__, url_prefix="/export")

Make = Callable[[Session], Iterator[str]]
_COLUMNS = {view.name: [column.name for column in view.columns] for view in VIEWS}
_FORMATS = ("csv", "excel.csv", "xlsx", "parquet")
MOST_ROWS_OF_A_WORKBOOK = 100_000
"""How many rows a workbook may have here; a command writes what a sheet holds."""


def _write_workbook(
    session: Session, view: str, columns: Sequence[str], file: IO[bytes]
) -> None:
    write_excel(session, view, columns, file, MOST_ROWS_OF_A_WORKBOOK)


#: What is written to a file first, and what it is.
_WHOLE: dict[str, tuple[Callable[..., None], str]] = {
    "parquet": (write_parquet, "application/vnd.apache.parquet"),
    "xlsx": (
        _write_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def _references(write: Callable[[Iterable[Reference], str], Iterator[str]]) -> Make:
    """What writes all sources as references."""
    return lambda session: write(
        source_references(session), request.url_root.rstrip("/")
    )


#: Files that are no view: what makes them, and what they are.
_FILES: dict[str, tuple[Make, str]] = {
    **{
        f"sources.{ending}": (_references(write), mimetype)
        for ending, (write, mimetype) in FILES.items()
    },
    "annotations.jsonld": (
        lambda session: annotations(session, request.url_root),
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    ),
    "entities.ftm.json": (
        lambda session: entities(session, request.url_root),
        "application/json+ftm",
    ),
}


@exports.get("/<name>")
def export(name: str) -> Response:
    """A view in a format, or one of the other files."""
    for given in request.args:
        raise BadRequest(
            f"{quoted(given)} is not a parameter here: an export is always whole.",
            field=given,
        )
    if name in _FILES:
        make, mimetype = _FILES[name]
        return _stream(make, mimetype, name)
    view, _, form = name.partition(".")
    if view not in _COLUMNS:
        known = ", ".join(f"{each}.csv" for each in _COLUMNS)
        others = ", ".join(_FILES)
        raise NotFound(f"{none_called('export', name)}; there are {known}, {others}.")
    if form not in _FORMATS:
        raise refused("format", form, f"one of {', '.join(_FORMATS)}")
    columns = _COLUMNS[view]
    if form not in _WHOLE:

        def lines(session: Session) -> Iterator[str]:
            rows = read_view(session, view, columns)
            return csv_lines(columns, rows, marked=form == "excel.csv")

        return _stream(lines, "text/csv; charset=utf-8; header=present", name)
    file = TemporaryFile()  # closed by the response
    try:
        write, mimetype = _WHOLE[form]
        write(session(), view, columns, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return send_file(
        file,
        mimetype=mimetype,
        as_attachment=True,
        download_name=name,
    )


def _stream(make: Make, mimetype: str, name: str) -> Response:
    """Send what `make` yields; what is wrong with the database is said beforehand.

    The first piece is often a head for which nothing is read, so the second is read
    too. What breaks after that ends the connection before the answer's end.
    """
    pieces = _with_session(opener(), make)
    first = "".join(islice(pieces, 2))
    response = Response(_after(first, pieces), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _with_session(
    open_session: Callable[[], AbstractContextManager[Session]], make: Make
) -> Iterator[str]:
    with open_session() as session:
        yield from make(session)


def _after(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
