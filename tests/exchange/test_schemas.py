"""The published JSON Schemas."""

import json

import pytest
from jsonschema import Draft202012Validator

from exchange.records import RECORDS, json_schemas
from exchange.schemas import FOLDER


def test_the_published_schemas_are_current() -> None:
    published = {p.name: p.read_text("utf-8") for p in FOLDER.glob("*.json")}
    assert published == dict(json_schemas()), "run `python -m exchange.schemas`"


@pytest.mark.parametrize("kind", RECORDS)
def test_every_schema_is_a_valid_schema(kind: str) -> None:
    schema = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
