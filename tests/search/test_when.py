"""Dates among the words of a question: read where they are surely dates, else words."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language import parse
from search.tree import Days, Favour, Term, Together, wanted
from search.when import favour_dates


def read(query: str) -> object:
    return favour_dates(parse(query))


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("talks in April 2017", date(2017, 4, 1), date(2017, 4, 30)),
        ("talks July 2001", date(2001, 7, 1), date(2001, 7, 31)),
        ("12 July 2022 talks", date(2022, 7, 12), date(2022, 7, 12)),
        ("talks on July 12, 2022", date(2022, 7, 12), date(2022, 7, 12)),
        ("talks 3rd of March 2025", date(2025, 3, 3), date(2025, 3, 3)),
        ("talks in 1968", date(1968, 1, 1), date(1968, 12, 31)),
    ],
)
def test_a_date_among_words_is_favoured_and_leaves_the_words(query, first, last):
    tree = read(query)
    assert isinstance(tree, Favour)
    assert tree.child == Term("talks")
    assert [(day.first, day.last) for day in tree.days] == [(first, last)]


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{d} {m} {y}", "{m} {d} {y}", "{m} {y}", "in {m} {y}"]),
    st.booleans(),
)
def test_every_day_and_month_is_read_in_every_order(day, shape, short):
    names = calendar.month_abbr if short else calendar.month_name
    text = shape.format(d=day.day, m=names[day.month], y=day.year)
    tree = read(f"who met {text}")
    assert isinstance(tree, Favour)
    [found] = tree.days
    assert found.first and found.last and found.first <= day <= found.last
    assert {leaf.text for leaf in wanted(tree) if isinstance(leaf, Term)} == {
        "who",
        "met",
    }


@pytest.mark.parametrize(
    "query",
    [
        "talks 2017",
        "talks may resume",
        "march on Washington",
        '"July 2001" talks',
        "talks title:July 2001",
        "talks OR July 2001",
        "resolution 12 of 1973",
    ],
)
def test_what_may_be_no_date_stays_words(query):
    assert not isinstance(read(query), Favour)


def test_a_date_that_is_all_of_the_query_is_a_filter():
    tree = read("in July 2022")
    assert isinstance(tree, Days)
    assert (tree.first, tree.last) == (date(2022, 7, 1), date(2022, 7, 31))


def test_it_prints_back_to_the_same_reading():
    for query in ("grain talks in July 2022", "grain July 2001"):
        tree = read(query)
        assert read(str(tree)) == tree
    assert isinstance(read("a b"), Together)
