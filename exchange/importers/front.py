"""What a document says about itself: front matter, and dates in names and first lines.

What is found by its look and not by a field made for it (a date in the file's name, a
dateline) is a guess: it is used, and said, so that the user can say otherwise.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from exchange.importers.document import Block, Document
from exchange.yaml12 import parse_yaml
from models.date_words import read_date
from models.dates import DateError

_FIRST_BLOCKS = 6
_LONGEST_DATELINE = 120
_FENCE = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|"
    "December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} (?:{_MONTH})\.? \d{{4}}|(?:{_MONTH})\.? \d{{1,2}}, \d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\b"
)
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_FIELDS = {
    "title": "title",
    "date": "published",
    "published": "published",
    "lang": "language",
    "language": "language",
    "url": "url",
    "source": "url",
    "publisher": "publisher",
    "licence": "licence",
    "license": "licence",
    "kind": "kind",
}
_PEOPLE = ("author", "authors", "contributors")


def take_front_matter(text: str, document: Document) -> str:
    """Take the YAML between `---` lines off a text; its fields go to the document."""
    found = _FENCE.match(text)
    if found is None:
        return text
    parsed = parse_yaml(found[1], "front matter")
    value = parsed.value
    if parsed.faults or not isinstance(value, dict):
        document.notes.append(
            "what stands between --- is not YAML and was kept as text"
        )
        return text
    unknown = []
    for key, item in value.items():
        name = _FIELDS.get(str(key).lower())
        if name and isinstance(item, str | int) and not isinstance(item, bool):
            setattr(document, name, str(item))
        elif str(key).lower() in _PEOPLE:
            document.contributors = _names(item)
        elif item is not None:
            unknown.append(str(key))
    if unknown:
        document.notes.append(
            f"front matter that is not understood was left out: {', '.join(unknown)}"
        )
    document.drop("front matter", found[0])
    return text[found.end() :]


def _names(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(name) for name in listed if isinstance(name, str | int)]


def date_in(text: str) -> str | None:
    """Return the one day that a line names, as EDTF; None if it names none or more."""
    days = set()
    for found in _DATE.findall(text):
        try:
            days.add(read_date(found).date.edtf)
        except DateError:
            return None
    return days.pop() if len(days) == 1 else None


def date_of_name(name: str) -> str | None:
    """Return the day in a file's name, such as `2022-07-19_readout.txt`."""
    stem = PurePath(name).stem
    found = _IN_NAME.search(stem)
    if found is None:
        return date_in(stem.replace("_", " "))
    try:
        return read_date("-".join(found.groups())).date.edtf
    except DateError:
        return None


def dateline(blocks: Sequence[Block]) -> str | None:
    """Return the day of the first short line among the first blocks that names one."""
    for block in blocks[:_FIRST_BLOCKS]:
        for line in block.text.splitlines():
            if len(line) <= _LONGEST_DATELINE and (day := date_in(line)):
                return day
    return None


def date_document(document: Document, name: str) -> None:
    """Date a document that does not say its date in a field made for it."""
    if document.published is not None:
        return
    for day, where in (
        (date_of_name(name), "the file's name"),
        (dateline(document.blocks), "its first lines"),
    ):
        if day is not None:
            document.published = day
            document.notes.append(
                f"dated {day} by {where}; `--published` says otherwise"
            )
            return
