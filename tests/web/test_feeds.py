"""The calendar, iCalendar and Atom, read back by other programs' parsers."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app import create_app
from models import open_session
from settings import Settings
from tests import factories as make
from tests.queries.world import make_world
from tests.web.html import Html

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = 'Talks; "a, b" \\ n\n<script>alert(1)</script> \u202eسلام =1+1'
FEEDS = ("/feeds/meetings.atom", "/feeds/status.atom", "/feeds/stances.atom")


@pytest.fixture
def aden(settings: Settings) -> Iterator[FlaskClient]:
    """A client of a small record with a meeting of an awkward name."""
    with open_session(settings.database_url, write=True) as session:
        world = make_world(session)
        world.meeting.title = NASTY
        world.king.name = NASTY
        make.meeting(session, slug="one-day", title="One day", date="2022-07-20")
        make.meeting(session, slug="undated", title="Undated", date=None)
        for status in ("held", "postponed", "cancelled", "denied", "expected"):
            meeting = make.meeting(session, slug=status, date="2022-08-01")
            make.status_event(session, meeting=meeting, status=status)
        session.commit()
    app: Flask = create_app(settings)
    yield app.test_client()


def events(client: FlaskClient, address: str = "/meetings.ics") -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    calendar = Calendar.from_ical(response.data)
    assert not calendar.errors
    found = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        found[str(event["URL"]).rsplit("/", 1)[1]] = event
    return found


# iCalendar


def test_a_known_day_is_one_all_day_event(aden: FlaskClient) -> None:
    event = events(aden)["one-day"]
    assert event["DTSTART"].dt == date(2022, 7, 20)
    assert event["DTEND"].dt == date(2022, 7, 21)


def test_an_unknown_day_is_a_tentative_span(aden: FlaskClient) -> None:
    event = events(aden)["aden-meeting"]
    assert event["DTSTART"].dt == date(2022, 7, 18)
    assert event["DTEND"].dt == date(2022, 7, 25)
    assert event["STATUS"] == "TENTATIVE"  # though it was held
    assert "day not known" in event["SUMMARY"]


def test_what_has_no_date_is_in_no_calendar(aden: FlaskClient) -> None:
    assert "undated" not in events(aden)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("held", "CONFIRMED"),
        ("expected", "TENTATIVE"),
        ("postponed", "CANCELLED"),
        ("cancelled", "CANCELLED"),
        ("denied", "CANCELLED"),
        ("one-day", "TENTATIVE"),  # of no status at all
    ],
)
def test_statuses_are_those_of_icalendar(
    aden: FlaskClient, status: str, expected: str
) -> None:
    assert events(aden)[status]["STATUS"] == expected


def test_names_come_back_as_they_are(aden: FlaskClient) -> None:
    assert str(events(aden)["aden-meeting"]["SUMMARY"]).startswith(NASTY)


def test_identities_are_stable_and_unique(aden: FlaskClient) -> None:
    first, again = events(aden), events(aden)
    uids = [str(event["UID"]) for event in first.values()]
    assert uids == [str(event["UID"]) for event in again.values()]
    assert len(set(uids)) == len(uids)
    assert aden.get("/meetings.ics").data == aden.get("/meetings.ics").data
    parent = events(aden)["talks"]["RELATED-TO"]
    assert parent == events(aden)["aden-meeting"]["UID"]


def test_the_filters_are_those_of_the_list(aden: FlaskClient) -> None:
    assert set(events(aden, "/meetings.ics?status=denied")) == {"denied"}
    assert set(events(aden, "/meetings.ics?country=aden")) == {"aden-meeting"}
    for wrong in ("page=2", "colour=red", "status=maybe", "from=2022-13"):
        response = aden.get(f"/meetings.ics?{wrong}")
        assert response.status_code == 400
        assert wrong.split("=")[0] in Html(response.text).words


# Atom


def feed(client: FlaskClient, address: str) -> ET.Element:
    """Read a feed and hold it against what RFC 4287 asks for."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.data)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost{address}"
    ids = []
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert text(one, "id").startswith("urn:uuid:")
        assert datetime.fromisoformat(text(one, "updated")).tzinfo
        ids.append(text(one, "id"))
    assert len(set(ids)) == len(ids)
    return root


