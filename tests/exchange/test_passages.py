"""Cutting a text into passages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.passages import LONGEST, clean, join, split, text_hash

AWKWARD = st.text(
    st.one_of(
        st.sampled_from("ab.\n\r\t \u2028\u2029\x85\v\f\ufeff\u0301\u200d😀👩中é"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@given(AWKWARD)
def test_the_passages_hold_all_of_a_text_but_white_space(text: str) -> None:
    assert "".join("".join(texts(text)).split()) == "".join(text.split())


@given(AWKWARD)
def test_passages_are_in_order_not_empty_and_apart(text: str) -> None:
    last = 0
    for start, end in split(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end


@given(st.lists(AWKWARD))
def test_joined_paragraphs_stay_one_passage_each(paragraphs: list[str]) -> None:
    text, spans = join(paragraphs)
    wanted = [p.strip() for p in paragraphs if p.strip()]
    assert [text[start:end] for start, end in spans] == wanted


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("one\ntwo\nthree", ["one", "two", "three"]),
        ("one\nstill one\n\ntwo", ["one\nstill one", "two"]),
        ("one\r\nstill\r\n \t\r\ntwo\r\n", ["one\r\nstill", "two"]),
        ("one\rtwo", ["one", "two"]),
        ("one\u2028two", ["one", "two"]),
        ("one\u2028still\u2029two", ["one\u2028still", "two"]),
        ("\n\none\ntwo\n\n", ["one", "two"]),
        ("👩‍👩‍👧 é\n\ne\u0301 😀", ["👩‍👩‍👧 é", "e\u0301 😀"]),
        ("one two", ["one two"]),
        ("", []),
        (" \n\n \u2029", []),
    ],
)
def test_paragraphs_end_at_blank_lines_or_where_there_are_none_at_line_breaks(
    text: str, passages: list[str]
) -> None:
    assert texts(text) == passages


def test_a_paragraph_of_too_many_terms_is_cut_at_sentences() -> None:
    sentence = "Nine words make up this one short sentence here. "
    pieces = texts(sentence * 1000)
    assert len(pieces) == 3
    assert all(len(piece.split()) <= LONGEST for piece in pieces)
    assert all(piece.endswith(".") for piece in pieces)
    assert sum(len(piece.split()) for piece in pieces) == 9000


def test_a_long_run_without_spaces_or_words_is_cut_all_the_same() -> None:
    for run in ("中" * 10_000, "😀" * 100_000, "x" * 100_000, "e\u0301" * 50_000):
        pieces = texts(run)
        assert len(pieces) > 1
        assert "".join(pieces) == run
        assert not any(piece.startswith("\u0301") for piece in pieces)


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert clean("\ufefftext") == "text"
    assert text_hash("é") == (
        "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    )


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_that_breaks_a_word_ends_no_passage(hyphen: str, end: str) -> None:
    text = f"The nego{hyphen}{end}tiations went on.{end}They ended."
    first, second = split(text)
    assert text[slice(*first)] == f"The nego{hyphen}{end}tiations went on."
    assert text[slice(*second)] == "They ended."


@pytest.mark.parametrize(
    "text", ["Item -\nmore", "Franco-\nGerman", "COVID-\n19", "-\na", "on.\nso"]
)
def test_a_hyphen_that_breaks_no_word_ends_a_line_as_all_else(text: str) -> None:
    assert len(split(text)) == 2


def test_between_blank_lines_a_hyphen_does_not_join() -> None:
    assert len(split("He nego-\n\ntiates.")) == 2
