"""JSON Schema out of dataclasses: types become types, docstrings descriptions.

The dataclasses are documented where they are defined, field by field; this reads those
words from their sources, so that the published schema is never a second copy.
"""

import ast
import inspect
import textwrap
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


class Schemas:
    """The schemas of types, and the named ones that they refer to."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}
        self._owners: dict[str, Any] = {}

    def of(self, kind: Any, known: dict[Any, Any] | None = None) -> Schema:
        """Return the schema of a type; dataclasses and enums are put among the named.

        `known` says what the type variables of a generic dataclass stand for.
        """
        kind = (known or {}).get(kind, kind)
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(part, known) for part in arguments]}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(arguments[0], known)}
        if origin is dict:
            values = self.of(arguments[1], known)
            return {"type": "object", "additionalProperties": values}
        if is_dataclass(origin):
            variables = getattr(origin, "__parameters__", ())
            return self._record(origin, dict(zip(variables, arguments, strict=True)))
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return self._words(kind)
        if is_dataclass(kind):
            return self._record(kind, {})
        raise TypeError(f"no JSON schema for {kind}")

    def _refer(self, name: str) -> Schema:
        return {"$ref": f"#/components/schemas/{name}"}

    def _words(self, kind: type[StrEnum]) -> Schema:
        self.named[kind.__name__] = {
            "type": "string",
            "enum": [value.value for value in kind],
            "description": inspect.getdoc(kind),
        }
        return self._refer(kind.__name__)

    def _record(self, kind: Any, known: dict[Any, Any]) -> Schema:
        of = "".join(argument.__name__ for argument in known.values())
        name = f"{kind.__name__}Of{of}" if of else kind.__name__
        if self._owners.setdefault(name, kind) is not kind:
            raise TypeError(f"{kind} and {self._owners[name]} have the same name")
        if name not in self.named:
            self.named[name] = {}  # so that a type may hold itself
            said = descriptions(kind)
            hints = get_type_hints(kind)
            names = [part.name for part in fields(kind)]
            self.named[name] = {
                "type": "object",
                "description": said[""],
                "properties": {
                    part: self.of(hints[part], known) | {"description": said[part]}
                    for part in names
                },
                "required": names,
            }
        return self._refer(name)


@cache
def descriptions(kind: type) -> dict[str, str]:
    """The words below each field of a dataclass, inherited ones too, and its own.

    Raises:
        KeyError: from the callers, for a field that nobody described.
    """
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if is_dataclass(base):
            found |= _described_in(base)
    return found | {"": _in_one_line(inspect.getdoc(kind) or "")}


def _described_in(kind: Any) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    return {
        field.target.id: _in_one_line(below.value.value)
        for field, below in zip(body, body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
