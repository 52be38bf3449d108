"""The results page: derived texts folded, bars of time, what is near."""

import re

import pytest
from flask.testing import FlaskClient

from app import create_app
from settings import Settings
from tests.queries.search.test_folding import record
from tests.web.html import Html


@pytest.fixture
def folded(settings: Settings) -> FlaskClient:
    """A client over a readout, its summary, the translation of that, and another."""
    record(settings)
    return create_app(settings).test_client()


def read(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    page = Html(response.text)
    assert not page.faults and len(page.ids) == len(set(page.ids))
    return response.text


def results(page: str) -> list[tuple[str, list[str]]]:
    """The address of each result, with those of the passages folded under it."""
    [listed] = re.findall(r'<ol class="hits".*?</ol>', page, re.DOTALL)
    found = []
    for item in listed.split("<li>")[1:]:
        addresses = re.findall(r'<h2><a href="([^"]+)"', item)
        if addresses:
            found.append((addresses[0], addresses[1:]))
    return found


def test_passages_of_derived_texts_stand_folded_under_their_originals(
    folded: FlaskClient,
) -> None:
    page = read(folded, "/search?q=pepper&kind=passage&spread=off")
    by_source = {address.partition("#")[0]: below for address, below in results(page)}
    assert set(by_source) == {"/sources/report", "/sources/other"}
    under = [below for _, below in results(page) if below]
    assert under == [["/sources/summary#p1", "/sources/translation#p1"]]
    assert "2 passages of texts derived from it" in page
    assert page.count('<details class="folded">') == 1
    address = "/api/v1/search?q=pepper&kind=passage&spread=off"
    found = folded.get(address).get_json()
    assert len(found["hits"]) == found["total"] == 5
    assert [hit["slug"] for hit in found["hits"] if hit["folded_under"]] == [
        "summary/1",
        "translation/1",
    ]


def test_a_derived_text_stands_by_itself_where_its_original_is_not_shown(
    folded: FlaskClient,
) -> None:
    page = read(folded, "/search?q=pepper&source=summary")
    assert results(page) == [("/sources/summary#p1", [])]
    assert "folded" not in page


def test_results_of_a_short_time_have_a_bar_a_month_that_narrows(
    client: FlaskClient,
) -> None:
    page = read(client, "/search?q=drones&year=2022")
    address = r'href="/search\?q=drones&amp;year=2022&amp;month=(\d{4}-\d\d)"'
    bars = re.findall(address, page)
    assert bars and "By month, as a table" in page and "By year" not in page
    narrowed = read(client, f"/search?q=drones&month={bars[0]}")
    assert 'class="bar chosen"' in narrowed
    assert "Month: " in narrowed  # the chip that removes it
    assert read(client, "/search?q=drones&month=2022-13").count("2022-13")


def test_filters_that_block_everything_together_are_offered_to_be_removed_together(
    client: FlaskClient,
) -> None:
    address = "/search?q=drones&kind=actor&year=1999&source=nothing-called-so"
    page = read(client, address)
    assert "Nothing was found" in page and "The nearest that there is" in page
    [wider] = re.findall(r'<li><a href="([^"]+)"[^>]*>[\d,]+ without', page)
    assert '<ol class="hits"' in read(client, wider.replace("&amp;", "&"))
