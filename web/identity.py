"""Whose request it is: of a browser with our cookie, of a program with a token.

Three ways, of which a site has one. Where an account exists, or the settings ask for
accounts, people sign in. Without any, whoever sits at the machine may be the local
user. Or nobody writes. A request with `Authorization: Bearer` is the token's, whatever
cookies come along.
"""

from dataclasses import dataclass
from hashlib import sha256

from flask import g, request

from accounts.people import has_accounts
from accounts.sessions import find_sign_in, find_token
from models.enums import AccountRole
from web import session, settings
from web.cookies import cookie
from web.hosts import why_refused
from web.local import NAME, local_session, why_not_from_here, why_not_local


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, with the rights of now. The local user has no account."""

    name: str
    role: AccountRole
    account_id: int | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A writer, with what the request came by.

    `key` is what tokens of forms are signed for, and no secret; a program has none.
    """

    writer: Writer
    key: str | None = None
    sign_in_id: int | None = None


def signed_in() -> SignedIn | None:
    """Whose request this is, or None of a reader nobody knows."""
    if "dragoman_signed_in" not in g:
        g.dragoman_signed_in = None if why_refused() else _look()
    found: SignedIn | None = g.dragoman_signed_in
    return found


def become(value: str) -> None:
    """Be, for the rest of this request, who has just signed in with a cookie."""
    session().rollback()  # what it sees is older than the sign-in
    g.dragoman_signed_in = _by_cookie(value)


def is_bearer() -> bool:
    """Whether a program asks, with a token."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def people_sign_in() -> bool:
    """Whether people sign in here: the settings ask for it, or an account exists."""
    if "dragoman_people" not in g:
        chosen = settings()
        g.dragoman_people = "accounts" in (chosen.editing, chosen.readers) or (
            chosen.editing != "off" and has_accounts(session())
        )
    return bool(g.dragoman_people)


def why_not() -> str | None:
    """Say why nobody can write in this request, or None if somebody may."""
    if settings().editing == "off":
        return "Writing is switched off on this site (DRAGOMAN_EDITING)."
    if people_sign_in():
        return None
    if reason := why_not_local(settings()) or why_not_from_here():
        return (
            f"Writing is off here: {reason}, and there is no account. `dragoman "
            "account add NAME --role editor` makes one."
        )
    return None


def _look() -> SignedIn | None:
    if is_bearer():
        return _by_token(request.headers["Authorization"].partition(" ")[2].strip())
    value = cookie()
    if value is None:
        return None
    if people_sign_in():
        return _by_cookie(value)
    if why_not():
        return None
    key = local_session()
    if key is None:
        return None
    return SignedIn(Writer(NAME, AccountRole.ADMIN, None), f"local {key}")


def _by_cookie(value: str) -> SignedIn | None:
    found = find_sign_in(session(), value)
    if found is None:
        return None
    account = found.account
    return SignedIn(
        Writer(account.name, _rights(account.role), account.id),
        f"account {sha256(value.encode()).hexdigest()}",
        found.id,
    )


def _by_token(text: str) -> SignedIn | None:
    found = find_token(session(), text)
    if found is None:
        return None
    account = found.account
    lower = found.role if account.role.includes(found.role) else account.role
    return SignedIn(Writer(account.name, _rights(lower), account.id))


def _rights(role: AccountRole) -> AccountRole:
    """What somebody may do now: where writing is off, everybody reads."""
    return AccountRole.READER if settings().editing == "off" else role
