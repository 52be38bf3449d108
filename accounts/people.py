"""The accounts themselves: added, found, and changed in what they may do."""

import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.passwords import check_password, hash_password
from errors import BadRequest, Conflict, NotFound
from models import Account
from models.account import LONGEST_NAME
from models.enums import AccountRole
from wording import none_called, quoted

_RESERVED = ("local user", "former account")
"""What the history calls those who have no account, or none any more."""


def has_accounts(session: Session) -> bool:
    """Whether anybody has an account, be it disabled."""
    return session.scalar(sa.select(sa.exists().where(Account.id > 0))) is True


def every_account(session: Session) -> Sequence[Account]:
    """All accounts, by name."""
    return session.scalars(sa.select(Account).order_by(Account.key)).all()


def find_account(session: Session, name: str) -> Account | None:
    """The account that has a name, whatever the case of its letters."""
    key = key_of(name)
    if not key.isprintable():
        return None  # no account's, and PostgreSQL refuses to look for a NUL
    return session.scalar(sa.select(Account).where(Account.key == key))


def account_of(session: Session, number: int) -> Account:
    """The account with a number, which somebody who is signed in has."""
    return session.get_one(Account, number)


def get_account(session: Session, name: str) -> Account:
    """The same.

    Raises:
        NotFound: there is none.
    """
    found = find_account(session, name)
    if found is None:
        raise NotFound(f"{none_called('account', name)}.")
    return found


def add_account(
    session: Session, name: str, role: AccountRole, password: str
) -> Account:
    """Add an account.

    Raises:
        BadRequest: the name or the password cannot be used.
        Conflict: somebody has the name.
    """
    name = check_name(session, name)
    check_password(password, name)
    account = Account(
        name=name,
        key=key_of(name),
        role=role,
        password_hash=hash_password(password),
        disabled=False,
        stamp=1,
    )
    session.add(account)
    session.flush()
    return account


def check_name(session: Session, name: str) -> str:
    """Return a new account's name as it is kept.

    Raises:
        BadRequest: it cannot be one.
        Conflict: somebody has it.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadRequest(
            f"{quoted(name)} is no name of an account: expected 1 to {LONGEST_NAME} "
            "characters that can be printed.",
            field="name",
        )
    if key_of(name).startswith(_RESERVED):
        raise BadRequest(
            f"{quoted(name)} is what the history calls somebody else. Choose another.",
            field="name",
        )
    if find_account(session, name) is not None:
        raise Conflict(f"There is an account {quoted(name)} already.")
    return name


def set_password(account: Account, password: str) -> None:
    """Give an account another password, which ends its sign-ins and its tokens.

    Raises:
        BadRequest: the password cannot be used.
    """
    check_password(password, account.name)
    account.password_hash = hash_password(password)
    account.stamp += 1


def set_role(account: Account, role: AccountRole) -> None:
    """Give an account another role; a lower one ends its sign-ins and its tokens."""
    if not role.includes(account.role):
        account.stamp += 1
    account.role = role


def set_disabled(account: Account, disabled: bool) -> None:
    """Disable an account, which ends its sign-ins and tokens; or enable it again."""
    if disabled and not account.disabled:
        account.stamp += 1
    account.disabled = disabled


def key_of(name: str) -> str:
    """A name as names are compared."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
