"""Phrases with stars and question marks in their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import find_marks
from search.language import parse
from search.query_error import QueryError
from search.tree import Phrase

TEXT = "The nuclear negotiations ended in Vienna."
WORDS = TEXT.lower().rstrip(".").split()


def finds(query: str) -> bool:
    return bool(find_marks(TEXT, "en", parse(query)))


@given(st.integers(0, 3), st.data())
def test_any_letters_of_a_phrases_words_may_be_left_open(first, data):
    words = WORDS[first : first + data.draw(st.integers(2, 3))]
    opened, mistaken = [], []
    for word in words:
        at = data.draw(st.integers(0, len(word) - 1))
        end = data.draw(st.integers(at + 1, len(word)))
        if word[:at] + word[end:] == "" or data.draw(st.booleans()):
            opened.append(word)
        elif end - at == 1 and end < len(word):
            opened.append(word[:at] + "?" + word[end:])
        else:
            opened.append(word[:at] + "*" + word[end:])
        mistaken.append("q" + opened[-1] + "q")
    assert finds(f'"{" ".join(opened)}"')
    assert finds(f'"{" ".join(opened)}"~2')
    assert not finds(f'"{" ".join(mistaken)}"')
    assert not finds(f'"{" ".join(reversed(opened))}"') or opened == opened[::-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"negotiations ended?"', True),
        ('"* negotiations"', True),
        ('"nuclear ne?"', False),
        ('"nuclear * ended"', False),
        ('"U.N.-brok* talks"', False),
    ],
)
def test_a_question_at_the_end_asks_and_a_lone_star_is_no_word(query, found):
    assert finds(query) == found


def test_as_many_shapes_as_in_words_are_allowed_in_phrases():
    assert isinstance(parse('"' + "a*b " * 20 + '"'), Phrase)
    with pytest.raises(QueryError, match="21 words with"):
        parse('"' + "a?b " * 21 + '"')
