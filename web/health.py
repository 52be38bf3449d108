"""`/healthz` and `/readyz`: whether this installation can answer, for its operator."""

from collections.abc import Mapping

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
    return _answer({name: _look(check) for name, check in health_checks().items()})


@health.get("/readyz")
def readyz() -> Response:
    """Answer 200 if requests should be sent here; else 503, and what is wrong.

    Without its search index the site still answers all but searches, so the index is
    not looked at.
    """
    checks = {name: check for name, check in health_checks().items() if name != "index"}
    return _answer({name: _look(check) for name, check in checks.items()})


def _answer(parts: Mapping[str, str]) -> Response:
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
