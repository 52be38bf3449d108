"""Sign-ins and tokens: random texts that stand for an account, kept as hashes."""

import secrets
import time
from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from errors import BadRequest, NotFound, Refused
from models import Account, ApiToken, SignIn
from models.enums import AccountRole

MOST_SIGN_INS = 50
MOST_TOKENS = 50
"""Of one account. The oldest sign-in makes room for a new one."""

BEGINNING = "dragoman_"
"""What every token begins with, so that a search for lost secrets finds it."""

LONGEST_TOKEN_DAYS = 366
LONGEST_LABEL = 80
_LONGEST_AGENT = 200


def begin_sign_in(
    session: Session, account: Account, address: str, agent: str, hours: int
) -> str:
    """Sign a browser in; return what its cookie holds, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    now = int(time.time())
    session.execute(
        sa.delete(SignIn).where(
            SignIn.account_id == account.id,
            (SignIn.ends <= now) | (SignIn.stamp != account.stamp),
        )
    )
    rows = session.scalars(
        sa.select(SignIn)
        .where(SignIn.account_id == account.id)
        .order_by(SignIn.began.desc(), SignIn.id.desc())
        .offset(MOST_SIGN_INS - 1)
    )
    for old in rows:
        session.delete(old)
    session.add(
        SignIn(
            account_id=account.id,
            digest=_digest(secret),
            stamp=account.stamp,
            began=now,
            ends=now + hours * 3600,
            address=address,
            agent=agent[:_LONGEST_AGENT],
        )
    )
    session.flush()
    return secret


def find_sign_in(session: Session, secret: str) -> SignIn | None:
    """The sign-in that a cookie stands for, if it is one and has not ended."""
    found = session.scalar(
        sa.select(SignIn)
        .options(joinedload(SignIn.account))
        .where(SignIn.digest == _digest(secret))
    )
    if found is None or found.ends <= time.time():
        return None
    return found if _stands(found, found.account) else None


def sign_ins_of(session: Session, account: Account) -> Sequence[SignIn]:
    """The browsers that an account is signed in with, latest first."""
    return session.scalars(
        sa.select(SignIn)
        .where(
            SignIn.account_id == account.id,
            SignIn.stamp == account.stamp,
            SignIn.ends > int(time.time()),
        )
        .order_by(SignIn.began.desc(), SignIn.id.desc())
    ).all()


def end_sign_in(session: Session, account_id: int, number: int) -> None:
    """Sign a browser of an account out.

    Raises:
        NotFound: the account has no such sign-in.
    """
    _end(session, SignIn, account_id, number)


def make_token(
    session: Session, account: Account, label: str, role: AccountRole, days: int
) -> str:
    """Make a token of an account; return it, for it is kept nowhere.

    Raises:
        BadRequest: label or days cannot be used.
        Refused: the role is higher than its owner's, or there are too many tokens.
    """
    label = " ".join(label.split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise BadRequest(
            f"A token needs a label of 1 to {LONGEST_LABEL} characters, which says "
            "what it is for.",
            field="label",
        )
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadRequest(
            f"A token is good for 1 to {LONGEST_TOKEN_DAYS} days.", field="days"
        )
    if not account.role.includes(role):
        raise Refused(
            f"A token may do no more than its owner, and {account.name} has the role "
            f"{account.role.label}."
        )
    now = int(time.time())
    session.execute(
        sa.delete(ApiToken).where(
            ApiToken.account_id == account.id,
            (ApiToken.ends <= now) | (ApiToken.stamp != account.stamp),
        )
    )
    if len(tokens_of(session, account)) >= MOST_TOKENS:
        raise Refused(f"{account.name} has {MOST_TOKENS} tokens. End one first.")
    secret = BEGINNING + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            account_id=account.id,
            label=label,
            digest=_digest(secret),
            role=role,
            stamp=account.stamp,
            began=now,
            ends=now + days * 24 * 3600,
        )
    )
    session.flush()
    return secret


def find_token(session: Session, secret: str) -> ApiToken | None:
    """The token that a text is, if it is one and has not ended."""
    found = session.scalar(
        sa.select(ApiToken)
        .options(joinedload(ApiToken.account))
        .where(ApiToken.digest == _digest(secret))
    )
    if found is None or found.ends <= time.time():
        return None
    return found if _stands(found, found.account) else None


def tokens_of(session: Session, account: Account) -> Sequence[ApiToken]:
    """The tokens of an account that are good, latest first."""
    return session.scalars(
        sa.select(ApiToken)
        .where(
            ApiToken.account_id == account.id,
            ApiToken.stamp == account.stamp,
            ApiToken.ends > int(time.time()),
        )
        .order_by(ApiToken.began.desc(), ApiToken.id.desc())
    ).all()


def end_token(session: Session, account_id: int, number: int) -> None:
    """End a token of an account.

    Raises:
        NotFound: the account has no such token.
    """
    _end(session, ApiToken, account_id, number)


def _end(
    session: Session, kind: type[SignIn | ApiToken], account_id: int, number: int
) -> None:
    found = session.scalar(
        sa.select(kind).where(kind.id == number, kind.account_id == account_id)
    )
    if found is None:
        raise NotFound("It has ended already, or was never yours.")
    session.delete(found)


def _stands(given: SignIn | ApiToken, account: Account) -> bool:
    return given.stamp == account.stamp and not account.disabled


def _digest(secret: str) -> str:
    # Random and long, so that nobody can try them: a slow hash would help nobody.
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
