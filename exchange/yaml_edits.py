"""Edit YAML files where something stands and nowhere else.

Comments, order and layout stay as people wrote them: a YAML writer would lay out the
whole file anew. Every edited file is read again before any is saved.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from errors import DragomanError
from exchange.yaml12 import read_yaml


@dataclass(frozen=True)
class Edit:
    """A part of a file, and what takes its place."""

    start: int
    end: int
    text: str = ""


def mappings(node: Node | None) -> Iterator[MappingNode]:
    """Yield every mapping in a document."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from mappings(item)
    elif isinstance(node, MappingNode):
        yield node
        for _, value in node.value:
            yield from mappings(value)


def entries_of(node: MappingNode) -> dict[str, Node]:
    """Return the values of a mapping by their keys."""
    return {key.value: value for key, value in node.value}


def word(node: Node | None) -> str | None:
    """Return the text of a scalar."""
    return node.value if isinstance(node, ScalarNode) else None


def end_of(value: Node, old: str) -> int:
    """Return where a value ends; a block's own end includes the lines after it."""
    start, end = value.start_mark.index, value.end_mark.index
    return int(start + len(old[start:end].rstrip()))


def new_line(old: str, key: Node) -> str:
    """Return a line break to the column of a key, as the file breaks its lines."""
    return ("\r\n" if "\r\n" in old else "\n") + " " * int(key.start_mark.column)


def apply(old: str, edits: list[Edit]) -> str:
    """Return a file's text with all edits made."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        old = old[: edit.start] + edit.text + old[edit.end :]
    return old


def save(new: dict[Path, tuple[str, Any]]) -> None:
    """Write the files, all or none, once each has been found to say what it must."""
    drafts: dict[Path, Path] = {}
    try:
        for path, (text, meant) in new.items():
            drafts[path] = path.with_name(f".{path.name}.draft")
            drafts[path].write_bytes(text.encode())
            parsed = read_yaml(drafts[path], path.name)
            if parsed.faults or parsed.value != meant:
                raise DragomanError(
                    f"{path.name} cannot be rewritten safely (it may use YAML anchors "
                    "and aliases: write them out); nothing changed"
                )
        for path, draft in drafts.items():
            os.replace(draft, path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
