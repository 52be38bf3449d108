"""Whatever stands in a line or a file: a record, or one sentence; never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from errors import InputFaults
from exchange.load import load
from exchange.records import RECORDS
from exchange.yaml12 import read_yaml
from settings import Settings
from tests.exchange.small import FILES, write_small

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=6)
KEYS = sorted({name for model in RECORDS.values() for name in model.model_fields})
WORDS = [*RECORDS, "a", "2021-05", "2022-02-30", "said", "person", "\ud800", "a\0b"]
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**30, 10**31)
    | st.floats()
    | ANY_TEXT
    | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(ANY_TEXT | st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)
RIGHT: list[dict[str, Any]] = [
    {"type": "topic", "slug": "peace", "name": "Peace", "parent": None},
    {
        "type": "actor",
        "slug": "norland",
        "name": "Norland",
        "kind": "state",
        "names": [{"name": "Oslo", "kind": "metonym", "language": "en"}],
        "identifiers": {"iso3166-1-alpha3": "NOR"},
    },
    {
        "type": "source",
        "slug": "report",
        "kind": "readout",
        "title": "A report",
        "published": {"edtf": "2021-05", "as_written": "in May"},
        "paragraphs": ["Norland spoke.", "Suria left."],
        "subjects": {"persons": [{"label": "Berg"}], "countries": ["Norland"]},
        "mentions": [{"passage": 1, "actor": "norland"}],
    },
    {
        "type": "stance",
        "slug": "a-stance",
        "holder": "norland",
        "proposition": "make-peace",
        "position": "for",
        "polarity": 1,
        "mode": "said",
        "recorded": {"at": "2026-05-04", "by": "A. Coder"},
        "evidence": [{"source": "report", "quote": "Norland spoke."}],
    },
]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Draw a right record with any value put in the place of any part."""
    record = json.loads(json.dumps(draw(st.sampled_from(RIGHT))))
    at, value = record, draw(ANY_JSON)
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = draw(st.sampled_from(keys))
        inner = at[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            break
        at = inner
    if isinstance(at, dict) and draw(st.booleans()):
        at[draw(ANY_TEXT)] = value
    else:
        at[key] = value
    return record


@given(st.lists(st.one_of(damaged(), ANY_JSON), min_size=1, max_size=4))
@example([{"type": [], "slug": "x"}])
@example([{"type": {}, "slug": "x"}])
@example([{"type": 1.5}, {"type": None}, {"type": True}, {"type": "\ud800"}])
@example([{"type": "topic", "slug": "t", "\udcff": "x"}])
@example([{"type": "actor", "slug": "a", "identifiers": {"\ud800": "x"}}])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_in_any_place_is_loaded_or_refused_by_its_line_number(
    sqlite_settings: Settings, tmp_path: Path, values: list[Any]
) -> None:
    path = tmp_path / "records.jsonl"
    last = {"type": "topic", "slug": "the-last", "name": "The last"}
    lines = [json.dumps(value) for value in [*values, last]]
    path.write_text("\n".join(lines), "utf-8")
    report = load(path, sqlite_settings.database_url)
    topics = report.counts["topic"]
    assert topics.added + topics.unchanged >= 1  # the rest goes on
    for fault in report.refusals:
        assert fault.line is not None and 1 <= fault.line <= len(values)
        assert str(fault).isprintable()
        json.dumps(str(fault)).encode()
        str(fault).encode()


NAMES = [name for name in FILES if name.endswith(".yaml")]
YAML_BITS = st.sampled_from(
    ["- ", ": ", "\n", "  ", "{", "}", "[", "]", "'", '"', "&a ", "*a", "!!str ", "#",
     "|", ">", "? ", "---\n", "%YAML 9.9\n", "\t", "\u00a0", "<<: ", '"\\ud800"',
     '"\\U00110000"', "\ufeff", "\0", "\r", "\u2028", "\x85", "\ud800", "!<x> ", "=",
     "0x", "1e999", "\U0001f600", '"\\x00"', "@", "`", "%", "!!binary x", "!!set {a}"]
)  # fmt: skip


@st.composite
def damaged_file(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a file of the small dataset with anything put in anywhere."""
    name = draw(st.sampled_from(NAMES))
    text = FILES[name]
    start = draw(st.integers(0, len(text)))
    end = start + draw(st.integers(0, 8))
    bits = st.lists(YAML_BITS | ANY_TEXT | ANY_JSON.map(json.dumps), max_size=3)
    return name, text[:start] + "".join(draw(bits)) + text[end:]


@given(damaged_file())
@example(("topics.yaml", '- {slug: a, name: "\\ud800"}'))
@example(("topics.yaml", '- {slug: a, "\\ud800": b}'))
@example(("topics.yaml", '- {slug: a, name: "\\U00110000"}'))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_file_of_a_dataset_is_loaded_or_refused_in_sentences(
    sqlite_settings: Settings, tmp_path: Path, damage: tuple[str, str]
) -> None:
    folder = write_small(tmp_path / "small")
    name, text = damage
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        report = load(folder, sqlite_settings.database_url)
    except InputFaults as error:
        for fault in error.faults:
            assert fault.place
            assert str(fault).isprintable()
            str(fault).encode()
    else:
        assert not report.refusals


@given(st.lists(YAML_BITS | ANY_TEXT, max_size=12).map("".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_yaml_is_a_value_or_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    parsed = read_yaml(path, "file.yaml")
    for fault in parsed.faults:
        assert str(fault).isprintable()
    if not parsed.faults:
        json.dumps(parsed.value, ensure_ascii=False).encode()


@pytest.mark.parametrize("deep", [50, 900, 1_100, 100_000])
def test_a_line_nested_however_deeply_is_refused(
    sqlite_settings: Settings, tmp_path: Path, deep: int
) -> None:
    path = tmp_path / "records.jsonl"
    nested = "[" * deep + '"\\ud800"' + "]" * deep
    path.write_text(f'{{"type": "topic", "slug": "t", "name": {nested}}}\n')
    report = load(path, sqlite_settings.database_url)
    assert [fault.line for fault in report.refusals] == [1]
