"""From plain values to records."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.reading import no_line, one_line, read_record
from exchange.records import RECORDS, Kind

KEYS = sorted({name for model in RECORDS.values() for name in model.model_fields})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.sampled_from(["a-slug", "2021-05-03", "state", "for", "person", "2022-02-30"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "edtf", "x", "quote"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(list(RECORDS)), st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_any_value_is_a_record_or_has_faults_of_one_line(
    kind: Kind, data: dict[str, Any]
) -> None:
    located, faults = read_record(kind, data, "file", one_line(7))
    assert (located is None) == bool(faults)
    for fault in faults:
        assert str(fault).startswith("file, line 7: ")
        assert "\n" not in str(fault)


@given(VALUES)
def test_a_record_that_is_no_mapping_is_a_fault(value: Any) -> None:
    located, faults = read_record("topic", [value], "file", no_line)
    assert located is None
    assert [str(fault) for fault in faults] == ["file: expected keys and values"]


TOPIC = {"slug": "peace", "name": "Peace"}


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Peace", "slug": "peace"},
        {"slug": "peace", "name": " Peace ", "parent": None},
    ],
)
def test_the_digest_depends_on_what_is_said_and_not_on_how(
    other: dict[str, Any],
) -> None:
    first, _ = read_record("topic", TOPIC, "file", no_line)
    second, _ = read_record("topic", other, "file", no_line)
    assert first and second and first.digest == second.digest
    third, _ = read_record("topic", TOPIC | {"parent": "war"}, "file", no_line)
    assert third and third.digest != first.digest


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        pytest.param(2021, "2021", id="number"),
        pytest.param("2021", "2021", id="year"),
        ("2009-11-29T10:00:00Z", "2009-11-29"),
        ({"edtf": "../2021-05", "as_written": "until May"}, "../2021-05"),
    ],
)
def test_dates_are_taken_as_they_are_written(written: Any, edtf: str) -> None:
    data = {"slug": "p", "text": "It is.", "kind": "factual", "about": written}
    located, faults = read_record("proposition", data, "file", no_line)
    assert faults == []
    assert located and located.record.model_dump()["about"]["edtf"] == edtf


@pytest.mark.parametrize(
    ("written", "edtf", "words"),
    [
        ("3 March 2025", "2025-03-03", "3 March 2025"),
        ("2025-03-03", "2025-03-03", None),
        ({"edtf": "mid-2021", "as_written": "in the summer"}, "2021-05/2021-08",
         "in the summer"),
    ],
)  # fmt: skip
def test_the_words_of_a_date_are_kept_beside_its_edtf(
    written: Any, edtf: str, words: str | None
) -> None:
    data = {"slug": "p", "text": "It is.", "kind": "factual", "about": written}
    located, faults = read_record("proposition", data, "file", no_line)
    assert faults == []
    assert located is not None
    about = located.record.model_dump()["about"]
    assert (about["edtf"], about["as_written"]) == (edtf, words)


def test_a_date_that_may_be_two_is_refused_with_both() -> None:
    data = {"slug": "p", "text": "It is.", "kind": "factual", "about": "03/04/2022"}
    _, (fault,) = read_record("proposition", data, "file", one_line(3))
    assert "2022-04-03 (day first) or 2022-03-04 (month first)" in str(fault)
