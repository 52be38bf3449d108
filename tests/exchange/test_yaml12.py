"""Reading YAML 1.2, with lines."""

from pathlib import Path
from typing import Any

import pytest

from exchange.yaml12 import Parsed, read_yaml


def read(tmp_path: Path, text: str | bytes) -> Parsed:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_yaml(path, "file.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("2022-07-12", "2022-07-12"),
        ("2021", 2021),
        ("007", "007"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("~", None),
        ("", None),
        ("True", True),
        ("12:30:45", "12:30:45"),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        # A mode of the parser that keeps folds would leave a BEL at each.
        (">\n  one\n  two\n\n  three\n", "one two\nthree\n"),
        (">-\n  one\n  two\n", "one two"),
        ("one\n  two", "one two"),
        ("'one\n  two'", "one two"),
    ],
)
def test_plain_words_stay_words(tmp_path: Path, text: str, value: Any) -> None:
    parsed = read(tmp_path, f"key: {text}")
    assert parsed.faults == []
    assert parsed.value == {"key": value}


def test_each_part_knows_its_line(tmp_path: Path) -> None:
    parsed = read(tmp_path, "\ufeff# note\n- a: 1\n  b:\n    - c: 2\n")
    assert parsed.line((0, "a")) == 2
    assert parsed.line((0, "b", 0, "c")) == 4
    assert parsed.line((0, "b", 0, "missing")) == 4
    assert parsed.line(()) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\na: 2", "file.yaml, line 2: a: expected each key once (also in line 1)"),
        ("a: !!python/object:os.x 1", "expected no tags"),
        ("a: !mine 1", "expected no tags"),
        ("a: 1\n---\nb: 2", "line 2: expected YAML 1.2 (but found another document)"),
        ("a: 'x", "line 1: expected YAML 1.2 (found unexpected end of stream)"),
        ("? [a]\n: 1", "line 1: expected a word as key"),
        ("a: \0", "expected YAML 1.2 (unacceptable character"),
        (b"a: \xff", "file.yaml, line 1: expected UTF-8 text (byte 3 is not; as W"),
        ("[" * 100_000, "expected at most 40 levels of nesting"),
        ("a: " + "[" * 60 + "]" * 60, "line 1: expected at most 40 levels"),
        ("a: &a [*a]", "line 1: expected at most 40 levels of nesting"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, fault: str) -> None:
    parsed = read(tmp_path, text)
    assert fault in str(parsed.faults[0])
    assert "\n" not in str(parsed.faults[0])


def test_aliases_cannot_grow_a_small_file_into_a_huge_value(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 12):
        items = ", ".join([f"*a{i - 1}"] * 10)
        lines.append(f"a{i}: &a{i} [{items}]")
    parsed = read(tmp_path, "\n".join(lines))
    assert "500,000 values" in str(parsed.faults[0])
    assert parsed.value is None


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    parsed = read_yaml(tmp_path / "none.yaml", "none.yaml")
    assert "expected a readable file (No such file" in str(parsed.faults[0])
