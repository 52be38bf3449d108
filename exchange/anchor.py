"""Turn the quotes of a text that may not be shipped into positions, in the YAML itself.

The files are edited where the quotes stand and nowhere else, so that comments, order
and layout stay as people wrote them: a YAML writer would lay out the whole file anew.
Every edited file is read again before any is saved, and must say what was meant.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode

from errors import Conflict, Fault, InputFaults, NotFound
from exchange.folder import read_folder
from exchange.reading import Located
from exchange.records import EvidenceItem, SourceRecord
from exchange.texts import NotLocated, Text, locate, read_text, text_of
from exchange.yaml12 import read_yaml
from exchange.yaml_edits import (
    Edit,
    apply,
    end_of,
    entries_of,
    mappings,
    new_line,
    save,
    word,
)
from wording import none_called

_TEXT = ("text_file", "text", "paragraphs")
_QUOTE = ("quote", "prefix", "suffix")


@dataclass
class Anchored:
    """What was anchored: quotes turned into positions, files rewritten, and advice."""

    quotes: int = 0
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def anchor(dataset: Path, source: str, file: Path) -> Anchored:
    """Make a dataset publishable without the text of one of its sources.

    Quotes from the source become `start` and `end`; of its text the source keeps the
    SHA-256, the length and the passages. A further run changes nothing.

    Raises:
        InputFaults: the dataset has faults, or a quote is not found, or found twice.
        NotFound: the dataset has no such source.
        Conflict: the dataset has another text of this source.
        DragomanError: the file cannot be read as text.
    """
    read = read_folder(dataset)
    if read.faults:
        raise InputFaults(read.faults)
    located = _source(read.records, source)
    job = _Anchoring(source, _text(located, file))
    anchored = Anchored(notes=list(_advice(dataset / located.place)))
    new: dict[Path, tuple[str, Any]] = {}
    for path in sorted(dataset.rglob("*.yaml")):
        place = path.relative_to(dataset).as_posix()
        is_source = place == located.place
        old = path.read_bytes().decode("utf-8-sig")
        edits = list(job.edits(old, place, is_source))
        if edits and not job.faults:
            meant = job.meant(read_yaml(path, place).value, is_source)
            new[path] = apply(old, edits), meant
            anchored.files.append(place)
    if job.faults:
        raise InputFaults(job.faults)
    save(new)
    anchored.quotes = job.quotes
    return anchored


def _source(records: list[Located], slug: str) -> Located:
    for located in records:
        if located.kind == "source" and located.slug == slug:
            return located
    raise NotFound(f"{none_called('source', slug)} in the dataset.")


def _text(located: Located, file: Path) -> Text:
    """Return the words of the file with the passages that the dataset knows."""
    text = Text.of(read_text(file))
    record = located.record
    known = text_of(record) if isinstance(record, SourceRecord) else None
    if known is None:
        return text
    if known.sha256 != text.sha256:
        raise Conflict(
            f"{file.name} is not the text of {located.slug}: its SHA-256 is "
            f"{text.sha256}, that of the dataset's text is {known.sha256}; "
            "nothing changed"
        )
    return replace(known, text=text.text)


def _advice(path: Path) -> Iterator[str]:
    data = read_yaml(path, path.name).value
    name = data.get("text_file") if isinstance(data, dict) else None
    if name is not None:
        yield f"{name} still holds the text: take it out before you publish"


class _Anchoring:
    """The edits that anchor one source, and what the files must then mean."""

    def __init__(self, source: str, text: Text) -> None:
        self.source = source
        self.text = text
        self.quotes = 0
        self.faults: list[Fault] = []

    # Edits of the files' text

    def edits(self, old: str, place: str, is_source: bool) -> Iterator[Edit]:
        root = YAML(typ="safe", pure=True).compose(old)
        for node in mappings(root):
            entries = entries_of(node)
            if word(entries.get("source")) == self.source and "quote" in entries:
                yield from self._quote_edits(node, old, place)
        if is_source and isinstance(root, MappingNode):
            yield from self._source_edits(root, old)

    def _quote_edits(self, node: MappingNode, old: str, place: str) -> Iterator[Edit]:
        entries = {name: word(value) for name, value in entries_of(node).items()}
        span = self._span(entries)
        if isinstance(span, str):
            line = entries_of(node)["quote"].start_mark.line + 1
            fault = Fault(place, line, "quote", entries["quote"], span)
            self.faults.append(fault)
            return
        self.quotes += 1
        gone = {"prefix", "suffix", "quote" if "start" in entries else None}
        for number, (key, value) in enumerate(node.value):
            if key.value in gone:
                yield _without(node, number, old, gone)
            elif key.value == "quote":
                glue = ", " if node.flow_style else new_line(old, key)
                positions = f"start: {span[0]}{glue}end: {span[1]}"
                yield Edit(key.start_mark.index, end_of(value, old), positions)

    def _span(self, entries: dict[str, Any]) -> tuple[int, int] | str:
        """Return where a quote stands, or what was expected of it."""
        numbers = {
            name: int(entries[name]) for name in ("start", "end") if name in entries
        }
        words = {name: entries.get(name) for name in _QUOTE}
        item = EvidenceItem.model_validate({"source": self.source, **words, **numbers})
        try:
            return locate(self.text, item)
        except NotLocated as error:
            return str(error)

    def _source_edits(self, root: MappingNode, old: str) -> Iterator[Edit]:
        entries = entries_of(root)
        if "withheld" in entries:
            return
        withheld = self._withheld(root, old)
        for key, value in root.value:
            if key.value in _TEXT:
                yield Edit(key.start_mark.index, end_of(value, old), withheld)
                return
        last_key, last_value = root.value[-1]
        end = end_of(last_value, old)
        glue = ", " if root.flow_style else new_line(old, last_key)
        yield Edit(end, end, glue + withheld)

    def _withheld(self, root: MappingNode, old: str) -> str:
        spans = [
            "{" + ", ".join(f"{key}: {value}" for key, value in span.items()) + "}"
            for span in self._passages()
        ]
        hash_, length = self.text.sha256, self.text.length
        if root.flow_style:
            inner = ", ".join(spans)
            return (
                f"withheld: {{sha256: {hash_}, length: {length}, passages: [{inner}]}}"
            )
        glue = new_line(old, root.value[0][0])
        lines = [
            "withheld:",
            f"  sha256: {hash_}",
            f"  length: {length}",
            "  passages:" if spans else "  passages: []",
            *(f"    - {span}" for span in spans),
        ]
        return glue.join(lines)

    # What the files must mean

    def meant(self, value: Any, is_source: bool = False) -> Any:
        """Return a file's value as it must be afterwards."""
        if isinstance(value, list):
            return [self.meant(item) for item in value]
        if not isinstance(value, dict):
            return value
        new = {key: self.meant(value[key]) for key in value}
        if value.get("source") == self.source and "quote" in value:
            span = self._span(value)
            new = {key: new[key] for key in new if key not in _QUOTE}
            new["start"], new["end"] = span[0], span[1]
        if is_source and "withheld" not in value:
            new = {key: new[key] for key in new if key not in _TEXT}
            new["withheld"] = {
                "sha256": self.text.sha256,
                "length": self.text.length,
                "passages": self._passages(),
            }
        return new

    def _passages(self) -> list[dict[str, Any]]:
        """Return the passages as a record has them, with speaker and page if known."""
        text = self.text
        return [
            {"start": start, "end": end}
            | ({"speaker": speaker} if speaker else {})
            | ({"page": page} if page else {})
            for (start, end), speaker, page in zip_longest(
                text.spans, text.speakers, text.pages
            )
        ]


def _without(node: MappingNode, number: int, old: str, gone: Collection[Any]) -> Edit:
    """Take out an entry: its lines or, among others on a line, what parts them."""
    key, value = node.value[number]
    end = end_of(value, old)
    if all(before.value in gone for before, _ in node.value[:number]):
        return Edit(key.start_mark.index, node.value[number + 1][0].start_mark.index)
    if node.flow_style:
        return Edit(end_of(node.value[number - 1][1], old), end)
    last = old.find("\n", end)
    return Edit(
        old.rfind("\n", 0, key.start_mark.index), len(old) if last < 0 else last
    )
