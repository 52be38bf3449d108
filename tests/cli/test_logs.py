"""What `dragoman serve` logs, and how its lines look."""

import json
import logging

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from cli.logs import AsJson, AsLines
from settings import SETTINGS


def record(**access: object) -> logging.LogRecord:
    known = {
        "id": "a1",
        "remote": "127.0.0.1",
        "method": "GET",
        "path": "/search",
        "query": "",
        "route": "/search",
        "status": 200,
        "ms": 3,
    }
    made = logging.makeLogRecord({"name": "dragoman.access", "created": 0})
    made.access = known | access
    return made


def test_a_request_is_one_line() -> None:
    line = AsLines().format(record(query="q=salt"))
    assert line == ("1970-01-01T00:00:00.000Z 127.0.0.1 GET /search?q=salt 200 3 ms a1")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_request_can_forge_a_line(path: str, query: str) -> None:
    made = record(path=path, query=query)
    line = AsLines().format(made)
    assert len(line.splitlines()) == 1
    assert len(line.split(" ")) == 8
    as_json = AsJson().format(made)
    assert len(as_json.splitlines()) == 1
    assert json.loads(as_json)["path"] == path


def test_what_went_wrong_is_an_object_of_json_too() -> None:
    try:
        raise ValueError("on purpose")
    except ValueError as error:
        made = logging.makeLogRecord(
            {
                "name": "dragoman",
                "levelname": "ERROR",
                "msg": "GET %s",
                "args": ("/x",),
                "exc_info": (type(error), error, error.__traceback__),
            }
        )
    said = json.loads(AsJson().format(made))
    assert said["message"] == "GET /x" and said["level"] == "ERROR"
    assert "on purpose" in said["traceback"]


def test_each_request_is_logged_when_it_is_answered(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "dragoman.access"):
        answers = [
            app.test_client().get("/meetings?q=salt"),
            app.test_client().get("/api/v1/actors/nobody"),
        ]
        ids = [answer.headers["X-Request-ID"] for answer in answers]
        for answer in answers:
            answer.close()
    first, second = (vars(record)["access"] for record in caplog.records)
    assert (first["path"], first["query"], first["status"]) == (
        "/meetings",
        "q=salt",
        200,
    )
    assert second["route"] == "/api/v1/actors/<slug>" and second["status"] == 404
    assert [first["id"], second["id"]] == ids


def test_every_way_to_log_is_a_setting() -> None:
    [setting] = (each for each in SETTINGS if each.name == "log")
    for how in ("errors", "lines", "json"):
        assert setting.parse(how) == how
