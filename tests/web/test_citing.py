"""The pages that say how to cite, and the files on them."""

import json
import re

import pytest

from app import create_app
from models import open_session
from tests import factories as make

PAGES = (
    "/sources/article-2022-07-12-summary",
    "/stances/sullivan-iran-preparing-drones",
    "/meetings/tehran-trilateral-2022-07",
    "/meetings/tehran-trilateral-2022-07/brief",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_that_can_be_cited_leads_to_how(client, path):
    assert f'href="{path}/cite"' in client.get(path).text
    page = client.get(f"{path}/cite")
    assert page.status_code == 200
    permalink = re.search(r"Permalink</dt><dd><a href=\"([^\"]+)\"", page.text)
    assert permalink and permalink[1] == f"http://localhost{path}"
    for heading in ("Chicago", "APA", "BibTeX", "RIS", "CSL-JSON"):
        assert heading in page.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("form", ["bib", "ris", "csl.json"])
def test_every_form_is_a_file_of_its_own(client, path, form):
    file = client.get(f"{path}/cite?format={form}")
    assert file.status_code == 200
    assert f".{form}" in file.headers["Content-Disposition"]
    if form == "csl.json":
        assert json.loads(file.text)[0]["URL"]


def test_a_document_with_pages_shows_and_cites_them(sqlite_settings):
    with open_session(sqlite_settings.database_url, write=True) as session:
        words = "Before the pages.\n\nOn one.\n\nOn one too.\n\nOn two."
        source = make.source(session, slug="paged")
        text = make.source_text(session, words, source=source, pages=(None, 1, 1, 2))
        stance = make.stance(session, slug="said")
        make.evidence(
            session, stance=stance, source_text=text, start_char=19, end_char=26
        )
        session.commit()
    client = create_app(sqlite_settings).test_client()
    page = client.get("/sources/paged")
    assert page.status_code == 200
    assert re.findall(r'class="soft">(p\. \d)<', page.text) == ["p. 1", "p. 2"]
    assert "p. 2, passage 4, http://localhost/sources/paged#p4" in (
        client.get("/sources/paged/cite?passage=4").text
    )
    assert "p. 1" in client.get("/stances/said").text


def test_a_passage_has_an_address_of_its_own(client):
    page = client.get("/sources/article-2022-07-12-summary/cite?passage=3")
    assert (
        "passage 3, http://localhost/sources/article-2022-07-12-summary#p3" in page.text
    )


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/sources/none/cite", 404, "none"),
        ("/stances/none/cite", 404, "none"),
        ("/meetings/none/cite", 404, "none"),
        ("/sources/article-2022-07-12-summary/cite?passage=99", 404, "99"),
        ("/sources/article-2022-07-12-summary/cite?passage=x", 400, "passage"),
        ("/sources/article-2022-07-12-summary/cite?format=doc", 400, "bib"),
        ("/sources/article-2022-07-12-summary/cite?style=x", 400, "style"),
    ],
)
def test_what_cannot_be_cited_is_said_in_a_sentence(client, path, status, word):
    answer = client.get(path)
    assert answer.status_code == status
    assert word in answer.text
