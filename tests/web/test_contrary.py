"""Contrary propositions and relations on pages, in JSON and in CSV."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from app import create_app
from models import open_session
from settings import Settings
from tests.analysis.test_contrary import Salt
from tests.factories import stance
from tests.web.html import Html


@pytest.fixture
def client(sqlite_settings: Settings) -> FlaskClient:
    with open_session(sqlite_settings.database_url, write=True) as session:
        salt = Salt(session)
        salt.say(salt.aden, salt.sell)
        stance(session, holder=salt.aden, target_actor=salt.basra, polarity=2)
        session.commit()
    return create_app(sqlite_settings).test_client()


def test_the_matrix_marks_what_is_derived_on_page_json_and_csv(
    client: FlaskClient,
) -> None:
    page = Html(client.get("/matrix").text)
    assert page.faults == []
    assert "against, derived" in page.words
    assert "contradiction: for both of two contrary propositions" in page.words
    assert "Show recorded positions only" in page.words
    cells = {
        (row["about"]["slug"], column["actor"]["slug"]): cell
        for found in [client.get("/api/v1/matrix").json or {}]
        for row in found["rows"]
        for column, cell in zip(found["columns"], row["cells"], strict=True)
    }
    assert cells["keep", "basra"]["derived"]
    assert cells["keep", "aden"]["contradiction"]
    table = csv.DictReader(io.StringIO(client.get("/matrix?format=csv").text))
    rows = {(row["row_slug"], row["actor_slug"]): row for row in table}
    assert rows["keep", "basra"]["derived"] == "true"
    assert rows["keep", "aden"]["derived"] == "false"
    page = Html(client.get("/matrix?contrary=off").text)
    assert page.faults == []
    assert "against, derived" not in page.words


def test_the_network_marks_what_is_derived_on_page_json_csv_and_in_graphs(
    client: FlaskClient,
) -> None:
    address = "/networks/stances?contrary=on"
    page = Html(client.get(address).text)
    assert page.faults == []
    assert "Of the statements 1 is derived:" in page.words
    found = client.get(f"/api/v1{address}").json or {}
    tie = next(
        one for one in found["edges"] if {one["a"], one["b"]} == {"aden", "basra"}
    )
    assert tie["derived"] == 1  # Basra on Keep; Aden itself is for both
    table = csv.DictReader(io.StringIO(client.get(f"{address}&format=csv").text))
    assert {row["derived"] for row in table} == {"0", "1"}
    assert "derived" in client.get(f"{address}&format=graphml").text
    assert "is derived:" not in Html(client.get("/networks/stances").text).words


@pytest.mark.parametrize("value", ["yes", "ON", "true"])
def test_another_value_of_contrary_is_refused(client: FlaskClient, value: str) -> None:
    for path in ("/matrix", "/networks/stances"):
        response = client.get(f"/api/v1{path}?contrary={value}")
        assert response.status_code == 400
        assert "expected one of on, off" in response.text


def test_the_matrix_shows_relations_between_actors(client: FlaskClient) -> None:
    page = Html(client.get("/matrix?by=actor").text)
    assert page.faults == []
    assert "actor towards whom they stand" in page.words
    found = client.get("/api/v1/matrix?by=actor").json or {}
    assert [row["about"]["label"] for row in found["rows"]] == ["Basra"]
    assert client.get("/matrix?by=actor&kind=factual").status_code == 400
    assert client.get("/actors/aden/timeline?towards=basra").status_code == 200
