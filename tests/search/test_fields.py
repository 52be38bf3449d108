"""One table of fields, which the language and its page in the docs read."""

from search.docs import query_language
from search.fields import BY_KEY, EXPLANATIONS, FIELDS, Match, one_of


def test_the_fields_are_those_of_the_design():
    assert (
        list(BY_KEY)
        == (
            "text title actor person state holder topic proposition meeting source "
            "publisher subject kind status format position date"
        ).split()
    )


def test_every_way_of_matching_is_explained():
    assert set(EXPLANATIONS) == set(Match)


def test_coded_fields_list_their_values():
    for field in FIELDS:
        assert bool(field.codes) == (field.match is Match.CODE)


def test_values_are_listed_as_people_do():
    assert one_of(["a", "b", "c"]) == "a, b or c" and one_of(["a"]) == "a"


def test_the_page_on_the_language_is_current(document):
    document("docs/query-language.md", query_language())
