"""Who may write, and what a request that writes must carry.

Reading asks for nothing, unless the settings say so. A route that changes something,
and a page made for changing something, names the role it needs:

    @blueprint.post("/stances")
    @requires(Role.EDITOR)
    def add() -> Response:
        author = writer()  # never None in here

The check stands before the view, and before anything reads the body. It refuses a
request by a method that changes something unless its route names a role or stands in
one of the tables below, so that a route which was forgotten is closed and not open.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import UnsupportedMediaType

from errors import DragomanError, Refused
from models.enums import AccountRole as Role
from web import settings
from web.csrf import FIELD, carries_token, make_token, why_foreign
from web.identity import Writer, is_bearer, people_sign_in, signed_in, why_not

__all__ = ["Role", "Writer", "requires", "why_not", "writer"]

View = TypeVar("View", bound=Callable[..., Any])

READS_ONLY = {
    "batch.page": "a list of queries is longer than an address may be; nothing changes",
}
"""Endpoints that take a method which usually changes something, and why they do."""

SIGNS_IN = {
    "accounts.sign_in": "nobody is signed in yet, so no session has a token; the "
    "Origin is asked for",
}
"""Endpoints that need no role and no token, and why."""

OPEN = frozenset(
    {"accounts.sign_in_page", "accounts.use_key", "static"}
    | {"health.healthz", "health.readyz", *SIGNS_IN}
)
"""What is answered to strangers even where reading needs an account."""

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_NEEDS = "needs_role"


class SignInFirst(Refused):
    """Nobody is signed in; who signs in may find what was asked for."""

    status = 401


class StaleForm(Refused):
    """The form comes from a page of this site, and its session has ended."""


def writer() -> Writer | None:
    """Who writes in this request, or None who only reads."""
    found = signed_in()
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


def init_writers(app: Flask) -> None:
    """Make `app` ask of each request what its route needs, and show who writes."""
    app.jinja_env.globals.update(
        writer=_for_the_head(writer, None),
        may_edit=_for_the_head(_may_edit, False),
        people_sign_in=_for_the_head(people_sign_in, False),
        token_field=token_field,
        csrf_token=csrf_token,
    )

    @app.before_request
    def check() -> None:
        endpoint = request.endpoint
        if endpoint is None:
            return  # there is no such page, which is what it is about to say
        changes = request.method in UNSAFE and endpoint not in READS_ONLY
        if is_bearer():
            _check_bearer()
        elif changes and (foreign := why_foreign()):
            raise Refused(foreign)
        needed = role_needed(current_app, endpoint)
        if needed is None and endpoint not in OPEN and settings().readers == "accounts":
            needed = Role.READER
        if needed is not None:
            _check_role(needed)
        if changes:
            _check_change(needed)

    @app.after_request
    def keep_apart(response: Response) -> Response:
        """Let no cache give one reader's page to another."""
        if request.endpoint == "static":
            return response
        if "dragoman_signed_in" in g:
            response.vary.add("Cookie")
            if g.dragoman_signed_in is not None and not response.cache_control.no_store:
                response.headers["Cache-Control"] = "private, no-cache"
        if settings().readers == "accounts":
            response.headers["Cache-Control"] = "no-store"
        return response


def csrf_token() -> str:
    """A token for the session of who writes; the empty text for who only reads."""
    found = signed_in()
    return "" if found is None or found.key is None else make_token(found.key)


def token_field() -> Markup:
    """The hidden field that every form which changes something holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        FIELD, csrf_token()
    )


def _may_edit() -> bool:
    """Whether a page shows the ways to change the record."""
    found = writer()
    return found is not None and found.role.includes(Role.EDITOR)


def _for_the_head(ask: Callable[[], Any], otherwise: Any) -> Callable[[], Any]:
    """What a page's head asks: a page that says what is wrong needs a head too."""

    def answer() -> Any:
        try:
            return ask()
        except (DragomanError, SQLAlchemyError):
            return otherwise

    return answer


def _check_bearer() -> None:
    if signed_in() is None:
        raise SignInFirst(
            "This token is not valid, or has ended. Its owner can make another at "
            "/account."
        )


def _check_role(needed: Role) -> None:
    found = writer()
    if found is not None and found.role.includes(needed):
        return
    if (reason := why_not()) and not (found is None and people_sign_in()):
        raise Refused(reason)
    if found is not None:
        raise Refused(
            f"This needs the role {needed.label}, and {found.name} has the role "
            f"{found.role.label}."
        )
    if people_sign_in():
        raise SignInFirst("Sign in first.")
    raise (StaleForm if request.method in UNSAFE else Refused)(
        "To write here, open the address with a key that `dragoman serve` printed when "
        "it started. So no other program or user of this machine can write."
    )


def _check_change(needed: Role | None) -> None:
    if needed is None:
        if request.endpoint not in SIGNS_IN:
            raise Refused("This address takes nothing from anybody.")
        return
    found = signed_in()
    if not is_bearer() and (
        found is None or found.key is None or not carries_token(found.key)
    ):
        raise StaleForm(
            "The form was opened in another session than the one you write in now, so "
            "nothing was changed."
        )
    if request.path.startswith("/api/") and not request.is_json:
        raise UnsupportedMediaType
