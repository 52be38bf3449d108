"""Who may write, and what a request that writes must carry.

Reading asks for nothing. A route that changes something, and a page made for changing
something, names the role it needs:

    @blueprint.post("/stances")
    @requires(Role.EDITOR)
    def add() -> Response:
        author = writer()  # never None in here

The check stands before the view, and before anything reads the body. It refuses a
request by a method that changes something unless its route names a role or stands in
`READS_ONLY`, so that a route which was forgotten is closed and not open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup
from werkzeug.exceptions import UnsupportedMediaType

from errors import DragomanError, Refused
from models.enums import AccountRole as Role
from web import settings
from web.csrf import FIELD, carries_token, make_token, why_foreign
from web.hosts import why_refused
from web.local import NAME, local_session, why_not_from_here, why_not_local

__all__ = ["Role", "Writer", "requires", "why_not", "writer"]

View = TypeVar("View", bound=Callable[..., Any])

READS_ONLY = {
    "batch.page": "a list of queries is longer than an address may be; nothing changes",
}
"""The endpoints that take a method which usually changes something, and why they do."""

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_NEEDS = "needs_role"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes. The local user has no account."""

    name: str
    role: Role
    account_id: int | None


@dataclass(frozen=True, slots=True)
class _Session:
    writer: Writer
    key: str


def writer() -> Writer | None:
    """Who writes in this request, or None who only reads."""
    found = _session()
    return None if found is None else found.writer


def requires(role: Role) -> Callable[[View], View]:
    """Let only a writer with this role, or a higher one, reach a view."""

    def mark(view: View) -> View:
        setattr(view, _NEEDS, role)
        return view

    return mark


def role_needed(app: Flask, endpoint: str) -> Role | None:
    """The role that a view needs; None of one that anybody reaches."""
    needed: Role | None = getattr(app.view_functions[endpoint], _NEEDS, None)
    return needed


def why_not() -> str | None:
    """Say why nobody can write in this request, or None if somebody may sign in."""
    if settings().editing == "off":
        return "Writing is switched off on this site (DRAGOMAN_EDITING)."
    if reason := why_not_local(settings()) or why_not_from_here():
        return f"Writing is off here: {reason}."
    return None


def init_writers(app: Flask) -> None:
    """Make `app` ask of each request what its route needs, and show who writes."""
    app.jinja_env.globals.update(
        writer=_shown, token_field=token_field, csrf_token=csrf_token
    )

    @app.before_request
    def check() -> None:
        if request.endpoint is None:
            return  # there is no such page, which is what it is about to say
        needed = role_needed(current_app, request.endpoint)
        if needed is not None:
            _check_writer(needed)
        if request.method in UNSAFE and request.endpoint not in READS_ONLY:
            if needed is None:
                raise Refused("This address takes nothing from anybody.")
            _check_form()
            if request.path.startswith("/api/") and not request.is_json:
                raise UnsupportedMediaType

    @app.after_request
    def keep_apart(response: Response) -> Response:
        """Let no cache give one reader's page to another."""
        if "dragoman_writer" in g:
            response.vary.add("Cookie")
            if g.dragoman_writer is not None:
                response.headers["Cache-Control"] = "private, no-cache"
        return response


def csrf_token() -> str:
    """A token for the session of who writes; the empty text for who only reads."""
    found = _session()
    return "" if found is None else make_token(found.key)


def token_field() -> Markup:
    """The hidden field that every form which changes something holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        FIELD, csrf_token()
    )


def _session() -> _Session | None:
    if "dragoman_writer" not in g:
        g.dragoman_writer = _look()
    found: _Session | None = g.dragoman_writer
    return found


def _look() -> _Session | None:
    if why_refused() or why_not():
        return None
    key = local_session()
    return None if key is None else _Session(Writer(NAME, Role.ADMIN, None), key)


def _shown() -> Writer | None:
    """Who writes, for the head of a page; an error page needs a head too."""
    try:
        return writer()
    except DragomanError:
        return None


def _check_writer(needed: Role) -> None:
    if reason := why_not():
        raise Refused(reason)
    found = writer()
    if found is None:
        raise Refused(
            "To write here, open the address with a key that `dragoman serve` printed "
            "when it started. So no other program or user of this machine can write."
        )
    if not found.role.includes(needed):
        raise Refused(
            f"This needs the role {needed.label}, and {found.name} has the role "
            f"{found.role.label}."
        )


def _check_form() -> None:
    if foreign := why_foreign():
        raise Refused(foreign)
    found = _session()
    if found is None or not carries_token(found.key):
        raise Refused(
            "The form is older than your session, so nothing was changed. Go back, "
            "load the page again, and send it once more."
        )
