"""Every answer carries the headers, whatever it is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.html import Html
from web.security import HEADERS, LONGEST_BODY

ADDRESSES = (
    "/",
    "/meetings",
    "/nowhere",
    "/meetings/nobody",
    "/healthz",
    "/static/dragoman.css",
    "/api/v1/nowhere",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers_and_no_cookie(
    client: FlaskClient, address: str
) -> None:
    with client.get(address) as response:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
        assert "Set-Cookie" not in response.headers


def test_the_policy_lets_nothing_inline_run_or_style() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_no_page_needs_what_the_policy_refuses(client: FlaskClient) -> None:
    for address in ADDRESSES[:4]:
        page = Html(client.get(address).text)
        assert page.source.count("<script") == page.source.count("></script>") == 1
        [script] = page.all("script")
        assert str(script["src"]).startswith("/static/")
        assert not page.has("style")
        assert not [
            name
            for _, attributes in page.elements
            for name in attributes
            if name == "style" or name.startswith("on")
        ]


def test_a_page_answers_reading_only(client: FlaskClient) -> None:
    response = client.post("/meetings")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert Html(response.text).has("form", action="/search")


def test_debugging_is_off(app: Flask) -> None:
    assert not app.debug
    assert not app.config["TRAP_HTTP_EXCEPTIONS"]


@pytest.mark.parametrize(
    "address", ["/", "/meetings", "/api/v1/meetings", "/search?q=a"]
)
def test_an_answer_is_asked_for_again_but_not_sent_again(
    client: FlaskClient, address: str
) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    assert client.head(address).headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_body_longer_than_the_site_reads_is_refused(
    client: FlaskClient, method: str
) -> None:
    for address in ("/", "/api/v1/meetings", "/static/dragoman.css", "/nowhere"):
        response = client.open(address, method=method, data=b"a" * (LONGEST_BODY + 1))
        assert response.status_code == 413
        assert HEADERS.items() <= dict(response.headers).items()
        with client.open(address, method=method, data=b"a" * LONGEST_BODY) as shorter:
            assert shorter.status_code != 413
