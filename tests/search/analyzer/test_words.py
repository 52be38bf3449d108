"""Which words a text has, and under which terms they are found."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analyzer import (
    LONGEST_WORD,
    TEXT_GAP,
    folded_pattern,
    is_stop_word,
    postings,
    terms_of_word,
    tokens,
    word_of_term,
)
from search.highlight import find_marks
from search.language import parse

LANGUAGES = ("en", "fr", "ru", "fa", "ar", "tr", "de", "ja", "und", None)


def words(text: str, language: str | None = "en") -> list[str]:
    return [token.word for token in tokens(text, language)]


def finds(query: str, text: str, language: str | None = "en") -> bool:
    """Whether a query is found in a text."""
    return bool(find_marks(text, language, parse(query)))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Erdogan", "Erdoğan", "tr"),
        ("Turkiye", "Türkiye", "en"),
        ("Istanbul", "İSTANBUL", "tr"),
        ("isik", "ışık", "tr"),
        ("елка", "ёлка", "ru"),
        ("ايران", "ایران", "fa"),  # Arabic yeh for Persian
        ("كرملين", "کرملین", "fa"),  # Arabic kaf for Persian
        ("Orsted", "Ørsted", "en"),
        ("Lodz", "Łódź", "en"),
        ("Dokovic", "Đoković", "en"),
        ("aero", "Ærø", "en"),
        ("strasse", "Straße", "de"),
        ("e\u0301tat", "État", "fr"),  # decomposed
        ("ＮＡＴＯ", "NATO", "en"),  # full width
        ("nego\u00adtiation", "negotiation", "en"),  # soft hyphen
    ],
)
def test_spellings_that_readers_take_for_one_word_are_one_word(query, text, language):
    assert finds(query, text, language)


def test_words_match_by_their_stem_in_the_language_of_the_text():
    assert finds("negotiation", "They negotiated.", "en")
    assert finds("négociation", "les négociations", "fr")
    assert finds("переговоров", "переговоры", "ru")
    assert not finds("negotiated", "ils negotiation", None)


def test_folding_comes_after_stemming():
    # Folded first, the French stemmer would leave "negocie".
    [token] = tokens("négociées", "fr")
    assert token.terms == ("negociees", "negoci~fr")


def test_stems_are_no_words():
    assert word_of_term("negoti~en") is None
    assert word_of_term("drone=en") == "drone"
    assert word_of_term("дрон") == "дрон"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C-130", ["c", "c130", "130"]),
        ("S\u2011400s", ["s", "s400s", "400s"]),
        ("UN-brokered", ["un", "unbrokered", "brokered"]),
        ("U.S.-led", ["us", "usled", "u", "s", "led"]),
        ("Sana'a", ["sana", "sanaa", "a"]),
        ("1,200", ["1", "1200", "200"]),
        ("2.5", ["2", "2.5", "5"]),
        ("می\u200cخواهد", ["می", "میخواهد", "خواهد"]),
    ],
)
def test_a_compound_is_found_whole_and_by_its_parts(text, found):
    assert words(text) == found


def test_a_number_with_a_plural_s_is_found_without_it():
    assert finds("F-16", "F-16s") and finds("1990", "the 1990s")


@pytest.mark.parametrize(
    ("asked", "text", "language"),
    [
        ("2022", "في عام ٢٠٢٢", "ar"),
        ("2022", "در سال ۲۰۲۲", "fa"),
        ("٢٠٢٢", "in 2022", "en"),
        ("۲۰۲۲", "٢٠٢٢", None),
        ("1200", "١٬٢٠٠", "ar"),
        ("3.5", "۳٫۵", "fa"),
        ("C-130", "C-۱۳۰", None),
    ],
)
def test_a_digit_is_the_same_in_every_script(asked, text, language):
    assert finds(asked, text, language)
    assert folded_pattern("۲۰*") == "20*"


@pytest.mark.parametrize("text", ["2022-07-12", "10-12", "5–6"])
def test_ranges_of_numbers_and_dates_are_not_written_together(text):
    assert all(token.whole is False for token in tokens(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l’Iran", ["iran"]),
        ("d'État", ["etat"]),
        ("qu'il", ["il"]),
        ("Iran's", ["iran"]),
        ("the states’ view", ["the", "states", "view"]),
    ],
)
def test_articles_and_endings_belong_to_no_word(text, found):
    language = "fr" if text[1:2] in "’'" or text.startswith("qu") else "en"
    assert words(text, language) == found


def test_kana_keep_their_voicing_and_ideographs_stand_alone():
    assert words("東京", "ja") == ["东", "京"]
    assert words("が", "ja") != words("か", "ja")
    assert words("푸틴 대통령", "ko") == ["푸틴", "대통령"]


def test_emoji_and_signs_are_no_words():
    assert words("🙂 — & … 👩‍🚀 +") == []


def test_offsets_count_code_points():
    text = "😀 e\u0301tat «Erdoğan»"
    spans = [text[token.start : token.end] for token in tokens(text, "fr")]
    assert spans == ["e\u0301tat", "Erdoğan"]


def test_texts_of_one_field_are_further_apart_than_any_slop():
    found, length = postings([("one two", "en"), ("three", "en")])
    assert length == 3
    assert found["three=en"][0] - found["two=en"][0] > TEXT_GAP - 1


def test_stop_words_are_none_that_name_somebody():
    assert is_stop_word("The") and is_stop_word("И")
    assert not is_stop_word("US") and not is_stop_word("WHO")


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_cut_into_words_within_it(text, language):
    position = -1
    for token in tokens(text, language):
        assert 0 <= token.start < token.end <= len(text)
        assert position <= token.position <= position + 1
        position = token.position
        assert token.word and len(token.word) <= LONGEST_WORD
        assert any(word_of_term(term) == token.word for term in token.terms)


@given(st.text(st.characters(categories=["L", "N", "M"]), max_size=20))
def test_every_word_finds_itself(text):
    for token in tokens(text, "en"):
        if not token.whole:
            surface = text[token.start : token.end]
            assert terms_of_word(surface, ["en"]) & set(token.terms)


def test_threads_may_share_the_analyzer():
    texts = [f"negotiations {number} переговоры" for number in range(300)]
    expected = [list(tokens(text, "ru")) for text in texts]
    results: list[bool] = []

    def analyze() -> None:
        results.append([list(tokens(text, "ru")) for text in texts] == expected)

    threads = [threading.Thread(target=analyze) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4
