"""Read YAML 1.2 into plain values, and remember the line of each.

ruamel.yaml parses into nodes; the values are made here, by the core schema of YAML
1.2, so that `NO` and `2022-07-12` stay text, no tag can build anything, a key that
stands twice is a fault, and aliases cannot grow a small file into a huge value.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from errors import Fault
from exchange.decoding import NotText, decode
from exchange.files import NotReadable, read_bytes

LARGEST_FILE = 32_000_000
MOST_NODES = 500_000
_DEEPEST = 40

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD_INDENT = re.compile("[ ]*([\t\u00a0\u2000-\u200b\u202f\u3000\ufeff])")
_ENTRY = re.compile(r"\s*(?:- )?[\w-]+:\s+\S")
# “#5” or “# 5”, and not “# a remark”.
_CUT = re.compile(r"[ \t]+(#(?:[^\s#]|[ ]?\d)[^\n]{0,20})")
_PLAIN_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = set("str int float bool null timestamp merge value map seq".split())

Keys = tuple[int | str, ...]


@dataclass
class Parsed:
    """A value, the line of each of its parts, and what was wrong with the file.

    `warnings` say what can be read and is probably not meant.
    """

    value: Any = None
    lines: dict[Keys, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def line(self, path: Keys) -> int | None:
        """Return the line of a part or, if it is absent, of what should hold it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def read_yaml(path: Path, place: str) -> Parsed:
    """Parse the file; `place` is what faults call it."""
    parsed = Parsed()
    try:
        text = decode(read_bytes(path, LARGEST_FILE))
    except NotText as error:
        parsed.faults.append(Fault(place, error.line, None, None, str(error)))
    except NotReadable as error:
        expected = f"a readable file ({error.why})"
        parsed.faults.append(Fault(place, None, None, None, expected))
    else:
        _parse(text, place, parsed)
    return parsed


def parse_yaml(text: str, place: str) -> Parsed:
    """Parse a text that is at hand, such as a document's front matter."""
    parsed = Parsed()
    _parse(text, place, parsed)
    return parsed


def _parse(text: str, place: str, parsed: Parsed) -> None:
    try:
        # Not "rt": that one leaves a BEL wherever a folded text had a line's end.
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        parsed.faults.append(_syntax(text, place, error))
    except YAMLError as error:
        expected = f"YAML 1.2 ({' '.join(str(error).split())})"
        parsed.faults.append(Fault(place, None, None, None, expected))
    except ValueError as error:
        # ruamel.yaml makes a character of "\U00110000" without asking whether it can.
        expected = f"YAML 1.2 (a character that does not exist: {error})"
        parsed.faults.append(Fault(place, None, None, None, expected))
    except RecursionError:
        parsed.faults.append(_too_deep(place, None))
    else:
        _Builder(place, parsed, text).build_document(node)


def _syntax(text: str, place: str, error: MarkedYAMLError) -> Fault:
    """Say what is wrong with the YAML and, where it shows, what most likely did it."""
    if error.problem_mark is None:
        return Fault(place, None, None, None, f"YAML 1.2 ({error.problem})")
    number = int(error.problem_mark.line)
    lines = text.split("\n")[: number + 1]
    for i, line in enumerate(lines):
        if odd := _ODD_INDENT.match(line):
            char = "a tab" if odd[1] == "\t" else f"U+{ord(odd[1]):04X}"
            expected = f"plain spaces as indentation (this line has {char} there)"
            return Fault(place, i + 1, None, None, expected)
    expected = f"YAML 1.2 ({error.problem})"
    if _ENTRY.match(lines[-1]):
        expected += "; a text with a colon, a #, quotes or brackets goes in quotes"
    return Fault(place, number + 1, None, None, expected)


def _too_deep(place: str, line: int | None) -> Fault:
    return Fault(place, line, None, None, f"at most {_DEEPEST} levels of nesting")


class _TooMuch(Exception):
    """The file is not worth reading on."""


class _Builder:
    def __init__(self, place: str, parsed: Parsed, text: str) -> None:
        self.place = place
        self.parsed = parsed
        self.text = text
        self.count = 0

    def build_document(self, node: Node | None) -> None:
        if node is None:
            return
        try:
            self.parsed.value = self.build(node, ())
        except _TooMuch:
            self.parsed.value = None

    def build(self, node: Node, path: Keys) -> Any:
        line = node.start_mark.line + 1
        self.count += 1
        if self.count > MOST_NODES:
            self.fault(line, path, None, f"at most {MOST_NODES:,} values, aliases out")
            raise _TooMuch
        if len(path) > _DEEPEST:
            self.parsed.faults.append(_too_deep(self.place, line))
            raise _TooMuch
        self.parsed.lines.setdefault(path, line)
        tag = str(node.tag).removeprefix(_PLAIN_TAG)
        if tag not in _PLAIN_TAGS:
            self.fault(line, path, str(node.tag), "no tags")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, ScalarNode) and _SURROGATE.search(node.value):
            self.fault(line, path, node.value, "text without lone surrogates")
            return None
        if isinstance(node, SequenceNode):
            return [
                self.build(item, (*path, number))
                for number, item in enumerate(node.value)
            ]
        if not isinstance(node, ScalarNode):
            return None
        if node.style is None:
            self.warn(node, path)
        return _scalar(node)

    def warn(self, node: ScalarNode, path: Keys) -> None:
        """Warn of a text without quotes that lost a part, or took in the next line."""
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        line = node.start_mark.line + 1
        where = dotted(path) or None
        if node.value and (cut := _CUT.match(self.text, end)):
            expected = (
                f"quotes around the text if “{cut[1]}…” belongs to it: after a space, "
                "a # begins a comment"
            )
            self.parsed.warnings.append(
                Fault(self.place, line, where, node.value, expected)
            )
        for after, part in enumerate(self.text[start:end].split("\n")[1:], 1):
            if odd := _ODD_INDENT.match(part):
                expected = (
                    "plain spaces as indentation (this line has "
                    f"U+{ord(odd[1]):04X} there and was taken for text)"
                )
                self.parsed.warnings.append(
                    Fault(self.place, line + after, where, None, expected)
                )

    def mapping(self, node: MappingNode, path: Keys) -> dict[Hashable, Any]:
        built: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key_node, ScalarNode) or not isinstance(key, str):
                self.fault(line, path, None, "a word as key")
                continue
            here = (*path, key)
            if _SURROGATE.search(key):
                self.fault(line, here, None, "a key without lone surrogates")
                continue
            if key in built:
                first = self.parsed.lines[here]
                self.fault(line, here, None, f"each key once (also in line {first})")
                continue
            self.parsed.lines[here] = line
            built[key] = self.build(value_node, here)
        return built

    def fault(self, line: int, path: Keys, value: str | None, expected: str) -> None:
        where = dotted(path) or None
        self.parsed.faults.append(Fault(self.place, line, where, value, expected))


def _scalar(node: ScalarNode) -> object:
    """Return the value of a scalar by the core schema of YAML 1.2."""
    text: str = node.value
    is_text = str(node.tag) == _PLAIN_TAG + "str"  # also by an explicit !!str
    if is_text or node.style is not None:  # quoted or a block: text as it stands
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def dotted(path: Keys) -> str:
    """Return a path as people write it: ``participants[2].role``, counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text
