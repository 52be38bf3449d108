"""Which passwords are taken, and that what is kept of them is slow and one-way."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.passwords import (
    LONGEST,
    SHORTEST,
    check_password,
    hash_password,
    is_outdated,
    is_password,
    no_password,
)
from errors import BadRequest

LETTERS = st.characters(exclude_categories=("Cc", "Cs"))


@given(st.text(LETTERS, min_size=SHORTEST, max_size=LONGEST))
def test_any_characters_do_if_there_are_enough_of_them(text: str) -> None:
    """No rule says that there must be a digit, a capital or a sign."""
    try:
        check_password(text, "Ada")
    except BadRequest as error:
        assert "characters" in error.detail or re.search("repeated|first", error.detail)
    else:
        assert len(unicodedata.normalize("NFC", text)) >= SHORTEST


@pytest.mark.parametrize(
    "password",
    [
        "seven lamps of the harbour",
        "сім ламп у гавані біля моря",
        "七盏灯照亮了夜晚的港口和海面上的船",
        "correct horse battery and lamp",
        "kqzv wjxp bhdf m",
    ],
)
def test_a_few_words_in_a_row_are_good(password: str) -> None:
    check_password(password, "Ada")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "needs 15 or more"),
        ("tooshort123456", "needs 15 or more"),
        ("x" * (LONGEST + 1), "at most 128"),
        ("aaaaaaaaaaaaaaaaaaaa", "different characters"),
        ("abcdabcdabcdabcdabcd", "different characters"),
        ("secret1secret1secret1", "repeated"),
        ("secret1secret1secre", "repeated"),
        ("abcdefghijklmnopqrst", "everybody tries"),
        ("poiuytrewq0987654321", "everybody tries"),
        ("qwertyuiopasdfghjkl!", "everybody tries"),
        ("Ada-Lovelace-dragoman", "everybody tries"),
        ("passwordletmein1234", "everybody tries"),
        ("correct horse battery staple", "everybody tries"),
        ("seven lamps\nof the harbour", "control characters"),
        ("seven lamps of the \ud800", "control characters"),
    ],
)
def test_what_would_be_guessed_is_refused_and_never_repeated(
    password: str, why: str
) -> None:
    with pytest.raises(BadRequest, match=why) as caught:
        check_password(password, "Ada Lovelace")
    assert not password or password not in caught.value.detail


def test_length_is_counted_in_characters_as_people_see_them() -> None:
    decomposed = unicodedata.normalize("NFD", "éèêëàâäùûüôöîï")
    assert len(decomposed) == 28
    with pytest.raises(BadRequest, match="has 14 characters"):
        check_password(decomposed, "Ada")


def test_a_hash_is_argon2id_and_another_one_each_time() -> None:
    first, second = (hash_password("seven lamps of the harbour") for _ in "ab")
    assert first != second
    for kept in (first, second):
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,")
        assert is_password(kept, "seven lamps of the harbour")
        assert not is_password(kept, "seven lamps of the harbou")
        assert not is_outdated(kept)


def test_both_ways_to_write_an_accent_are_one_password() -> None:
    kept = hash_password(unicodedata.normalize("NFD", "cinq phares à la côte"))
    assert is_password(kept, unicodedata.normalize("NFC", "cinq phares à la côte"))


@settings(max_examples=3)
@given(st.text(max_size=30))
def test_no_text_is_the_password_of_nobody(text: str) -> None:
    assert not is_password(no_password(), text)


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$", "$2b$12$abcdefghijkl"])
def test_what_is_no_hash_is_nobodys_password(kept: str) -> None:
    assert not is_password(kept, "")
