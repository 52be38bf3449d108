"""A dataclass as plain values, for JSON."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """Turn a dataclass and all in it into dicts, lists and values that JSON has.

    Field names become keys; a date becomes ISO 8601 and a coded value its word. What a
    key means stands in the field's documentation, which OpenAPI publishes.
    """
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return value
