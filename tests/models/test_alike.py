"""The one measure of what is offered in the place of a word that is not known."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.alike import likest
from models.titles import SLUGS, TITLES

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=30)


@given(st.lists(WORDS, unique=True, max_size=20), WORDS, st.data())
def test_a_word_with_one_letter_wrong_is_known(others, word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + "9" + word[at + 1 :]
    known = [other for other in others if word not in other and other not in word]
    assume(not any(set(other) & set(word) for other in known))
    assert likest(wrong, [*known, word]) == len(known)


@given(st.lists(st.text(max_size=30), max_size=20), st.text(max_size=30))
def test_what_is_known_is_its_own_nearest_and_any_text_has_an_answer(known, asked):
    place = likest(asked, known)
    assert place is None or 0 <= place < len(known)
    if asked in known and len(asked) > 2 and asked.isalpha() and asked.isascii():
        assert place is not None and known[place] == asked


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("juli", "july"),
        ("meeting_slug", "meeting"),
        ("holder_name", "holder"),
        ("vladimir", "vladimir-putin"),
        ("us", None),
        ("nothing like it", None),
    ],
)
def test_a_long_part_is_like_the_whole_and_a_short_one_is_not(asked, meant):
    known = ["july", "meeting", "holder", "vladimir-putin", "russia"]
    place = likest(asked, known)
    assert (None if place is None else known[place]) == meant


def test_no_other_file_has_a_threshold_of_its_own():
    """A second one would call unknown in one place what another place offers."""
    root = Path(__file__).parents[2]
    folders = ("models", "search", "queries", "exchange", "analysis", "web", "cli")
    having = {
        str(path.relative_to(root))
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if re.search("score_cutoff|get_close_matches", path.read_text())
    }
    assert having == {"models/alike.py"}


def test_every_kind_that_has_an_address_is_in_the_table():
    assert set(SLUGS) - set(TITLES) == {"stance"}
    assert all(slug.key == "slug" for slug in SLUGS.values())
    assert all(slug.class_ is title.class_ for slug, title in TITLES.values())
