"""What records know of the others that they name."""

import types
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from exchange.fields import SLUG_PATTERN
from exchange.records import RECORDS, Kind

M = TypeVar("M", bound=BaseModel)


def whole(model: type[M]) -> M:
    """Return a record in which every field that can hold a slug holds one."""
    given: dict[str, Any] = {
        name: _value((field.annotation, *field.metadata), field.default)
        for name, field in model.model_fields.items()
    }
    return model.model_construct(**given)


def _is_slug(part: object) -> bool:
    return getattr(part, "pattern", None) == SLUG_PATTERN


def _value(parts: tuple[Any, ...], default: object) -> object:
    for part in parts:
        if _is_slug(part):
            return "named"
        if isinstance(part, type) and issubclass(part, BaseModel):
            return whole(part)
        if get_origin(part) is list:
            return [_value(get_args(part), None)]
        if get_origin(part) in (Annotated, Union, types.UnionType):
            value = _value(get_args(part), default)
            if value is not default:
                return value
    return default


def slugs(value: object, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the places of a record that hold a slug, without numbers."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return set().union(
            *(slugs(getattr(value, name), (*path, name)) for name in fields)
        )
    if isinstance(value, list):
        return set().union(*(slugs(each, path) for each in value))
    return {path} if value == "named" else set()


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_yields_every_reference_that_it_can_hold(kind: Kind) -> None:
    record = whole(RECORDS[kind])
    held = slugs(record) - {("slug",)}
    # The source at the end of a chain is the evidence's own (EvidenceItem._located).
    held = {path for path in held if path[-2:] != ("said_by", "source")}
    named = {
        tuple(key for key in path if isinstance(key, str))
        for path, _, _ in record.references()
    }
    assert named == held


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_yields_every_piece_of_evidence_that_it_can_hold(kind: Kind) -> None:
    record = whole(RECORDS[kind])
    held = {path[:-1] for path in slugs(record) if path[-2:] == ("evidence", "source")}
    items = {
        tuple(key for key in path if isinstance(key, str))
        for path, _ in record.evidence_items()
    }
    assert items == held
