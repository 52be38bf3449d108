"""The record as files of other programs: `/export/stances.csv` and the like.

Lines are sent as they are read, so that a large view costs no memory; only Parquet,
whose index stands at its end, is written to a file first.
"""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile

from flask import Blueprint, Response, request, send_file, stream_with_context

from errors import BadRequest, NotFound, quoted
from exchange.export.annotations import annotations
from exchange.export.citations import bibtex, csl
from exchange.export.ftm import entities
from exchange.export.views import csv_lines, read_view, write_parquet
from queries.filters import refused
from queries.views import VIEWS
from web import session

exports = Blueprint("exports", __name__, url_prefix="/export")

Pieces = Callable[[], Iterator[str]]
_COLUMNS = {view.name: [column.name for column in view.columns] for view in VIEWS}
_FORMATS = ("csv", "parquet")

#: Files that are no view: what makes them, and what they are.
_FILES: dict[str, tuple[Pieces, str]] = {
    "sources.bib": (lambda: bibtex(session()), "application/x-bibtex"),
    "sources.csl.json": (
        lambda: csl(session()),
        "application/vnd.citationstyles.csl+json",
    ),
    "annotations.jsonld": (
        lambda: annotations(session(), request.url_root),
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    ),
    "entities.ftm.json": (
        lambda: entities(session(), request.url_root),
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
        return _stream(make(), mimetype, name)
    view, _, form = name.rpartition(".")
    if view not in _COLUMNS:
        known = ", ".join(f"{each}.csv" for each in _COLUMNS)
        others = ", ".join(_FILES)
        raise NotFound(
            f"There is no export {quoted(name)}; there are {known}, {others}."
        )
    if form not in _FORMATS:
        raise refused("format", form, f"one of {', '.join(_FORMATS)}")
    columns = _COLUMNS[view]
    if form == "csv":
        lines = csv_lines(columns, read_view(session(), view, columns))
        return _stream(lines, "text/csv; charset=utf-8; header=present", name)
    file = TemporaryFile()  # closed by the response
    write_parquet(session(), view, columns, file)
    file.seek(0)
    return send_file(
        file,
        mimetype="application/vnd.apache.parquet",
        as_attachment=True,
        download_name=name,
    )


def _stream(pieces: Iterator[str], mimetype: str, name: str) -> Response:
    response = Response(stream_with_context(pieces), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
