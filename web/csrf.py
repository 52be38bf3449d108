"""Whether a request that changes something comes from a page of ours.

A browser sends our cookie with every request to us, whoever made the page that the
request comes from. So such a request must name this site as its `Origin`, which no page
can forge, and carry a token which only our own pages can read. Either would do; a fault
in one is then no hole.

A token is random and signed for the session that it is made in. It has no time limit: a
form may stay open over lunch, and what ends it is the end of the session.
"""

import secrets

from flask import request
from itsdangerous import BadSignature, Signer

from web import settings
from web.secret import make_secret, signer
from wording import quoted

FIELD = "csrf_token"
"""The name of the field of a form that holds the token."""

HEADER = "X-CSRF-Token"
"""The header that holds it where a script sends the request."""


def make_token(session_key: str) -> str:
    """Make a token for a session; another one each time, so that none can be guessed
    from the lengths of compressed pages."""
    nonce = secrets.token_urlsafe(16)
    return _signer(session_key).sign(nonce).decode("ascii")


def carries_token(session_key: str) -> bool:
    """Whether this request carries a token of this session."""
    token = request.headers.get(HEADER) or request.form.get(FIELD, "")
    try:
        _signer(session_key).unsign(token)
    except BadSignature:
        return False
    return True


def why_foreign() -> str | None:
    """Say why this request comes from no page of this site, or return None."""
    own = f"{request.scheme}://{request.host}".lower()
    origin = request.headers.get("Origin")
    if origin is None:
        return (
            "The request does not say which page it comes from (it has no Origin "
            "header), so nothing was changed. A program sends “Authorization: Bearer” "
            "with a token instead."
        )
    if origin.lower() != own:
        return (
            f"The request comes from a page of {quoted(origin[:200])}, and this site "
            f"is {quoted(own)}, so nothing was changed. Behind a proxy, DRAGOMAN_HOSTS "
            "and DRAGOMAN_PROXIES say what its name is."
        )
    return None


def _signer(session_key: str) -> Signer:
    return signer(make_secret(settings().instance), f"form {session_key}")