def text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def entries(client: FlaskClient, address: str) -> list[ET.Element]:
    return feed(client, address).findall(f"{ATOM}entry")


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid_and_the_same_each_time(
    aden: FlaskClient, address: str
) -> None:
    written = entries(aden, address)
    first = aden.get(address)
    read = feedparser.parse(first.data)
    assert not read.bozo
    assert read.version == "atom10"
    assert [one.id for one in read.entries] == [text(one, "id") for one in written]
    titles = " ".join(one.title for one in read.entries)
    assert "سلام =1+1" in titles
    assert {one.title_detail.type for one in read.entries} == {"text/plain"}
    again = aden.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_the_last_recorded_comes_first(aden: FlaskClient) -> None:
    found = entries(aden, "/feeds/meetings.atom")
    assert text(found[0], "title").startswith("Expected")
    aden_meeting = next(one for one in found if "script" in text(one, "title"))
    assert text(aden_meeting, "title").startswith(NASTY)
    assert text(aden_meeting, "updated") == "2022-07-12T00:00:00Z"


def test_a_change_of_status_says_on_whose_word(aden: FlaskClient) -> None:
    held = entries(aden, "/feeds/status.atom?country=aden")[0]
    assert "reported" in text(held, "title")
    assert "According to The Envoy" in text(held, "summary")
    assert "“The king met the envoy in Aden.”" in text(held, "summary")


def test_stances_can_be_followed_by_their_filters(aden: FlaskClient) -> None:
    assert len(entries(aden, "/feeds/stances.atom?holder=king")) == 2
    assert not entries(aden, "/feeds/stances.atom?holder=nobody")
    assert aden.get("/feeds/stances.atom?sort=date").status_code == 400


def test_a_search_can_be_followed(client: FlaskClient) -> None:
    found = entries(client, "/search.atom?q=drones")
    assert found
    link = found[0].find(f"{ATOM}link")
    assert link is not None
    assert client.get(str(link.get("href"))).status_code == 200
    for wrong in ("q=drones&colour=red", "q=%22drones", "q=drones&page=abc"):
        assert client.get(f"/search.atom?{wrong}").status_code == 400


def test_pages_tell_readers_of_the_feeds(client: FlaskClient) -> None:
    for address in ("/", "/meetings", "/search?q=drones"):
        page = Html(client.get(address).text)
        for link in page.all("link", rel="alternate"):
            assert client.get(str(link["href"])).status_code == 200
    assert page.all("link", rel="alternate", title="This search")


# The page


def test_a_month_shows_its_days_and_what_has_none(aden: FlaskClient) -> None:
    page = Html(aden.get("/meetings/calendar?month=2022-07").text)
    assert not page.faults
    assert "Meetings in July 2022" in page.words
    assert "/meetings/one-day" in page.links
    assert "the day not known" in page.words
    assert "/meetings/calendar?month=2022-08" in page.links
    assert "1 meeting without any date" in page.words


def test_an_empty_month_says_so(aden: FlaskClient) -> None:
    page = Html(aden.get("/meetings/calendar?month=1999-01").text)
    assert "No meeting is recorded in January 1999." in page.words
    assert "Meetings in August 2022" in Html(aden.get("/meetings/calendar").text).words


@pytest.mark.parametrize(
    "month", ["2022-13", "0000-01", "July", "2022-7", "%00", "x" * 999]
)
def test_a_bad_month_is_named(aden: FlaskClient, month: str) -> None:
    response = aden.get(f"/meetings/calendar?month={month}")
    assert response.status_code == 400
    assert "month" in Html(response.text).words


def test_the_first_and_the_last_month_of_all_can_be_asked_for(
    aden: FlaskClient,
) -> None:
    for month in ("0001-01", "9999-12"):
        assert aden.get(f"/meetings/calendar?month={month}").status_code == 200
    assert aden.get("/meetings/calendar?year=2022").status_code == 400
