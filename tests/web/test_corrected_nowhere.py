"""A stance corrected or withdrawn appears nowhere but in the history.

Each way out of the record, every page, answer and file, is asked for everything it has,
of a record in which two stances are corrected and one is withdrawn; the words of one
stand in no other row.
"""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import create_app
from models import make_engine, open_session
from models.enums import StanceLink
from search.engines import open_engine
from search.sync import rebuild
from settings import Settings
from tests import factories as make
from web.analysis.questions import QUESTIONS
from web.catalogue import COLLECTIONS

CORRECTED = ("slip-of-the-coder", "slip-before-it")
SLIPS = (*CORRECTED, "slip-taken-back")
FEEDS = ("/feeds/stances.atom", "/search.atom?q=salt+kind:stance")
HISTORY = {"stances_history", "corrections"}
"""The views that say what was corrected, on purpose."""


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    with open_session(settings.database_url, write=True) as session:
        aden = make.actor(session, slug="aden", name="Aden", kind="state")
        basra = make.actor(session, slug="basra", name="Basra", kind="state")
        meeting = make.meeting(session, slug="talks", date="2022-07-18")
        for state in (aden, basra):
            make.participation(session, meeting=meeting, represented=state)
        salt = make.proposition(session, slug="salt", text="Salt should be sold.")
        text = make.source_text(session, source=make.source(session, slug="report"))
        before = None
        for slug in (*reversed(CORRECTED), "right"):
            stance = make.stance(
                session, slug=slug, holder=aden, proposition=salt, meeting=meeting,
                stated="2022-07-18", note=f"Noted of {slug}.",
            )  # fmt: skip
            make.evidence(session, stance=stance, source_text=text)
            if before is not None:
                make.relation(session, stance, StanceLink.CORRECTS, before)
            before = stance
        again = make.stance(
            session, slug=SLIPS[-1], holder=aden, proposition=salt, meeting=meeting,
            stated="2022-07-19", note=f"Noted of {SLIPS[-1]}.",
        )  # fmt: skip
        make.evidence(session, stance=again, source_text=text)
        make.relation(session, again, StanceLink.CONTRADICTS, stance)
        make.withdrawn(session, again)
        towards = make.stance(session, slug="towards", holder=aden, target_actor=basra)
        make.evidence(session, stance=towards, source_text=text)
        session.commit()
    engine = open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )
    rebuild(engine, settings.database_url)
    return create_app(settings).test_client()


def addresses() -> list[str]:
    lists = [collection.table.noun for collection in COLLECTIONS]
    things = {"actors": "aden", "meetings": "talks", "propositions": "salt"}
    things |= {"sources": "report", "stances": "towards"}
    found = [f"/{noun}?limit=100" for noun in lists]
    found += [f"/{noun}/{slug}" for noun, slug in things.items()]
    found += ["/search?q=salt", "/search?q=slip", "/search?q=holder:aden"]
    for question in QUESTIONS:
        noun = question.path.split("/")[1]
        found.append(question.path.replace("<slug>", things.get(noun, "")))
    return found


def test_no_page_answer_file_or_feed_shows_what_is_corrected(
    client: FlaskClient,
) -> None:
    asked = [*addresses(), *(f"/api/v1{address}" for address in addresses()), *FEEDS]
    for question in QUESTIONS:
        noun = question.path.split("/")[1]
        slug = {"actors": "aden", "meetings": "talks"}.get(noun, "salt")
        path = question.path.replace("<slug>", slug)
        asked += [
            f"{path}?format={form}"
            for form in question.downloads
            if form in ("csv", "md", "graphml", "gexf", "weights", "grid")
        ]
    assert len(asked) > 60
    shown = 0
    for address in asked:
        reply = client.get(address)
        assert reply.status_code == 200, (address, reply.text[:200])
        words = re.sub(r'value="[^"]*"|"query":"[^"]*"', "", reply.text)
        for slip in SLIPS:
            assert slip not in words, address
        shown += "right" in words
    assert shown > 10  # or nothing was asked for that could show it


def test_no_view_but_the_history_has_what_is_corrected(
    client: FlaskClient, settings: Settings
) -> None:
    del client
    engine = make_engine(settings.database_url)
    found = set()
    with engine.connect() as connection:
        for view in sa.inspect(connection).get_view_names():
            rows = connection.execute(
                sa.select(sa.text("*")).select_from(sa.table(view))
            ).all()
            if any(
                slip in str(value) for slip in SLIPS for row in rows for value in row
            ):
                found.add(view)
    engine.dispose()
    assert found == HISTORY


def test_counts_count_it_once(client: FlaskClient) -> None:
    reply = client.get("/api/v1/stances?holder=aden&target=salt").json or {}
    assert [item["slug"] for item in reply["items"]] == ["right"]
    cells = [
        cell
        for row in (client.get("/api/v1/matrix").json or {})["rows"]
        for cell in row["cells"]
    ]
    assert [(cell["stances"], cell["changed"]) for cell in cells] == [(1, False)]
