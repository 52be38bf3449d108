"""Read references in RIS (Research Information Systems, 2012), as Zotero writes it."""

import re
from collections import Counter
from typing import Any

from exchange.importers.charsets import decode
from exchange.importers.document import Given
from exchange.importers.references import Entry, answer, day_of, name_of
from models.date_words import read_date
from models.dates import DateError

_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_TYPES = {
    "NEWS": "news_report",
    "MGZN": "news_report",
    "DATA": "dataset",
    "RPRT": "official_document",
    "GOVDOC": "official_document",
}
_SINGLE = {
    "ID": "key", "TI": "title", "T1": "title", "CT": "title", "PB": "publisher",
    "UR": "url", "LA": "language", "CY": "place", "PP": "place",
}  # fmt: skip
_PUBLISHERS = ("T2", "JO", "JF", "JA", "BT")
_AUTHORS = ("AU", "A1")
_FILES = ("L1", "LK")
_SILENT = ("SE", "N1")
"""What our own exports say of a part, and of a date in words."""


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the entries of a list.

    Raises:
        Unreadable: it has none, or is in an encoding that can only be guessed.
    """
    text, _ = decode(content, given.encoding)
    entries: list[Entry] = []
    left_out: Counter[str] = Counter()
    entry: Entry | None = None
    dates: dict[str, str] = {}
    last = ""
    for number, line in enumerate(
        text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1
    ):
        found = _TAG.match(line)
        if found is None:
            # A long value goes on in the next line.
            if entry is not None and last == "title" and line.strip():
                entry.title = f"{entry.title} {line.strip()}"
            continue
        tag, value = found[1], " ".join((found[2] or "").split())
        if tag == "TY":
            entry, dates = Entry(number, kind=_TYPES.get(value)), {}
            entries.append(entry)
        elif tag == "ER":
            entry = None
        elif entry is not None and value:
            last = _SINGLE.get(tag, "")
            _take(entry, tag, value, dates, left_out)
            entry.published = _date(dates)
    return answer(entries, left_out)


def _take(
    entry: Entry, tag: str, value: str, dates: dict[str, str], left_out: Counter[str]
) -> None:
    if tag in _SINGLE:
        if getattr(entry, _SINGLE[tag]) is None:
            setattr(entry, _SINGLE[tag], value)
    elif tag in _AUTHORS:
        entry.contributors.append(name_of(value))
    elif tag in _PUBLISHERS:
        entry.publisher = entry.publisher or value
    elif tag in ("PY", "Y1", "DA"):
        dates[tag] = value
    elif tag == "N1" and value.startswith("Date: "):
        dates[tag] = value.removeprefix("Date: ")
    elif tag == "M3":
        if not entry.call(value):
            left_out[tag] += 1
    elif tag == "KW":
        entry.topics.append(value)
    elif tag in _FILES:
        entry.files.append(value)
    elif tag not in _SILENT:
        left_out[tag] += 1


def _date(dates: dict[str, str]) -> str | None:
    """Return the date in words if they can be read, else the most exact number."""
    if "N1" in dates:
        try:
            return read_date(dates["N1"]).date.edtf
        except DateError:
            pass
    read = [
        day_of(*(dates[tag].split("/") + ["", ""])[:3])
        for tag in ("DA", "PY", "Y1")
        if tag in dates
    ]
    return max(filter(None, read), key=len, default=None)
