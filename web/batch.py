"""The batch search: a list of names or queries in, a table of hits out.

A list is longer than an address may be, so this page, and no other, takes a form by
POST. It only reads, and says the same to everybody: a request that another page forges
learns and changes nothing.
"""

from itertools import chain, islice

from flask import Blueprint, Response, g, render_template, request

from errors import BadRequest
from formats.spreadsheets import csv_lines
from queries.search.batch import COLUMNS, LONGEST_LINE, MOST_LINES, BatchRow, read_lines
from web import each, settings
from web.slots import slot, take

ROWS_ON_THE_PAGE = 500
"""A browser is slow with more; the CSV holds all."""

MOST_BLANK = 20_000
"""Characters of white space beside the lines that the form shows again."""

PAGE_SECONDS = 3
"""For how long a page is searched for; the CSV is sent as it is found."""

blueprint = Blueprint("batch", __name__)


@blueprint.route("/search/batch", methods=["GET", "POST"])
def page() -> Response | str:
    """Show the form and, if lines are given, what each of them finds."""
    given = request.form if request.method == "POST" else request.args
    names = "\n".join(given.getlist("names"))
    form = given.get("format", "html")
    if form not in ("html", "csv"):
        raise BadRequest('format: expected "html" or "csv".', field="format")
    lines = read_lines(names)
    if form == "csv":
        return _as_csv(lines)
    typed = "\n".join(line for _, line in lines)
    if len(names) > len(typed) + MOST_BLANK:
        names = typed
    rows: list[BatchRow] = []
    if lines:
        with slot("analysis"):
            rows = list(each(lines[:ROWS_ON_THE_PAGE], PAGE_SECONDS))
    return render_template(
        "search/batch.html",
        names=names,
        rows=rows,
        lines=len(lines),
        most=MOST_LINES,
        longest=LONGEST_LINE,
    )


def _as_csv(lines: list[tuple[int, str]]) -> Response:
    """Send each row as soon as it is found; what is wrong is said before the first."""
    if lines:
        g.dragoman_slot = take(
            settings().instance, "analysis"
        )  # until the last is sent
    rows = each(lines)
    first = list(islice(rows, 1))
    cells = (row.cells() for row in chain(first, rows))
    response = Response(csv_lines(COLUMNS, cells), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="batch.csv"'
    return response
