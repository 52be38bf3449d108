"""The JSON API: every path answers as its description says, and refuses as it says.

Long because what an answer, a refusal and a page of a list promise hold for every path.
"""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app import create_app
from exchange.load import load
from models import open_session
from queries.search.request import PARAMETERS
from search.engines import open_engine
from search.sync import rebuild
from settings import Settings
from tests.exchange.small import write_small
from tests.queries.world import make_world
from web.catalogue import COLLECTIONS
from web.openapi import describe

LISTS = [f"/api/v1/{collection.table.noun}" for collection in COLLECTIONS]
THINGS = {
    "meetings": "aden-meeting",
    "actors": "king",
    "topics": "trade",
    "propositions": "sell-salt",
    "stances": "king-yes",
    "sources": "report",
}
NASTY = [
    *"% _ ' \" \\ ( -- ; < <script> {{7*7}} %s %(x)s :x $1 ../.. ı 😀".split(),
    *"-1 0 1e9 NaN null true 0000 9999-12-31 2022-13 2022/2021 202X Y1E9".split(),
    *("", " ", "OR 1=1 --", "9" * 40, "a" * 400, "\0", "\r\n", "\u0301"),
]
ITEMS = [f"/api/v1/{noun}/{slug}" for noun, slug in THINGS.items()]


@pytest.fixture
def api(settings: Settings) -> FlaskClient:
    """A client of an app over the small record, on each database."""
    with open_session(settings.database_url, write=True) as session:
        make_world(session)
        session.commit()
    return create_app(settings).test_client()


@pytest.fixture
def quick(sqlite_settings: Settings) -> FlaskClient:
    """The same on SQLite, for what is refused before the database is asked."""
    with open_session(sqlite_settings.database_url, write=True) as session:
        make_world(session)
        session.commit()
    return create_app(sqlite_settings).test_client()


def test_the_description_is_valid_openapi() -> None:
    description = describe()
    validate(description)
    assert description["openapi"].startswith("3.1")


