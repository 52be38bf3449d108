"""Signing in and out.

Who cannot sign in is told the same, whatever was wrong. What somebody was about to send
is shown again once they have signed in.
"""

import logging
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug import Response as AnyResponse

from accounts.attempts import begin_attempt, succeed, verify
from accounts.people import account_of
from accounts.sessions import (
    begin_sign_in,
    end_sign_in,
    find_sign_in,
)
from errors import DragomanError, Refused
from web import kept, open_to_write, session, settings
from web.cookies import cookie, drop_cookie, set_cookie
from web.errors import answer, let_retry, told
from web.identity import become, is_bearer, people_sign_in, signed_in, why_not
from web.links import here
from web.local import (
    ADDRESS,
    KEY,
    begin_local_session,
    local_session,
    why_not_from_here,
    why_not_local,
)
from web.secret import make_secret
from web.slots import slot
from web.writers import Role, SignInFirst, StaleForm, requires

log = logging.getLogger("dragoman")

accounts = Blueprint("accounts", __name__)

_WRONG = "Name and password do not belong together, or the account is disabled."


def ask_to_sign_in(app: Flask) -> None:
    """Make `app` show the form to sign in where it is needed."""

    @app.errorhandler(SignInFirst)
    def first(error: SignInFirst) -> AnyResponse:
        if _asked_by_program():
            response = answer(error.status, error.detail)
            response.headers["WWW-Authenticate"] = 'Bearer realm="Dragoman"'
            return response
        if request.method in ("GET", "HEAD"):
            back = kept.here_only(request.full_path.rstrip("?"))
            return redirect(f"{here('/sign-in')}?{_next(back)}", 303)
        return _form(form=kept.keep(), status=401)

    @app.errorhandler(StaleForm)
    def stale(error: StaleForm) -> Response:
        found = kept.keep()
        if found is None:
            return answer(
                error.status, f"{error.detail} Load the page again, and send it again."
            )
        return _again(found, error.detail, error.status)


def keep_nothing(response: Response) -> Response:
    """Have no browser and no proxy keep a page of an account."""
    response.headers["Cache-Control"] = "no-store"
    return response


accounts.after_request(keep_nothing)


@accounts.get(ADDRESS)
def use_key() -> AnyResponse:
    """Take the key of `?key=`, and give this browser the cookie of the local user."""
    if reason := why_not() or why_not_local(settings()) or why_not_from_here():
        raise Refused(f"No key is taken here: {reason}.")
    if people_sign_in():
        raise Refused("There are accounts here now: sign in with yours at `/sign-in`.")
    response = redirect(here("/"), 303)
    if local_session() is None:
        begin_local_session(response, request.args.get(KEY, ""))
    return response


@accounts.get("/sign-in")
def sign_in_page() -> AnyResponse:
    """Show the form; who is signed in already goes on."""
    back = kept.here_only(request.args.get("next", "/"))
    if signed_in() is not None:
        return redirect(here(back), 303)
    if not people_sign_in():
        raise Refused(why_not() or "Nobody has an account here, so nobody signs in.")
    return _form(back=back)


@accounts.post("/sign-in")
def sign_in() -> AnyResponse:
    """Sign somebody in, or say that it was not possible."""
    if not people_sign_in():
        raise Refused("Nobody has an account here, so nobody signs in.")
    form = kept.read(request.form.get(kept.KEPT, ""))
    back = kept.here_only(request.form.get("next", "/"))
    name = request.form.get("name", "")
    try:
        secret = _begin(name, request.form.get("password", ""))
    except DragomanError as error:
        return let_retry(_form(back, form, name, told(error), error.status), error)
    response: AnyResponse
    if form is None:
        response = redirect(here(back), 303)
    else:
        become(secret)
        response = _again(form, f"You are signed in as {name}.", 200)
    set_cookie(response, secret, settings().session_hours * 3600)
    return response


@accounts.post("/sign-out")
@requires(Role.READER)
def sign_out() -> AnyResponse:
    """End this browser's session."""
    found = signed_in()
    if found is not None and found.sign_in_id and found.writer.account_id:
        with open_to_write() as own:
            end_sign_in(own, found.writer.account_id, found.sign_in_id)
            own.commit()
    response = redirect(here("/"), 303)
    drop_cookie(response)
    return response


def _asked_by_program() -> bool:
    """Whether a program asks, or for a file: neither can use a form."""
    return (
        is_bearer()
        or request.path.startswith("/api/")
        or "." in request.path.rpartition("/")[2]
    )


def _begin(name: str, password: str) -> str:
    """Sign somebody in; return what the cookie holds.

    Raises:
        DragomanError: it was tried too often, or name and password are wrong.
    """
    found = verified(name, password)
    if found is None:
        raise Refused(_WRONG)
    with open_to_write() as own:
        account = account_of(own, found)
        before = cookie()
        old = find_sign_in(own, before) if before else None
        if old is not None:
            own.delete(old)
        secret = begin_sign_in(own, account, *whence(), settings().session_hours)
        own.commit()
    return secret


def verified(name: str, password: str) -> int | None:
    """The number of the account that name and password belong to, if there is one.

    The password is looked at outside of any transaction that writes: it takes long.
    """
    address, _ = whence()
    with slot("sign-in"):
        with open_to_write() as own:
            key = make_secret(settings().instance)
            attempt = begin_attempt(own, name, address, key)
            own.commit()
        session().rollback()  # it may be older than a change of the password
        account = verify(session(), name, password)
        if account is None:
            log.warning("an attempt to sign in failed, from %s", address)
            return None
        seen = account.stamp, account.password_hash
        with open_to_write() as own:
            again = account_of(own, account.id)
            if seen != (again.stamp, again.password_hash):
                return None  # changed meanwhile
            succeed(own, again, attempt, address, password)
            number = again.id
            own.commit()
        return number


def whence() -> tuple[str, str]:
    return request.remote_addr or "", request.headers.get("User-Agent", "")


def _next(path: str) -> str:
    return urlencode({"next": path})


def _form(
    back: str = "/",
    form: kept.Kept | None = None,
    name: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    response = make_response(
        render_template(
            "accounts/sign_in.html", back=back, kept=form, name=name, fault=fault
        )
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _again(form: kept.Kept, sentence: str, status: int) -> Response:
    response = make_response(
        render_template("accounts/again.html", kept=form, sentence=sentence)
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
