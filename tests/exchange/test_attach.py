"""Giving a withheld source its text."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from errors import Conflict, DragomanError, NotFound
from exchange.anchor import anchor
from exchange.attach import attach
from exchange.load import load
from exchange.passages import text_hash
from models import (
    Evidence,
    IndexJob,
    LoadRun,
    Mention,
    Passage,
    SourceText,
    open_session,
)
from tests.exchange.small import TEXT, edit, write_small


@pytest.fixture
def withheld(tmp_path: Path, database_url: str) -> Path:
    """The small dataset, loaded without the text of its source."""
    folder = write_small(tmp_path / "small")
    anchor(folder, "report", folder / "sources/report.txt")
    (folder / "sources/report.txt").unlink()
    load(folder, database_url)
    return folder


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    return path


def state(url: str) -> list[object]:
    with open_session(url) as session:
        return [
            session.scalars(sa.select(SourceText.text)).all(),
            session.scalars(sa.select(Evidence.quote)).all(),
            session.scalar(sa.select(sa.func.count(Mention.id))),
            session.scalar(sa.select(sa.func.count(LoadRun.id))),
        ]


def test_a_withheld_source_has_spans_and_no_words(
    withheld: Path, database_url: str
) -> None:
    with open_session(database_url) as session:
        text = session.scalars(sa.select(SourceText)).one()
        assert (text.text, text.length) == (None, len(TEXT))
        assert text.sha256 == text_hash(TEXT)
        assert [passage.text for passage in text.passages] == [None] * 3
        assert set(session.scalars(sa.select(Evidence.quote))) == {None}
        assert session.scalar(sa.select(sa.func.count(Mention.id))) == 1  # a coder's


def test_attaching_fills_in_quotes_and_mentions_and_queues_the_source(
    withheld: Path, database_url: str, document: Path
) -> None:
    with open_session(database_url, write=True) as session:
        session.execute(sa.delete(IndexJob))
        session.commit()
    report = attach("report", document, database_url)
    assert report.count("source").updated == 1
    assert report.mentions == 6
    with open_session(database_url) as session:
        for evidence in session.scalars(sa.select(Evidence)):
            start, end = evidence.start_char, evidence.end_char
            assert evidence.quote == TEXT[start:end]
            assert evidence.prefix == TEXT[max(0, start - 32) : start]
            assert evidence.suffix == TEXT[end : end + 32]
        passages = session.scalars(sa.select(Passage).order_by(Passage.position)).all()
        assert passages[2].text == "Suria’s delegation left. The talks will go on."
        roots = session.scalars(sa.select(IndexJob.root)).all()
        assert "report" in roots


def test_attaching_twice_says_so_and_changes_nothing(
    withheld: Path, database_url: str, document: Path
) -> None:
    attach("report", document, database_url)
    before = state(database_url)
    report = attach("report", document, database_url)
    assert not report.changed
    assert report.notes == ["report has this text already; nothing changed"]
    assert state(database_url) == before


def test_after_attaching_the_dataset_loads_unchanged(
    withheld: Path, database_url: str, document: Path
) -> None:
    attach("report", document, database_url)
    before = state(database_url)
    assert not load(withheld, database_url).changed
    edit(withheld, "sources/report.yaml", "title: A report", "title: The report")
    load(withheld, database_url)
    assert state(database_url)[:3] == before[:3]


def test_evidence_that_is_added_after_attaching_gets_its_quote(
    withheld: Path, database_url: str, document: Path
) -> None:
    attach("report", document, database_url)
    edit(
        withheld,
        "meetings/oslo-talks.yaml",
        "outcomes:\n",
        "outcomes:\n  - type: no_statement\n    text: None was made\n"
        "    evidence: [{source: report, start: 0, end: 9}]\n",
    )
    load(withheld, database_url)
    with open_session(database_url) as session:
        assert "Anna Berg" in session.scalars(sa.select(Evidence.quote)).all()


def test_loading_the_words_of_a_withheld_text_fills_it_in_too(
    withheld: Path, database_url: str
) -> None:
    load(write_small(withheld), database_url)
    with open_session(database_url) as session:
        assert session.scalars(sa.select(SourceText.text)).all() == [TEXT]
        assert None not in session.scalars(sa.select(Evidence.quote)).all()


def test_another_text_is_refused_with_both_hashes_and_nothing_changes(
    withheld: Path, database_url: str, document: Path
) -> None:
    before = state(database_url)
    document.write_text(TEXT + " Or so.", encoding="utf-8")
    with pytest.raises(Conflict) as caught:
        attach("report", document, database_url)
    assert text_hash(TEXT) in caught.value.detail
    assert text_hash(TEXT + " Or so.") in caught.value.detail
    assert state(database_url) == before


def test_the_same_words_with_other_line_ends_are_refused_with_advice(
    withheld: Path, database_url: str, document: Path
) -> None:
    document.write_bytes(TEXT.replace("\n", "\r\n").encode())
    with pytest.raises(Conflict, match="the same with the line ends of Unix"):
        attach("report", document, database_url)


def test_what_cannot_be_attached_is_said(
    withheld: Path, database_url: str, document: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match='No source is called "nothing"'):
        attach("nothing", document, database_url)
    with pytest.raises(DragomanError, match=r"none.txt cannot be read: No such file"):
        attach("report", tmp_path / "none.txt", database_url)
    document.write_bytes(b"\xff\xfe")
    with pytest.raises(DragomanError, match="is not UTF-8 text"):
        attach("report", document, database_url)
    bare = tmp_path / "bare.jsonl"
    bare.write_text('{"type":"source","slug":"bare","kind":"speech","title":"Bare"}')
    load(bare, database_url)
    document.write_text("Some words.")
    with pytest.raises(Conflict, match="bare records no text"):
        attach("bare", document, database_url)
