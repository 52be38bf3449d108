"""Which names this site answers to.

A page of somebody else may have its own name point at this machine, and its script may
then read from us whatever the reader's browser can reach (DNS rebinding). Such a
request still carries that name in its Host header, so a name that nobody configured is
refused. The check stands before Flask, which fails on a malformed Host without sending
any of our headers; the refusal itself is an error page like any other.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.sansio.utils import host_is_trusted

from errors import BadRequest
from wording import quoted

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_REFUSED = "dragoman.refused_host"


def check_host(environ: "WSGIEnvironment", hosts: Sequence[str]) -> None:
    """Note in `environ` why its Host is refused, unless it is loopback or in `hosts`.

    What is refused is replaced, so that nothing is made from it.
    """
    if sentence := _fault(environ, (*LOOPBACK, *hosts)):
        environ[_REFUSED] = sentence
    if sentence or "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = LOOPBACK[0]


def refuse_hosts(app: Flask) -> None:
    """Make `app` answer 400 where `check_host` noted something.

    The pages of the blueprint `health` answer whoever asks: a load balancer asks by
    number. They ask `why_refused`, and say no more than whether all is well.
    """

    @app.before_request
    def refuse() -> None:
        if (sentence := why_refused()) and request.blueprint != "health":
            raise BadRequest(sentence, field="Host")


def why_refused() -> str | None:
    """The sentence that says why the Host of this request is refused, or None."""
    sentence: str | None = request.environ.get(_REFUSED)
    return sentence


def name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    return re.sub(r":\d+$", "", host.lower())


def _fault(environ: "WSGIEnvironment", names: Sequence[str]) -> str | None:
    host = environ.get("HTTP_HOST")
    if host is None:
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
            return None  # older than Host, and than every browser
        return "The request has no Host header, and HTTP/1.1 needs one."
    if not host_is_trusted(host):  # two Host headers arrive with a comma between
        return f"Host is {quoted(host)}, expected one name, with or without a port."
    if not _is_among(name_of(host), names):
        return (
            f"This site does not answer to the name {quoted(host)}. Whoever runs it "
            "can add the name to DRAGOMAN_HOSTS."
        )
    return None


def _is_among(name: str, names: Sequence[str]) -> bool:
    # Werkzeug's own comparison takes what follows a colon in `[::1]` for a port.
    return name in names or any(
        one.startswith(".") and name.endswith(one) for one in names
    )
