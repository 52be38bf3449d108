"""Records at the ends of what can be recorded: no participants, 300, the years 1 and
9999; and what is refused: a sentence contrary to itself, corrections and links in a
circle have their tests in tests/exchange and tests/models.
"""

import time

import pytest
from flask.testing import FlaskClient

from app import create_app
from models import open_session
from settings import Settings
from tests import factories as make
from tests.web.html import Html

MANY = 300
SECONDS = 20
"""A loose bound of a page with all of them on a busy machine; it takes about one."""


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    with open_session(settings.database_url, write=True) as session:
        make.meeting(session, slug="nobody", title="Nobody came")
        for year in ("0001", "9999"):
            meeting = make.meeting(session, slug=f"year-{year}", date=year)
            state = make.actor(session, slug=f"state-{year}", kind="state")
            make.participation(session, meeting=meeting, represented=state)
            make.stance(session, holder=state, meeting=meeting, stated=f"{year}-12-31")
        crowd = make.meeting(session, slug="crowd", title="Assembly", date="2022-07")
        salt = make.proposition(session, slug="salt", text="Salt should be sold.")
        for number in range(MANY):
            state = make.actor(session, slug=f"member-{number:03}", kind="state")
            make.participation(session, meeting=crowd, represented=state)
            make.stance(
                session, holder=state, proposition=salt, stated="2022-07",
                **({} if number % 2 else {"position": "against", "polarity": -1}),
            )  # fmt: skip
        session.commit()
    return create_app(settings).test_client()


def answers(client: FlaskClient, *paths: str) -> None:
    for path in paths:
        begun = time.monotonic()
        reply = client.get(path)
        assert reply.status_code == 200, (path, reply.text[:300])
        if not path.startswith("/api") and "format=" not in path:
            assert Html(reply.text).faults == [], path
        assert time.monotonic() - begun < SECONDS, path


def test_a_meeting_without_participants_is_a_page_a_brief_and_a_row(
    client: FlaskClient,
) -> None:
    answers(
        client, "/meetings/nobody", "/meetings/nobody/brief", "/meetings?q=nobody",
        "/api/v1/meetings/nobody/brief", "/meetings/nobody/brief?format=md",
    )  # fmt: skip


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_first_and_the_last_year_are_years_like_others(
    client: FlaskClient, year: str
) -> None:
    actor, meeting = f"state-{year}", f"year-{year}"
    answers(
        client, f"/meetings/{meeting}", f"/meetings/{meeting}/brief",
        f"/actors/{actor}", f"/actors/{actor}/timeline", f"/stances?holder={actor}",
        f"/stances?date={year}", f"/meetings?date={year}", f"/matrix?to={year}",
        f"/matrix?from={year}", f"/networks/stances?from={year}&windows=month",
        f"/networks/stances?from={year}&windows=week",
        f"/networks/meetings?from={year}", f"/meetings/calendar?month={year}-12",
    )  # fmt: skip


def test_three_hundred_participants_are_listed_compared_and_briefed(
    client: FlaskClient,
) -> None:
    answers(
        client, "/meetings", "/meetings/crowd", "/meetings/crowd/brief", "/actors",
        "/stances", "/matrix", "/matrix?by=actor", "/matrix?contrary=off",
        "/networks/stances", "/networks/meetings", "/propositions/salt",
        "/matrix?actor=member-001&actor=member-002", "/matrix?format=csv",
        "/meetings/crowd/brief?format=md",
    )  # fmt: skip
    matrix = client.get("/api/v1/matrix?proposition=salt").json or {}
    assert matrix["total_columns"] == MANY
    assert (matrix["rows"][0]["in_favour"], matrix["rows"][0]["against"]) == (150, 150)
