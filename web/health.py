"""`/healthz`: whether this installation can answer, for whoever watches over it."""

from flask import Blueprint, Response, jsonify

from web import health_checks

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Answer 200 if everything works; else 503, and for each part what is wrong."""
    found = {name: check() for name, check in health_checks().items()}
    well = not any(found.values())
    parts = {name: fault or "ok" for name, fault in found.items()}
    response = jsonify(status="ok" if well else "unavailable", **parts)
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response
