"""Hostile and broken files: one sentence each, and the next file is read as ever."""

import io
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.importers import archive
from exchange.importers.child import read
from exchange.importers.document import Given, Unreadable
from exchange.importers.kinds import KINDS, READABLE
from exchange.importers.worker import Reader
from tests.exchange.importers import files
from tests.exchange.importers.test_readers import WRITERS

_ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


def _with_entities(part: str) -> bytes:
    return files.archive({part: f"{_ENTITIES}<d>&b;&c;</d>"})


def _encrypted(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(files.pdf_of([["A line of text."]])))
    writer.encrypt(password, "owner")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _locked() -> bytes:
    content = bytearray(files.docx_of(["Text."]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def _lying(size: int) -> bytes:
    """A document that states a size for its text which it does not have."""
    content = bytearray(files.docx_of(["Text."]))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = size.to_bytes(4, "little")
    return bytes(content)


HOSTILE = [
    ("docx", files.docx("<w:p/>" * 20_000_000), "unpacks to at most 100,000,000"),
    ("docx", _lying(1_000_000_000), "unpacks to at most 100,000,000"),
    ("docx", files.docx("<w:p>" * 2_000 + "</w:p>" * 2_000), "nested at most 500 deep"),
    ("docx", _with_entities("word/document.xml"), "entities"),
    ("docx", files.archive({"word/document.xml": "<w:p>"}), "not well-formed"),
    ("docx", files.docx_of(["Text."] * 50)[:-40], "broken"),
    ("docx", _locked(), "without a password"),
    ("odt", _with_entities("content.xml"), "entities"),
    ("odt", files.archive({"META-INF/manifest.xml": "<encryption-data/>"}), "password"),
    ("odt", files.archive({"mimetype": "x"}), "content.xml is missing"),
    ("epub", files.archive({"mimetype": "application/epub+zip"}), "is missing"),
    ("html", b"<div>" * 5_000 + b"text", "nested at most 1,000 deep"),
    ("html", b"<p>" + b"a" * 5_000_000, "at most 5,000,000 bytes"),
    ("rtf", b"{\\rtf1 " + b"{" * 5_000, "nested at most 500 deep"),
    ("pdf", b"%PDF-1.4 fake", "broken"),
    ("pdf", files.pdf_of([["A line."]])[:200], "broken|a text"),
    ("pdf", files.pdf_of([[], []]), "OCR"),
    ("pdf", _encrypted("secret"), "opens without a password"),
    ("text", b"a\0b", "without NUL"),
    ("text", b" \n\t\n", "it has none"),
    ("markdown", b"---\ntitle: x\n---\n", "it has none"),
    ("csv", b"a,b", "a document"),
    ("docx", files.archive({"../../out.xml": "x"}), "leads out of it"),
    ("epub", files.archive({"/etc/passwd": "x"}), "leads out of it"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "said"), HOSTILE)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    kind: str, content: bytes, said: str
) -> None:
    with pytest.raises(Unreadable, match=said) as refused:
        read(content, "file", KINDS[kind], Given())
    assert "\n" not in str(refused.value)


def test_a_pdf_with_an_owners_password_only_is_read() -> None:
    document = read(_encrypted(""), "file", KINDS["pdf"], Given())
    assert document.blocks[0].text == "A line of text."


@pytest.mark.parametrize("part", ["[a", "_a ", "**a ", "`a ", "![a", "<!--", "| a\n"])
def test_marks_that_nothing_ends_take_no_long_time(part: str) -> None:
    content = (part * 20_000).encode()
    began = time.monotonic()
    document = read(content, "file", KINDS["markdown"], Given())
    assert document.unaccounted == 0
    assert time.monotonic() - began < 20  # without a bound, minutes


def test_an_archive_of_too_many_files_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    with pytest.raises(Unreadable, match="at most 3 files"):
        archive.Archive(files.archive({str(i): "" for i in range(4)}))


def test_what_is_unpacked_is_counted_over_all_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1_000)
    opened = archive.Archive(files.archive({"a": "x" * 600, "b": "x" * 600}))
    opened.read("a")
    with pytest.raises(Unreadable, match="at most 1,000 bytes"):
        opened.read("b")


@pytest.mark.parametrize("kind", [*WRITERS, "pdf"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_all_is_accounted_for(
    kind: str, data: st.DataObject
) -> None:
    made = WRITERS.get(kind, lambda lines: files.pdf_of([lines]))
    content = bytearray(made(["One line of text stands here.", "Another one (2)."]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    try:
        document = read(bytes(content[:cut]), "file", KINDS[kind], Given())
    except Unreadable as error:
        assert "\n" not in str(error)
    else:
        assert document.unaccounted == 0


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(Given(), seconds=20) as made:
        yield made


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text("A good text.")
    return path


def test_a_process_that_dies_takes_one_file_with_it(reader: Reader, good: Path) -> None:
    assert reader.read(good).document.kept == 10
    process = reader._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    with pytest.raises(Unreadable, match="made the reading process fail"):
        reader.read(good)
    assert reader.read(good).document.kept == 10


def test_a_file_that_takes_too_long_is_given_up(reader: Reader, good: Path) -> None:
    assert reader.read(good).document.kept == 10
    process = reader._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    reader.seconds = 0.2
    with pytest.raises(Unreadable, match=r"read in 0\.2 seconds"):
        reader.read(good)
    reader.seconds = 20
    assert reader.read(good).document.kept == 10


def test_the_reading_process_imports_nothing_from_where_files_lie(
    reader: Reader, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (good.parent / "json.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(good.parent)
    monkeypatch.setenv("PYTHONPATH", str(good.parent))
    assert reader.read(good).kind.name == "text"


def test_a_missing_package_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import importlib

    from exchange.importers import child

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name="pypdfium2")

    monkeypatch.setattr(importlib, "import_module", missing)
    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf_of([["A line."]]))
    request = {"path": str(path), "as": None, "encoding": None, "keep_lines": False}
    assert child._answer(request) == {"kind": "pdf", "missing": "pypdfium2"}


def test_every_kind_that_is_read_has_a_reader() -> None:
    import importlib

    for kind in READABLE:
        assert callable(importlib.import_module(f"exchange.importers.{kind}").read)


def test_a_zip_of_zips_is_no_document() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("../../escape.txt", "x")
    with pytest.raises(Unreadable, match="unpack it"):
        content = files.archive({"a.zip": inner.getvalue()})
        read(content, "file", KINDS["zip"], Given())
