"""No source fills the first page by itself, and nothing gets lost over it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.spread import asks_for_sources, sources_of, spread
from search.engine import Hit
from search.language import parse

ids = st.one_of(
    st.builds(
        lambda source, n: f"passage/{source}/{n:06}",
        st.sampled_from(["a", "b", "c"]),
        st.integers(1, 99),
    ),
    st.integers(1, 99).map(lambda n: f"stance/{n}"),
)
found = st.lists(ids, unique=True, max_size=40).map(
    lambda some: [Hit(id, 0.0) for id in some]
)


@given(found, st.integers(1, 10))
def test_the_same_results_come_in_another_order(hits, limit):
    arranged = spread(hits, limit)
    assert sorted(arranged, key=str) == sorted(hits, key=str)
    first, rest = arranged[:limit], arranged[limit:]
    count = Counter(hit.id.rpartition("/")[0] for hit in first)
    if any(count[source] > 1 for source in count if source != "stance"):
        # Only where nothing else is left to show.
        assert all(count[hit.id.rpartition("/")[0]] >= 1 for hit in rest)


def test_one_passage_of_a_source_comes_first_and_the_others_right_after():
    order = ["a/1", "a/2", "a/3", "b/1", "a/4", "c/1", "b/2"]
    hits = [Hit(f"passage/{id}", 0.0) for id in order]
    arranged = [hit.id.removeprefix("passage/") for hit in spread(hits, 3)]
    assert arranged == ["a/1", "b/1", "c/1", "a/2", "a/3", "a/4", "b/2"]


def test_what_stands_above_counts_for_its_source():
    above = sources_of([Hit("passage/a/9", 0.0), Hit("stance/1", 0.0)])
    hits = [Hit(f"passage/{id}", 0.0) for id in ("a/1", "b/1", "b/2")]
    arranged = [hit.id.removeprefix("passage/") for hit in spread(hits, 2, above)]
    assert arranged == ["b/1", "a/1", "b/2"]


def test_records_are_never_held_back():
    hits = [Hit(f"stance/{n}", 0.0) for n in range(5)]
    assert spread(hits, 3) == tuple(hits)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("drones", False),
        ("drones source:a", True),
        ("source:a*", True),
        ("drones OR source:a", True),
        ("drones -source:a", False),
        ("holder:russia", False),
    ],
)
def test_a_query_may_name_its_sources(query, named):
    assert asks_for_sources(parse(query)) is named
