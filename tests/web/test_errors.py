"""What a reader sees when something is missing, refused or broken."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from errors import Unavailable
from models.database import shared_engine
from settings import Settings
from tests.conftest import settings_of
from tests.web.html import Html


@pytest.fixture
def empty(sqlite_settings: Settings) -> Flask:
    """The app over a migrated database without a record in it."""
    return create_app(sqlite_settings)


FOLDERS = ("meetings", "actors", "topics", "propositions", "stances", "sources")


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_unknown_slug_is_a_page_that_says_so_and_offers_a_search(
    empty: Flask, folder: str
) -> None:
    response = empty.test_client().get(f"/{folder}/no%3Cb%3Ebody")
    page = Html(response.text)
    assert response.status_code == 404
    assert 'is called "no<b>body"' in page.words
    assert page.has("form", action="/search")
    assert not page.has("b")
    assert not page.faults


def test_an_unknown_address_is_a_page_too(empty: Flask) -> None:
    response = empty.test_client().get("/nowhere/at/all")
    assert response.status_code == 404
    assert Html(response.text).has("form", action="/search")


def test_below_api_the_same_is_json(empty: Flask) -> None:
    response = empty.test_client().get("/api/v1/nowhere")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["status"] == 404
    assert response.json["error"]["detail"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_empty_record_says_what_to_do(empty: Flask, folder: str) -> None:
    response = empty.test_client().get(f"/{folder}")
    assert response.status_code == 200
    assert "is recorded yet" in Html(response.text).words


def test_the_first_page_of_an_empty_record_says_how_to_fill_it(empty: Flask) -> None:
    response = empty.test_client().get("/")
    assert "dragoman load" in Html(response.text).words


def test_a_fault_of_ours_is_logged_and_not_shown(
    empty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @empty.get("/broken")
    def broken() -> str:
        raise RuntimeError("the secret")

    with caplog.at_level(logging.ERROR):
        response = empty.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "the secret" in caplog.text
    assert Html(response.text).has("form", action="/search")


def test_what_is_not_available_is_said_in_the_errors_own_words(empty: Flask) -> None:
    @empty.get("/busy")
    def busy() -> str:
        raise Unavailable("The index is being rebuilt.")

    response = empty.test_client().get("/busy")
    assert response.status_code == 503
    assert "The index is being rebuilt." in Html(response.text).words


def test_a_database_that_is_not_set_up_names_the_remedy(
    sqlite_settings: Settings,
) -> None:
    bare = sqlite_settings.instance / "bare.sqlite3"
    settings = settings_of(sqlite_settings.instance, f"sqlite:///{bare}")
    response = create_app(settings).test_client().get("/meetings")
    assert response.status_code == 503
    assert "dragoman db upgrade" in Html(response.text).words


def test_a_database_that_cannot_be_reached_is_said_so(
    sqlite_settings: Settings,
) -> None:
    missing = sqlite_settings.instance / "no" / "such" / "folder" / "x.sqlite3"
    settings = settings_of(sqlite_settings.instance, f"sqlite:///{missing}")
    client = create_app(settings).test_client()
    assert client.get("/").status_code == 503
    assert "DRAGOMAN_DATABASE_URL" in Html(client.get("/").text).words


def test_a_not_found_page_is_no_place_to_inject_into(client: FlaskClient) -> None:
    response = client.get("/meetings/%3Cscript%3Ealert(1)%3C/script%3E")
    assert response.status_code == 404
    assert "<script>" not in response.text


PLACES = (
    *("/", "/meetings", "/api/v1/sources", "/healthz", "/sql?query=x"),
    *("/search?q=x", "/matrix", "/feeds/stances.atom"),
)


def test_no_error_says_where_the_database_lies(sqlite_settings: Settings) -> None:
    database = sqlite_settings.instance / "dragoman.sqlite3"
    client = create_app(sqlite_settings).test_client()
    for spoil in (
        lambda: database.write_bytes(b"not a database at all" * 100),
        lambda: database.write_bytes(b""),
        database.unlink,
    ):
        shared_engine(sqlite_settings.database_url).dispose()
        spoil()
        for path in PLACES:
            response = client.get(path)
            assert str(sqlite_settings.instance) not in response.text, path
