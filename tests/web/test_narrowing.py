"""Lists narrowed by names and keywords: addresses, sentences, offers."""

import itertools
import random
import re

import pytest
from flask.testing import FlaskClient

from app import create_app
from settings import Settings
from tests.web.html import Html

#: Filters of which some pairs find nothing, by list.
FILTERS = {
    "stances": [
        "holder=turkey", "topic=drones", "mode=signed", "q=NATO", "position=neutral",
        "source=dragoman-summary", "date=1999", "itself=syria",
    ],
    "meetings": ["actor=iran", "status=denied", "medium=phone", "q=tehran"],
    "propositions": ["actor=iran", "kind=forecast", "q=grain", "topic=nato"],
    "actors": ["kind=media", "parent=russia", "q=erdogan"],
    "sources": ["kind=interview", "actor=iran", "q=summary"],
}  # fmt: skip


@pytest.fixture
def client(tehran: Settings) -> FlaskClient:
    return create_app(tehran).test_client()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/stances?holder=Türkiye&q=&topic=", "/stances?holder=turkey"),
        ("/meetings?actor=Путин&from=", "/meetings?actor=vladimir-putin"),
        ("/matrix?actor=Saudi+Arabia&kind=", "/matrix?actor=saudi-arabia"),
        ("/networks/meetings?actor=Iran", "/networks/meetings?actor=iran"),
        ("/actors?q=", "/actors"),
    ],
)
def test_an_address_loses_what_is_empty_and_has_slugs_for_names(
    client: FlaskClient, typed: str, kept: str
) -> None:
    response = client.get(typed)
    assert (response.status_code, response.location) == (302, kept)
    assert client.get(kept).status_code == 200


def test_the_api_takes_names_too_and_refuses_those_of_nobody(
    client: FlaskClient,
) -> None:
    by_name = client.get("/api/v1/stances?holder=Türkiye").json or {}
    by_slug = client.get("/api/v1/stances?holder=turkey").json or {}
    assert by_name["total"] == by_slug["total"] > 0
    response = client.get("/api/v1/stances?holder=Ruritania!")
    assert response.status_code == 400
    assert "no actor is called so" in response.text
    for path in ("/stances", "/matrix"):
        assert "no actor is called so" in client.get(f"{path}?actor=Ruritania!").text


def test_a_page_says_for_whom_it_counts_and_links_to_the_narrower_list(
    client: FlaskClient,
) -> None:
    page = client.get("/stances?holder=turkey").text
    assert "more are attributed to it" in Html(page).words
    assert 'href="/stances?itself=turkey"' in page
    page = client.get("/stances?actor=iran").text
    assert "are about it" in Html(page).words
    assert 'href="/stances?about=iran"' in page


@pytest.mark.parametrize("noun", FILTERS)
def test_an_empty_list_offers_what_it_finds_with_a_filter_fewer(
    client: FlaskClient, noun: str
) -> None:
    dice = random.Random(noun)
    several = [
        each
        for number in (1, 2, 3)
        for each in itertools.combinations(FILTERS[noun], number)
    ]
    empty = 0
    for each in dice.sample(several, min(14, len(several))):
        text = client.get(f"/{noun}?{'&'.join(each)}").text
        if "fits these filters" not in text:
            continue
        empty += 1
        offers = re.findall(r'<a\s+href="([^"]+)">Without [^:<]+: ([\d,]+)</a>', text)
        assert offers, each
        for address, number in offers[:2]:
            shown = Html(client.get(address.replace("&amp;", "&")).text).words
            assert re.search(rf"\b{number} {noun.removesuffix('s')}s?\b", shown), (
                address
            )
    assert empty


def test_forms_have_a_field_for_each_name_that_works_without_script(
    client: FlaskClient,
) -> None:
    for path, names in (
        ("/stances", {"holder", "actor", "topic", "source", "meeting"}),
        ("/meetings", {"actor", "topic", "country"}),
        ("/matrix", {"actor", "topic", "proposition"}),
        ("/networks/stances", {"actor", "topic"}),
        ("/networks/relations", {"actor", "topic"}),
    ):
        page = client.get(path)
        assert Html(page.text).faults == []
        fields = set(
            re.findall(r'<input type="text" name="(\w+)"[^>]*data-names', page.text)
        )
        assert names <= fields, path
