"""Words as they stand in real texts: what is glued to them, and what parts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analyzer import entry, spellings, tokens
from search.highlight import find_marks
from search.language import parse

WORDS = st.sampled_from(
    [
        "armistice",
        "Norland",
        "negotiations",
        "émigré",
        "Переговоры",
        "συνθήκη",
        "וועידה",
    ]
)
LATIN = st.text("bcdfghklmprstvwz", min_size=1, max_size=1)
UNSEEN = st.sampled_from("\u00ad\u200b\u200d\u200e\u200f\u2060\u202a\ufeff\u2066")
APOSTROPHES = st.sampled_from("'’‘`´′ʼʻʽʹʿʾ")


def finds(query: str, text: str, language: str | None = "en") -> bool:
    """Whether a query is found in a text."""
    return bool(find_marks(text, language, parse(query)))


@given(WORDS, st.text("⁰¹²³⁴⁵⁶⁷⁸⁹①⑫❸㉑", min_size=1, max_size=3))
def test_a_note_glued_to_a_word_is_no_part_of_it(word, note):
    text = f"the {word}{note} in force"
    assert finds(f'"{word} in force"', text)
    marks = find_marks(text, "en", parse(word))
    assert [text[mark.start : mark.end] for mark in marks] == [word]


def test_digits_that_are_part_of_a_formula_stay():
    assert finds("CO2", "the CO₂ market") and finds("CO₂", "the CO2 market")


@given(
    st.sampled_from(["negotiations", "pipeline", "переговоров", "négociations"]),
    st.data(),
    st.sampled_from(["-\n", "-\r\n", "\u2010\n", "- \n   ", "\u00ad\n", "¬\n"]),
)
def test_a_word_broken_at_the_end_of_a_line_is_one_word(word, data, broken):
    place = data.draw(st.integers(2, len(word) - 2))
    text = f"resumed the {word[:place]}{broken}{word[place:]} on the plan"
    assert finds(f'"the {word} on the plan"', text)
    assert finds(word[:place], text) and finds(word[place:], text)


def test_a_compound_broken_at_its_hyphen_is_found_both_ways():
    text = "a long-\nterm plan of the Soviet-\nAmerican talks"
    assert finds('"long-term plan"', text) and finds("longterm", text)
    assert finds("American", text) and finds('"Soviet-American talks"', text)


@given(WORDS, st.data(), UNSEEN)
def test_what_stands_unseen_in_a_word_does_not_part_it(word, data, unseen):
    place = data.draw(st.integers(1, len(word) - 1))
    written = word[:place] + unseen + word[place:]
    assert finds(word, f"a {written} b") and finds(written, f"a {word} b")


INITIALS = st.lists(
    st.sampled_from([*"UJFSÉ", *"НВС", *"אב", *"Γ", *"مس"]), min_size=2, max_size=4
)


@given(INITIALS, st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_initials_are_found_however_they_are_spaced(letters, space):
    dotted = space.join(f"{letter}." for letter in letters)
    text = f"met {dotted} Berglund today"
    for written in (
        "".join(letters),
        ".".join(letters) + ".",
        " ".join(f"{letter}." for letter in letters),
    ):
        assert finds(f'"{written} Berglund"', text), written
        assert finds(f"{written} AND Berglund", text), written
        assert finds(f'"{dotted} Berglund"', f"met {written} Berglund")
    assert finds(letters[-1], text)


@given(
    st.sampled_from("NMDL"),
    st.sampled_from(["Djamena", "Guessan", "Bow", "Baye", "Zérékoré"]),
    APOSTROPHES,
    APOSTROPHES,
    st.sampled_from(["fr", "en", "it", None]),
)
def test_an_apostrophe_before_a_consonant_belongs_to_the_name(
    letter, rest, one, other, language
):
    text = f"à {letter}{one}{rest} hier"
    assert finds(f"{letter}{other}{rest}", text, language)
    assert finds(f"{letter}{rest}", text, language)
    assert not finds(letter + "x" + rest, text, language)


@pytest.mark.parametrize("article", ["l’", "d'", "qu’", "dell'", "L′"])
def test_an_elided_article_is_no_word_where_the_language_elides(article):
    assert [t.word for t in tokens(f"{article}Iran", "fr")] == ["iran"]
    assert [t.word for t in tokens(f"{article}Iran", "en")][-1] == "iran"
    assert finds(f"{article}Iran", "Iran") and finds("Iran", f"{article}Iran", "it")


def test_a_phrase_with_a_name_that_another_language_would_elide_is_found():
    assert finds('"President D\'Amato spoke"', "President D’Amato spoke")
    assert finds('"President D\'Amato spoke"', "President D’Amato spoke", "fr")


@pytest.mark.parametrize("name", ["Ra's al-Ayn", "Ra’s Lanuf", "Raʿs al-Khaimah"])
def test_a_name_that_ends_like_a_possessive_is_found_whole(name):
    assert finds(f'"{name}"', f"passed {name} today")
    plain = name.replace("'", "").replace("’", "").replace("ʿ", "")
    assert finds(f'"{plain}"', f"passed {name} today")
    assert finds(f'"{name}"', f"passed {plain} today")


@given(
    st.sampled_from(["COP", "G", "S", "MH", "UNSCR", "С", "P"]),
    st.integers(1, 9999),
    st.sampled_from(["", " ", "-", "–", "\u2011", "\u00a0"]),
    st.sampled_from(["", "-", "–"]),
)
def test_a_designation_is_found_however_it_is_joined(letters, number, one, other):
    text = f"the {letters}{one}{number} sale"
    assert finds(f"{letters}{other}{number}", text)
    assert finds(f'"{letters}{other}{number} sale"', text)
    assert finds(f"{letters}{number}", text)
    assert not finds(f"{letters}{number}7", text)


@pytest.mark.parametrize("ordinal", ["19th", "1990s", "2nd", "3e", "1er", "5ème", "1ª"])
def test_an_ordinal_is_no_designation(ordinal):
    assert len(list(tokens(ordinal))) == 1


def test_a_code_is_not_cut_into_letters_and_digits():
    assert [t.word for t in tokens("4f9a0b2c7e")] == ["4f9a0b2c7e"]


@given(
    st.integers(1, 999),
    st.lists(st.integers(0, 999), min_size=1, max_size=3),
    st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "\u2009", "'", "’", "·", "٬"]),
    st.sampled_from([",", ".", "'", "\u00a0"]),
)
def test_a_number_is_found_however_its_thousands_are_parted(first, groups, one, other):
    digits = [str(first), *(f"{group:03}" for group in groups)]
    text = f"sent {one.join(digits)} tons"
    assert finds("".join(digits), text)
    assert finds(other.join(digits), text)
    assert finds(" ".join(digits), text)
    assert finds(f'"sent {other.join(digits)} tons"', text)


def test_numbers_beside_each_other_are_not_one_number():
    assert not finds("2022300", "in 2022 300 men")
    assert not finds("1230045", "12 300 45")
    assert finds("1200000", "12,00,000 rupees")
    assert finds("1234.5", "1.234,5") and finds("1234.5", "1,234.5")
    assert finds("3.5", "3,5 Prozent", "de")


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Aliyev", "Prezident Əliyev", "az"),
        ("Eliyev", "Prezident Əliyev", "az"),
        ("Mammadov", "Məmmədov", "en"),
        ("ガス", "ｶﾞｽ", "ja"),
        ("パリ", "ﾊﾟﾘ", "ja"),
        ("צהל", 'דובר צה"ל מסר', "he"),
        ('צה"ל', "דובר צהל מסר", "he"),
        ("צה״ל", 'דובר בצה"ל מסר', "he"),
        ("ארהב", "ארה''ב", "he"),
        ("ג'ורג'", "גורג", "he"),
        ("зв'язок", "зв’язку", "uk"),
        ("Лук'янов", "Лукʼянов", "uk"),
        ("المسؤولين", "المسئولين", "ar"),
        ("مسؤول", "مسوول", "fa"),
        ("رئیس", "رییس", "fa"),
        ("اجراء", "اجرا", "fa"),
        ("台湾", "臺灣", "zh"),
        ("兩岸", "两岸", "zh"),
        ("國會", "国会", "ja"),
    ],
)
def test_letters_that_are_written_in_several_ways_are_one(query, text, language):
    assert finds(query, text, language)
    if " " not in text:
        assert finds(text, query, language)


@pytest.mark.parametrize(
    ("text", "language", "inside"),
    [
        ("รัฐมนตรีว่าการกระทรวงการต่างประเทศ", "th", ["รัฐมนตรี", "กระทรวง", "ต่างประเทศ"]),
        ("မြန်မာနိုင်ငံ၏နိုင်ငံခြားရေးဝန်ကြီး", "my", ["နိုင်ငံခြားရေး", "ဝန်ကြီး"]),
        ("ກະຊວງການຕ່າງປະເທດ", "lo", ["ກະຊວງ", "ຕ່າງປະເທດ"]),
        ("រដ្ឋមន្ត្រីការបរទេស", "km", ["រដ្ឋមន្ត្រី", "ការបរទេស"]),
    ],
)
def test_a_word_is_found_within_a_run_without_spaces(text, language, inside):
    for word in inside:
        [mark] = find_marks(text, language, parse(word))
        assert text[mark.start : mark.end] == word


def test_the_script_of_a_word_says_more_than_a_wrong_language_tag():
    assert finds("переговоры", "о переговорах", "en")
    assert finds("negotiation", "negotiations", "ru")
    assert finds("وزير", "الوزير", "en")


@given(st.text(max_size=40), st.sampled_from(["en", "fr", "he", "ar", "uk", None]))
def test_a_text_is_its_spellings_one_after_the_other(text, language):
    """An index asks once for each spelling, so nothing may depend on its neighbours."""
    whole = list(tokens(text, language))
    apart = [entry(spelling, language) for spelling in spellings(text)]
    assert sum(one.length for one in apart) == sum(not t.whole for t in whole)
    terms = [term for token in whole for term in token.terms]
    assert set(terms) == {term for one in apart for _, term in one.terms}


def test_a_very_long_word_is_cut_and_found():
    word = "a" * 65_536
    assert len(list(tokens(word, "en"))) == 1
    assert [len(t.word) for t in tokens("1a" * 32_768, "en")] == [64]
