"""The headers that every response carries.

No page has an inline script, an inline style or anything from elsewhere, so the policy
can refuse all of it: a marked-up passage that slipped through escaping could still not
run, load, send or be framed. The one script is a file of ours, and asks only us. Who
only reads has no cookie; `web/writers.py` says what a request that writes must carry.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers older than frame-ancestors
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


LONGEST_BODY = 8_000
"""Bytes that a request may bring along, but for the addresses in `LONGER_BODIES`."""

LONGER_BODIES = {
    "/search/batch": 5_000_000,
    "/sign-in": 3_000_000,
    "/sources/new": 20_000_000,
    "/sources/<slug>/code/<name>": 2_000_000,
    "/stances/<slug>/correct": 2_000_000,
}
"""Bytes that a form may have at addresses that take one, as `multipart/form-data`:
5,000 lines of 300 Cyrillic characters hold half of what the batch search takes, and a
quote of 200,000 characters with a long note less than a form of the workbench. Larger
documents are for `dragoman import`: every byte here is kept while a request is read.
Signing in takes along the form that its author was about to send (`web/kept.py`). A
form in the encoding of addresses is three times as long, and two million fields of it
took twelve seconds."""


def secure(app: Flask) -> None:
    """Make `app` send the headers with every response, errors included."""
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY

    @app.before_request
    def bound_body() -> None:
        # Of a body that nobody reads Flask does not ask how long it is.
        longest = LONGEST_BODY
        if request.mimetype == "multipart/form-data":
            rule = request.url_rule.rule if request.url_rule else ""
            longest = LONGER_BODIES.get(rule, LONGEST_BODY)
        request.max_content_length = longest
        request.max_form_memory_size = longest
        if (request.content_length or 0) > longest:
            raise RequestEntityTooLarge

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
