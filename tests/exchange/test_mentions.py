"""Finding the actors that a passage names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.mentions import Names

NAMES = Names(
    [
        ("Iran", "iran"),
        ("ایران", "iran"),
        ("Korea", "korea"),
        ("South Korea", "south-korea"),
        ("US", "united-states"),
        ("U.S.", "united-states"),
        ("NATO", "nato"),
        ("Recep Tayyip Erdoğan", "erdogan"),
        ("Erdoğan", "erdogan"),
        ("Guinea-Bissau", "guinea-bissau"),
        ("O'Brien", "obrien"),
        ("中国", "china"),
        ("कमल", "kamal"),
        ("George Bush", "bush-41"),
        ("George Bush", "bush-43"),
        ("Bush", "bush-43"),
    ]
)


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("IRAN’s envoy", {"iran"}),
        ("an Iranian envoy", set()),
        ("South\u00a0Korea agreed", {"south-korea"}),
        ("South\nKorea and Korea", {"south-korea", "korea"}),
        ("They told us so", set()),
        ("They told the US so", {"united-states"}),
        ("the U.S. envoy", {"united-states"}),
        ("Nato and nato", {"nato"}),
        ("ERDOGAN spoke", {"erdogan"}),
        ("Erdog\u0306an spoke", {"erdogan"}),
        ("Erdo\u00adğan spoke", {"erdogan"}),
        ("Guinea\u2011Bissau", {"guinea-bissau"}),
        ("Guinea, Bissau", set()),
        ("Mr O’Brien", {"obrien"}),
        ("中国政府", {"china"}),
        ("कमला", set()),
        ("کشور ایران", {"iran"}),
        ("George Bush", set()),
        ("Mr Bush", {"bush-43"}),
        ("", set()),
    ],
)
def test_names_are_found_as_whole_words_and_the_longest_wins(
    text: str, actors: set[str]
) -> None:
    assert NAMES.find(text) == actors


def test_a_name_of_two_actors_is_told_and_marks_neither() -> None:
    assert NAMES.ambiguous == ["george bush"]


def test_a_name_without_letters_or_signs_is_never_found() -> None:
    assert not Names([(" \u200f", "nobody")])


@given(st.text(st.sampled_from("IiUuSsrRaAnNñ.’' -\u0301\u00ad中国K\u212a")))
def test_what_may_name_nobody_names_nobody(text: str) -> None:
    assert NAMES.may_name(text) or not NAMES.find(text)
