"""A source that is pasted, sent as a file, or only described."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from models import Source, open_session
from settings import Settings
from tests.conftest import Templates
from tests.web.html import Html
from tests.web.workbench import Desk, faults, small_record

PASTED = "A call of two ministers\n\nThey spoke on Tuesday.\n\n“Nothing new,” said one."


@pytest.fixture
def settings(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    with templates.copy(backend, tmp_path / "instance", small_record) as settings:
        yield settings


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(create_app(settings))


def source(settings: Settings, slug: str) -> Source:
    with open_session(settings.database_url) as session:
        row = session.scalars(select(Source).where(Source.slug == slug)).one()
        # What the tests look at, before the session ends.
        assert all(text.reader or text.text for text in row.texts)
        assert row.issuer is None or row.issuer.slug
        return row


def test_a_pasted_text_becomes_passages_and_the_page_leads_to_coding(
    desk: Desk, settings: Settings
) -> None:
    answer = desk.send(
        "/sources/new",
        text=PASTED,
        kind="readout",
        publisher="Ministry of Norland",
        published="early June 2022",
        language="en",
    )
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert where.startswith("/sources/a-call-of-two-ministers/code")
    page = desk.open(where)
    assert "Saved as change 2: the source" in page.words
    assert {"p1", "p2", "p3"} <= set(page.ids)
    row = source(settings, "a-call-of-two-ministers")
    assert row.publisher == "Ministry of Norland"
    assert row.issuer and row.issuer.slug == "norland-ministry"
    assert row.published == "2022-06-01/2022-06-10"
    assert row.published_as_written == "early June 2022"
    assert row.texts[0].text == PASTED, "line ends of a form are two characters"


def test_a_publisher_may_be_a_name_or_a_new_actor(
    desk: Desk, settings: Settings
) -> None:
    for title, new in (("One", ""), ("Two", "media")):
        answer = desk.send(
            "/sources/new",
            title=title,
            kind="news_report",
            publisher="The Evening Post",
            publisher_new=new,
        )
        assert answer.status_code == 303
    assert source(settings, "one").issuer is None
    issuer = source(settings, "two").issuer
    assert issuer and issuer.slug == "the-evening-post"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_is_read_as_an_import_reads_it(desk: Desk, settings: Settings) -> None:
    slug = ""
    for name, content in (
        ("note.md", b"# Heading\n\nOne *line*.\n"),
        ("../../etc/a\0b" + "x" * 300, "Слово.".encode()),
    ):
        file = (io.BytesIO(content), name)
        answer = desk.send("/sources/new", file=file, kind="speech")
        assert answer.status_code == 303, faults(answer)
        assert "p1" in desk.open(answer.headers["Location"]).ids
        slug = answer.headers["Location"].split("/")[2]
        assert source(settings, slug).texts[0].reader
    file = (io.BytesIO("Слово.".encode()), "other.txt")
    again = desk.send("/sources/new", file=file, kind="speech")
    assert f"the source {slug} has the same" in faults(again)["file"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_no_document_is_refused_with_a_remedy(desk: Desk) -> None:
    for name, content in (
        ("a.xlsx", b"PK\x03\x04"),
        ("a.txt", b""),
        ("a.pdf", b"%PDF-1.4 broken"),
    ):
        file = (io.BytesIO(content), name)
        answer = desk.send("/sources/new", file=file, kind="speech", title="A title")
        assert "file" in faults(answer), name
        assert 'value="A title"' in answer.text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_fault_of_a_source_stands_at_its_field(desk: Desk) -> None:
    found = faults(desk.send("/sources/new", kind="speech"))
    assert "there is no text to take it from" in found["title"]
    both = {"file": (io.BytesIO(b"One."), "a.txt"), "text": "Two."}
    answer = desk.send("/sources/new", kind="speech", **both)
    assert "not both" in faults(answer)["text"]
    wrong = desk.send(
        "/sources/new", text="Three.", kind="novel", published="some day", language=""
    )
    assert set(faults(wrong)) == {"kind", "published"}
    assert "Three." in Html(wrong.text).words
    long = desk.send("/sources/new", text="Four.", kind="speech", licence="x" * 9_000)
    assert "at most 500" in faults(long)["licence"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_body_that_is_longer_than_a_form_may_be_is_refused(desk: Desk) -> None:
    answer = desk.browser.client.post(
        "/sources/new",
        data=b"x" * 20_000_001,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_text_that_is_pasted_breaks_anything(desk: Desk) -> None:
    for text in (
        "\u202eاللغة 123 abc",
        "e\u0301 \U0001f469\u200d\U0001f467",
        "\x0b\x0c",
        "a\0b",
        "\ufeff",
        "\u2028x",
    ):
        answer = desk.send("/sources/new", text=text, title="T", kind="speech")
        assert answer.status_code in (303, 422)
        if answer.status_code == 303:
            desk.open(answer.headers["Location"])
