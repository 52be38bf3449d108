"""`/healthz` says what works and what does not; `/readyz`, whether to send requests."""

from flask.testing import FlaskClient

from app import create_app
from settings import Settings
from tests.conftest import settings_of


def test_a_working_installation_is_well(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.json == {
        "status": "ok",
        "database": "ok",
        "schema": "ok",
        "index": "ok",
    }
    assert response.status_code == 200


def test_a_database_that_was_never_migrated_is_not(sqlite_settings: Settings) -> None:
    bare = sqlite_settings.instance / "bare.sqlite3"
    bare.touch()
    settings = settings_of(sqlite_settings.instance, f"sqlite:///{bare}")
    response = create_app(settings).test_client().get("/healthz")
    assert response.status_code == 503
    assert response.json is not None
    assert "dragoman db upgrade" in response.json["schema"]
    assert response.json["database"] == "ok"


def test_a_database_that_cannot_be_reached_is_named(sqlite_settings: Settings) -> None:
    missing = sqlite_settings.instance / "no" / "folder" / "x.sqlite3"
    settings = settings_of(sqlite_settings.instance, f"sqlite:///{missing}")
    response = create_app(settings).test_client().get("/healthz")
    assert response.status_code == 503
    assert response.json is not None
    assert "cannot be used" in response.json["database"]


def test_a_site_without_its_index_is_ready_and_not_well(
    sqlite_settings: Settings,
) -> None:
    client = create_app(sqlite_settings).test_client()
    assert client.get("/healthz").status_code == 503
    response = client.get("/readyz")
    assert response.json == {"status": "ok", "database": "ok", "schema": "ok"}
    assert response.status_code == 200


def test_a_site_without_its_database_is_not_ready(sqlite_settings: Settings) -> None:
    missing = sqlite_settings.instance / "no" / "folder" / "x.sqlite3"
    settings = settings_of(sqlite_settings.instance, f"sqlite:///{missing}")
    assert create_app(settings).test_client().get("/readyz").status_code == 503
