"""The SQL console: one page that needs no script, and its JSON.

A query is part of the address, so that a result can be sent to somebody. A query that
is refused or stopped is answered on the same page, below the words that were typed.
"""

from dataclasses import replace

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from errors import BadRequest, DragomanError, Refused
from formats.spreadsheets import csv_text
from queries.parameters import Parameter, read, text
from queries.sql import LONGEST_QUERY, SqlResult, run_sql, sql_limits, why_sql_is_off
from queries.views import EXAMPLES, VIEWS
from web import settings
from web.errors import let_retry
from web.slots import slot

ROWS_ON_THE_PAGE = 500
"""A browser is slow with more; the downloads hold all."""

QUERY = Parameter(
    name="query",
    help="One SELECT.",
    takes=replace(text(LONGEST_QUERY), longest=None),  # `run_sql` says it
    required=True,
)

blueprint = Blueprint("console", __name__)
api = Blueprint("console_api", __name__, url_prefix="/api/v1")


@blueprint.get("/sql")
def page() -> Response:
    """Show the console, and the answer if there is a query; `format=csv` downloads."""
    _check_switched_on()
    query = request.args.get("query", "").replace("\r\n", "\n")
    form = request.args.get("format", "html")
    if form not in {"html", "csv"}:
        raise BadRequest('format: expected "html" or "csv".', field="format")
    if form == "csv":
        return _csv(_run(query))
    result: SqlResult | None = None
    error: DragomanError | None = None
    if query.strip():
        try:
            result = _run(query)
        except DragomanError as fault:
            error = fault
    response = make_response(
        render_template(
            "console/page.html",
            query=query,
            result=result,
            error=error,
            off=why_sql_is_off(settings()),
            limits=sql_limits(settings()),
            views=VIEWS,
            examples=EXAMPLES,
            shown=ROWS_ON_THE_PAGE,
        )
    )
    if error:
        response.status_code = error.status
        let_retry(response, error)
    return response


@api.get("/sql")
def answer() -> Response:
    """Answer `?query=` with columns and rows."""
    _check_switched_on()
    given = read((QUERY,), request.args.to_dict(flat=False)).strictly()
    return jsonify(_run(given.one("query", "")).as_dict())


def _check_switched_on() -> None:
    if not settings().sql_console:
        raise Refused(
            "The SQL console is switched off on this site (DRAGOMAN_SQL_CONSOLE). "
            "`dragoman sql` answers on the machine itself."
        )


def _run(query: str) -> SqlResult:
    with slot("sql"):
        return run_sql(settings(), query)


def _csv(result: SqlResult) -> Response:
    response = Response(csv_text(result.columns, result.rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="dragoman.csv"'
    if result.truncated:
        # A program cannot see a sentence on the page; a file cannot hold one.
        response.headers["X-Dragoman-Truncated"] = result.truncated
    return response
