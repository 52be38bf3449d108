"""What is probably not meant, though it can be read: said, with line and remedy.

A name with a space of no width, or in quotation marks from a word processor, looks
right and finds nothing. Such values are kept as they are given, because some are meant
so; each is said.
"""

import re
from collections.abc import Iterator, Mapping

from exchange.yaml12 import Keys

Suspect = tuple[Keys, str, str]
"""Where it stands, the value, and what was expected in its place."""

_VERBATIM = {"text", "quote", "prefix", "suffix", "paragraphs", "text_file"}
"""Words of a source: they stand as the source has them."""
_NAMES = {"name", "label", "publisher", "contributors", "contacts", "venue", "city",
          "place", "by"}  # fmt: skip
# Joiners (U+200C, U+200D) and marks of direction belong inside words of some scripts.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_AT_EDGES = _INVISIBLE + "\u200c\u200d\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_SPACES = "\t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_SUSPECT = re.compile(f"[{_AT_EDGES}{_SPACES}\"'“”„‟«»‹›‘’‚‛「」]")
_INSIDE = re.compile(f"[{_INVISIBLE}]")
_EDGE = re.compile(f"^[{_AT_EDGES}{_SPACES}]|[{_AT_EDGES}{_SPACES}]$")
_SPACE = re.compile(f"[{_SPACES}]")
_QUOTED = re.compile(
    r"\s*(?:“.*”|”.*”|„.*[“”]|«.*»|».*«|‹.*›|‘.*’|‚.*[‘’]|「.*」|\".*\"|'.*')\s*"
)


def suspects(data: object, path: Keys = ()) -> Iterator[Suspect]:
    """Yield what is probably not meant in a record's plain values."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key not in _VERBATIM:
                yield from suspects(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from suspects(value, (*path, number))
    elif isinstance(data, str) and _SUSPECT.search(data):
        yield from _in_text(data, path)


def _in_text(text: str, path: Keys) -> Iterator[Suspect]:
    words = [step for step in path if isinstance(step, str)]
    if found := _INSIDE.search(text) or _EDGE.search(text):
        yield path, text, f"it without {_code(found[0])}, which cannot be seen"
    elif words and words[-1] in _NAMES:
        if found := _SPACE.search(text):
            yield path, text, f"a plain space in the place of {_code(found[0])}"
        elif _QUOTED.fullmatch(text):
            yield path, text, "a name without the quotation marks around it"


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


# Files of a dataset that are not read

_COPY = re.compile(
    r"(?i)(?P<name>.+?)(?: ?\(\d+\)| - copy(?: \(\d+\))?| copy(?: \d+)?"
    r"| \(.*conflicted copy.*\))|copy of (?P<other>.+)"
)
_BACKUP = re.compile(r"(?i).*\.ya?ml(?:.+|~)|[.#].*\.ya?ml.*")


def copied_from(stem: str) -> str | None:
    """Return the name of which this one is a copy, by its looks: `s` for `s (1)`."""
    found = _COPY.fullmatch(stem)
    return (found["name"] or found["other"]) if found else None


def leftover(name: str) -> str | None:
    """Say what a file is that some program left in the folder; None if it is none."""
    if name == ".DS_Store" or name.startswith("._") or name == "__MACOSX":
        return "a file of macOS, not of the dataset"
    if _BACKUP.fullmatch(name):
        return "a file that an editor left, or a copy"
    return None
