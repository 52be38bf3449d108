"""Every page, feed and JSON answer is bounded, whatever the record holds.

What is bounded is counted and not timed: bytes, SQL statements, rows of the record.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Mapper, Session

from app import create_app
from models import (
    Actor,
    ActorName,
    AgendaItem,
    Attribution,
    Evidence,
    Meeting,
    Membership,
    Participation,
    Proposition,
    SourceSubject,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
    open_session,
)
from settings import Settings
from tests import factories as make
from tests.web.html import Html

MANY = 1_500
PASSAGES = 1_234
MOST_BYTES = 2_000_000
MOST_STATEMENTS = 60
MOST_ROWS = 6_000


def big_record(settings: Settings) -> None:
    """Record much of everything, all of it on one thing of each kind."""
    with open_session(settings.database_url, write=True) as session:
        write(session)
        session.commit()


def write(session: Session) -> None:
    state = make.actor(session, slug="crowd", kind="state", name="Crowd")
    topic = make.topic(session, slug="all")
    proposition = make.proposition(session, slug="all", topic=topic)
    meeting = make.meeting(session, slug="all", date="2022-07-18", country=state)
    make.status_event(session, meeting=meeting, status="held", date="2022-07-18")
    office = make.office(session, slug="seat", title="Seat", body=state)
    paragraphs = (f"Paragraph {n} of very many. " * 12 for n in range(PASSAGES))
    text = make.source_text(session, "\n\n".join(paragraphs), source=make.source(
        session, slug="all", title="All"))  # fmt: skip
    each = range(MANY)

    def rows(model: Any, made: Any) -> list[int]:
        found = session.scalars(insert(model).returning(model.id), list(made))
        return sorted(found)

    people = rows(
        Actor,
        (
            {
                "slug": f"a{n}",
                "name": f"Actor {n}",
                "kind": "person",
                "parent_id": state.id,
            }
            for n in each
        ),
    )
    rows(
        ActorName,
        ({"actor_id": state.id, "name": f"Name {n}", "kind": "alias", "language": "und",
          "folded": f"name {n}"} for n in each),
    )  # fmt: skip
    rows(
        Membership,
        ({"key": f"m{n}", "member_id": person, "organization_id": state.id,
          "status": "member"} for n, person in enumerate(people)),
    )  # fmt: skip
    rows(
        Tenure,
        ({"key": f"t{n}", "person_id": person, "office_id": office.id}
         for n, person in enumerate(people)),
    )  # fmt: skip
    rows(
        Topic,
        ({"slug": f"t{n}", "name": f"T {n}", "parent_id": topic.id} for n in each),
    )
    rows(
        Proposition,
        ({"slug": f"p{n}", "text": f"P {n}.", "kind": "factual", "topic_id": topic.id}
         for n in each),
    )  # fmt: skip
    rows(
        Meeting,
        ({"slug": f"m{n}", "title": f"M {n}", "kind": "talks", "format": "bilateral",
          "medium": "phone", "several": False, "parent_id": meeting.id,
          "relation": "stop"} for n in each),
    )  # fmt: skip
    parts = rows(
        Participation,
        ({"meeting_id": meeting.id, "key": f"k{n}", "position": n, "person_id": person,
          "role": "delegate", "presence": "attended"}
         for n, person in enumerate(people)),
    )  # fmt: skip
    items = rows(
        AgendaItem,
        ({"meeting_id": meeting.id, "position": n, "text": f"Item {n}",
          "status": "announced", "topic_id": topic.id} for n in range(MANY // 5)),
    )  # fmt: skip
    sides = {0: ("for", 1), 1: ("against", -1)}
    stances = rows(
        Stance,
        ({"slug": f"s{n}", "holder_id": person, "represents_id": state.id,
          "proposition_id": proposition.id, "position": sides[n % 2][0],
          "polarity": sides[n % 2][1], "mode": "said", "certainty": "certain",
          "meeting_id": meeting.id, "agenda_item_id": items[0]}
         for n, person in enumerate(people)),
    )  # fmt: skip
    rows(
        StanceRelation,
        ({"stance_id": stance, "relation": "repeats", "other_id": stances[0]}
         for stance in stances[1:]),
    )  # fmt: skip
    span = {"source_text_id": text.id, "start_char": 0, "end_char": 9,
            "quote": "Paragraph", "role": "supports"}  # fmt: skip
    claims = [
        *({**span, "stance_id": one} for one in stances),
        *({**span, "participation_id": one} for one in parts),
        *({**span, "agenda_item_id": one} for one in items),
    ]
    for kind in ("stance", "participation", "agenda_item"):
        made = [claim for claim in claims if f"{kind}_id" in claim]
        evidence = rows(Evidence, made)
        rows(
            Attribution,
            ({"evidence_id": one, "depth": 0, "source_id": text.source_id,
              "verb": "quoted", "certainty": "certain"} for one in evidence),
        )  # fmt: skip
    more(session, meeting, state, people)


@pytest.fixture(scope="module")
def client(templates, tmp_path_factory) -> Iterator[FlaskClient]:
    """A client of the app over that record."""
    folder = tmp_path_factory.mktemp("big") / "instance"
    with templates.copy("sqlite", folder, big_record) as settings:
        yield create_app(settings).test_client()


def more(session: Session, meeting: Meeting, state: Actor, people: list[int]) -> None:
    """Two long readouts, much of one text, and a meeting that all deny they were at."""
    other = make.actor(session, slug="other", kind="state", name="Other")
    for slug, issuer in (("ours", state), ("theirs", other)):
        source = make.source(session, slug=slug, kind="readout", issuer=issuer)
        said = (f"{slug} of {n} {slug}. Again {slug} of {n}." for n in range(150))
        text = make.source_text(session, "\n\n".join(said), source=source)
        make.evidence(
            session, meeting=meeting, source_text=text, start_char=0, end_char=4
        )
    long = make.source(session, slug="long", title="Long")
    words = "".join(f"{n:>9} " for n in range(MANY))
    text = make.source_text(session, words, source=long)
    session.execute(
        insert(SourceSubject),
        [{"source_id": long.id, "position": n, "kind": "topic", "label": f"L{n}"}
         for n in range(150)],
    )  # fmt: skip
    for n in range(120):
        make.source(session, slug=f"d{n}", original=long, derivation="copy")
    session.execute(
        insert(Evidence),
        [{"source_text_id": text.id, "start_char": n, "end_char": n + 1,
          "quote": words[n], "role": "supports", "meeting_id": meeting.id}
         for n in range(MANY)],
    )  # fmt: skip
    denied = make.meeting(session, slug="denied", date="2022-08")
    session.execute(
        insert(Participation),
        [{"meeting_id": denied.id, "key": f"d{n}", "position": n, "person_id": person,
          "role": "delegate", "presence": "denied" if n < 50 else "attended"}
         for n, person in enumerate(people)],
    )  # fmt: skip


PAGES = (
    "/",
    "/actors/crowd",
    "/actors/crowd/timeline",
    "/contested",
    "/feeds/meetings.atom",
    "/feeds/stances.atom",
    "/matrix",
    "/meetings",
    "/meetings/all",
    "/meetings/all/brief",
    "/meetings/all?page=15",
    "/meetings/all/readouts",
    "/meetings/all/readouts?page=2",
    "/meetings/denied",
    "/meetings.ics",
    "/meetings/calendar?month=2022-07",
    "/networks/meetings",
    "/networks/relations",
    "/networks/stances",
    "/propositions",
    "/propositions/all",
    "/propositions/all/timeline",
    "/sources/all",
    "/sources/all?page=13",
    "/sources/long",
    "/stances",
    "/stances/s0",
    "/topics",
    "/topics/all",
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("api", [False, True])
def test_a_page_is_bounded_in_bytes_statements_and_rows(
    client: FlaskClient, address: str, api: bool
) -> None:
    if api and ("." in address or address in ("/", "/meetings/calendar?month=2022-07")):
        address = "/api/v1/actors"
    elif api:
        address = f"/api/v1{address}"
    counted = {"statements": 0, "rows": 0}

    def statement(*_: object) -> None:
        counted["statements"] += 1

    def row(*_: object) -> None:
        counted["rows"] += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Mapper, "load", row)
    try:
        response = client.get(address)
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Mapper, "load", row)
    assert response.status_code == 200, response.text[:500]
    size = len(response.data)
    assert size <= MOST_BYTES, (address, size)
    assert counted["statements"] <= MOST_STATEMENTS, (address, counted)
    assert counted["rows"] <= MOST_ROWS, (address, counted)


# What is not shown is counted, and can be reached


def answer(client: FlaskClient, address: str) -> Any:
    """What the JSON API answers."""
    return client.get(address).json


def test_every_participant_stands_on_one_of_the_pages(client: FlaskClient) -> None:
    first = answer(client, "/api/v1/meetings/all")
    names = [
        one["name"]
        for page in range(1, first["pages"] + 1)
        for one in answer(client, f"/api/v1/meetings/all?page={page}")["participants"]
    ]
    assert names == [f"Actor {n}" for n in range(MANY)]
    assert first["total_participants"] == MANY
    assert client.get(f"/meetings/all?page={first['pages'] + 1}").status_code == 404


def test_every_passage_stands_on_one_of_the_pages(client: FlaskClient) -> None:
    first = answer(client, "/api/v1/sources/all")
    found = [
        (one["position"], one["text"].split(" of ")[0])
        for page in range(1, first["pages"] + 1)
        for one in answer(client, f"/api/v1/sources/all?page={page}")["text"]
    ]
    assert found == [(n + 1, f"Paragraph {n}") for n in range(PASSAGES)]
    assert client.get("/sources/all?page=14").status_code == 404


@pytest.mark.parametrize("position", [1, 100, 101, PASSAGES])
def test_a_passage_is_found_by_its_number(client: FlaskClient, position: int) -> None:
    response = client.get(f"/sources/all?passage={position}")
    assert response.status_code == 302
    place, _, anchor = response.location.partition("#")
    page = Html(client.get(place).text)
    assert anchor == f"p{position}"
    assert page.has("section", id=anchor)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/meetings/all", f"{MANY:,} participants"),
        ("/meetings/all", f"All {MANY:,} stances"),
        ("/meetings", f"and {MANY - 12:,} more"),
        ("/propositions/all", f"All {MANY // 2:,} stances"),
        ("/sources/all", "more claims not shown here"),
        ("/topics/all", f"All {MANY + 1:,} propositions"),
        ("/topics/all", f"All {MANY:,} topics below it"),
        ("/contested", "30 more records of its status and of who was there"),
        ("/meetings/all/readouts", "the first 100 of 150 passages are compared"),
        ("/sources/long", "500 more claims on these passages not shown here"),
        ("/sources/long", "10,000 further characters of this passage"),
        ("/sources/long", "and 50 more"),
        ("/sources/long", "and 20 more"),
        ("/actors/crowd", f"{MANY - 100:,} more are not shown here"),
    ],
)
def test_what_is_not_shown_is_counted(
    client: FlaskClient, address: str, said: str
) -> None:
    assert said in re.sub(r"\s+", " ", Html(client.get(address).text).words)


def test_every_sentence_of_the_readouts_stands_on_one_of_the_pages(
    client: FlaskClient,
) -> None:
    first = answer(client, "/api/v1/meetings/all/readouts?left=ours&right=theirs")
    pages = [
        answer(client, f"{READOUTS}&page={page}")
        for page in range(1, first["pages"] + 1)
    ]
    assert len(pages) > 1
    alone = [one["text"] for page in pages for one in page["left"]["alone"]]
    together = [
        one["left"]["text"] for page in pages for one in page["correspondences"]
    ]
    assert len(alone) == first["left"]["total_alone"]
    assert len(together) == first["total_correspondences"]
    assert len({*alone, *together}) == 200  # two sentences of each of 100 passages
    assert client.get(f"{READOUTS}&page={first['pages'] + 1}").status_code == 404


READOUTS = "/api/v1/meetings/all/readouts?left=ours&right=theirs"


def test_a_long_passage_can_be_read_in_full(client: FlaskClient) -> None:
    page = Html(client.get("/sources/long").text)
    links = [link["href"] or "" for link in page.all("a") if link.get("href")]
    place = next(link for link in links if "/passage?" in link)
    words = [
        word
        for part in (1, 2, 3)
        for word in re.findall(r"\b\d+\b", client.get(f"{place}&page={part}").text)
    ]
    assert set(map(str, range(MANY))) <= set(words)
    assert client.get(f"{place}&page=4").status_code == 404
    assert client.get("/sources/long/passage?passage=2").status_code == 404
