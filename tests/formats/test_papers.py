"""The brief on paper: the same words in every format, whatever they hold."""

import io
import shutil
import subprocess
import sys
import unicodedata

import pytest
from sqlalchemy.orm import Session

from analysis.brief import Brief, Part, load_brief
from errors import Unavailable
from formats import pdf
from formats.html import as_html
from formats.markdown import as_markdown
from formats.pdf import as_pdf
from formats.word import as_docx
from models import ActorName
from tests import factories as make
from tests.queries.world import make_world
from tests.web.html import Html

pytestmark = pytest.mark.slow

NASTY = '=1+1 "q" <script>alert(1)</script> | [x](y) \u0007 سلام دنیا 和平'


def parts(brief: Brief) -> list[Part]:
    return [part for section in brief.sections for part in (section, *section.parts)]


@pytest.fixture
def nasty(session: Session) -> Brief:
    world = make_world(session)
    world.meeting.title = NASTY.replace("\a", "") + "\nsecond line"
    world.king.name = NASTY.replace("\a", "")
    world.king.names.append(ActorName(name="x", kind="alias"))
    session.flush()
    return load_brief(session, "aden-meeting")


def test_html_stands_alone_and_runs_nothing(nasty: Brief) -> None:
    text = as_html(nasty)
    page = Html(text)
    assert not page.faults
    assert not page.has("script")
    assert "سلام دنیا 和平" in page.words
    assert "default-src 'none'" in text


def test_markdown_has_a_footnote_for_every_number(nasty: Brief) -> None:
    text = as_markdown(nasty)
    assert "<script" not in text.replace("\\<script", "")
    for each in nasty.citations:
        assert f"[^{each.number}]:" in text
    assert all(not line.startswith("second") for line in text.splitlines())


def test_word_reads_the_same_words(nasty: Brief) -> None:
    docx = pytest.importorskip("docx", reason="This test needs python-docx.")
    document = docx.Document(io.BytesIO(as_docx(nasty)))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "<script>alert(1)</script>" in words
    assert "سلام دنیا 和平" in words
    assert len(document.tables) == sum(part.table is not None for part in parts(nasty))
    for part in parts(nasty):
        for sentence in part.sentences:
            assert sentence.text.splitlines()[0] in words


def test_pdf_holds_all_scripts(nasty: Brief) -> None:
    pypdf = pytest.importorskip("pypdf", reason="This test needs pypdf.")
    if not any(map(shutil.which, pdf._BROWSERS)):
        pytest.skip("This test needs Chromium: apt-get install chromium.")
    reader = pypdf.PdfReader(io.BytesIO(as_pdf(nasty)))
    assert len(reader.pages) <= 4
    words = "".join(page.extract_text() for page in reader.pages)
    assert "Participants" in words
    assert "سلام" in unicodedata.normalize("NFKC", words)
    if "和平" not in words:
        assert not _fonts_for("zh"), "Chromium has the letters and did not print them"


def _fonts_for(language: str) -> str:
    if shutil.which("fc-list") is None:
        return ""
    done = subprocess.run(["fc-list", f":lang={language}"], capture_output=True)
    return done.stdout.decode()


def test_what_is_not_installed_is_said_in_a_sentence(
    nasty: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="apt-get install chromium"):
        as_pdf(nasty)
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(Unavailable, match="pip install python-docx"):
        as_docx(nasty)


def test_a_browser_that_fails_is_said_to_have_failed(
    nasty: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: shutil.__file__)
    failed = subprocess.CompletedProcess([], 1, b"", b"no display\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(Unavailable, match="no display"):
        as_pdf(nasty)


def test_a_brief_of_which_nothing_is_known_is_written_too(session: Session) -> None:
    make.meeting(session, slug="bare", title="Bare")
    for write in (as_html, as_markdown, as_docx):
        assert write(load_brief(session, "bare"))
