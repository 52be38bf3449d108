"""An analysis that a filter leaves empty offers what there is without it."""

import itertools
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app import create_app
from settings import Settings

FILTERS = {
    "/matrix": ("actor=iran", "kind=forecast", "topic=grain", "to=1999"),
    "/contested": ("kind=normative", "topic=oil", "how=denied", "from=2030"),
    "/networks/stances": ("actor=iran", "topic=oil", "from=2030"),
    "/networks/relations": ("actor=peter-the-great", "actor_kind=media", "to=1999"),
    "/networks/meetings": ("actor=china", "meeting_format=trilateral", "status=held"),
    "/actors/iran/timeline": ("topic=nato", "from=2030"),
}  # fmt: skip


@pytest.fixture
def client(tehran: Settings) -> FlaskClient:
    return create_app(tehran).test_client()


def offered(text: str) -> dict[str, int]:
    """The addresses that a page offers, and how much it says that they hold."""
    _, found, rest = text.partition("There is something with other filters:")
    links = re.findall(r'<a href="([^"]+)">With[^<]*: ([\d,]+)</a>', rest)
    assert bool(found) is bool(links)
    return {unescape(url): int(number.replace(",", "")) for url, number in links}


@pytest.mark.parametrize("path", FILTERS)
def test_what_an_empty_analysis_offers_is_there_and_a_full_one_offers_nothing(
    client: FlaskClient, path: str
) -> None:
    seen = 0
    for filters in itertools.combinations(FILTERS[path], 2):
        query = "&".join(filters)
        text = client.get(f"{path}?{query}", follow_redirects=True).text
        assert "Traceback" not in text
        links = offered(text)
        empty = 'class="empty"' in text
        if not empty:
            assert not links, (path, query)
        for url, number in links.items():
            seen += 1
            assert number > 0
            page = client.get(url)
            assert page.status_code == 200
            assert 'class="empty"' not in page.text, url
        singles = [client.get(f"{path}?{one}").text for one in filters]
        if empty and any('class="empty"' not in single for single in singles):
            assert links, (path, query)
    assert seen or path == "/contested"
