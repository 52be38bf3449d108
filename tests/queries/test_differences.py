"""What differs between two states is named, field by field, and nothing else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queries.differences import Span, differences

PARTICIPANTS: st.SearchStrategy[Any] = st.lists(
    st.builds(
        dict,
        person=st.sampled_from(["anna", "bo", "cem"]),
        role=st.sampled_from(["host", "guest"]),
    ),
    max_size=4,
)
STATES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"slug": st.just("talks")},
    optional={
        "title": st.text(max_size=3),
        "several": st.booleans(),
        "date": st.fixed_dictionaries({"edtf": st.sampled_from(["2021", "2022"])}),
        "participants": PARTICIPANTS,
        "contributors": st.lists(st.text(max_size=2), max_size=4),
        "identifiers": st.dictionaries(st.sampled_from("ab"), st.text(max_size=2)),
    },
)


@given(STATES, STATES)
def test_equal_states_differ_in_nothing_and_others_in_something(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert differences(one, one) == ()
    found = differences(one, other)
    empty: tuple[Any, ...] = ([], {}, None)
    keys = {
        key
        for key in {*one, *other}
        if one.get(key) != other.get(key)
        and not (one.get(key) in empty and other.get(key) in empty)
    }
    assert {each.field.split(":")[0] for each in found} == keys
    assert all(each.before != each.after for each in found)
    swapped = [(each.field, each.after, each.before) for each in found]
    back = [(each.field, each.before, each.after) for each in differences(other, one)]
    assert sorted(swapped, key=str) == sorted(back, key=str)


def test_an_entry_put_before_others_changes_none_of_them() -> None:
    bo = {"person": "bo", "role": "guest"}
    anna = {"person": "anna", "role": "host"}
    (found,) = differences({"participants": [bo]}, {"participants": [anna, bo]})
    assert (found.field, found.before) == ("participants", None)
    assert found.after == "person: anna; role: host"


def test_evidence_is_told_by_its_place() -> None:
    old = {"source": "report", "version": 1, "start": 1_000, "end": 1_040}
    new = old | {"note": "garbled"}
    (note,) = differences({"evidence": [old]}, {"evidence": [new]})
    assert note.field == "evidence: report, characters 1,000 to 1,040: note"
    (gone,) = differences({"evidence": [old]}, {"evidence": []})
    assert (gone.before, gone.after) == ("report, characters 1,000 to 1,040", None)
    assert gone.span == Span(source="report", version=1, start=1_000, end=1_040)
