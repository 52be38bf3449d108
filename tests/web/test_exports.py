"""`/export/…`: the record as other programs' files."""

import csv
import gc
import io
import json
import os

import openpyxl
import pandas
import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from app import create_app
from models.database import shared_engine
from queries.views import VIEWS
from settings import Settings
from tests.web.html import Html

VIEW = {view.name: view for view in VIEWS}


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_every_view_can_be_taken_away(client: FlaskClient, view: str) -> None:
    response = client.get(f"/export/{view}.csv")
    assert response.status_code == 200
    assert f'filename="{view}.csv"' in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.text, newline="")))
    assert len({len(row) for row in rows}) == 1


def standing(client: FlaskClient) -> int:
    """How many stances the API counts."""
    total: int = client.get("/api/v1/stances?limit=1").get_json()["total"]
    return total


def test_a_view_opens_in_pandas(client: FlaskClient) -> None:
    frame = pandas.read_csv(io.BytesIO(client.get("/export/stances.csv").data))
    assert list(frame.columns) == [column.name for column in VIEW["stances"].columns]
    assert len(frame) == standing(client)
    assert set(frame["polarity"].dropna()) <= {-2, -1, 0, 1, 2}


def test_parquet_is_a_file(client: FlaskClient) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="This test needs pyarrow.")
    with client.get("/export/stances.parquet") as response:
        assert response.status_code == 200
        content = response.data
    assert parquet.read_table(io.BytesIO(content)).num_rows == standing(client)


def test_a_workbook_and_a_csv_with_the_mark_that_excel_wants(
    client: FlaskClient,
) -> None:
    with client.get("/export/stances.xlsx") as response:
        assert str(response.mimetype).endswith("spreadsheetml.sheet")
        content = response.data
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert len(list(book.worksheets[0].rows)) == standing(client) + 1
    marked = client.get("/export/stances.excel.csv").data
    assert marked.startswith(b"\xef\xbb\xbfslug,")
    assert marked[3:] == client.get("/export/stances.csv").data


def test_the_other_files(client: FlaskClient) -> None:
    assert "@misc{article-2022-07-12," in client.get("/export/sources.bib").text
    assert len(json.loads(client.get("/export/sources.csl.json").text)) == 2
    page = json.loads(client.get("/export/annotations.jsonld").text)
    assert page["items"][0]["target"]["source"].startswith("http://localhost/sources/")
    lines = client.get("/export/entities.ftm.json").text.splitlines()
    assert all(json.loads(line)["schema"] for line in lines)


@pytest.mark.parametrize("left", [0, 0.001, 0.5])
def test_a_database_cut_short_is_said_and_no_export_begins(
    sqlite_settings: Settings, left: float
) -> None:
    client = create_app(sqlite_settings).test_client()
    assert client.get("/export/stances.csv").status_code == 200
    path = make_url(sqlite_settings.database_url).database
    assert path
    shared_engine(sqlite_settings.database_url).dispose()
    os.truncate(path, int(os.path.getsize(path) * left))
    for address in (
        "/export/stances.csv",
        "/export/stances.parquet",
        "/export/stances.xlsx",
        "/export/sources.bib",
        "/export/annotations.jsonld",
        "/export/entities.ftm.json",
        "/api/v1/sql?query=select+count(*)+from+stances",
    ):
        assert client.get(address).status_code == 503, address


@pytest.mark.parametrize("name", ["salt.csv", "actor.csv", "sqlite_master.csv", "x"])
def test_what_is_no_export_is_not_found(client: FlaskClient, name: str) -> None:
    response = client.get(f"/export/{name}")
    assert response.status_code == 404
    assert "stances.csv" in Html(response.text).words


def test_a_bad_format_or_parameter_is_named(client: FlaskClient) -> None:
    response = client.get("/export/stances.ods")
    assert response.status_code == 400
    assert "format" in Html(response.text).words
    response = client.get("/export/stances.csv?limit=1")
    assert response.status_code == 400
    assert "limit" in Html(response.text).words


def test_an_answer_that_is_not_read_to_its_end_leaves_no_session_open(
    client: FlaskClient, tehran: Settings
) -> None:
    engine = shared_engine(tehran.database_url)
    for name in ("stances.csv", "passages.csv", "annotations.jsonld"):
        response = client.get(f"/export/{name}", buffered=False)
        next(iter(response.response))
        response.close()
        del response
        assert client.get(f"/export/{name}").text
    gc.collect()
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.checkedout() == 0
