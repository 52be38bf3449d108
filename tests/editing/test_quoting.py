"""From words that were pasted or selected to the span of the text that they are."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from editing.quoting import NotQuoted, place_in, shown, shown_length, take, take_at

LETTERS = "ab \u0301\u0308é\U0001f469\u200d\U0001f467\U0001f3fdאبж\u202e1,;.\n\r"
texts = st.text(st.sampled_from(LETTERS), min_size=1, max_size=40)
offsets = st.integers(0, 10_000)


@given(texts, offsets, st.data())
@settings(max_examples=60)
def test_what_is_selected_on_the_page_is_taken_from_the_text(
    text: str, offset: int, data: st.DataObject
) -> None:
    page = shown(text)
    start = data.draw(st.integers(0, len(page) - 1))
    end = data.draw(st.integers(start + 1, len(page)))
    words = page[start:end]
    assume(words.strip().rstrip(",;").rstrip())
    found = take(text, offset, words, (start, end))
    assert text[found.start - offset : found.end - offset] == found.words
    core = words.strip().rstrip(",;").rstrip()
    assert core in shown(found.words)
    # What is taken along belongs to its first or last letter: never another word.
    assert len(shown(found.words).replace(core, "", 1).split()) <= 2


@given(texts, offsets, st.data())
@settings(max_examples=60)
def test_words_that_stand_once_are_found_and_else_their_places_are_offered(
    text: str, offset: int, data: st.DataObject
) -> None:
    page = shown(text)
    start = data.draw(st.integers(0, len(page) - 1))
    words = page[start : data.draw(st.integers(start + 1, len(page)))]
    core = words.strip().rstrip(",;").rstrip()
    assume(core)
    places = [at for at in range(len(page)) if page.startswith(core, at)]
    try:
        found = take(text, offset, words)
    except NotQuoted as error:
        assert len(places) > 1
        assert [one.start for one in error.places] == [
            offset + place_in(text, at) for at in places[:20]
        ]
        chosen = take_at(text, offset, words, error.places[-1].start)
        assert core in shown(chosen.words)
        return
    assert len(places) == 1
    assert core in shown(found.words)


@given(texts)
def test_a_place_on_the_page_is_the_place_of_the_same_letter(text: str) -> None:
    page = shown(text)
    assert shown_length(text) == len(page)
    for at, char in enumerate(page):
        assert shown(text[place_in(text, at) :])[0] == char
    assert place_in(text, len(page)) == len(text)


@pytest.mark.parametrize("words", ["", " \n\t\u2003", ",", " ; ", "\r\n"])
def test_no_words_are_no_quote(words: str) -> None:
    for at in (None, (0, 1)):
        with pytest.raises(NotQuoted, match="white space"):
            take("Some words, of a text.", 0, words, at)


def test_words_of_another_source_are_refused() -> None:
    with pytest.raises(NotQuoted, match="letter for letter"):
        take("Of this source.", 0, "Of another source")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("WE WANT", "upper and lower case"),
        ("‘We want’", "apostrophes or quotation marks"),
        ("re\u0301sume\u0301", "accents that are composed otherwise"),
        ("We … résumé", "without an omission"),
    ],
)
def test_what_differs_in_what_is_easily_missed_is_told_what_stands_there(
    words: str, said: str
) -> None:
    with pytest.raises(NotQuoted, match=said):
        take("'We want' a résumé.", 7, words)


def test_what_belongs_to_the_last_letter_is_taken_along() -> None:
    accented = "cafe\u0301 noir"
    assert take(accented, 0, "cafe", (0, 4)).words == "cafe\u0301"
    family = "a \U0001f469\u200d\U0001f467 b"
    assert take(family, 0, "\U0001f469", (2, 3)).words == "\U0001f469\u200d\U0001f467"
    assert take(family, 0, "\U0001f467", (4, 5)).words == "\U0001f469\u200d\U0001f467"