def test_every_route_is_described_and_nothing_else(quick: FlaskClient) -> None:
    rules = {
        re.sub("<(.*?)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        for rule in quick.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert rules == set(describe()["paths"])


def test_every_answer_is_as_described(
    api: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    load(write_small(tmp_path / "small"), settings.database_url)  # the first change
    index(settings)
    for path, schema in described_paths():
        reply = api.get(path)
        if "DRAGOMAN_SQL_URL" in reply.text:
            continue  # the login that SQL needs on PostgreSQL is the console's test
        assert reply.status_code == 200, (path, reply.text)
        assert reply.mimetype == "application/json"
        schema.validate(reply.json)


def test_every_field_of_an_answer_is_described() -> None:
    bare = [
        (name, field)
        for name, schema in describe()["components"]["schemas"].items()
        for field, value in schema.get("properties", {}).items()
        if name != "Error" and not value.get("description")
    ]
    assert not bare


def test_a_list_answers_items_total_and_next(
    api: FlaskClient, subtests: pytest.Subtests
) -> None:
    for path in LISTS:
        with subtests.test(path=path):
            whole = ask(api, path)
            assert set(whole) == {"items", "total", "next"}
            assert whole["total"] == len(whole["items"])
            assert whole["next"] is None


def test_next_leads_through_the_whole_list(
    api: FlaskClient, subtests: pytest.Subtests
) -> None:
    for path in LISTS:
        with subtests.test(path=path):
            whole = [item["slug"] for item in ask(api, path)["items"]]
            assert list(follow(api, f"{path}?limit=1&sort=")) == whole


def follow(client: FlaskClient, path: str) -> Iterator[str]:
    """The slugs of a list, page after page."""
    following: str | None = path
    while following:
        page = ask(client, following)
        yield from (item["slug"] for item in page["items"])
        following = page["next"]


def test_next_keeps_the_filters(quick: FlaskClient) -> None:
    page = ask(quick, "/api/v1/meetings?kind=meeting&kind=talks&limit=1&q=%C4%B1%26")
    assert page["next"] is None and page["total"] == 0
    page = ask(quick, "/api/v1/meetings?kind=meeting&kind=talks&limit=1&q=a")
    assert page["next"] == "/api/v1/meetings?kind=meeting&kind=talks&limit=1&q=a&page=2"


BAD_PARAMETERS = [
    ("limit", "-1"),
    ("limit", "100000"),
    ("page", "abc"),
    ("page", "0"),
    ("sort", "x"),
    ("colour", "red"),
    ("q", "a%00b"),
    ("q", "x" * 10_000),
    ("%00", "x"),
]


def test_a_bad_parameter_of_a_list_is_named(
    quick: FlaskClient, subtests: pytest.Subtests
) -> None:
    for path in LISTS:
        for name, value in BAD_PARAMETERS:
            with subtests.test(path=path, name=name, value=value[:20]):
                error = refused(quick, f"{path}?{name}={value}", 400)
                assert error["field"] == name.replace("%00", "\0")
                assert "\0" not in error["detail"]


BAD_VALUES = [
    ("meetings?date=2022-13", "date", "2022-13"),
    ("meetings?from=soon", "from", "soon"),
    ("meetings?status=done", "status", "done"),
    ("meetings?actor=No%20Slug", "actor", "No Slug"),
    ("meetings?as_known_on=2022-02-30", "as_known_on", "2022-02-30"),
    ("stances?current=perhaps", "current", "perhaps"),
    ("stances?position=left", "position", "left"),
    ("sources?text=lost", "text", "lost"),
    ("propositions?kind=%3Cb%3E", "kind", "<b>"),
    ("actors?kind=%F0%9F%98%80", "kind", "😀"),
    ("sources/report?version=0", "version", "0"),
    ("sources/report?version=x", "version", "x"),
    ("meetings/aden-meeting?as_known_on=soon", "as_known_on", "soon"),
    ("actors/king?page=2", "page", "page"),
    ("openapi.json?pretty=1", "pretty", "pretty"),
    ("suggest", "q", "typed"),
    ("suggest?q=", "q", "typed"),
    ("suggest?q=a%00b", "q", "U+0000"),
    (f"suggest?q={'x' * 301}", "q", "301"),
    ("suggest?q=ki&limit=3", "limit", "limit"),
]


def test_a_bad_value_is_named_with_its_field(
    quick: FlaskClient, subtests: pytest.Subtests
) -> None:
    for address, field, said in BAD_VALUES:
        with subtests.test(address=address):
            error = refused(quick, f"/api/v1/{address}", 400)
            assert error["field"] == field
            assert said in error["detail"]


def test_the_place_of_a_nul_byte_is_said(quick: FlaskClient) -> None:
    error = refused(quick, "/api/v1/actors?q=ab%00", 400)
    assert (error["field"], error["position"]) == ("q", 2)


def test_an_unknown_slug_is_json_404(
    quick: FlaskClient, subtests: pytest.Subtests
) -> None:
    for noun in THINGS:
        for slug in ("nothing", "NO", "%3Cscript%3E", "..", "a%20b"):
            with subtests.test(noun=noun, slug=slug):
                assert refused(quick, f"/api/v1/{noun}/{slug}", 404)["title"]


def test_a_slug_that_nothing_can_have_is_json_404(
    api: FlaskClient, subtests: pytest.Subtests
) -> None:
    for noun in THINGS:
        for slug in ("a%00b", "x" * 5000, "%F0%9F%98%80", "%ff"):
            with subtests.test(noun=noun, slug=slug[:20]):
                refused(api, f"/api/v1/{noun}/{slug}", 404)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_whatever_a_filter_is_given_it_answers_or_names_it(
    api: FlaskClient, subtests: pytest.Subtests
) -> None:
    for collection in COLLECTIONS:
        for name in [item.name for item in collection.table.parameters]:
            with subtests.test(noun=collection.table.noun, name=name):
                try_everything(api, collection.table.noun, name)


def try_everything(client: FlaskClient, noun: str, name: str) -> None:
    """Give a parameter every nasty value."""
    for value in NASTY:
        path = f"/api/v1/{noun}?{urlencode({name: value})}"
        reply = client.get(path)
        assert reply.status_code in (200, 400), (path, reply.text)
        if reply.status_code == 400:
            assert reply.json and reply.json["error"]["field"] == name


def test_an_unknown_address_is_json_404(quick: FlaskClient) -> None:
    refused(quick, "/api/v1/nothing", 404)


def test_the_api_can_only_be_read(
    quick: FlaskClient, subtests: pytest.Subtests
) -> None:
    for path in (*LISTS, *ITEMS):
        with subtests.test(path=path):
            reply = quick.post(path)
            assert reply.status_code == 405
            assert reply.json and reply.json["error"]["status"] == 405


def test_the_filters_reach_the_list(quick: FlaskClient) -> None:
    assert ask(quick, "/api/v1/stances?state=aden&current=true")["total"] == 1
    assert ask(quick, "/api/v1/meetings?actor=envoy&date=2022-07")["total"] == 1


def test_a_status_can_be_asked_as_it_was_known(quick: FlaskClient) -> None:
    address = "/api/v1/meetings/aden-meeting"
    assert ask(quick, address)["status"] == "held"
    assert ask(quick, f"{address}?as_known_on=2022-07-01")["status"] is None


def test_the_search_has_the_parameters_that_are_described() -> None:
    described = describe()["paths"]["/search"]["get"]["parameters"]
    assert {item["name"] for item in described} == {item.name for item in PARAMETERS}


def test_a_search_answers_hits_and_facets(api: FlaskClient, settings: Settings) -> None:
    index(settings)
    found = ask(api, "/api/v1/search?q=salt")
    assert found["total"] == len(found["hits"]) > 0
    passage = next(hit for hit in found["hits"] if hit["kind"] == "passage")
    assert passage["slug"] == "report/2"
    assert passage["url"] == "/sources/report#p2"
    assert {"text": "salt", "marked": True} in passage["snippet"]
    assert {"value", "label", "count"} <= set(found["facets"]["kind"][0])


BAD_SEARCHES = [
    ("q=(salt", "q"),
    ("q=colour:red&strict=1", "colour"),
    ("q=a%00b", "q"),
    ("q=" + "x" * 10_000, "q"),
    ("q=salt&limit=-1", "limit"),
    ("q=salt&page=abc", "page"),
    ("q=date:2022-13", "date"),
    ("q=salt&kind=party", "kind"),
    ("q=salt&sort=x", "sort"),
    ("q=salt&match=some", "match"),
    ("q=salt&colour=red", "colour"),
]


def test_a_bad_search_names_the_parameter_or_the_field_of_the_query(
    quick: FlaskClient, sqlite_settings: Settings, subtests: pytest.Subtests
) -> None:
    index(sqlite_settings)
    for query, field in BAD_SEARCHES:
        with subtests.test(query=query[:30]):
            assert refused(quick, f"/api/v1/search?{query}", 400)["field"] == field


def test_a_query_that_cannot_be_read_is_refused_at_its_character(
    quick: FlaskClient, sqlite_settings: Settings
) -> None:
    index(sqlite_settings)
    error = refused(quick, "/api/v1/search?q=salt+AND+colour:red&strict=1", 400)
    assert error["position"] == len("salt AND ")


def test_a_search_without_an_index_is_503(quick: FlaskClient) -> None:
    error = refused(quick, "/api/v1/search?q=salt", 503)
    assert "dragoman reindex" in error["detail"]


def test_names_in_any_script_come_as_they_are(quick: FlaskClient) -> None:
    assert "Kıral" in quick.get("/api/v1/actors/king").text


def test_the_same_answer_is_not_sent_twice(quick: FlaskClient) -> None:
    first = quick.get("/api/v1/actors/king")
    again = quick.get(
        "/api/v1/actors/king", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data


def test_an_empty_record_answers_empty_lists(settings: Settings) -> None:
    client = create_app(settings).test_client()
    for path in LISTS:
        assert ask(client, path) == {"items": [], "total": 0, "next": None}


def test_a_database_that_is_not_migrated_is_503(
    sqlite_settings: Settings, subtests: pytest.Subtests
) -> None:
    database = sqlite_settings.instance / "dragoman.sqlite3"
    database.unlink()
    database.touch()
    client = create_app(sqlite_settings).test_client()
    for path in (*LISTS, *ITEMS):
        with subtests.test(path=path):
            assert "dragoman db upgrade" in refused(client, path, 503)["detail"]


def test_a_database_that_is_not_there_is_503(sqlite_settings: Settings) -> None:
    database = sqlite_settings.instance / "dragoman.sqlite3"
    database.unlink()
    database.mkdir()
    error = refused(create_app(sqlite_settings).test_client(), LISTS[0], 503)
    assert "DRAGOMAN_DATABASE_URL" in error["detail"]


def index(settings: Settings) -> None:
    """Build the search index."""
    engine = open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )
    rebuild(engine, settings.database_url)


def ask(client: FlaskClient, path: str) -> Any:
    reply = client.get(path)
    assert reply.status_code == 200, reply.text
    return reply.json


def refused(client: FlaskClient, path: str, status: int) -> Any:
    """The error of a request that is refused, which is as described."""
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.text)
    assert reply.mimetype == "application/json"
    validator({"$ref": "#/components/schemas/Error"}).validate(reply.json)
    assert reply.json is not None
    assert reply.json["error"]["status"] == status
    return reply.json["error"]


def described_paths() -> Iterator[tuple[str, Draft202012Validator]]:
    """An address for every described path, with the schema of its answer."""
    for path, methods in describe()["paths"].items():
        content = methods["get"]["responses"]["200"]["content"]
        slug = THINGS.get(path.split("/")[1], "")
        queries = {
            "/sql": "query=select+1",
            "/search": "q=king",
            "/suggest": "q=k",
            "/names": "q=k&kind=actor",
        }
        query = f"?{queries[path]}" if path in queries else ""
        address = f"/api/v1{path.replace('{slug}', slug)}{query}".replace(
            "{number}", "1"
        )
        yield address, validator(content["application/json"]["schema"])


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that also refuses what is not described."""
    components = copy.deepcopy(describe()["components"])
    for part in components["schemas"].values():
        if part.get("type") == "object":
            part.setdefault("additionalProperties", False)
    whole = json.loads(json.dumps({**schema, "components": components}))
    return Draft202012Validator(
        whole, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
