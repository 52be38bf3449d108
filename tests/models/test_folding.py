"""Folding brings together the spellings that readers take for one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Erdoğan", "erdogan"),
        ("Türkiye", "TURKIYE"),
        ("TÜRKİYE", "turkiye"),
        ("Iğdır", "igdir"),
        ("Łódź", "lodz"),
        ("Sønderborg", "sonderborg"),
        ("Þórshöfn", "thorshofn"),
        ("Straße", "strasse"),
        ("Həsən", "hesen"),
        ("Королёв", "королев"),
        ("Україна", "украіна"),
        ("ترکیا", "تركيا"),
        ("إيران", "ايران"),
        ("آن", "ان"),
        ("مُحَمَّد", "محمد"),
        ("می‌خواهم", "میخواهم"),
        ("Oʻzbekiston", "O’zbekiston"),
        ("ﬁnance", "finance"),
        ("Λουκάς", "λουκας"),
    ],
)
def test_two_spellings_of_a_word_fold_alike(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("が", "か"), ("й", "и"), ("한국", "한구"), ("दिल्ली", "दलल")]
)
def test_letters_that_differ_to_their_readers_stay_apart(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
