"""What somebody typed is kept while they sign in.

A form whose session has ended is sent along with the form to sign in, and shown again
afterwards to be sent once more. It never leaves the two pages: nothing is stored, and
only a form of this site's own page (by its `Origin`) is kept.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from errors import BadRequest
from web.csrf import FIELD

KEPT = "kept"
"""The field that holds the form meanwhile."""

LONGEST = 700_000
"""In characters of what is kept."""

_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A form: where it goes, and its fields in their order."""

    to: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What people typed, to recognise it: each text cut where it is long."""
        return [
            (name, value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")
            for name, value in self.fields
            if value.strip()
        ]

    def written(self) -> str:
        """The form as one text."""
        return json.dumps([self.to, self.fields], ensure_ascii=False)


def keep() -> Kept | None:
    """Keep the form that this request sends, if it is one that may be kept.

    Not what holds a password, nor what is too long; of a file only the rest is kept.
    """
    if request.method != "POST" or request.path.startswith("/api/"):
        return None
    fields = tuple(
        (name, value) for name, value in request.form.items(multi=True) if name != FIELD
    )
    kept = Kept(here_only(request.full_path.rstrip("?")), fields)
    if any("password" in name for name, _ in fields) or len(kept.written()) > LONGEST:
        return None
    return kept if fields else None


def read(text: str) -> Kept | None:
    """Read what `Kept.written` wrote; None of the empty text.

    Raises:
        BadRequest: it is nothing of ours.
    """
    if not text:
        return None
    try:
        to, fields = json.loads(text)
        return Kept(here_only(str(to)), tuple((str(k), str(v)) for k, v in fields))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadRequest(
            "The form that was kept cannot be read.", field=KEPT
        ) from error


def here_only(path: str) -> str:
    """Return an address of this site, without the prefix; `/` for any other text."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    if (
        parts.scheme
        or parts.netloc
        or not path.startswith("/")
        or path.startswith("//")
        or "\\" in path
        or not path.isprintable()
        or len(path) > 2_000
    ):
        return "/"
    return path
