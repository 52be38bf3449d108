"""`/healthz`: whether this installation can answer, for whoever watches over it."""

from flask import Blueprint, Response, jsonify

from errors import DragomanError
from web import Check, health_checks
from web.hosts import why_refused

health = Blueprint("health", __name__)

OK = "ok"


@health.get("/healthz")
def healthz() -> Response:
    """Answer 200 if everything works; else 503, and for each part what is wrong.

    Under a name that the site does not answer to, the status alone.
    """
    parts = {name: _look(check) for name, check in health_checks().items()}
    well = set(parts.values()) == {OK}
    shown = {} if why_refused() else parts
    response = jsonify(status=OK if well else "unavailable", **shown)
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _look(check: Check) -> str:
    try:
        check()
    except DragomanError as error:
        return error.public
    return OK
