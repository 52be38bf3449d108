"""What a proxy in front says of a request, and where below its root the site is.

Anybody can send `X-Forwarded-Host` and its like. They count only if the request comes
from an address of DRAGOMAN_PROXIES; of several values the last counts, which that proxy
wrote itself. The prefix ends up in `request.script_root`, which every link begins with.

A proxy may also name the request (`X-Request-ID`), so that its log and ours can be read
together; a request that nobody named gets a name at random.
"""

import re
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from uuid import uuid4

from settings import PREFIX, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


REQUEST_ID = "dragoman.request_id"
"""Where `environ` has the name of a request."""

_A_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def follow_proxies(environ: "WSGIEnvironment", settings: Settings) -> None:
    """Put into `environ` what the reader asked for, where a trusted proxy says it."""
    prefix = settings.prefix
    environ[REQUEST_ID] = uuid4().hex[:16]
    if _is_trusted(environ.get("REMOTE_ADDR", ""), settings):
        if address := _forwarded(environ, "FOR"):
            environ["REMOTE_ADDR"] = address
        if (scheme := _forwarded(environ, "PROTO")) in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        if host := _forwarded(environ, "HOST"):
            environ["HTTP_HOST"] = host
        if _A_NAME.fullmatch(name := environ.get("HTTP_X_REQUEST_ID", "")):
            environ[REQUEST_ID] = name
        path = _forwarded(environ, "PREFIX")
        if re.fullmatch(PREFIX, path):
            prefix = prefix or path
    if prefix:
        _move(environ, prefix)


def _is_trusted(address: str, settings: Settings) -> bool:
    try:
        found = ip_address(address)
    except ValueError:  # a socket in the file system has no address
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in settings.proxies)


def _forwarded(environ: "WSGIEnvironment", what: str) -> str:
    values: str = environ.get(f"HTTP_X_FORWARDED_{what}", "")
    return values.rpartition(",")[2].strip()


def _move(environ: "WSGIEnvironment", prefix: str) -> None:
    """Put the prefix where WSGI has it, whether or not a proxy took it off the path."""
    environ["SCRIPT_NAME"] = prefix
    path: str = environ.get("PATH_INFO", "")
    if path == prefix or path.startswith(f"{prefix}/"):
        environ["PATH_INFO"] = path.removeprefix(prefix)
