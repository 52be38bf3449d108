"""Passwords: what they must be like, and how they are kept.

They follow NIST SP 800-63B, revision 4: a length, any characters, no rules of what must
occur and no expiry, and a refusal of what everybody tries first. They are kept as
Argon2id hashes with the parameters of RFC 9106 for little memory (64 MiB, three
passes), which the hash itself names: one that was made with others is made anew at the
next sign-in.
"""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from errors import BadRequest

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 15, 128
"""In characters. Fifteen is NIST's least where the password is the only factor."""

_FEWEST = 5
"""Different characters that a password must have."""

_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
)
_WELL_KNOWN = (
    "correcthorsebatterystaple",
    "iloveyou",
    "letmein",
    "password",
    "welcome",
)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return str(_hasher().hash(_normal(password)))


def is_password(kept: str, password: str) -> bool:
    """Whether *kept* was made of a password. Takes a tenth of a second."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return bool(_hasher().verify(kept, _normal(password)))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return bool(_hasher().check_needs_rehash(kept))


@cache
def no_password() -> str:
    """A hash that is nobody's, so that an unknown name costs the same time."""
    import secrets

    return hash_password(secrets.token_urlsafe(32))


def check_password(password: str, name: str) -> None:
    """Refuse a new password that would be guessed.

    Raises:
        BadRequest: in a sentence that says what to do, and never repeats the password.
    """
    if why := _why_weak(_normal(password), name):
        raise BadRequest(f"This password {why}.", field="password")


def _why_weak(password: str, name: str) -> str | None:
    if len(password) < SHORTEST:
        return (
            f"has {len(password)} characters, and needs {SHORTEST} or more; "
            "a few words in a row are good"
        )
    if len(password) > LONGEST:
        return f"has {len(password):,} characters; at most {LONGEST} are read"
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in password):
        return "holds control characters, which no other keyboard may have"
    plain = password.casefold()
    if len(set(plain)) < _FEWEST:
        return f"has fewer than {_FEWEST} different characters"
    if any(
        plain == plain[:size] * (len(plain) // size) + plain[: len(plain) % size]
        for size in range(1, len(plain) // 2 + 1)
    ):
        return "is a shorter one, repeated"
    rest = "".join(one for one in plain if one.isalnum())
    for known in (name.casefold(), "dragoman", *_WELL_KNOWN):
        rest = rest.replace("".join(filter(str.isalnum, known)) or "\0", "")
    for run in _RUNS:
        for each in (run, run[::-1]):
            rest = _without_runs(rest, each)
    if len(rest) < _FEWEST:
        return (
            "is made of what everybody tries first: names, runs of keys, well-known "
            "words"
        )
    return None


def _without_runs(text: str, run: str) -> str:
    """Leave out each four or more characters that stand in *run* in the same order."""
    at = 0
    kept = ""
    while at < len(text):
        size = 0
        while at + size < len(text) and text[at : at + size + 1] in run:
            size += 1
        if size < 4:
            size = 1
            kept += text[at]
        at += size
    return kept


def _normal(password: str) -> str:
    # Keyboards write é as one code point or as two.
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # takes time, and only who signs in needs it

    return PasswordHasher()
