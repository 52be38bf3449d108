"""What a query string may hold, on every route; and how much of it a page repeats."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from app import create_app
from queries.filters import MOST_WORDS, Filter
from queries.parameters import MOST_VALUES
from settings import Settings
from tests.web.record import fill
from web.catalogue import COLLECTIONS
from web.jinja import LONGEST_LINK
from web.limits import LONGEST_QUERY_STRING

FEEDS = {
    "meetings": ("/meetings.ics", "/feeds/meetings.atom", "/feeds/status.atom"),
    "stances": ("/feeds/stances.atom",),
}
FILTERS = [
    (table.noun, item)
    for table in (collection.table for collection in COLLECTIONS)
    for item in table.filters
]
ROUTES = ["/", "/meetings", "/search", "/sql", "/matrix", "/api/v1/sources", "/healthz"]


@pytest.fixture
def site(settings: Settings) -> FlaskClient:
    """A client over the record, on each database."""
    fill(settings)
    return create_app(settings).test_client()


@pytest.fixture
def quick(sqlite_settings: Settings) -> FlaskClient:
    """The same on SQLite, where the database cannot matter."""
    fill(sqlite_settings)
    return create_app(sqlite_settings).test_client()


def test_any_value_of_a_repeated_filter_will_do(site: FlaskClient) -> None:
    for noun, item in FILTERS:
        path, values = f"/api/v1/{noun}", values_of(item)
        values = values if item.repeatable else values[:1]
        alone = [found(site, path, item.name, value) for value in values]
        assert found(site, path, item.name, *values) == set().union(*alone), item


def test_a_feed_takes_a_filter_as_often_as_its_list_does(site: FlaskClient) -> None:
    for noun, item in FILTERS:
        some = values_of(item) if item.repeatable else values_of(item)[:1]
        for path in FEEDS.get(noun, ()):
            query = urlencode([(item.name, value) for value in some])
            assert site.get(f"{path}?{query}").status_code == 200, (path, query)


def values_of(item: Filter) -> tuple[str, ...]:
    """A few values that a filter takes; slugs are ones of the record."""
    if item.takes.choices:
        return tuple(item.takes.choices[:2])
    if item.kinds:
        slugs = {
            "topic": ("salt", "trade"),
            "actor": ("aden", "king", "league"),
            "meeting": ("aden-meeting", "talks"),
            "proposition": ("sell-salt",),
            "source": ("report", "summary"),
        }
        return slugs[item.kinds[-1]]
    if item.name in ("date", "from", "to", "as_known_on"):
        return ("2022-07", "2022-07-14", "1999")
    return ("salt", "a", "nothing of this kind")


def found(client: FlaskClient, path: str, name: str, *values: str) -> set[str]:
    query = urlencode([(name, value) for value in values])
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.text
    assert response.json is not None
    return {item["slug"] for item in response.json["items"]}


@pytest.mark.parametrize("route", ROUTES)
def test_a_parameter_is_given_fifty_times_at_most(
    quick: FlaskClient, route: str
) -> None:
    query = "&".join(["topic=a"] * (MOST_VALUES + 1))
    response = quick.get(f"{route}?{query}")
    assert response.status_code == 400
    assert "topic is given 51 times, at most 50" in response.text


@pytest.mark.parametrize("route", ROUTES)
def test_a_query_string_has_its_longest_length(quick: FlaskClient, route: str) -> None:
    response = quick.get(f"{route}?a=b&q={'x' * LONGEST_QUERY_STRING}")
    assert response.status_code == 400
    assert "at most 16,000" in response.text
    if response.is_json:
        assert response.json is not None
        assert response.json["error"]["field"] == "q"


@pytest.mark.parametrize("route", ROUTES)
def test_fifty_different_parameters_are_more_than_any_page_has(
    quick: FlaskClient, route: str
) -> None:
    query = "&".join(f"p{number}=x" for number in range(MOST_VALUES + 1))
    assert quick.get(f"{route}?{query}").status_code == 400


def test_the_words_of_all_texts_count_together(quick: FlaskClient) -> None:
    for words in ([MOST_WORDS], [MOST_WORDS // 2, MOST_WORDS // 2]):
        texts = [" ".join("salt" for _ in range(number)) for number in words]
        query = urlencode([("q", f"{at} {text}"[2:]) for at, text in enumerate(texts)])
        assert quick.get(f"/api/v1/sources?{query}").status_code == 200
    query = urlencode([("q", "a b " * 13), ("q", "c d " * 13)])
    response = quick.get(f"/api/v1/sources?{query}")
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["error"]["field"] == "q"


@pytest.mark.parametrize("times", [MOST_VALUES, 500])
def test_no_number_of_texts_is_too_much_for_the_database(
    quick: FlaskClient, times: int, sqlite_settings: Settings
) -> None:
    query = urlencode([("q", f"x{number}") for number in range(times)])
    response = quick.get(f"/api/v1/sources?{query}")
    assert response.status_code == (200 if times == MOST_VALUES else 400)
    assert str(sqlite_settings.instance) not in response.text


def test_a_page_does_not_grow_with_the_square_of_its_address(
    quick: FlaskClient, subtests: pytest.Subtests
) -> None:
    slugs = [f"s{number}-{'x' * 100}" for number in range(MOST_VALUES)]
    for path, names in (
        ("/stances", ("holder", "actor", "topic")),
        ("/meetings", ("actor", "topic", "country")),
        ("/matrix", ("actor", "proposition")),
        ("/networks/stances", ("actor",)),
        ("/networks/relations", ("actor",)),
    ):
        with subtests.test(path=path):
            given = [(name, slug) for name in names for slug in slugs]
            query = urlencode(given)[:LONGEST_QUERY_STRING]
            assert len(query) > LONGEST_LINK
            bare = len(quick.get(path).data)
            assert len(quick.get(f"{path}?{query}").data) < bare + 20 * len(query)


def test_a_long_address_still_offers_to_take_a_filter_away(quick: FlaskClient) -> None:
    slugs = [f"s{number}-{'x' * 100}" for number in range(MOST_VALUES)]
    query = urlencode([("topic", slug) for slug in slugs] + [("mode", "said")])
    page = quick.get(f"/stances?{query}").text
    assert "Topic: 50 values" in page
    assert 'href="/stances?mode=said"' in page
