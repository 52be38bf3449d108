"""Spellings of one word that differ by country or by time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import find_marks
from search.language import parse
from search.spelling import _SPELT_OTHERWISE, other_spellings

PAIRS = st.sampled_from(
    [(word, other) for word, others in _SPELT_OTHERWISE.items() for other in others]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisation", "organizations"),
        ("defence", "defense"),
        ("programmes", "program"),
        ("centre", "centers"),
        ("labour", "labor"),
        ("honoured", "honor"),
        ("analysed", "analyzing"),
        ("travelled", "traveling"),
        ("Kyiv", "Kiev"),
        ("Quran", "Koran"),
    ],
)
def test_a_word_is_found_in_the_spelling_of_the_other_side(one, other):
    for word, text in ((one, other), (other, one)):
        assert find_marks(f"the {text} talks", "en", parse(word))
        assert find_marks(f"the {text} talks", "en", parse(f'"the {word} talks"'))


@given(PAIRS)
def test_every_pair_goes_both_ways_and_no_word_is_its_own_pair(pair):
    word, other = pair
    assert word != other and word in other_spellings(other)
    assert word.isalpha() and word == word.lower()


@given(PAIRS)
def test_a_prefix_and_a_fuzzy_word_stay_as_they_are_written(pair):
    word, other = pair
    if not other.startswith(word[:-1]):
        assert not find_marks(other, None, parse(f"{word[:-1]}*"))


def test_words_that_only_look_like_a_pair_are_none():
    for word in ("advise", "exercise", "four", "hour", "tour", "check", "tire", "wise"):
        assert other_spellings(word) == ()


@given(
    st.one_of(
        st.sampled_from(
            ["NGO", "MP", "SME", "WMD", "PRC", "CSO", "MOU", "guru", "UAV"]
        ),
        st.text("BCDFGHKLMNPRTVWZ", min_size=2, max_size=5),
        st.text("bcdfghklmnprtvw", min_size=1, max_size=5).map(
            lambda start: start + "u"
        ),
    ),
    st.booleans(),
)
def test_the_plural_of_letters_is_found_by_one_of_them(letters, asked_for_many):
    """The English stemmer takes an s only after a vowel that is not the last letter."""
    one, many = letters, f"{letters}s"
    query, text = (many, one) if asked_for_many else (one, many)
    assert find_marks(f"The {text} met.", "en", parse(query))
    assert find_marks(f"The {text} met.", "en", parse(f'"the {query} met"'))
