"""Quotes that differ from the text in what the eye does not see."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.folder import read_folder
from exchange.quotes import nearest
from exchange.records import EvidenceItem
from exchange.repair import repair
from exchange.texts import NotLocated, Text, locate
from tests.exchange.small import edit, write_small

TEXT = (
    "Norland’s minister met Hossein\nAmir‑Abdollahian in Sana’a. The U.S.R. delegation "
    "agreed.\n\nİlham said: “We don’t accept the quo\u00adta…” The "
    + unicodedata.normalize("NFD", "Málaga")
    + " deal\u00a0stands – so far."
)


def item(quote: str) -> EvidenceItem:
    return EvidenceItem.model_validate({"source": "s", "quote": quote})


@pytest.mark.parametrize(
    ("quote", "words", "differs_in"),
    [
        ("We don't accept", "We don’t accept", "apostrophes or quotation marks"),
        ('"We don’t accept', "“We don’t accept", "apostrophes or quotation marks"),
        ("The Málaga deal", unicodedata.normalize("NFD", "The Málaga deal"), "accents"),
        ("deal stands", "deal\u00a0stands", "white space or line breaks"),
        ("Hossein Amir‑Abdollahian", "Hossein\nAmir‑Abdollahian", "white space"),
        ("Amir-Abdollahian", "Amir‑Abdollahian", "dashes"),
        ("accept the quota", "accept the quo\u00adta", "cannot be seen"),
        ("in Sana\u200b’a", "in Sana’a", "cannot be seen"),
        ("the u.s.r. delegation", "The U.S.R. delegation", "upper and lower case"),
        ("quo\u00adta...", "quo\u00adta…", "an ellipsis"),
        ("stands - so far", "stands – so far", "dashes"),
    ],
)
def test_the_error_names_the_place_the_words_and_the_difference(
    quote: str, words: str, differs_in: str
) -> None:
    with pytest.raises(NotLocated) as caught:
        locate(Text.of(TEXT), item(quote))
    said = str(caught.value)
    start = TEXT.index(words)
    line = TEXT.count("\n", 0, start) + 1
    assert f"as it stands in line {line} of the text, at {start} " in said
    assert differs_in in said
    assert "`dragoman anchor --repair` can put it right" in said
    (near,) = nearest(TEXT, quote)
    assert (near.start, near.words) == (start, words)
    assert len(near.differs_in) == 1


def test_several_differences_are_all_named() -> None:
    (near,) = nearest(TEXT, "ilham SAID: \"we don't".replace("ilham", "i̇lham"))
    assert set(near.differs_in) == {
        "apostrophes or quotation marks",
        "upper and lower case",
    }


def test_an_omission_is_named_with_the_places_of_its_parts() -> None:
    cut = item("Norland’s minister met … in Sana’a")
    with pytest.raises(NotLocated, match="without an omission .*at 0 and 48"):
        locate(Text.of(TEXT), cut)


@pytest.mark.parametrize("quote", ["We do accept", "Malag", "The Malaga", "zzz", " "])
def test_other_words_are_not_taken_for_these(quote: str) -> None:
    assert nearest(TEXT, quote) == []


CHANGES = {
    "'": "’", '"': "“", "-": "–", " ": "\u00a0", "a": "a\u00ad", "e": "E",
    "á": "a\u0301", "...": "…",
}  # fmt: skip


@given(
    st.text("abeá'\"- .", min_size=3, max_size=30).filter(str.strip),
    st.sets(st.sampled_from(sorted(CHANGES))),
)
def test_a_quote_is_found_however_it_was_changed(words: str, kinds: set[str]) -> None:
    changed = words
    for plain in kinds:
        changed = changed.replace(plain, CHANGES[plain])
    found = nearest(f"x {changed} y", words)
    assert found
    assert all(near.words.strip() for near in found)


def test_quotes_are_put_right_in_the_files_and_nothing_else_is_touched(
    tmp_path: Path,
) -> None:
    folder = write_small(tmp_path / "small")
    edit(
        folder, "stances.yaml", "“We want peace,” Ms Berg", '\'"we want peace," Ms Berg'
    )
    edit(folder, "stances.yaml", "said.  # her words", "said.'  # her words")
    before = (folder / "stances.yaml").read_text("utf-8")
    repaired = repair(folder)
    assert repaired.files == ["stances.yaml"]
    (change,) = repaired.changes
    assert change.startswith("stances.yaml, line 15: quote: ")
    assert "We want peace,” Ms Berg said.”, as it stands in line 3" in change
    assert "quotation marks and in upper and lower case)" in change
    after = (folder / "stances.yaml").read_text("utf-8")
    assert after == before.replace(
        "'\"we want peace,\" Ms Berg said.'", '"“We want peace,” Ms Berg said."'
    )
    assert read_folder(folder).faults == []
    assert repair(folder).files == []
