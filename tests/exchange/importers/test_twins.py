"""Texts that are the same but for what nobody sees, and texts that nearly are."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.sources import Options
from exchange.importers.twins import likeness, normal, sketch
from settings import Settings

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


def words(seed: int, number: int = 200) -> str:
    drawn = random.Random(seed)
    letters = "abcdefghijklmnoprstuv"
    return " ".join(
        "".join(drawn.choices(letters, k=drawn.randint(2, 9))) for _ in range(number)
    )


TEXT = words(1)


@pytest.fixture
def url(sqlite_settings: Settings) -> str:
    return sqlite_settings.database_url


def importing(url: str, *paths: Path, day: str | None = "2022-07-19") -> ImportReport:
    return import_documents(Request(paths, Options(published=day)), url)


def notes(report: ImportReport) -> str:
    return "\n".join(note for each in report.documents for note in each.notes)


@given(st.lists(st.tuples(st.integers(0, 900), st.sampled_from(INVISIBLE)), max_size=9))
def test_what_nobody_sees_makes_no_other_text(put: list[tuple[int, str]]) -> None:
    text = TEXT
    for at, char in put:
        text = text[:at] + char + text[at:]
    assert normal(text) == normal(TEXT)
    assert normal("Go.") != normal("Go!")


@given(st.integers(0, 190), st.integers(1, 9))
def test_a_text_is_like_one_that_lacks_a_few_words(at: int, number: int) -> None:
    listed = TEXT.split()
    less = " ".join(listed[:at] + listed[at + number :])
    assert likeness(sketch(TEXT), sketch(TEXT)) == 1
    assert 0.8 < likeness(sketch(TEXT), sketch(less)) <= 1
    assert likeness(sketch(TEXT), sketch(words(2))) < 0.1


@pytest.mark.parametrize("stored_first", [True, False])
def test_twins_are_said_whether_stored_or_new(
    url: str, tmp_path: Path, stored_first: bool
) -> None:
    first, second, third, other = (tmp_path / f"{name}.txt" for name in "abcd")
    first.write_text(TEXT)
    second.write_text(TEXT.replace(" ", " \u200b", 3) + "\u00ad")
    third.write_text(TEXT + " and a few words more")
    other.write_text(words(3))
    if stored_first:
        assert notes(importing(url, first)) == ""
        report = importing(url, second, third, other)
    else:
        report = importing(url, first, second, third, other)
    said = notes(report).splitlines()
    assert len(said) == 2
    assert said[0].startswith("differs from the text of the source a in nothing but")
    assert "is nearly the same text as the source" in said[1]
    assert report.counts["source"].added == (3 if stored_first else 4)


def test_texts_of_other_days_are_not_compared(url: str, tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(TEXT)
    second.write_text(TEXT + " and a few words more")
    importing(url, first)
    assert notes(importing(url, second, day="2023-07-19")) == ""
