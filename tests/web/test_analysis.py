"""The questions' pages, JSON and files: what they take, refuse and hold.

Files are read back by other programs' parsers: networkx, csv, an XML parser, a PNG's
header.

Long because every page of the analysis is asked for its files, its form and its JSON.
"""

import csv
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import networkx
import pandas
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from app import create_app
from models import Actor, Stance, open_session
from models.database import shared_engine
from settings import Settings
from tests import factories as make
from tests.web.html import Html
from tests.web.record import NASTY, fill
from web.analysis.questions import QUESTIONS

PAGES = (
    "/actors/aden/timeline",
    "/propositions/sell-salt/timeline",
    "/matrix",
    "/matrix?by=topic",
    "/contested",
    "/networks/stances",
    "/networks/stances?nodes=affiliation",
    "/networks/stances?windows=month&normalisation=jaccard&levels=strength",
    "/networks/stances?weight=ignore&duplicates=source",
    "/networks/relations",
    "/networks/relations?fold=none&actor=aden",
    "/networks/meetings",
    "/meetings/aden-meeting/readouts",
    "/meetings/aden-meeting/readouts?left=report&right=summary",
    "/meetings/harbour-talks/readouts",
)


@pytest.fixture
def site(settings: Settings) -> FlaskClient:
    """A client over the record, on each database."""
    fill(settings)
    return create_app(settings).test_client()


@pytest.fixture
def app_(sqlite_settings: Settings) -> Flask:
    fill(sqlite_settings)
    return create_app(sqlite_settings)


@pytest.fixture
def quick(app_: Flask) -> FlaskClient:
    """The same on SQLite, where the database cannot matter."""
    return app_.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_whole_and_leads_on(site: FlaskClient, address: str) -> None:
    response = site.get(address)
    assert response.status_code == 200, response.text
    page = Html(response.text)
    assert page.faults == []
    assert "<script>" not in response.text
    assert " style=" not in response.text
    assert len(page.all("h1")) == 1
    assert page.has("a", href="/analysis")
    body = site.get(f"/api/v1{address}")
    assert body.status_code == 200
    assert body.is_json


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_is_there(quick: FlaskClient, address: str) -> None:
    page = Html(quick.get(address).text)
    for link in set(page.links):
        if link.startswith("/") and not link.startswith("/static"):
            response = quick.get(link)
            nothing = b"nothing to draw" in response.data
            assert response.status_code == 200 or nothing, link


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/matrix?to=2022-13", "to"),
        ("/matrix?from=2022-07&to=2022-06", "to"),
        ("/matrix?to=2022/..", "to"),
        ("/matrix?by=colour", "by"),
        ("/matrix?colour=red", "colour"),
        ("/matrix?page=0", "page"),
        ("/matrix?page=abc", "page"),
        ("/matrix?actor=No Such", "actor"),
        ("/matrix?differ=perhaps", "differ"),
        ("/matrix?topic=%00", "topic"),
        ("/matrix?topic=" + "x" * 400, "topic"),
        ("/matrix?" + "&".join(["actor=a"] * 51), "actor"),
        ("/contested?how=loudly", "how"),
        ("/networks/stances?weight=heavy", "weight"),
        ("/networks/stances?nodes=affiliation&weight=conflict", "weight"),
        ("/networks/stances?nodes=affiliation&normalisation=cosine", "normalisation"),
        ("/networks/stances?duplicates=hour", "duplicates"),
        ("/networks/stances?windows=day", "windows"),
        ("/networks/meetings?status=denied", "status"),
        ("/networks/relations?fold=never", "fold"),
        ("/networks/relations?weight=conflict", "weight"),
        ("/actors/aden/timeline?fold=never", "fold"),
        ("/actors/aden/timeline?to=1999-01-01&from=2000-01-01", "to"),
        ("/meetings/aden-meeting/readouts?left=<b>", "left"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    quick: FlaskClient, address: str, field: str
) -> None:
    body = quick.get(f"/api/v1{address}")
    assert body.status_code == 400
    assert body.json is not None
    assert body.json["error"]["field"] == field
    page = quick.get(address)
    assert page.status_code == 400
    assert field in page.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda item: item.name)
def test_an_unknown_format_names_those_there_are(
    quick: FlaskClient, question: Any
) -> None:
    slug = {"actors": "aden", "propositions": "sell-salt", "meetings": "aden-meeting"}
    noun = question.path.split("/")[1]
    address = question.path.replace("<slug>", slug.get(noun, ""))
    response = quick.get(f"{address}?format=xls")
    assert response.status_code == 400
    assert all(name in response.text for name in question.downloads)


