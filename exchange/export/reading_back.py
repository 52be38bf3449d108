"""Whether a record that is written out can be read back as it is."""

from collections.abc import Iterator
from typing import Any

from errors import Fault
from exchange.export.parts import Data
from exchange.reading import Located, no_line, read_record
from exchange.records import Kind


def locate_record(kind: Kind, data: Data) -> tuple[Located | None, list[Fault]]:
    """Check that a record can be read back, and would be read back as it is."""
    place = f"{kind} {data['slug']}"
    located, faults = read_record(kind, data, place, no_line)
    if located is not None:
        back = located.record.model_dump(mode="json", exclude_unset=True)
        faults = [
            Fault(place, None, path, str(was), "a value that stays as it is when read")
            for path, was in _changed(data, back, "")
        ]
    return located, faults


def _changed(was: Any, now: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key, value in was.items():
            yield from _changed(value, now.get(key), f"{path}.{key}" if path else key)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (one, other) in enumerate(zip(was, now, strict=True), 1):
            yield from _changed(one, other, f"{path}[{number}]")
    elif was != now:
        yield path, was


def shortened(value: Any) -> Any:
    """Write a date without its own words, and a label on its own, as plain text."""
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"edtf"}:
            return value["edtf"]
        if value.keys() == {"label"}:
            return value["label"]
        return {key: shortened(item) for key, item in value.items()}
    return value
