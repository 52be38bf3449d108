"""Words that every layer shows: counts, and text without what steers or breaks."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording import (
    clean,
    counted,
    find_unreadable,
    for_terminal,
    none_called,
    printable,
    quoted,
)

# All code points, and those often of which there are few: controls, halves of pairs.
TEXTS = st.text(
    st.characters()
    | st.characters(max_codepoint=0xA0)
    | st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010)
    | st.characters(categories=["Cf", "Zl", "Zp"])
)


@given(st.integers(0, 10**9))
def test_one_thing_is_one_and_every_other_number_of_things_is_several(
    number: int,
) -> None:
    words = counted(number, "body", "bodies").split()
    assert int(words[0].replace(",", "")) == number
    assert words[1] == ("body" if number == 1 else "bodies")
    assert counted(number, "row") == counted(number, "row", "rows")


@given(TEXTS)
def test_a_cleaned_text_stands_in_xml_as_it_is_and_keeps_all_else(text: str) -> None:
    cleaned = clean(text)
    read = ElementTree.fromstring(f"<a>{_escaped(cleaned)}</a>").text or ""
    assert read == cleaned
    kept = [char for char in text if unicodedata.category(char) not in ("Cc", "Cs")]
    lost = [char for char in kept if char not in cleaned]
    assert set(lost) <= {"\ufffe", "\uffff"}


def _escaped(text: str) -> str:
    # XML reads a carriage return as a line feed unless it is written as a reference.
    for char, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ("\r", "#13")):
        text = text.replace(char, f"&{name};")
    return text


@given(TEXTS)
def test_only_tabs_and_line_feeds_steer_a_terminal(text: str) -> None:
    shown = for_terminal(text)
    steering = {char for char in shown if unicodedata.category(char) == "Cc"}
    assert steering <= {"\t", "\n"}
    assert shown.count("\n") == text.count("\n")


def test_joiners_that_a_script_needs_reach_the_terminal() -> None:
    assert for_terminal("می\u200cخواهم") == "می\u200cخواهم"


@given(TEXTS)
def test_a_value_in_a_sentence_is_one_short_line_on_which_everything_is_seen(
    text: str,
) -> None:
    assert printable(text).isprintable()
    assert quoted(text).isprintable()
    assert len(quoted(text[:20])) <= 20 * len("\\U0010ffff") + 2
    assert len(quoted("x" + text * 50)) <= 80 * len("\\U0010ffff") + 2
    assert none_called("actor", text).startswith('No actor is called "')


@given(TEXTS)
def test_what_no_text_can_hold_is_found_where_it_stands(text: str) -> None:
    found = find_unreadable("q", text)
    if found is None:
        assert "\0" not in text
        text.encode()
        return
    sentence, place = found
    assert sentence == f"q holds U+{ord(text[place]):04X}, which no text can hold."
    before = text[:place]
    assert "\0" not in before and before.encode() is not None
    if text[place] != "\0":
        with pytest.raises(UnicodeEncodeError):
            text[place].encode()
