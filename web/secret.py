"""The key that this installation signs with: made once, in the instance folder.

All processes that serve an instance read the same file, so what one has signed the
others believe. Removing the file ends every session at once.
"""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from itsdangerous import Signer

from errors import Unavailable

_NAME = "secret.key"
_BYTES = 32


def read_secret(instance: Path) -> bytes | None:
    """The key of an instance; None where there is none yet.

    Raises:
        Unavailable: there is one, and it cannot be read or is none of ours.
    """
    path = instance / _NAME
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    if len(secret) != _BYTES:
        raise _unusable(path, f"it holds {len(secret)} bytes and not {_BYTES}")
    return secret


def make_secret(instance: Path) -> bytes:
    """The key of an instance, made if there is none yet. Only its owner can read it.

    Of several processes that make one at the same moment, all get the same.

    Raises:
        Unavailable: it can be neither read nor made.
    """
    found = read_secret(instance)
    if found is not None:
        return found
    path = instance / _NAME
    try:
        instance.mkdir(parents=True, exist_ok=True)
        # A temporary file is its owner's alone; a link never replaces what is there.
        with NamedTemporaryFile("w", dir=instance, prefix=f".{_NAME}.") as aside:
            aside.write(secrets.token_hex(_BYTES))
            aside.flush()
            os.fsync(aside.fileno())
            try:
                os.link(aside.name, path)
            except FileExistsError:
                pass  # another process was faster
    except OSError as error:
        raise _unusable(path, str(error)) from error
    made = read_secret(instance)
    if made is None:
        raise _unusable(path, "it vanished")
    return made


def signer(secret: bytes, purpose: str) -> Signer:
    """What signs for one purpose; a signature for another is none."""
    return Signer(
        secret, salt=f"dragoman {purpose}", key_derivation="hmac", digest_method=sha256
    )


def _unusable(path: Path, why: str) -> Unavailable:
    return Unavailable(
        f"The key that sessions are signed with, {path}, cannot be used: {why}. Mend "
        "the rights of the folder, or remove the file, which ends all sessions.",
        public="The key that sessions are signed with cannot be used; whoever runs "
        "this site finds the reason in its log.",
    )
