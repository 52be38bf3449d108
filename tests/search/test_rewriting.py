"""Queries as people type them, in the query language."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fields import FIELDS
from search.highlight import find_marks
from search.language import parse
from search.query_error import QueryError
from search.rewriting import rewrite
from search.tree import Days, Or, Phrase, Term, Together


def read(query: str):
    return parse(rewrite(query).query)


@given(st.from_regex(r"[a-z]{2,8}", fullmatch=True), st.sampled_from(["red", '"a b"']))
def test_an_unknown_field_is_read_as_words_and_said(name, value):
    if name in {field.key for field in FIELDS}:
        return
    query, notices = rewrite(f"ships {name}:{value}")
    assert parse(query) == parse(f"ships ({name} {value})")
    assert parse(rewrite(f"oil AND -{name}:{value}").query) == parse(
        f"oil AND -({name} {value})"
    )
    assert f'"{name}"' in notices[0] and "actor" in notices[0]
    with pytest.raises(QueryError, match="No field is called"):
        parse(f"ships {name}:{value}")


def test_a_time_of_day_is_no_field():
    assert read("12:30") == Term("12:30") and not rewrite("at 12:30").notices


def test_an_address_is_read_as_its_words():
    assert str(parse(rewrite("http://www.example.org/a").query))


@pytest.mark.parametrize("query", ['"a:b"', r"a\:b", "title:x", "actor:iran b"])
def test_what_can_be_read_stays_as_it_is(query):
    assert rewrite(query) == (query, ())


@given(st.sampled_from(FIELDS))
def test_a_field_is_known_in_any_case(field):
    lower = parse(field.example)
    for name in (field.key.upper(), field.key.title()):
        assert parse(field.example.replace(f"{field.key}:", f"{name}:", 1)) == lower


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("date:July 2022", date(2022, 7, 1), date(2022, 7, 31)),
        ("date:19.07.2022", date(2022, 7, 19), date(2022, 7, 19)),
        ("date:19 July 2022", date(2022, 7, 19), date(2022, 7, 19)),
        ("date:July 19, 2022", date(2022, 7, 19), date(2022, 7, 19)),
        ('date:"July 2022"', date(2022, 7, 1), date(2022, 7, 31)),
        ("Date:July 2022", date(2022, 7, 1), date(2022, 7, 31)),
    ],
)
def test_a_date_in_words_is_a_date(query, first, last):
    tree = read(query)
    assert isinstance(tree, Days) and (tree.first, tree.last) == (first, last)
    assert parse(str(tree)) == tree
    together = read(f"talks {query} OR oil")
    assert isinstance(together, Together) and Term("talks") in together.children


@pytest.mark.parametrize("query", ["date:July 2022 OR", "date:Smarch 22", "date:July"])
def test_what_is_no_date_is_refused_in_a_sentence(query):
    with pytest.raises(QueryError):
        read(query)


@given(st.integers(1, 100), st.sampled_from(["w", "W", "NEAR", "near"]))
def test_a_distance_holds_in_either_order(reach, how):
    tree = read(f"talks {how}/{reach} oil")
    assert tree == Or((Phrase("talks oil", reach - 1), Phrase("oil talks", reach - 1)))
    words = ["x"] * (reach - 1)
    for one, other in (("talks", "oil"), ("oil", "talks")):
        assert find_marks(" ".join([one, *words, other]), "en", tree)
        assert not find_marks(" ".join([one, "y", *words, other]), "en", tree)


def test_a_distance_is_said():
    assert "in either order" in rewrite("talks w/5 oil").notices[0]
    assert rewrite('"oil price" pre/3 talks').query == '"oil price talks"~2'


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"nuclear neg*"', "The nuclear negotiations ended."),
        ('"nuc* negotiations"', "The nuclear negotiations ended."),
        ('"nuclear neg* ended"', "The nuclear negotiations ended."),
        ('"nuclear end*"~1', "The nuclear negotiations ended."),
    ],
)
def test_a_star_within_a_phrase_is_a_beginning(query, text):
    assert find_marks(text, "en", parse(query))
    assert not find_marks(text, "en", parse(query.replace("n", "x")))


def test_a_phrase_has_so_many_stars_and_no_more():
    with pytest.raises(QueryError, match="words with"):
        parse('"' + "ab* " * 21 + '"')


@given(st.text(st.sampled_from('abz:" w/5NEAR date:July 2022()*\\“'), max_size=40))
def test_any_text_is_loosened_in_peace(text):
    query = rewrite(text).query
    try:
        parse(query)
    except QueryError:
        pass
