"""Who may write: what each route asks for, and what a request must carry."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from settings import Settings
from tests.web.writing import OWN, Browser, local_browser
from web.csrf import FIELD, HEADER
from web.writers import (
    READS_ONLY,
    SIGNS_IN,
    UNSAFE,
    Role,
    Writer,
    requires,
    role_needed,
    writer,
)


def with_routes(app: Flask) -> Flask:
    """Add what changes something, a page for it, and what its author forgot to mark."""
    tried = Blueprint("tried", __name__)

    @tried.route("/tried", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @tried.route("/api/v1/tried", methods=["GET", "POST"])
    @requires(Role.EDITOR)
    def marked() -> str:
        found = writer()
        assert found is not None
        return found.name

    @tried.post("/forgotten")
    def forgotten() -> str:
        return "reached"

    app.register_blueprint(tried)
    return app


@pytest.fixture
def site(sqlite_settings: Settings) -> Flask:
    return with_routes(create_app(sqlite_settings))


@pytest.fixture
def browser(site: Flask) -> Browser:
    return local_browser(site)


def test_every_route_that_changes_something_names_a_role(
    sqlite_settings: Settings,
) -> None:
    app = create_app(sqlite_settings)
    forgotten = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if UNSAFE & (rule.methods or set()) and not role_needed(app, rule.endpoint)
    }
    assert forgotten == {*READS_ONLY, *SIGNS_IN}


def test_the_local_user_writes(browser: Browser) -> None:
    assert browser.post("/tried").text == "local user"
    assert browser.get("/tried").text == "local user"
    for method in sorted(UNSAFE):
        answer = browser.client.open(
            "/tried",
            method=method,
            headers={"Origin": OWN, HEADER: browser.token()},
        )
        assert answer.status_code == 200


def test_who_has_no_cookie_neither_writes_nor_sees_the_page(site: Flask) -> None:
    stranger = Browser(site)
    for answer in (stranger.get("/tried"), stranger.post("/tried")):
        assert answer.status_code == 403
        assert "`dragoman serve`" in answer.text or "dragoman serve" in answer.text


def test_a_route_that_was_forgotten_is_closed(browser: Browser) -> None:
    assert browser.post("/forgotten").status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://localhost:81", "https://localhost", "http://evil.example"],
)
def test_another_origin_is_refused_even_with_cookie_and_token(
    browser: Browser, origin: str
) -> None:
    answer = browser.post("/tried", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


def test_a_request_that_names_no_origin_is_refused(browser: Browser) -> None:
    answer = browser.client.post("/tried", data={FIELD: browser.token()})
    assert answer.status_code == 403


def test_a_token_of_another_session_is_refused(site: Flask, browser: Browser) -> None:
    other = local_browser(site)
    assert other.post("/tried").status_code == 200
    assert browser.post("/tried", {FIELD: other.token()}).status_code == 403


@given(st.text(max_size=60))
def test_no_text_is_a_token(browser_for_all: Browser, text: str) -> None:
    answer = browser_for_all.post("/tried", {FIELD: text})
    assert answer.status_code == 403


@pytest.fixture(scope="module")
def browser_for_all(templates, tmp_path_factory) -> Iterator[Browser]:
    with templates.copy("sqlite", tmp_path_factory.mktemp("writers")) as settings:
        yield local_browser(with_routes(create_app(settings)))


def test_a_missing_token_is_refused(browser: Browser) -> None:
    answer = browser.client.post("/tried", headers={"Origin": OWN})
    assert answer.status_code == 403


def test_a_token_is_another_one_each_time_and_all_are_good(browser: Browser) -> None:
    tokens = {browser.token() for _ in range(5)}
    assert len(tokens) == 5
    for token in tokens:
        assert browser.post("/tried", {FIELD: token}).status_code == 200


def test_a_rebinding_page_gets_400(browser: Browser) -> None:
    answer = browser.client.post(
        "/tried",
        data={FIELD: browser.token()},
        headers={"Host": "evil.example", "Origin": "http://evil.example"},
    )
    assert answer.status_code == 400


def test_the_api_takes_json_only(browser: Browser) -> None:
    headers = {"Origin": OWN, HEADER: browser.token()}
    answer = browser.client.post("/api/v1/tried", data={"a": "b"}, headers=headers)
    assert answer.status_code == 415
    assert answer.json is not None
    answer = browser.client.post("/api/v1/tried", json={}, headers=headers)
    assert answer.status_code == 200


def test_writing_can_be_switched_off(site: Flask, browser: Browser) -> None:
    from dataclasses import replace

    settings = site.extensions["dragoman"].settings
    off = with_routes(create_app(replace(settings, editing="off")))
    browser.client.application = off
    answer = browser.post("/tried")
    assert answer.status_code == 403
    assert "DRAGOMAN_EDITING" in answer.text


def test_the_head_says_who_writes_and_such_a_page_is_nobody_elses(
    site: Flask, browser: Browser
) -> None:
    page = browser.get("/meetings")
    assert "<bdi>local user</bdi>" in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"
    stranger = Browser(site).get("/meetings")
    assert "writing as" not in stranger.text
    assert stranger.headers["Cache-Control"] == "no-cache"
    for answer in (page, stranger):
        assert answer.headers["Vary"] == "Cookie"
    again = browser.get("/meetings", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304


def test_roles_include_those_below() -> None:
    roles = list(Role)
    for at, role in enumerate(roles):
        assert [role.includes(other) for other in roles] == [
            below <= at for below in range(len(roles))
        ]


def test_who_reads_gets_no_cookie(site: Flask) -> None:
    client = Browser(site)
    for path in ("/", "/meetings", "/search?q=a", "/tried", "/nowhere"):
        assert "Set-Cookie" not in client.get(path).headers
    assert not list(site.extensions["dragoman"].settings.instance.glob("secret*")), (
        "reading makes no key either"
    )


def test_a_writer_is_its_name_role_and_account() -> None:
    assert Writer("Ada", Role.EDITOR, 7) == Writer("Ada", Role.EDITOR, 7)
