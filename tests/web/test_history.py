"""Who changed what, and when: on pages, in JSON, in the feed, on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from app import create_app
from cli.verbs import dragoman
from exchange.anchor import anchor
from exchange.journal import Author
from exchange.load import load
from models import Change, open_session
from settings import Settings
from tests.exchange.small import edit, write_small
from tests.web.writing import Browser, local_browser
from web.local import NAME

WORDS = "The talks went on until late"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


@pytest.fixture
def client(folder: Path, sqlite_settings: Settings) -> FlaskClient:
    """A record that was loaded, and then brought up to date by somebody else."""
    url = sqlite_settings.database_url
    load(folder, url, author=Author("ada"))
    edit(folder, "meetings/oslo-talks.yaml", "title: Talks in Oslo", "title: The talks")
    edit(folder, "meetings/oslo-talks.yaml", "quote: The talks will go on",
         f"quote: {WORDS}")  # fmt: skip
    load(folder, url, author=Author("<b>bob</b>", message="a better <title>"))
    return create_app(sqlite_settings).test_client()


def test_the_list_names_who_what_and_why_the_last_first(client: FlaskClient) -> None:
    page = client.get("/changes").text
    assert page.index("&lt;b&gt;bob") < page.index(">ada<")
    assert "a better &lt;title&gt;" in page
    assert 'href="/changes/2"' in page
    assert "1 record updated" in page


def test_a_change_is_shown_field_by_field(client: FlaskClient) -> None:
    page = client.get("/changes/2").text
    assert "Talks in Oslo" in page
    assert "The talks" in page
    assert "outcomes: follow_up_meeting, More talks: evidence" in page
    assert WORDS in page
    found = client.get("/api/v1/changes/2").json or {}
    (record,) = found["changed"]["items"]
    assert (record["kind"], record["slug"]) == ("meeting", "oslo-talks")
    fields = {each["field"]: each for each in record["fields"]}
    assert fields["title"]["before"] == "Talks in Oslo"


def test_the_words_of_a_withheld_text_are_not_in_the_history(
    folder: Path, sqlite_settings: Settings
) -> None:
    anchor(folder, "report", folder / "sources/report.txt")
    (folder / "sources/report.txt").unlink()
    url = sqlite_settings.database_url
    load(folder, url)
    # Evidence for the outcome alone: other words of the same withheld text.
    edit(folder, "meetings/oslo-talks.yaml", "start: 148, end: 168}",
         "start: 92, end: 120}")  # fmt: skip
    load(folder, url)
    client = create_app(sqlite_settings).test_client()
    for address in ("/changes/2", "/api/v1/changes/2"):
        said = client.get(address).text
        assert "characters 92 to 120" in said
        assert WORDS not in said


def test_the_page_of_each_thing_leads_to_its_history(client: FlaskClient) -> None:
    things = {
        "actor": "/actors/norland",
        "meeting": "/meetings/oslo-talks",
        "topic": "/topics/peace",
        "proposition": "/propositions/make-peace",
        "stance": "/stances/berg-for-peace",
        "source": "/sources/report",
    }
    for kind, path in things.items():
        slug = path.rsplit("/", 1)[1]
        assert f"/changes?record={kind}/{slug}" in client.get(path).text, path
    page = client.get("/api/v1/changes?record=meeting/oslo-talks").json or {}
    assert [item["number"] for item in page["items"]] == [2, 1]
    page = client.get("/api/v1/changes?record=actor/norland").json or {}
    assert [item["number"] for item in page["items"]] == [1]


@pytest.mark.parametrize("number", ["9", "0", "x", "-1", "9" * 30, "²", "1e3"])
def test_there_is_no_such_change(client: FlaskClient, number: str) -> None:
    assert client.get(f"/changes/{number}").status_code == 404
    assert client.get(f"/api/v1/changes/{number}").status_code == 404


def test_a_change_of_many_records_is_shown_in_pages(
    tmp_path: Path, sqlite_settings: Settings
) -> None:
    lines = [
        json.dumps({"type": "topic", "slug": f"topic-{n:03}", "name": f"Topic {n}"})
        for n in range(120)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    load(tmp_path / "many.jsonl", sqlite_settings.database_url)
    client = create_app(sqlite_settings).test_client()
    found = [
        record["slug"]
        for page in (1, 2, 3)
        for record in (client.get(f"/api/v1/changes/1?page={page}").json or {})[
            "changed"
        ]["items"]
    ]
    assert found == [f"topic-{n:03}" for n in range(120)]
    assert "and 115 more" in " ".join(client.get("/changes").text.split())


def test_the_feed_has_an_entry_for_each_change(client: FlaskClient) -> None:
    feed = client.get("/feeds/changes.atom").text
    assert feed.count("<entry>") == 2
    assert "&lt;b&gt;bob" in feed
    assert client.get("/feeds/changes.atom?author=ada").text.count("<entry>") == 1


def test_the_command_shows_the_same(
    client: FlaskClient, sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    del client
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", sqlite_settings.database_url)
    run = CliRunner().invoke
    assert "a better <title>" in run(dragoman, ["history"]).output
    one = run(dragoman, ["history", "meeting", "oslo-talks"]).output
    assert "title: Talks in Oslo → The talks" in one
    assert WORDS in run(dragoman, ["history", "2"]).output
    items = json.loads(run(dragoman, ["history", "--json"]).output)["items"]
    assert [item["number"] for item in items] == [2, 1]
    refused = run(dragoman, ["history", "thing", "oslo-talks"])
    assert refused.exit_code == 1
    assert "no kind of record; expected one of dataset" in refused.output


@pytest.fixture
def writing(client: FlaskClient, sqlite_settings: Settings) -> Browser:
    """The same, for whoever sits at the machine."""
    del client
    return local_browser(create_app(sqlite_settings))


def test_an_editor_undoes_a_change_on_its_page(
    writing: Browser, sqlite_settings: Settings
) -> None:
    page = writing.get("/changes/2").text
    assert 'action="/changes/2/undo"' in page
    reply = writing.post("/changes/2/undo", {})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/changes/3")
    assert "Talks in Oslo" in writing.get("/meetings/oslo-talks").text
    with open_session(sqlite_settings.database_url) as session:
        change = session.get_one(Change, 3)
        assert (change.author, change.verb) == (NAME, "undo")
    again = writing.post("/changes/2/undo", {})
    assert again.status_code == 409
    assert "meeting oslo-talks (by change 3)" in again.text


def test_who_only_reads_sees_no_button_and_undoes_nothing(
    client: FlaskClient,
) -> None:
    assert "Undo this change" not in client.get("/changes/2").text
    assert client.post("/changes/2/undo").status_code == 403


def test_commands_take_back_and_undo(
    client: FlaskClient, sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    del client
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", sqlite_settings.database_url)
    monkeypatch.setenv("DRAGOMAN_INSTANCE", str(sqlite_settings.instance))
    run = CliRunner().invoke
    said = run(dragoman, ["withdraw", "berg-for-peace", "-m", "a slip"])
    assert "Withdrawn in change 3; dragoman undo 3 takes that back." in said.output
    assert "berg-for-peace" not in run(dragoman, ["stances"]).output
    assert "Undone in change 4" in run(dragoman, ["undo", "3"]).output
    assert "berg-for-peace" in run(dragoman, ["stances"]).output
    said = run(dragoman, ["delete", "actor", "bo-lund"])
    assert "Removed in change 5" in said.output
    said = run(dragoman, ["delete", "actor", "norland"])
    assert said.exit_code == 1
    assert "is named by" in said.output
    assert "Undone in change 6" in run(dragoman, ["undo", "--run", "5"]).output
    assert "agree." in run(dragoman, ["check"]).output
