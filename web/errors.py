"""What a reader sees when something is refused, missing or broken.

A person gets a page with one plain sentence and a search box; a program, that is
whoever asks below `/api/`, gets the same sentence as JSON. What we did not foresee is
logged with its traceback and answered without it.
"""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from errors import BadRequest, Busy, DragomanError

log = logging.getLogger("dragoman")

HEADINGS = {
    400: "That cannot be read",
    401: "Sign in first",
    403: "That is not allowed",
    404: "There is no such page",
    405: "That cannot be done here",
    408: "That took too long",
    409: "That contradicts the record",
    413: "That is too long",
    414: "That is too long",
    415: "That cannot be read",
    429: "That was too often",
    500: "Something broke here",
    503: "Not available just now",
}
SENTENCES = {
    404: "Nothing stands at this address. It may be misspelt; searching may find it.",
    405: "This address can only be read.",
    408: "The request did not arrive in the time that this site waits.",
    413: "The request is longer than this site reads.",
    414: "The address is longer than this site reads.",
    415: "This address reads JSON: a body with `Content-Type: application/json`.",
    431: "The headers of the request are longer than this site reads.",
    500: "The fault is ours and has been written to the log.",
}
#: Says in a sentence what is wrong with the database, if it is not our own mistake.
Explain = Callable[[Exception], DragomanError | None]


def handle_errors(app: Flask, explain: Explain) -> None:
    """Answer every error of `app` with a page, or with JSON below `/api/`."""

    @app.errorhandler(DragomanError)
    def ours(error: DragomanError) -> Response:
        extra: dict[str, Any] = {}
        if isinstance(error, BadRequest):
            extra = {"field": error.field, "position": error.position}
        return let_retry(answer(error.status, told(error), **extra), error)

    @app.errorhandler(HTTPException)
    def theirs(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or 300 <= status < 400:
            return make_response(error.get_response())
        response = answer(status, SENTENCES.get(status, error.description or ""))
        if allow := error.get_response().headers.get("Allow"):
            response.headers["Allow"] = allow
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        if explained := explain(error):
            return ours(explained)
        log.exception("%s %s", request.method, request.path)
        return answer(500, SENTENCES[500])


def told(error: DragomanError) -> str:
    """What a reader is told of an error; a place on this machine goes to the log."""
    if error.public != error.detail:
        log.warning("%s %s: %s", request.method, request.path, error.detail)
    return error.public


def let_retry(response: Response, error: DragomanError) -> Response:
    """Say when to ask again, if an error passes by itself."""
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def answer(
    status: int, detail: str, title: str | None = None, **extra: Any
) -> Response:
    """Say `detail` to whoever asked: a page for people, JSON for programs."""
    title = title or HEADINGS.get(status, "That did not work")
    if request.path.startswith("/api/"):
        body = {"status": status, "title": title, "detail": detail, **extra}
        response = jsonify(error={k: v for k, v in body.items() if v is not None})
    else:
        response = make_response(
            render_template("error.html", heading=title, sentence=detail, status=status)
        )
    response.status_code = status
    return response
