"""The SQL console: its page, its download and its JSON."""

import csv
import io
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from models import Topic, open_session
from queries.views import EXAMPLES, VIEWS
from settings import Settings
from tests.web.html import Html
from web import console


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    """A database with two topics, one of them with a name that could be markup."""
    with open_session(sqlite_settings.database_url, write=True) as session:
        session.add(Topic(slug="grain", name="Grain"))
        session.add(Topic(slug="arms", name="<b>Arms</b> & 'men' \"x\""))
        session.commit()
    return sqlite_settings


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def ask(client: FlaskClient, query: str, **more: str) -> TestResponse:
    return client.get("/sql", query_string={"query": query, **more})


def test_the_page_shows_the_views_and_questions_to_start_from(
    client: FlaskClient,
) -> None:
    response = client.get("/sql")
    page = Html(response.text)
    assert response.status_code == 200
    assert page.faults == []
    assert page.has("textarea", name="query")
    for view in VIEWS:
        assert view.name in page.words
        for column in view.columns:
            assert column.name in page.words
            assert column.about in page.words
    queries = {
        parse_qs(urlsplit(link).query).get("query", [""])[0] for link in page.links
    }
    assert {example.sql for example in EXAMPLES} <= queries


def test_each_link_to_a_query_works(client: FlaskClient) -> None:
    links = [link for link in Html(client.get("/sql").text).links if "query=" in link]
    assert len(links) == len(EXAMPLES) + len(VIEWS)
    for link in links:
        assert client.get(link).status_code == 200


def test_a_query_is_answered_with_a_table(client: FlaskClient) -> None:
    response = ask(client, "select slug, name, 1 as n, null as z from topics")
    page = Html(response.text)
    assert response.status_code == 200
    assert page.faults == []
    for name in ("slug", "name", "n", "z"):
        assert f'<th scope="col">{name}</th>' in response.text
    assert "Grain" in page.words
    assert "2 rows" in page.words
    assert page.has("td", **{"class": "number"})


def test_values_and_the_query_are_escaped(client: FlaskClient) -> None:
    query = "select name, '</textarea><script>' as \"<i>\" from topics"
    response = ask(client, query)
    page = Html(response.text)
    assert page.faults == []
    assert len(page.all("script")) == 1  # our own file
    assert not page.has("b")
    assert not page.has("i")
    assert "<b>Arms</b> & 'men' \"x\"" in page.words


@pytest.mark.parametrize("query", ["\n\nselect 1", "select 1\n", "select '\n' x\n\n"])
def test_the_query_stays_as_it_was_typed(client: FlaskClient, query: str) -> None:
    text = ask(client, query.replace("\n", "\r\n")).text
    area = text.partition("<textarea")[2].partition(">")[2].partition("</textarea")[0]
    # A browser drops the line break that follows the tag.
    assert area.replace("&#39;", "'") == "\n" + query


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("selec 1", 400, "cannot read this query"),
        ("select '\0'", 400, "no text can hold"),
        ("delete from topic", 403, "Not allowed: DELETE"),
        ("pragma user_version", 403, "Not allowed: PRAGMA"),
        ("attach '/tmp/loot' as loot", 403, "Not allowed: ATTACH"),
        ("select 1; select 2", 403, "Several statements"),
        ("select * from treaties", 400, "The views are meetings"),
    ],
)
def test_what_is_wrong_is_said_beside_the_query(
    client: FlaskClient, query: str, status: int, sentence: str
) -> None:
    response = ask(client, query)
    page = Html(response.text)
    assert response.status_code == status
    assert page.faults == []
    assert sentence in page.words
    assert page.has("textarea", name="query")
    if "\0" not in query:
        assert query[:50] in page.words
    api = client.get("/api/v1/sql", query_string={"query": query})
    assert api.status_code == status
    assert api.json is not None
    assert sentence in api.json["error"]["detail"]
    assert ask(client, query, format="csv").status_code == status


def test_a_query_at_the_time_limit_is_stopped_with_a_sentence(
    settings: Settings,
) -> None:
    client = create_app(replace(settings, sql_seconds=0.5)).test_client()
    response = ask(
        client,
        "with recursive n(i) as (select 1 union all select i + 1 from n)"
        " select count(*) from n",
    )
    assert response.status_code == 422
    assert "stopped after 0.5 seconds" in Html(response.text).words


def test_a_cut_answer_says_so_everywhere(settings: Settings) -> None:
    client = create_app(replace(settings, sql_rows=1)).test_client()
    query = "select slug from topics"
    assert "At most 1 rows" in Html(ask(client, query).text).words
    api = client.get("/api/v1/sql", query_string={"query": query})
    assert api.json is not None
    assert "At most 1 rows" in api.json["truncated"]
    download = ask(client, query, format="csv")
    assert "At most 1 rows" in download.headers["X-Dragoman-Truncated"]


def test_a_long_answer_is_shown_in_part_and_downloaded_whole(
    client: FlaskClient,
) -> None:
    query = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 999)"
        " select i from n"
    )
    page = Html(ask(client, query).text)
    assert len(page.all("td")) == console.ROWS_ON_THE_PAGE
    assert "999 rows" in page.words
    assert "The first 500 rows are shown here" in page.words
    assert ask(client, query, format="csv").text.count("\r\n") == 1000


def test_an_answer_is_downloaded_as_csv(client: FlaskClient) -> None:
    page = Html(ask(client, "select slug, name from topics order by slug").text)
    link = next(link for link in page.links if "format=csv" in link)
    response = client.get(link)
    assert response.content_type == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    assert list(csv.reader(io.StringIO(response.text))) == [
        ["slug", "name"],
        ["arms", "<b>Arms</b> & 'men' \"x\""],
        ["grain", "Grain"],
    ]


def test_a_downloaded_answer_runs_in_no_spreadsheet(client: FlaskClient) -> None:
    query = "select 1 as n, '=a,\"b' as t, null as z"
    assert ask(client, query, format="csv").text == 'n,t,z\r\n1,"\'=a,""b",\r\n'


def test_an_answer_is_read_as_json(client: FlaskClient) -> None:
    page = Html(ask(client, "select slug, 1 as n, null as z from topics").text)
    link = next(link for link in page.links if link.startswith("/api/v1/sql"))
    answer = client.get(link).json
    assert answer is not None
    assert answer["columns"] == ["slug", "n", "z"]
    assert sorted(answer["rows"]) == [["arms", 1, None], ["grain", 1, None]]
    assert answer["row_count"] == 2
    assert answer["truncated"] is None


@pytest.mark.parametrize("arguments", ["", "?query=", "?query=%20", "?sql=select+1"])
def test_json_without_a_query_is_an_error(client: FlaskClient, arguments: str) -> None:
    response = client.get(f"/api/v1/sql{arguments}")
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["error"]["detail"]


def test_an_unknown_format_is_an_error(client: FlaskClient) -> None:
    response = ask(client, "select 1", format="xlsx")
    assert response.status_code == 400
    assert "format" in Html(response.text).words


def test_switched_off_it_answers_with_a_sentence_only(settings: Settings) -> None:
    client = create_app(replace(settings, sql_console=False)).test_client()
    for address in ("/sql", "/sql?query=select+1", "/api/v1/sql?query=select+1"):
        response = client.get(address)
        assert response.status_code == 403
        assert "switched off" in response.text
    assert "/sql" not in Html(client.get("/nowhere").text).links
