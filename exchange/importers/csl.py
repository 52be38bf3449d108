"""Read references in CSL-JSON (1.0.2), as Zotero and others write it."""

import json
from collections import Counter
from typing import Any

from exchange.importers.charsets import decode
from exchange.importers.document import Given, Unreadable
from exchange.importers.references import Entry, answer, day_of

_TYPES = {
    "article-newspaper": "news_report",
    "article-magazine": "news_report",
    "post-weblog": "news_report",
    "interview": "interview",
    "speech": "speech",
    "dataset": "dataset",
    "report": "official_document",
    "hearing": "transcript",
}
_TEXTS = {"title": "title", "URL": "url", "language": "language",
          "publisher-place": "place", "license": "licence"}  # fmt: skip
_PUBLISHERS = ("publisher", "container-title")
_SILENT = ("id", "type", "note", "citation-key")


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the entries of a list.

    Raises:
        Unreadable: it is no list of references.
    """
    text, _ = decode(content, given.encoding)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"a list of references in JSON ({error})") from None
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise Unreadable("a list of references in JSON")
    left_out: Counter[str] = Counter()
    entries = [_entry(number, item, left_out) for number, item in enumerate(items, 1)]
    return answer(entries, left_out)


def _entry(number: int, item: Any, left_out: Counter[str]) -> Entry:
    entry = Entry(number)
    if not isinstance(item, dict):
        entry.bad = "a reference: keys and values"
        return entry
    entry.key = _text(item.get("citation-key")) or _text(item.get("id"))
    entry.kind = _TYPES.get(_text(item.get("type")) or "")
    for name, value in item.items():
        said = _text(value)
        if name in _TEXTS and said:
            setattr(entry, _TEXTS[name], said)
        elif name in _PUBLISHERS and said:
            entry.publisher = entry.publisher or said
        elif name == "genre" and said:
            if not entry.call(said):
                left_out[name] += 1
        elif name == "author" and isinstance(value, list):
            entry.contributors = [made for each in value if (made := _name(each))]
        elif name == "issued":
            entry.published = _issued(value)
        elif name not in _SILENT:
            left_out[str(name)[:40]] += 1
    return entry


def _text(value: Any) -> str | None:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return " ".join(str(value).split()) or None
    return None


def _name(value: Any) -> str | None:
    if not isinstance(value, dict):
        return _text(value)
    if literal := _text(value.get("literal")):
        return literal
    names = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(part for name in names if (part := _text(value.get(name)))) or None


def _issued(value: Any) -> str | None:
    """Return a date as EDTF, or its words."""
    if not isinstance(value, dict):
        return _text(value)
    parts = value.get("date-parts")
    sides = [
        made
        for side in (parts if isinstance(parts, list) else [])
        if isinstance(side, list) and side
        if (made := day_of(*([_text(each) or "" for each in side] + ["", ""])[:3]))
    ]
    season = _text(value.get("season"))
    if not sides:
        return _text(value.get("literal")) or _text(value.get("raw"))
    if season in ("1", "2", "3", "4") and len(sides[0]) == 4:
        sides = [f"{sides[0]}-2{season}"]
    return "/".join(sides[:2]) + ("~" if value.get("circa") else "")
