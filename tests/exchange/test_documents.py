"""Importing plain documents."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from exchange.documents import Options, import_documents, title_of
from models import LoadRun, Source, SourceText, open_session
from models.enums import SourceKind
from settings import Settings


def test_a_document_becomes_a_source(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "Erdoğan in Soči (1).md"
    path.write_bytes("\ufeffIntro\r\n\r\n# The visit #\r\n\r\nHe came. 😀".encode())
    told: list[tuple[int, int]] = []
    options = Options(kind=SourceKind.BRIEFING, publisher="We", published="2022-08")
    report = import_documents(
        [path],
        database_url,
        options,
        progress=lambda done, total: told.append((done, total)),
    )
    assert report.counts["source"].added == 1
    assert told == [(path.stat().st_size,) * 2]
    with open_session(database_url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert (source.slug, source.title) == ("erdogan-in-soci-1", "The visit")
        assert (source.kind, source.publisher) == (SourceKind.BRIEFING, "We")
        assert str(source.published_latest) == "2022-08-31"
        (text,) = source.texts
        assert text.text == "Intro\r\n\r\n# The visit #\r\n\r\nHe came. 😀"
        words = [passage.text for passage in text.passages]
        assert words == ["Intro", "# The visit #", "He came. 😀"]
        run = session.scalars(sa.select(LoadRun)).one()
        assert (run.verb, run.name) == ("import", "1 document")


def test_what_cannot_be_imported_is_named_and_the_rest_is_imported(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    contents = {
        "good.txt": b"Good.",
        "latin.txt": b"caf\xe9",
        "binary.txt": b"a\0b",
        "empty.md": b" \n",
        "page.html": b"<p>",
        "GOOD.md": b"Also good.",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / name for name in [*contents, "none.txt"]]
    report = import_documents(paths, sqlite_settings.database_url)
    assert report.counts["source"].added == 1
    answers = [str(fault).removeprefix(f"{tmp_path}/") for fault in report.refusals]
    assert answers == [
        "latin.txt: expected a readable text "
        "(latin.txt is not UTF-8 text (byte 3); convert it first)",
        "binary.txt: expected a readable text "
        "(binary.txt is not text: it holds NUL characters)",
        "empty.md: expected a text that is not empty",
        "page.html: expected a .txt or .md file",
        "GOOD.md: expected a name that gives a slug of its own "
        "(good.txt gives good too)",
        "none.txt: expected a readable text "
        "(none.txt cannot be read: No such file or directory)",
    ]


def test_a_stored_source_is_replaced_only_on_demand(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    path = tmp_path / "note.txt"
    path.write_text("First.")
    import_documents([path], url)
    assert not import_documents([path], url).changed
    path.write_text("Second.")
    report = import_documents([path], url)
    assert "a source of this one is stored with other content" in str(
        report.refusals[0]
    )
    assert import_documents([path], url, update=True).counts["source"].updated == 1
    with open_session(url) as session:
        texts = session.scalars(sa.select(SourceText.text)).all()
        assert texts == ["First.", "Second."]


def test_a_wrong_option_is_refused(sqlite_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note.")
    report = import_documents(
        [tmp_path / "note.txt"],
        sqlite_settings.database_url,
        Options(published="next week", issuer="nobody"),
    )
    assert "expected a date in EDTF" in str(report.refusals[0])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One\ntwo", "One"),
        ("\n\n  One  \ntwo", "One"),
        ("One\n\n## Two ##\n", "Two"),
        ("#hashtag\n", "#hashtag"),
        ("word " * 100, ("word " * 39).strip() + "…"),
        (" \n", ""),
    ],
)
def test_a_title_is_the_first_heading_or_the_first_line(text: str, title: str) -> None:
    assert title_of(text) == title
