"""Write plain values as YAML 1.2 that is the same, byte by byte, for the same values.

Our own sixty lines and not the YAML library's writer, for three reasons: it streams,
it is some twenty times faster, and an update of the library must not change every line
of a dataset that people keep under version control. What it may write is small: text,
whole numbers, booleans, lists and mappings. Text is written plainly where every YAML
reader, also one of YAML 1.1, takes it for text; else between double quotes, as JSON.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

WIDTH = 88
_PLAIN = re.compile(
    r"[^\W\d_][\w./()–—’“”-]*(?: [\w./()–—’“”-]+)*|\d{4}-\d\d[\dX~?%./-]*", re.ASCII
)
# Letters of all scripts would do for YAML 1.2; marks of direction and joiners inside
# words are easier to see as what they are between quotes, so only these pass plainly.
_LETTERS = re.compile(r"[À-ʯͰ-ϿЀ-ԯ]")
_WORDS = frozenset("true false null yes no on off y n".split())
_UNPRINTABLE = re.compile(
    r"[\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff-\uffff]"
)


def dump(value: Any) -> str:
    """Return a document: a mapping, or a list."""
    return "".join(f"{line}\n" for line in _block(value, ""))


def dump_item(value: Any) -> str:
    """Return a mapping as one item of a list that is being written."""
    return "".join(f"{line}\n" for line in _item(value, ""))


def nodes(value: Any) -> int:
    """Count the values that a reader has to build."""
    if isinstance(value, dict):
        return 1 + sum(map(nodes, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(nodes, value))
    return 1


def _block(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            line = f"{indent}- {_flow(item)}"
            if _is_small(item) and len(line) <= WIDTH:
                yield line
            else:
                yield from _item(item, indent)
        return
    for key, item in value.items():
        line = f"{indent}{_scalar(key)}: {_flow(item)}"
        if not isinstance(item, dict | list) or not item:
            yield line
        elif _is_small(item) and len(line) <= WIDTH:
            yield line
        else:
            yield f"{indent}{_scalar(key)}:"
            yield from _block(item, f"{indent}  ")


def _item(item: Any, indent: str) -> Iterator[str]:
    """Yield an item of a list over several lines, its dash before the first."""
    if not isinstance(item, dict | list) or not item:
        yield f"{indent}- {_flow(item)}"
        return
    lines = _block(item, f"{indent}  ")
    yield f"{indent}- {next(lines).lstrip(' ')}"
    yield from lines


def _is_small(value: Any) -> bool:
    """Tell whether a value reads well on one line: no list of mappings of its own."""
    if isinstance(value, dict):
        return all(not isinstance(item, dict | list) for item in value.values())
    if isinstance(value, list):
        return (
            len(value) == 1
            and _is_small(value[0])
            or all(not isinstance(item, dict | list) for item in value)
        )
    return True


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_scalar(key)}: {_flow(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(_LETTERS.sub("a", text)) and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
