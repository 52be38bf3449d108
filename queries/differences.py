"""What differs between two states of a record, field by field, in words.

Pure: two plain dicts in, a list out. Entries of a list are told apart by what they are
about (a participant by who it is, a name by itself, evidence by its place), so that an
entry put before others does not make all of them look changed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]

_IDENTITY = (
    ("source", "version", "start", "end"),
    ("person",),
    ("represents", "label"),
    ("relation", "other"),
    ("organization", "status"),
    ("name", "language"),
    ("label",),
    ("type", "text"),
    ("text",),
    ("status", "date"),
    ("passage", "actor"),
    ("speaker", "verb"),
)
_HIDDEN = {"slug", "withdrawn"}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Characters of one version of a source's text."""

    source: str
    """The source's slug."""
    version: int
    """The version of its text."""
    start: int
    """The first character, from 0, in code points."""
    end: int
    """The character after the last."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field that differs."""

    field: str
    """Where it stands in the record, in words: `participants: anna-berg: role`."""
    before: str | None
    """What it was; null if there was nothing."""
    after: str | None
    """What it is; null if there is nothing any more."""
    span: Span | None = None
    """The words of a text that it is about, if it is a piece of evidence."""


def differences(before: State | None, after: State | None) -> tuple[Difference, ...]:
    """Return what differs, in the order of the fields."""
    return tuple(_of(before or {}, after or {}, ()))


def _of(before: State, after: State, path: tuple[str, ...]) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        if key in _HIDDEN and not path:
            continue
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        here = (*path, key.replace("_", " "))
        if _entries(old) and _entries(new):
            yield from _of_lists(old or [], new or [], here)
        elif _is_inner(old) and _is_inner(new):
            yield from _of(old or {}, new or {}, here)
        else:
            yield _difference(here, old, new)


def _entries(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _is_inner(value: Any) -> bool:
    """Whether a value has fields of its own; a date with its words is one value."""
    return value is None or (isinstance(value, dict) and "edtf" not in value)


def _of_lists(
    before: Sequence[Any], after: Sequence[Any], path: tuple[str, ...]
) -> Iterator[Difference]:
    old, new = _by_identity(before), _by_identity(after)
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _of(one, other, (*path, key))
        else:
            yield _difference(path, one, other)
    if list(old) != list(new) and sorted(old) == sorted(new):
        yield _difference(path, ", ".join(old), ", ".join(new))


def _by_identity(items: Sequence[Any]) -> dict[str, Any]:
    seen: Counter[str] = Counter()
    found = {}
    for item in items:
        key = _name_of(item)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key} ({seen[key]})"] = item
    return found


def _name_of(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    for names in _IDENTITY:
        if names[0] in item:
            if span := _span(item):
                return _place(span)
            return ", ".join(_shown(item[name]) for name in names if item.get(name))
    return _shown(item)


def _difference(path: tuple[str, ...], old: Any, new: Any) -> Difference:
    return Difference(
        field=": ".join(path),
        before=None if old is None else _shown(old),
        after=None if new is None else _shown(new),
        span=_span(new) or _span(old),
    )


def _span(value: Any) -> Span | None:
    if not isinstance(value, dict) or not {"source", "start", "end"} <= value.keys():
        return None
    return Span(
        source=value["source"],
        version=value.get("version", 1),
        start=value["start"],
        end=value["end"],
    )


def _place(span: Span) -> str:
    return f"{span.source}, characters {span.start:,} to {span.end:,}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if not isinstance(value, dict):
        return str(value)
    if "edtf" in value:
        words = value.get("as_written")
        edtf = value["edtf"] or "no date"
        return f"{edtf} (“{words}”)" if words else str(edtf)
    if span := _span(value):
        rest = {
            key: item
            for key, item in value.items()
            if key not in ("source", "version", "start", "end")
        }
        return _place(span) + (f"; {_shown(rest)}" if rest else "")
    return "; ".join(
        f"{key.replace('_', ' ')}: {_shown(item)}" for key, item in value.items()
    )
