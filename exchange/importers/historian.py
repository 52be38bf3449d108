"""Read journeys and visits of the Office of the Historian: XML as it is published."""

from typing import Any

from exchange.importers.document import Given, Unreadable
from exchange.importers.xml import walk
from wording import clean

ENTRIES = ("trip", "visit")
_MOST = 100_000


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the entries, each a dictionary of its elements' words.

    What stands in attributes is `who` of a trip, and `<element>_id`.

    Raises:
        Unreadable: it is broken, or holds no journey and no visit.
    """
    entries: list[dict[str, str]] = []
    entry: dict[str, str] | None = None
    name = ""
    for event in walk(content, "the file"):
        if event.kind == "start" and event.tag in ENTRIES:
            entry = {"entry": event.tag, "who": event.attributes.get("who", "")}
        elif event.kind == "end" and event.tag in ENTRIES and entry is not None:
            entries.append(_tidy(entry))
            entry = None
            if len(entries) > _MOST:
                raise Unreadable(f"at most {_MOST:,} journeys or visits")
        elif entry is None:
            continue
        elif event.kind == "start":
            name = event.tag
            if "id" in event.attributes:
                entry[f"{name}_id"] = event.attributes["id"]
        elif event.kind == "end":
            name = ""
        elif name:
            entry[name] = entry.get(name, "") + event.text
    if not entries:
        raise Unreadable("a list of journeys or visits of the Office of the Historian")
    return {"entries": entries}


def _tidy(entry: dict[str, str]) -> dict[str, str]:
    """Take the line ends of the XML out of its words."""
    return {
        name: " ".join(clean(text).split())
        for name, text in entry.items()
        if text.strip() and not name.startswith(("created-", "last-modified-"))
    }
