"""Parameters: what each takes, refuses and says of itself."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analysis.calendar import A_MONTH
from errors import BadRequest
from queries.date_parameters import A_DATE
from queries.filters import ListOf
from queries.parameters import (
    A_SLUG,
    MOST_VALUES,
    TRUTH,
    Parameter,
    Takes,
    read,
    slugs,
    text,
    whole_number,
)
from queries.search.request import PARAMETERS
from web.analysis.questions import QUESTIONS
from web.catalogue import COLLECTIONS

TABLES: list[ListOf] = [collection.table for collection in COLLECTIONS]


def all_parameters() -> Iterator[Parameter]:
    """Every parameter that is declared anywhere."""
    for table in TABLES:
        yield from table.parameters
    for collection in COLLECTIONS:
        yield from collection.options
    for question in QUESTIONS:
        yield from question.options
    yield from PARAMETERS


#: Each kind of value once, and of those that can be listed only the last.
KINDS = list(
    {
        "one" if item.takes.choices else item.takes.expected: item.takes
        for item in all_parameters()
    }.values()
)


def instances(takes: Takes) -> st.SearchStrategy[str]:
    """Texts that the schema allows."""
    schema = takes.schema
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"]).map(str)
    pattern = schema.get("pattern", ".*")
    found = st.from_regex(re.compile(pattern.replace("$", r"\Z")))
    return found.filter(lambda value: 0 < len(value) <= schema.get("maxLength", 300))


@pytest.mark.parametrize("takes", [*KINDS, A_MONTH], ids=lambda takes: takes.expected)
@given(data=st.data())
def test_whatever_the_schema_allows_is_read(takes: Takes, data: st.DataObject) -> None:
    value = data.draw(instances(takes))
    if takes.schema["type"] == "string":
        assert Draft202012Validator(takes.schema).is_valid(value)
    Parameter(name="it", help="", takes=takes).check(value)


@pytest.mark.parametrize("takes", [*KINDS, A_MONTH], ids=lambda takes: takes.expected)
@given(value=st.text(min_size=1, max_size=400) | st.from_regex(r"[0-9/.~-]{1,12}"))
def test_whatever_is_refused_is_named_and_no_instance_of_the_schema(
    takes: Takes, value: str
) -> None:
    try:
        Parameter(name="it", help="", takes=takes).check(value)
    except BadRequest as fault:
        assert fault.field == "it" and fault.position is not None
        assert "\0" not in fault.detail
        assert len(fault.detail) < 600
        if takes.schema["type"] == "string":
            assert not Draft202012Validator(takes.schema).is_valid(value)


@pytest.mark.parametrize(
    "value",
    ["2022", "2022-07", "2022-02-28", "2024-02-29", "2000-02-29", "../2022", "2022/.."],
)
def test_the_schema_of_dates_knows_the_plain_ones(value: str) -> None:
    assert Draft202012Validator(A_DATE.schema).is_valid(value)


@pytest.mark.parametrize(
    "value", ["2022-02-29", "1900-02-29", "2022-13", "2022-04-31", "0000", "2022-1", ""]
)
def test_the_schema_of_dates_knows_the_calendar(value: str) -> None:
    assert not Draft202012Validator(A_DATE.schema).is_valid(value)


@pytest.mark.parametrize("takes", [item for item in KINDS if item.written is not str])
@given(data=st.data())
def test_words_that_mean_a_date_are_read_and_said_back_in_edtf(
    takes: Takes, data: st.DataObject
) -> None:
    day = data.draw(st.dates(max_value=date(9998, 12, 31)))
    edtf, words = data.draw(
        st.sampled_from(
            [
                (f"{day}", f"{day.day} {day:%B} {day.year:04}"),
                (f"{day}", f"{day:%B} {day.day}, {day.year:04}"),
                (f"{day}"[:7], f"in {day:%B} {day.year:04}"),
            ]
        )
    )
    item = Parameter(name="when", help="", takes=takes)
    assert item.check(words) == item.check(edtf)
    assert read([item], {"when": words}).texts == {"when": (edtf,)}
    assert read([item], {"when": edtf}).texts == {"when": (edtf,)}


def test_last_month_in_a_link_stays_the_month_it_meant() -> None:
    item = Parameter(name="when", help="", takes=A_DATE)
    (written,) = read([item], {"when": "this year"}).texts["when"]
    assert re.fullmatch(r"\d{4}", written)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2022", "2022-04-03 (day first) or 2022-03-04 (month first)"),
        ("Jully 2022", "the nearest reading is 2022-07"),
        ("2022-02-30", "the nearest reading is 2022-02-28"),
    ],
)
def test_a_date_that_is_not_read_is_refused_with_the_reason(
    text: str, why: str
) -> None:
    with pytest.raises(BadRequest) as fault:
        Parameter(name="when", help="", takes=A_DATE).check(text)
    assert why in fault.value.detail and fault.value.field == "when"


MANY = slugs("actor", "Only these.")
ONE = Parameter(name="page", help="Which.", takes=whole_number(9, 1))
MUST = Parameter(name="q", help="What.", takes=text(), required=True)


def test_a_parameter_that_takes_one_value_is_not_given_two() -> None:
    found = read((ONE,), {"page": ["1", "2"]})
    assert [fault.field for fault in found.faults] == ["page"]
    assert "at most 1 is read" in found.faults[0].detail
    assert not found.values


def test_the_same_value_twice_is_one() -> None:
    assert read((ONE,), {"page": ["2", "2"]}).strictly().one("page") == 2
    assert read((MANY,), {"actor": ["a", "b", "a"]}).values == {"actor": ("a", "b")}


@pytest.mark.parametrize("times", [0, 1, 2, MOST_VALUES, MOST_VALUES + 1])
def test_one_that_takes_several_takes_fifty(times: int) -> None:
    found = read((MANY,), {"actor": [f"a{number}" for number in range(times)]})
    assert bool(found.faults) == (times > MOST_VALUES)
    assert len(found.values.get("actor", ())) == (times if times <= MOST_VALUES else 0)


def test_an_empty_value_counts_as_not_given() -> None:
    found = read((MANY, ONE), {"actor": ["", ""], "page": ""})
    assert not found.values and not found.faults


def test_what_is_required_and_missing_is_said_once() -> None:
    for args in ({}, {"q": ""}, {"q": "a\0"}, {"q": ["a", "b"]}):
        found = read((MUST,), args)
        assert [fault.field for fault in found.faults] == ["q"]


def test_an_unknown_parameter_is_named_with_those_that_are_known() -> None:
    fault = read((ONE, MANY), {"colour": "red"}).faults[0]
    assert fault.field == "colour" and "page, actor" in fault.detail


def test_every_fault_is_found_and_the_rest_is_read() -> None:
    found = read((ONE, MANY), {"page": "x", "actor": ["a", "No Slug"], "b": "c"})
    assert [fault.field for fault in found.faults] == ["page", "actor", "b"]
    with pytest.raises(BadRequest, match="page"):
        found.strictly()


def test_truth_and_slugs_become_values() -> None:
    assert TRUTH.read("true") is True and TRUTH.read("false") is False
    assert A_SLUG.read("a-1") == "a-1"


def test_no_list_declares_a_parameter_twice() -> None:
    for table in TABLES:
        names = [item.name for item in table.parameters]
        assert len(set(names)) == len(names)
    for question in QUESTIONS:
        names = [item.name for item in question.options]
        assert len(set(names)) == len(names)


def test_every_default_is_a_value_that_is_taken() -> None:
    for item in all_parameters():
        if item.default:
            item.check(item.default)
