"""What readers of references share: entries of fields, and the words of their kinds."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from exchange.importers.document import Unreadable
from models.enums import SourceKind
from wording import clean

MOST_ENTRIES = 100_000
OF_A_DATABASE = "in a database"
"""How our own exports end the kind of what is no document."""
KINDS = {kind.value.replace("_", " "): kind.value for kind in SourceKind}


@dataclass
class Entry:
    """A reference: where it begins, and what it says; `bad` is what it lacks.

    `published` is EDTF or words, `files` are paths as the list gives them.
    """

    line: int
    key: str | None = None
    title: str | None = None
    kind: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    licence: str | None = None
    place: str | None = None
    contributors: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    bad: str | None = None

    def call(self, genre: str) -> bool:
        """Take the word for the kind of a source, if it is one that we know."""
        known = KINDS.get(genre.lower())
        self.kind = known or self.kind
        if genre.lower().endswith(OF_A_DATABASE):
            self.bad = f"a document (this is a {genre}, which has no text of its own)"
            return True
        return known is not None


def answer(entries: Iterable[Entry], left_out: Mapping[str, int]) -> dict[str, Any]:
    """Return entries as the reading process answers them.

    Raises:
        Unreadable: there are none, or too many.
    """
    listed: list[dict[str, Any]] = []
    for entry in entries:
        if len(listed) >= MOST_ENTRIES:
            raise Unreadable(f"at most {MOST_ENTRIES:,} references")
        if entry.title is None and entry.bad is None:
            entry.bad = "a title"
        listed.append(
            {name: _clean(value) for name, value in asdict(entry).items() if value}
        )
    if not listed:
        raise Unreadable("a list with references (it has none)")
    parts = [
        f"{number:,} of {name}" for name, number in Counter(left_out).most_common()
    ]
    return {
        "entries": listed,
        "notes": [f"left out: {', '.join(parts)}"] if parts else [],
    }


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return [clean(each) for each in value] if isinstance(value, list) else value


def name_of(written: str) -> str:
    """Return a name as it is printed: `Berg, Anna` is Anna Berg.

    With more commas than one it stays as it is: what follows may be a title or a rank.
    """
    parts = [part.strip() for part in written.split(",")]
    if len(parts) == 2 and all(parts):
        return f"{parts[1]} {parts[0]}"
    return " ".join(written.split())


def day_of(year: str, month: str = "", day: str = "") -> str | None:
    """Return a date of up to three numbers as EDTF; None if the first is no year."""
    if not re.fullmatch(r"\d{4}", year.strip(), re.ASCII):
        return None
    made = year.strip()
    for part in (month.strip(), day.strip()):
        if not re.fullmatch(r"\d{1,2}", part, re.ASCII):
            break
        made += f"-{int(part):02}"
    return made