@pytest.mark.parametrize(
    "address",
    [
        "/actors/nobody/timeline",
        "/actors/aden/timeline?topic=nothing",
        "/propositions/nothing/timeline",
        "/matrix?actor=nobody",
        "/matrix?topic=nothing",
        "/matrix?by_proposition=nothing",
        "/matrix?by_actor=nobody",
        "/contested?topic=nothing",
        "/networks/stances?topic=nothing",
        "/networks/relations?topic=nothing",
        "/networks/relations?actor=nobody",
        "/meetings/nothing/readouts",
        "/meetings/aden-meeting/readouts?left=nothing",
    ],
)
def test_what_is_not_there_is_404(quick: FlaskClient, address: str) -> None:
    assert quick.get(address).status_code == 404
    assert quick.get(f"/api/v1{address}").status_code == 404


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/actors/mute/timeline", "not a neutral position"),
        ("/actors/aden/timeline?to=1999", "not a neutral position"),
        ("/propositions/sell-salt/timeline?to=1999", "not a neutral position"),
        ("/matrix?to=1999", "no record, not agreement"),
        ("/contested?to=1999", "No proposition is contested"),
        ("/networks/stances?to=1999", "remove a filter"),
        ("/networks/meetings?to=1999", "No two actors meet"),
        ("/networks/relations?to=1999", "no record, not indifference"),
        ("/meetings/talks/readouts", "No source is cited"),
    ],
)
def test_an_empty_answer_says_what_is_missing(
    quick: FlaskClient, address: str, sentence: str
) -> None:
    response = quick.get(address)
    assert response.status_code == 200
    assert sentence in Html(response.text).words
    joint = "&" if "?" in address else "?"
    picture = quick.get(f"{address}{joint}format=svg")
    assert picture.status_code == 400


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_names_of_every_kind_survive_csv(quick: FlaskClient) -> None:
    """What a spreadsheet would run has an apostrophe in front; the rest is as it is."""
    for address in (
        "/actors/nasty/timeline?format=csv",
        "/matrix?format=csv",
        "/networks/stances?format=csv",
        "/networks/meetings?format=csv",
        "/networks/relations?format=csv",
        "/contested?format=csv",
    ):
        response = quick.get(address)
        assert response.mimetype == "text/csv"
        assert "attachment" in response.headers["Content-Disposition"]
        values = {value for row in rows(response.text) for value in row.values()}
        assert f"'{NASTY}" in values, address


def test_names_of_every_kind_open_in_pandas(quick: FlaskClient) -> None:
    for address, column in (
        ("/networks/stances?format=csv", "b_name"),
        ("/matrix?format=csv", "actor"),
        ("/export/actors.csv", "name"),
        ("/export/propositions.csv", "text"),
    ):
        file = io.BytesIO(quick.get(address).data)
        frame = pandas.read_csv(file, lineterminator="\n", dtype=str)
        assert f"'{NASTY}" in set(frame[column]), address


def test_numbers_stay_numbers_in_csv(quick: FlaskClient) -> None:
    found = rows(quick.get("/matrix?format=csv").text)
    assert {"-1", "1"} <= {row["polarity"] for row in found}


def test_the_grid_has_a_line_for_each_row(quick: FlaskClient) -> None:
    text = quick.get("/matrix?format=grid").text
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(line) for line in lines}) == 1
    assert len(lines) == 1 + 3


@pytest.mark.parametrize("form", ["graphml", "gexf"])
@pytest.mark.parametrize(
    "address",
    [
        "/networks/stances",
        "/networks/stances?nodes=affiliation",
        "/networks/relations",
        "/networks/meetings",
    ],
)
def test_graphs_are_read_by_networkx(
    quick: FlaskClient, address: str, form: str
) -> None:
    joint = "&" if "?" in address else "?"
    response = quick.get(f"{address}{joint}format={form}")
    assert response.status_code == 200
    read = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}[form]
    graph = read(io.BytesIO(response.data))
    answer = quick.get(f"/api/v1{address}").json
    assert answer is not None
    assert graph.number_of_nodes() == len(answer["nodes"])
    assert graph.number_of_edges() == answer["total_edges"]
    assert all(data["weight"] >= 0 for *_, data in graph.edges(data=True))
    label = graph.nodes["nasty"]["label"]
    assert "العربية" in label
    assert "<script>alert(1)</script>" in label


