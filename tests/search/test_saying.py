"""Queries in words, and without one of their parts."""

import pytest
from hypothesis import given

from search.language import parse
from search.saying import Part, as_typed, parts, say
from tests.search.engines.strategies import queries


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("drones", "with “drones”"),
        ("drones actor:iran", "with “drones”, that concern iran"),
        ('"peace talks" NOT grain', "with exactly “peace talks”, not with “grain”"),
        ('"a1 b1"~2', "with “a1 b1” in this order with at most 2 words between"),
        ("dro* OR d?o", "with what begins with “dro” or with what looks like “d?o”"),
        ("drnoe~", "with what comes close to “drnoe”"),
        ("title:drones", "with “drones” in the title"),
        ("kind:meeting status:under_way", "that are a meeting, about a meeting that is "
         "under way"),
        ("date:2022-07", "dated 2022-07"),
        ("date:[2022-06 TO 2022-09]", "from 2022-06 until 2022-09"),
        ("date:{2022 TO *]", "after 2022"),
        ("date:*", "with a known date"),
        ("+grain drones^2", "in any case with “grain”, above all with “drones”"),
        ("(a1 OR b1) c1", "(with “a1” or with “b1”), with “c1”"),
        ("*:*", "of any kind"),
    ],
)  # fmt: skip
def test_a_query_is_said_in_words(query, sentence):
    assert say(parse(query)) == sentence


def test_each_part_can_be_dropped():
    assert parts(parse("drones actor:iran date:2022")) == (
        Part("with “drones”", "drones", "actor:iran date:2022"),
        Part("that concern iran", "actor:iran", "drones date:2022"),
        Part("dated 2022", "date:2022", "drones actor:iran"),
    )
    assert parts(parse("drones")) == (Part("with “drones”", "drones", ""),)
    assert parts(parse("a1 b1"))[0].without == "b1"


def test_values_are_called_by_their_names():
    query = parse("drones actor:iran (topic:arms OR status:under_way)")
    names = {"iran": "Iran", "arms": "Arms supplies"}

    def called(key: str, text: str) -> str:
        return names.get(text, as_typed(key, text))

    sentence = (
        "with “drones”, that concern Iran, "
        "(on Arms supplies or about a meeting that is under way)"
    )
    assert say(query, called) == sentence
    assert parts(query, called)[1].sentence == "that concern Iran"


@given(queries)
def test_any_query_can_be_said(query):
    assert say(query)
