"""Writing by whoever sits at this machine, without an account.

Only where nobody else can be meant: the site listens on loopback, and nothing is set
that a site for others has. A proxy in front makes every visitor a loopback one, so each
request is looked at too. Other users and programs of the machine reach loopback as
well; so `dragoman serve` prints an address with a key that works once, and who opens it
gets the cookie that writing needs.
"""

import secrets
import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from flask import request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug import Response

from errors import Refused, Unavailable
from settings import Settings
from web import settings
from web.cookies import cookie, set_cookie
from web.hosts import LOOPBACK, name_of
from web.secret import make_secret, read_secret

NAME = "local user"
"""What the history calls who writes without an account."""

KEY = "key"
"""The parameter with the key, which no log may hold."""

ADDRESS = "/sign-in/local"

LONGEST_SESSION = 30 * 24 * 3600
"""In seconds; then the server is started again, which prints a new key."""

_OLDEST_KEY = 24 * 3600
_KEYS = "keys"
_FORWARDED = ("Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip")


def why_not_local(settings: Settings) -> str | None:
    """Say which setting makes this a site for others, or return None."""
    if not _is_loopback(settings.host):
        return f"the site listens on {settings.host}, where others can reach it"
    for variable, value in (
        ("DRAGOMAN_HOSTS", settings.hosts),
        ("DRAGOMAN_PROXIES", settings.proxies),
        ("DRAGOMAN_PREFIX", settings.prefix),
    ):
        if value:
            return f"{variable} is set, so the site is for others too"
    return None


def why_not_from_here() -> str | None:
    """Say why this request may come from elsewhere than this machine, or None."""
    if not _is_loopback(request.remote_addr or ""):
        return "the request comes from another machine"
    if name_of(request.environ.get("HTTP_HOST", "")) not in LOOPBACK:
        return "the request is not for a loopback name"
    for name in request.headers.keys():
        if name.title() in _FORWARDED or name.title().startswith("X-Forwarded-"):
            return f"the request came through a proxy (it has the header {name})"
    return None


def make_key(instance: Path) -> str:
    """Make a key that signs one browser in, once, whichever process is asked.

    What is kept of it is a file named by its hash; who removes the file has used it.

    Raises:
        Unavailable: the instance folder cannot be written.
    """
    make_secret(instance)
    key = secrets.token_urlsafe(24)
    path = _file_of(instance, key)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        for old in path.parent.iterdir():
            if time.time() - old.stat().st_mtime > _OLDEST_KEY:
                old.unlink(missing_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise Unavailable(
            f"The key for writing cannot be kept in {path.parent}: {error.strerror}."
        ) from error
    return key


def local_session() -> str | None:
    """Which session of the local user this request's cookie stands for, if any."""
    value = cookie()
    secret = read_secret(settings().instance) if value else None
    if value is None or secret is None:
        return None
    try:
        return _signer(secret).unsign(value, LONGEST_SESSION).decode("ascii")
    except BadSignature:
        return None


def begin_local_session(response: Response, key: str) -> None:
    """Use up a key, and give the browser the cookie of the local user.

    Raises:
        Refused: it is no key, or has been used.
    """
    _use(key)
    secret = make_secret(settings().instance)
    value = _signer(secret).sign(secrets.token_urlsafe(16)).decode("ascii")
    set_cookie(response, value, LONGEST_SESSION)


def _use(key: str) -> None:
    if request.method != "HEAD":  # a look ahead must not use the key up
        try:
            _file_of(settings().instance, key).unlink()
            return
        except OSError:
            pass
    raise Refused(
        "This key is not valid, or has been used. `dragoman serve` prints an address "
        "with a new one when it starts."
    )


def _file_of(instance: Path, key: str) -> Path:
    return instance / _KEYS / sha256(key.encode("utf-8", "replace")).hexdigest()


def _signer(secret: bytes) -> TimestampSigner:
    return TimestampSigner(
        secret, salt="dragoman local", key_derivation="hmac", digest_method=sha256
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
