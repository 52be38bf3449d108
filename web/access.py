"""A line in the log for each request, when its answer has been sent."""

import logging
import re
import time

from flask import Flask, Response, g, request

from web import settings
from web.forwarding import REQUEST_ID

#: Each record carries `access`, what is known of the request, for who formats it.
log = logging.getLogger("dragoman.access")


_SECRET = re.compile(r"(?i)(^|&)((?:[^=&]*(?:key|token|password)[^=&]*)=)[^&]*")


def log_requests(app: Flask) -> None:
    """Make `app` log each request and send the name that the log knows it by."""

    @app.before_request
    def begin() -> None:
        g.dragoman_began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        name = request.environ[REQUEST_ID]
        response.headers["X-Request-ID"] = name
        if log.isEnabledFor(logging.INFO):
            began = g.get("dragoman_began", time.perf_counter())
            known = {
                "id": name,
                "remote": request.remote_addr or "-",
                "method": request.method,
                "path": request.script_root + request.path,
                "query": _query() if settings().log_queries else "",
                "route": request.url_rule.rule if request.url_rule else "-",
                "status": response.status_code,
            }

            def write() -> None:
                took = round((time.perf_counter() - began) * 1000)
                log.info("request", extra={"access": known | {"ms": took}})

            response.call_on_close(write)  # what is streamed is made until then
        return response


def _query() -> str:
    """What was asked for, without what signs somebody in."""
    return _SECRET.sub(r"\1\2...", request.query_string.decode("ascii", "replace"))
