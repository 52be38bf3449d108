"""Every text and list of a record has a length that it may not exceed, and says it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from exchange.reading import one_line, read_record
from exchange.records import RECORDS, EvidenceItem, Kind, json_schemas
from exchange.texts import NotLocated, Text, locate

CLOSED = {"enum", "const", "format", "pattern", "$ref"}


def texts_and_lists(
    schema: Any, path: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a schema that is a text, a list or free keys."""
    if isinstance(schema, list):
        for each in schema:
            yield from texts_and_lists(each, path)
    elif isinstance(schema, dict):
        if schema.get("type") in ("string", "array") or "propertyNames" in schema:
            yield path, schema
        for name, inner in schema.items():
            if name not in ("default", "propertyNames"):
                yield from texts_and_lists(inner, f"{path}/{name}")


def is_bounded(part: dict[str, Any]) -> bool:
    limits = ("maxLength", "maxItems", "maxProperties")
    return any(name in part for name in limits) or not CLOSED.isdisjoint(part)


def test_the_published_schemas_bound_every_text_and_every_list() -> None:
    for name, content in json_schemas():
        schema = TypeAdapter(dict[str, Any]).validate_json(content)
        parts = list(texts_and_lists(schema))
        assert parts
        for path, part in parts:
            assert is_bounded(part), f"{name}: {path}"


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (
            "actor",
            {"name": "a" * 31_000_000},
            "name: expected at most 500 characters (it has 31,000,000)",
        ),
        (
            "actor",
            {"names": [{"name": "x"}] * 20_001},
            "names: expected at most 20,000 entries (it has 20,001)",
        ),
        (
            "actor",
            {"identifiers": {f"code-{i}": "x" for i in range(201)}},
            "identifiers: expected at most 200 entries (it has 201)",
        ),
        (
            "meeting",
            {"participants": [{"label": "b" * 501}]},
            "participants[1].label: expected at most 500 characters (it has 501)",
        ),
        (
            "stance",
            {"note": " " + "n" * 20_001},
            "note: expected at most 20,000 characters (it has 20,001)",
        ),
        (
            "topic",
            {"slug": "t" * 121},
            "slug: expected at most 120 characters (it has 121)",
        ),
        (
            "source",
            {"published": "2022" * 100},
            "published: expected a date",
        ),
    ],
)
def test_what_is_too_long_is_named_with_its_length_and_the_limit(
    kind: Kind, data: dict[str, Any], said: str
) -> None:
    located, faults = read_record(kind, data, "file", one_line(7))
    assert located is None
    shown = [str(fault) for fault in faults]
    field, expected = said.split(": ", 1)
    (found,) = [line for line in shown if line.startswith(f"file, line 7: {field}: ")]
    assert expected in found
    assert len(found) < 300


@pytest.mark.parametrize("kind", RECORDS)
def test_a_slug_may_have_120_characters(kind: Kind) -> None:
    _, faults = read_record(kind, {"slug": "s" * 120}, "file", one_line(1))
    assert not [fault for fault in faults if fault.field == "slug"]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({}, "at 0 and 1 and 2; add a prefix"),
        ({"prefix": "a"}, "at 1 and 2 and 3; add a prefix"),
        ({"suffix": "b"}, None),
    ],
)
def test_a_quote_in_a_text_of_one_letter_is_located_in_linear_time(
    context: dict[str, str], said: str | None
) -> None:
    text = Text.of("a" * 3_000_000 + "b", [])
    values: dict[str, Any] = {"source": "s", "quote": "a" * 1_500_000, **context}
    item = EvidenceItem.model_construct(**values)
    start = time.perf_counter()
    if said is None:
        assert locate(text, item) == (1_500_000, 3_000_000)
    else:
        with pytest.raises(NotLocated, match=said):
            locate(text, item)
    assert time.perf_counter() - start < 5  # 60 s when every place was looked at
