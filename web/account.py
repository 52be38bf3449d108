"""The page of one's own account: browsers signed in, tokens, the password.

A token is shown once, on the answer that made it; no browser keeps a page of this.
"""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug import Response as AnyResponse

from accounts.passwords import SHORTEST
from accounts.people import account_of, set_password
from accounts.sessions import (
    LONGEST_LABEL,
    LONGEST_TOKEN_DAYS,
    begin_sign_in,
    end_sign_in,
    end_token,
    make_token,
    sign_ins_of,
    tokens_of,
)
from errors import BadRequest, DragomanError, Refused
from web import open_to_write, session, settings
from web.cookies import set_cookie
from web.errors import let_retry, told
from web.identity import become, signed_in
from web.links import here
from web.signing import keep_nothing, verified, whence
from web.writers import Role, requires

account = Blueprint("account", __name__)
account.after_request(keep_nothing)


@account.get("/account")
@requires(Role.READER)
def account_page() -> Response:
    """Show one's own account: the browsers signed in, the tokens, the password."""
    return _page()


@account.post("/account/password")
@requires(Role.READER)
def change_password() -> Response:
    """Change the password, which ends everything but this browser's session."""
    number, name = _own_account()
    given = request.form
    if given.get("password") != given.get("password-again"):
        return _page("The two new passwords are not the same.", 400)
    try:
        if verified(name, given.get("current-password", "")) is None:
            raise Refused("The present password is wrong, so nothing was changed.")
        with open_to_write() as own:
            mine = account_of(own, number)
            set_password(mine, given.get("password", ""))
            secret = begin_sign_in(own, mine, *whence(), settings().session_hours)
            own.commit()
    except DragomanError as error:
        return let_retry(_page(told(error), error.status), error)
    become(secret)
    response = _page(done="The password is changed. All else is signed out.")
    set_cookie(response, secret, settings().session_hours * 3600)
    return response


@account.post("/account/tokens")
@requires(Role.READER)
def add_token() -> Response:
    """Make a token, and show it once."""
    number, _ = _own_account()
    given = request.form
    try:
        role, days = _role(given.get("role", "")), _days(given.get("days", ""))
        with open_to_write() as own:
            token = make_token(
                own, account_of(own, number), given.get("label", ""), role, days
            )
            own.commit()
    except DragomanError as error:
        return _page(told(error), error.status)
    session().rollback()  # what it sees is older than the token
    return _page(token=token)


@account.post("/account/tokens/<int:number>/end")
@requires(Role.READER)
def stop_token(number: int) -> AnyResponse:
    """End a token of one's own."""
    with open_to_write() as own:
        end_token(own, _own_account()[0], number)
        own.commit()
    return redirect(here("/account"), 303)


@account.post("/account/sign-ins/<int:number>/end")
@requires(Role.READER)
def stop_sign_in(number: int) -> AnyResponse:
    """Sign another browser of one's own out."""
    with open_to_write() as own:
        end_sign_in(own, _own_account()[0], number)
        own.commit()
    return redirect(here("/account"), 303)


def _own_account() -> tuple[int, str]:
    """Number and name of the account that asks, in a browser.

    Raises:
        Refused: a program asks, or the local user, who has none.
    """
    found = signed_in()
    if found is None or found.key is None or found.writer.account_id is None:
        raise Refused("This is for who signs in with a name and a password.")
    return found.writer.account_id, found.writer.name


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise BadRequest("Choose a role for the token.", field="role") from None


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise BadRequest("days: expected a whole number.", field="days")
    return int(text)


def _page(
    fault: str = "", status: int = 200, *, done: str = "", token: str = ""
) -> Response:
    found = signed_in()
    number = found.writer.account_id if found else None
    shown = None if number is None else account_of(session(), number)
    response = make_response(
        render_template(
            "accounts/account.html",
            account=shown,
            here_now=found.sign_in_id if found else None,
            sign_ins=sign_ins_of(session(), shown) if shown else (),
            tokens=tokens_of(session(), shown) if shown else (),
            roles=[role for role in Role if shown and shown.role.includes(role)],
            when=_moment,
            shortest=SHORTEST,
            longest_label=LONGEST_LABEL,
            most_days=LONGEST_TOKEN_DAYS,
            fault=fault,
            done=done,
            token=token,
        )
    )
    response.status_code = status
    return response


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
