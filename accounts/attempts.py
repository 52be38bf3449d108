"""How often signing in may be tried.

Each attempt is written down before the password is looked at, so that many at once
count too, and in the database, so that all processes count the same. What succeeds is
taken out again. Three limits hold: for a name from one address, for an address, and for
a name from everywhere. Whoever tries to shut somebody out by the last of them does not:
an address that the account has signed in from is not counted against it.
"""

import hmac
import time
from ipaddress import IPv6Address, IPv6Network, ip_address

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.passwords import (
    hash_password,
    is_outdated,
    is_password,
    no_password,
)
from accounts.people import find_account, key_of
from errors import Busy
from models import Account, SignIn, SignInAttempt

SHORT, LONG = 15 * 60, 24 * 3600
"""In seconds: what is counted together, and what is remembered."""

MOST_FOR_BOTH = 5
"""Attempts within SHORT for one name from one address."""
MOST_FOR_ADDRESS = 20
"""Attempts within SHORT from one address."""
MOST_FOR_NAME = 100
"""Attempts within LONG for one name: NIST SP 800-63B allows no more in a row."""
MOST_KEPT = 20_000
"""Attempts that are remembered; beyond them the oldest are forgotten."""


class TooOften(Busy):
    """Signing in was tried too often; tried again later, it works."""

    status = 429
    retry_after = SHORT


def begin_attempt(session: Session, name: str, address: str, key: bytes) -> int:
    """Write an attempt down; commit before the password is looked at.

    Args:
        name: as it was typed.
        key: what names are hashed with: a secret of this installation.

    Returns:
        Its number.

    Raises:
        TooOften: no more attempts are taken now. Nothing was written.
    """
    now = int(time.time())
    network = _network(address)
    hashed = _hashed(name, key)
    mine = SignInAttempt.name == hashed
    here = SignInAttempt.address == network
    recent = SignInAttempt.at > now - SHORT
    _forget(session, now)
    if (
        _count(session, mine, here, recent) >= MOST_FOR_BOTH
        or _count(session, here, recent) >= MOST_FOR_ADDRESS
        or (
            _count(session, mine) >= MOST_FOR_NAME
            and not _knows(session, name, address, now)
        )
    ):
        raise TooOften(
            "Signing in was tried too often. Try again in 15 minutes; if it was not "
            "you, tell whoever runs this site."
        )
    attempt = SignInAttempt(name=hashed, address=network, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def verify(session: Session, name: str, password: str) -> Account | None:
    """The account that name and password belong to; None, after the same time."""
    account = find_account(session, name)
    kept = no_password() if account is None else account.password_hash
    good = is_password(kept, password)
    return account if good and account is not None and not account.disabled else None


def succeed(
    session: Session, account: Account, number: int, address: str, password: str
) -> None:
    """Forget the attempts before a sign-in; hash the password anew if that is due."""
    attempt = session.get(SignInAttempt, number)
    if attempt is not None:
        session.execute(
            sa.delete(SignInAttempt).where(
                SignInAttempt.name == attempt.name,
                SignInAttempt.address == _network(address),
            )
        )
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)


def _forget(session: Session, now: int) -> None:
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at <= now - LONG))
    newest = (
        sa.select(SignInAttempt.id)
        .order_by(SignInAttempt.id.desc())
        .offset(MOST_KEPT - 1)
        .limit(1)
        .scalar_subquery()
    )
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id <= newest))


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    found = session.scalar(sa.select(sa.func.count()).where(*conditions))
    return found or 0


def _knows(session: Session, name: str, address: str, now: int) -> bool:
    """Whether an account has lately signed in from an address."""
    known = (
        sa.exists()
        .where(SignIn.account_id == Account.id)
        .where(Account.key == key_of(name))
        .where(SignIn.address == address)
        .where(SignIn.ends > now)
    )
    return session.scalar(sa.select(known)) is True


def _hashed(name: str, key: bytes) -> str:
    return hmac.digest(key, key_of(name).encode("utf-8", "replace"), "sha256").hex()


def _network(address: str) -> str:
    """Whose address it is: of IPv6, one customer has 2^64 and more."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, 64), strict=False))
    return str(found)
