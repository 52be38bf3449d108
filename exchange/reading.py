"""From plain values to records: one fault per line for everything that is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from errors import Fault
from exchange.fields import SLUG_PATTERN
from exchange.records import RECORDS, Kind, Root
from exchange.yaml12 import Keys, dotted
from models.slugs import slugify

LineOf = Callable[[Keys], int | None]

_PATTERNS = {
    SLUG_PATTERN: "a slug (a to z, 0 to 9 and hyphens)",
    "^[0-9a-f]{64}$": "a SHA-256 (64 of 0 to 9 and a to f)",
    "^[A-Z][a-z]{3}$": "a script of ISO 15924, such as Latn",
    r"^\d{4}-\d{2}-\d{2}$": "a day, such as 2022-07-12",
}
_EXPECTED = {
    "missing": "this key",
    "string_type": "text (a number or word of YAML goes in quotes)",
    "string_too_short": "text that is not empty",
    "string_unicode": "text without lone surrogates",
    "too_short": "at least one",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "int_type": "a whole number (of at most 18 digits)",
    "bool_type": "true or false",
}


def no_line(path: Keys) -> None:
    """Tell the line of a part where nothing has lines."""


def one_line(number: int) -> LineOf:
    """Tell the line of every part of a record that stands in one line."""
    return lambda path: number


@dataclass(frozen=True)
class Located:
    """A record, and where it was read."""

    kind: Kind
    record: Root
    place: str
    line_of: LineOf

    @property
    def slug(self) -> str:
        """The record's slug; every kind has one."""
        return self.record.slug

    @cached_property
    def digest(self) -> str:
        """The record's digest."""
        return self.record.digest()

    @property
    def where(self) -> str:
        """The place in words, for faults of other records."""
        line = self.line_of(("slug",))
        return self.place if line is None else f"{self.place}, line {line}"

    def fault(self, path: Keys, value: object, expected: str) -> Fault:
        """Return a fault of one part of this record."""
        return Fault(
            self.place,
            self.line_of(path),
            dotted(path) or None,
            None if value is None else str(value),
            expected,
        )


def read_record(
    kind: Kind, data: object, place: str, line_of: LineOf
) -> tuple[Located | None, list[Fault]]:
    """Check one record against its model; a record comes without faults only."""
    model = RECORDS[kind]
    try:
        record = model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_fault(model, data, place, line_of, each) for each in details]
    return Located(kind, record, place, line_of), []


def _fault(
    model: type[BaseModel],
    data: object,
    place: str,
    line_of: LineOf,
    error: ErrorDetails,
) -> Fault:
    path = _path_in(data, error["loc"])
    value = error["input"]
    given = None if error["type"] == "missing" else shown(value)
    expected = _expected(model, error)
    return Fault(place, line_of(path), dotted(path) or None, given, expected)


def _path_in(data: object, loc: tuple[int | str, ...]) -> Keys:
    """Leave out steps that only the model knows, as `edtf` of a date given as text."""
    path: Keys = ()
    for step in loc:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            break
        path = (*path, step)
    return path


def shown(value: object) -> str | None:
    """Return a value as a fault shows it; nothing of a list or of keys and values."""
    if isinstance(value, dict | list):
        return None
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _expected(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return f"one of the keys {', '.join(_keys_at(model, error['loc'][:-1]))}"
    if kind == "string_pattern_mismatch":
        if context["pattern"] == SLUG_PATTERN and (slug := slugify(error["input"])):
            return f"{_PATTERNS[SLUG_PATTERN]}, such as {slug}"
        return _PATTERNS.get(context["pattern"], f"text like {context['pattern']}")
    if kind in ("enum", "literal_error"):
        return (
            f"one of {context['expected'].replace(' or ', ', ').replace(chr(39), '')}"
        )
    if kind == "string_too_long":
        length = len(str(error["input"]).strip())
        return f"at most {context['max_length']:,} characters (it has {length:,})"
    if kind == "too_long":
        length = len(error["input"])
        return f"at most {context['max_length']:,} entries (it has {length:,})"
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    message = error["msg"]
    for lead in ("Input should be ", "String should have ", "List should have "):
        message = message.removeprefix(lead)
    return message


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys of the model that stands at `loc` inside another."""
    for step in loc:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        if found := _model_in(part):
            return found
    return None
