"""Put right, in the YAML itself, the quotes that differ in what is easily missed.

Each takes the words as they stand in the text. Comments, order and layout stay: the
files are edited where the quotes stand and nowhere else.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML

from errors import Fault, InputFaults
from exchange.folder import read_folder
from exchange.quotes import Near, nearest
from exchange.records import EvidenceItem, SourceRecord
from exchange.texts import NotLocated, Text, locate, text_of
from exchange.yaml12 import read_yaml
from exchange.yaml_edits import Edit, apply, end_of, entries_of, mappings, save, word

_UNSEEN = re.compile(
    "[\u00a0\u00ad\u061c\u2000-\u200f\u2028-\u202f\u2060-\u2069\ufeff]"
)


@dataclass
class Repaired:
    """What was put right, a sentence each, and the files that were rewritten."""

    changes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def repair(dataset: Path) -> Repaired:
    """Give quotes the words of the text where both differ in what is easily missed.

    A quote that stands in the text, one that stands there nowhere, and one that may
    mean several places stay as they are. A further run changes nothing.

    Raises:
        InputFaults: the dataset cannot be read; nothing changed.
        DragomanError: a file cannot be rewritten safely; nothing changed.
    """
    read = read_folder(dataset)
    if read.faults:
        raise InputFaults(read.faults)
    texts = {
        located.slug: text
        for located in read.records
        if isinstance(located.record, SourceRecord)
        if (text := text_of(located.record)) is not None
    }
    repaired = Repaired()
    new: dict[Path, tuple[str, Any]] = {}
    for place in sorted({located.place for located in read.records}):
        path = dataset / place
        old = path.read_bytes().decode("utf-8-sig")
        edits: list[Edit] = []
        words: dict[tuple[str, str], str] = {}
        for node in mappings(YAML(typ="safe", pure=True).compose(old)):
            given = {name: word(value) for name, value in entries_of(node).items()}
            source, quote = given.get("source"), given.get("quote")
            if source not in texts or quote is None or "start" in given:
                continue
            near = _near(texts[source], given)
            if near is None:
                continue
            value = entries_of(node)["quote"]
            edits.append(
                Edit(int(value.start_mark.index), end_of(value, old), _yaml(near.words))
            )
            words[source, quote] = near.words
            line = value.start_mark.line + 1
            fault = Fault(place, line, "quote", quote, str(near))
            repaired.changes.append(str(fault).replace(": expected ", " becomes "))
        if edits:
            new[path] = apply(old, edits), _meant(read_yaml(path, place).value, words)
            repaired.files.append(place)
    save(new)
    return repaired


def _near(text: Text, given: dict[str, str | None]) -> Near | None:
    """Return the one place that a quote means, if it is not there as it is written."""
    if text.text is None:
        return None
    words = {name: given.get(name) for name in ("source", "quote", "prefix", "suffix")}
    try:
        item = EvidenceItem.model_validate(words)
        locate(text, item)
    except NotLocated:
        found = nearest(text.text, given["quote"] or "")
        return found[0] if len(found) == 1 else None
    except ValidationError:
        return None
    return None


def _yaml(words: str) -> str:
    """Return a quoted scalar in which what cannot be seen is written out."""
    quoted = json.dumps(words, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _meant(value: Any, words: dict[tuple[str, str], str]) -> Any:
    """Return a file's value as it must be afterwards."""
    if isinstance(value, list):
        return [_meant(item, words) for item in value]
    if not isinstance(value, dict):
        return value
    new = {key: _meant(item, words) for key, item in value.items()}
    key = (value.get("source"), value.get("quote"))
    if key in words and "start" not in value:
        new["quote"] = words[key]
    return new
