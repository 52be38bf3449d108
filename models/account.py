"""Accounts: who may write, the browsers they are signed in with, their tokens.

No secret stands here that opens anything: of a password there is an Argon2id hash, of
cookies and tokens, which are random, the SHA-256. The public views name none of these
tables, and the SQL console reads the views and nothing else. Moments are whole seconds
since 1970, UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_id
from models.enums import AccountRole

LONGEST_NAME = 60
"""Characters of the name of an account."""

_DIGEST = sa.String(64)


class Account(Base):
    """Somebody who may sign in.

    ``key`` is the name as names are compared: two that differ in case only are one.
    ``stamp`` rises when what was given out must end, that is with another password, a
    lower role, and when the account is disabled; a sign-in or a token with an older
    stamp is none. An account is never deleted: the history names it.
    """

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_is_short"),
    )

    id: Mapped[type_id]
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[AccountRole]
    password_hash: Mapped[str]
    disabled: Mapped[bool] = mapped_column(default=False)
    stamp: Mapped[int] = mapped_column(default=1)


class SignIn(Base):
    """A browser that somebody is signed in with.

    ``digest`` is the SHA-256 of what its cookie holds. ``address`` and ``agent`` are
    where it came from and what it called itself, so that its owner knows it again.
    """

    __tablename__ = "sign_in"

    id: Mapped[type_id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(_DIGEST, unique=True)
    stamp: Mapped[int]
    began: Mapped[int] = mapped_column(sa.BigInteger)
    ends: Mapped[int] = mapped_column(sa.BigInteger)
    address: Mapped[str]
    agent: Mapped[str]

    account: Mapped[Account] = relationship()


class ApiToken(Base):
    """What a program sends in place of a name and a password.

    ``role`` is what it may do at most; where its owner may less, so may it.
    """

    __tablename__ = "api_token"

    id: Mapped[type_id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    label: Mapped[str]
    digest: Mapped[str] = mapped_column(_DIGEST, unique=True)
    role: Mapped[AccountRole]
    stamp: Mapped[int]
    began: Mapped[int] = mapped_column(sa.BigInteger)
    ends: Mapped[int] = mapped_column(sa.BigInteger)

    account: Mapped[Account] = relationship()


class SignInAttempt(Base):
    """An attempt to sign in that has not succeeded, kept for a day at most.

    ``name`` is a keyed hash of the name that was typed: people type passwords there.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index("ix_sign_in_attempt_name_at", "name", "at"),
        sa.Index("ix_sign_in_attempt_address_at", "address", "at"),
        sa.Index("ix_sign_in_attempt_at", "at"),
    )

    id: Mapped[type_id]
    name: Mapped[str] = mapped_column(_DIGEST)
    address: Mapped[str]
    at: Mapped[int] = mapped_column(sa.BigInteger)
