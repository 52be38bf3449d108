"""What somebody who types a word, unquoted, means by it."""

import pytest

from search.highlight import find_marks
from search.language import parse
from search.meaning import LiteralNames, resolve
from search.tree import And, Node, Or, Phrase, Term


def meant(query: str) -> Node:
    return resolve(parse(query), LiteralNames())


def marked(query: str, text: str, language: str = "en") -> list[str]:
    marks = find_marks(text, language, meant(query))
    return [text[mark.start : mark.end] for mark in marks]


def test_a_hyphenated_word_is_its_parts_or_the_whole():
    parts = And((Term("Nixon"), Term("Dobrynin")))
    assert meant("Nixon-Dobrynin") == Or((parts, Term("NixonDobrynin")))
    assert marked("Nixon-Dobrynin", "Nixon saw Dobrynin") == ["Nixon", "Dobrynin"]
    assert marked("peace-keeping", "a peacekeeping force") == ["peacekeeping"]


@pytest.mark.parametrize("word", ["C-130", "follow-up", "S-400", "P-5", "F-16s"])
def test_a_word_whose_parts_say_too_little_holds_together(word):
    assert meant(word) == Term(word)


def test_a_quoted_compound_is_taken_as_it_is_written():
    assert meant('"Nixon-Dobrynin"') == Phrase("Nixon-Dobrynin")


def test_a_run_of_ideographs_is_its_pairs():
    pairs = And((Phrase("台湾"), Phrase("湾会"), Phrase("会談")))
    assert meant("台湾会談") == pairs
    assert meant("台湾") == Phrase("台湾") and meant("国") == Phrase("国")
    assert meant('"台湾会談"') == Phrase("台湾会談")


def test_a_run_is_read_script_by_script():
    assert meant("ウクライナの首相") == And((Phrase("ウクライナ"), Phrase("首相")))
    assert marked("普京2022", "普京 2022", "zh") == ["普京", "2022"]


def test_a_run_that_spells_without_spaces_is_found_in_another_order():
    text = "การประชุมรัฐมนตรี"
    assert marked("รัฐมนตรีการประชุม", text, "th") or marked("รัฐมนตรี", text, "th")


def test_a_very_long_run_is_looked_for_as_it_is_written():
    assert meant("国" * 200) == Phrase("国" * 200)
