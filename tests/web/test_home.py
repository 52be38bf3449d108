"""The first page, over the bundled record, an empty one and a hostile one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from exchange.load import load_folder
from models import ActorIdentifier, open_session
from search.engines import open_engine
from search.sync import drain
from settings import CHECKOUT, Settings
from tests import factories as make
from tests.conftest import Templates, bundled_dataset
from tests.web.html import Html


def velm(settings: Settings) -> None:
    """Load the fictional dataset and bring the index up to date."""
    load_folder(CHECKOUT / "data" / "velm-strait", settings.database_url)
    url, folder = settings.database_url, settings.index_dir
    drain(open_engine(settings.search_engine, folder, url), url)


@pytest.mark.parametrize("dataset", [bundled_dataset, velm])
def test_every_example_finds_something_in_the_record_that_is_loaded(
    templates: Templates, tmp_path: Path, dataset: Callable[[Settings], None]
) -> None:
    with templates.copy("sqlite", tmp_path / "instance", dataset) as settings:
        client = create_app(settings).test_client()
        links = Html(client.get("/").text).links
        examples = [link for link in links if link.startswith("/search?q=")]
        assert len(examples) == 5
        for link in examples:
            answer = client.get(link.replace("/search", "/api/v1/search", 1))
            assert answer.get_json()["total"], link


def test_the_page_says_for_whom_it_is_and_leads_to_every_meeting_shown(
    client: FlaskClient,
) -> None:
    page = Html(client.get("/").text)
    assert "For analysts, researchers, journalists" in page.words
    assert "Latest meetings No meeting in the record lies ahead of today." in page.words
    assert "/meetings/tehran-trilateral-2022-07" in page.links
    assert "Where they meet" in page.words
    assert "/meetings?country=iran" in page.links
    assert "5 meetings without a country are not counted here." in page.words
    assert "The strongest ties Iran and Russia 2 held, 2 planned" in page.words


def test_an_empty_record_says_how_to_fill_it(sqlite_settings: Settings) -> None:
    page = Html(create_app(sqlite_settings).test_client().get("/").text)
    assert "The record is empty." in page.words
    assert "dragoman load data/tehran-2022" in page.words
    assert "Try" not in page.words.split("how to search")[0]
    assert not any(tag == "svg" for tag, _ in page.elements)


def test_names_of_all_scripts_and_hostile_ones_stand_in_one_picture(
    sqlite_settings: Settings,
) -> None:
    names = ["ایران", "Россия", "中华人民共和国", '<script>"&', "a\u202eb", "x" * 3_000]
    codes = ["IRN", "RUS", "CHN", "TUR", "IND", "BRA"]
    with open_session(sqlite_settings.database_url, write=True) as session:
        for name, code in zip(names, codes, strict=True):
            state = make.actor(session, name=name, kind="state")
            key = {"scheme": "iso3166-1-alpha3", "value": code}
            make.add(session, ActorIdentifier(actor=state, **key))
            for year in ("0001", "9999", None):
                meeting = make.meeting(session, title=name, date=year, country=state)
                make.status_event(session, meeting=meeting, status="held")
                make.participation(session, meeting=meeting, represented=state)
        session.commit()
    text = create_app(sqlite_settings).test_client().get("/").text
    page = Html(text)
    assert not page.faults
    assert "<script>" not in text
    assert all(name in page.words for name in names)
    circles = [one for tag, one in page.elements if tag == "circle" and "r" in one]
    assert len(circles) > len(names)
    assert "Coming meetings" in page.words


def test_meetings_and_actors_have_small_pictures_with_words_beside_them(
    client: FlaskClient,
) -> None:
    actor = Html(client.get("/actors/russia").text)
    assert "Whom it met, and when" in actor.words
    assert "Iran 4 meetings, the last: week of 18 July 2022 (planned)" in actor.words
    meeting = Html(client.get("/meetings/tehran-trilateral-2022-07").text)
    assert "Before and after" in meeting.words
    assert "/meetings/tehran-journey-2022-07" in meeting.links
    for page in (actor, meeting):
        assert not page.faults
        pictures = page.all("svg", **{"aria-hidden": "true"})
        assert len(pictures) == len(page.all("svg")) > 2
    early = client.get("/meetings/tehran-trilateral-2022-07?as_known_on=2022-07-01")
    assert "Before and after" not in early.text
