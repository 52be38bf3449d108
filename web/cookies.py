"""The one cookie of this site: it says which session a request belongs to.

Who only reads never gets it. No script can read it, and no other site can have it sent
with a form. Its name is another for each installation, because browsers keep one jar
for all ports of a machine.
"""

from hashlib import sha256

from flask import request
from werkzeug import Response

from web import settings
from web.secret import make_secret, read_secret

_PREFIX = "dragoman_"


def cookie() -> str | None:
    """What this request's cookie holds, unverified; None without one."""
    if not any(_PREFIX in name for name in request.cookies):
        return None  # a reader's request costs no look at the disk
    secret = read_secret(settings().instance)
    return None if secret is None else request.cookies.get(_name(secret))


def set_cookie(response: Response, value: str, max_age: int) -> None:
    """Give the browser a cookie for so many seconds."""
    response.set_cookie(
        _name(make_secret(settings().instance)),
        value,
        max_age=max_age,
        path=_path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response) -> None:
    """Take the cookie away again."""
    name = _name(make_secret(settings().instance))
    response.delete_cookie(
        name, path=_path(), secure=request.is_secure, httponly=True, samesite="Lax"
    )


def cookie_name(secret: bytes) -> str:
    """What the cookie is called; over TLS, `__Host-` stands before it."""
    return _PREFIX + sha256(b"the name of the cookie" + secret).hexdigest()[:12]


def _name(secret: bytes) -> str:
    # Browsers take a cookie of such a name over TLS and for a whole site only, so that
    # no site below or beside this one can give us one of theirs.
    whole = request.is_secure and not request.script_root
    return f"{'__Host-' if whole else ''}{cookie_name(secret)}"


def _path() -> str:
    return f"{request.script_root}/"
