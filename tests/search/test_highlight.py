"""Exactly the words that matched are marked, and the best part is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Piece, find_marks, mark, snippet
from search.language import parse
from search.meaning import LiteralNames, resolve
from search.tree import Node
from tests.search.engines.strategies import queries, texts


def query(text: str) -> Node:
    return resolve(parse(text), LiteralNames())


def shown(text: str, asked: str, language: str = "en") -> str:
    pieces = mark(text, language, query(asked))
    return "".join(f"[{p.text}]" if p.marked else p.text for p in pieces)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Drones, a drone.", "drones", "[Drones], a [drone]."),
        ("peace talks of peace", '"peace talks"', "[peace talks] of peace"),
        ("peace talks of peace", "peace talks", "[peace] [talks] of [peace]"),
        ("talks about the war", '"talks war"~2', "[talks] about the [war]"),
        ("talks about the war", '"talks war"~1', "talks about the war"),
        ("Erdoğan’s visit", "erdogan", "[Erdoğan]’s visit"),
        ("a C-130 and a C130", "C-130", "a [C-130] and a [C130]"),
        ("negotiators negotiate", "negotiat*", "[negotiators] [negotiate]"),
        ("Drones and grain", "drones NOT grain", "[Drones] and grain"),
        ("the war", "the war", "the [war]"),
        ("the war", '"the war"', "[the war]"),
        ("drones", "title:drones", "drones"),
        ("drones", "actor:drones", "drones"),
        ("دربارهٔ مذاکرات ایران", "ايران", "دربارهٔ مذاکرات [ایران]"),
        ("😀 drones 😀", "drones", "😀 [drones] 😀"),
        ("در ایران، ۲۰۲۲ و ٢٠٢٣", "202*", "در ایران، [۲۰۲۲] و [٢٠٢٣]"),
        ("<b>drones</b>", "drones", "<b>[drones]</b>"),
    ],
)
def test_the_words_that_matched_are_marked(text, asked, expected):
    assert shown(text, asked, "fa" if "ایران" in text else "en") == expected


def test_a_title_is_marked_with_what_is_asked_of_titles():
    pieces = mark("Drones and grain", "en", query("title:drones text:grain"), "title")
    assert pieces == (Piece("Drones", True), Piece(" and grain", False))


def test_a_snippet_shows_the_part_with_the_most_words_of_the_query():
    text = (
        "Grain. " + "Nothing is said here. " * 40 + "Grain for drones. " + "So. " * 90
    )
    pieces = snippet(text, "en", query("drones OR grain"))
    assert [piece.text for piece in pieces if piece.marked] == ["Grain", "drones"]
    assert pieces[0].text.startswith("…") and pieces[-1].text.endswith("…")


def test_a_snippet_is_cut_between_words():
    text = "alpha beta gamma " * 100
    cut = "".join(piece.text for piece in snippet(text, "en", query("gamma"), 100))
    assert set(cut.strip("…").split()) == {"alpha", "beta", "gamma"}


def test_a_short_text_is_shown_whole():
    assert snippet("Few words.", "en", query("x")) == (Piece("Few words.", False),)


def test_an_unbroken_text_is_cut_at_whole_characters():
    text = "é" * 10 + "e\u0301" * 400
    cut = "".join(piece.text for piece in snippet(text, "en", query("x"), 100))
    assert len(cut) <= 100 and not cut.rstrip("…").endswith("e")


@given(
    st.text(max_size=900) | texts.map(lambda text: text * 20),
    queries,
    st.integers(20, 400),
)
def test_a_snippet_is_a_part_of_the_text_no_longer_than_asked(text, asked, length):
    pieces = snippet(text, "en", asked, length)
    cut = "".join(piece.text for piece in pieces)
    assert len(cut) <= length
    if len(text) <= length:
        assert cut == text
    else:
        assert cut.removeprefix("…").removesuffix("…") in text
    assert all(piece.text for piece in pieces)
    assert all(a.marked != b.marked for a, b in zip(pieces, pieces[1:], strict=False))


@given(texts, queries)
def test_marks_lie_within_the_text(text, asked):
    for found in find_marks(text, "en", asked):
        assert 0 <= found.start < found.end <= len(text)