def test_weights_are_a_square_matrix(quick: FlaskClient) -> None:
    text = quick.get("/networks/stances?format=weights").text
    lines = list(csv.reader(io.StringIO(text, newline="")))
    names = lines[0][1:]
    table = {line[0]: dict(zip(names, line[1:], strict=True)) for line in lines[1:]}
    assert set(table) == set(names)
    assert table["aden"]["nasty"] == table["nasty"]["aden"]


@pytest.mark.parametrize(
    "address",
    [
        "/actors/nasty/timeline",
        "/propositions/nasty/timeline",
        "/networks/stances",
        "/networks/relations",
        "/networks/meetings",
    ],
)
def test_pictures_are_well_formed_and_the_same_each_time(
    quick: FlaskClient, address: str
) -> None:
    response = quick.get(f"{address}?format=svg")
    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.data)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = "".join(root.itertext())
    assert "العربية" in words
    assert "<script>" in words
    assert not [item for item in root.iter() if item.tag.endswith("script")]
    assert quick.get(f"{address}?format=svg").data == response.data


def test_a_picture_as_png(quick: FlaskClient) -> None:
    pytest.importorskip("resvg_py", reason="This test needs the extra “png”.")
    response = quick.get("/networks/stances?format=png")
    assert response.mimetype == "image/png"
    assert response.data.startswith(b"\x89PNG\r\n\x1a\n")


def test_without_the_converter_it_says_so(
    quick: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    response = quick.get("/networks/stances?format=png")
    assert response.status_code == 503
    assert "as SVG" in response.text


def test_a_page_says_how_stances_are_folded(quick: FlaskClient) -> None:
    words = Html(quick.get("/actors/aden/timeline").text).words
    assert "is attributed to the state or body for which it was spoken" in words
    alone = Html(quick.get("/actors/aden/timeline?fold=none").text).words
    assert "attributed to its holder alone" in alone


@contextmanager
def sent(settings: Settings) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = shared_engine(settings.database_url)
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "address",
    [
        *PAGES,
        "/analysis",
        "/meetings/aden-meeting/brief",
        "/meetings/harbour-talks/brief",
        "/meetings/calendar?month=2022-07",
        "/meetings.ics",
        "/feeds/meetings.atom",
        "/feeds/status.atom",
        "/feeds/stances.atom",
        "/matrix?format=csv",
        "/networks/stances?format=graphml",
        "/actors/aden/timeline?format=csv",
    ],
)
def test_a_page_takes_as_many_statements_with_more_records(
    sqlite_settings: Settings, quick: FlaskClient, address: str
) -> None:
    with sent(sqlite_settings) as few:
        quick.get(address)
    with open_session(sqlite_settings.database_url, write=True) as session:
        for _ in range(25):
            stance = make.stance(session, holder=make.actor(session, kind="state"))
            make.evidence(session, stance=stance)
            meeting = make.meeting(session, date="2022-07-16")
            make.status_event(session, meeting=meeting, status="held")
            for _ in range(2):
                make.participation(session, meeting=meeting)
        session.commit()
    with sent(sqlite_settings) as many:
        assert quick.get(address).status_code == 200
    assert len(many) == len(few)


def test_ten_thousand_nodes_are_a_page_and_a_correct_file(
    sqlite_settings: Settings,
) -> None:
    """Each page draws and lists some and says so; the file holds all."""
    count = 10_000
    with open_session(sqlite_settings.database_url, write=True) as session:
        proposition = make.proposition(session, slug="one")
        actors = [
            {"id": n, "slug": f"actor-{n}", "name": f"Actor {n}", "kind": "person"}
            for n in range(1, count)
        ]
        session.execute(insert(Actor), actors)
        stances = [
            {
                "slug": actor["slug"], "holder_id": actor["id"],
                "proposition_id": proposition.id, "position": "for", "polarity": 1,
                "mode": "said", "certainty": "certain",
            }
            for actor in actors
        ]  # fmt: skip
        session.execute(insert(Stance), stances)
        session.commit()
    client = create_app(sqlite_settings).test_client()
    address = "/networks/stances?nodes=affiliation"
    words = Html(client.get(address).text).words
    assert "10,000 actors and propositions and 9,999 ties" in words
    assert "Not drawn" in words
    file = client.get(f"{address}&format=graphml").data
    graph = networkx.read_graphml(io.BytesIO(file))
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (count, count - 1)
    assert "page 1 of 250" in Html(client.get("/matrix").text).words


def test_the_old_address_leads_to_the_new_with_its_query(
    quick: FlaskClient,
) -> None:
    response = quick.get("/questions?a=b&a=%C3%A9")
    assert response.status_code == 301
    assert response.location == "/analysis?a=b&a=%C3%A9"
    assert quick.get("/questions").location == "/analysis"
