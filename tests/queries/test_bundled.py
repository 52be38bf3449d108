"""The bundled dataset, read as the pages read it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models import open_session
from queries.actors import find_actors, load_actor
from queries.filters import Listing
from queries.meetings import MEETINGS, find_meetings, load_meeting
from queries.propositions import find_propositions, load_proposition
from queries.shapes import Citation
from queries.sources import find_sources, load_source
from queries.stances import find_stances
from queries.topics import find_topics, load_topic
from settings import Settings
from tests.queries.world import statements

EVERYTHING = Listing(limit=500)


@pytest.fixture
def record(tehran: Settings) -> Iterator[Session]:
    """A session on the bundled dataset."""
    with open_session(tehran.database_url) as session:
        yield session


def test_every_meeting_fact_is_cited_on_somebodys_word(record: Session) -> None:
    for item in find_meetings(record, EVERYTHING).items:
        meeting = load_meeting(record, item.slug)
        cited = [
            meeting.citations,
            *(fact.citations for fact in meeting.status_events),
            *(fact.citations for fact in meeting.participants),
            *(fact.citations for fact in meeting.agenda),
            *(fact.citations for fact in meeting.outcomes),
        ]
        assert all(map(is_sound, cited)), item.slug


def test_every_stance_is_cited_on_somebodys_word(record: Session) -> None:
    page = find_stances(record, EVERYTHING)
    assert page.total == len(page.items) > 70
    assert all(is_sound(item.citations) for item in page.items)


def is_sound(citations: tuple[Citation, ...]) -> bool:
    return bool(citations) and all(
        item.chain[-1].kind == "source" and item.passage and item.start < item.end
        for item in citations
    )


def test_a_citation_leads_to_its_marked_passage(record: Session) -> None:
    anchors, begins = set(), set()
    for item in find_sources(record).items:
        newest = load_source(record, item.slug)
        for version in (None, *range(1, len(newest.versions))):
            source = load_source(record, item.slug, version)
            page = f"{source.url}?version={version}" if version else source.url
            for passage in source.text:
                anchors |= {f"{page}#{mark.anchor}" for mark in passage.marks}
                if source.text_state == "held":
                    for segment in passage.segments:
                        begins |= {f"{page}#{name}" for name in segment.begins}
    for stance in find_stances(record, EVERYTHING).items:
        for citation in stance.citations:
            assert citation.url in anchors
            assert citation.quote is None or citation.url in begins


def test_planned_meetings_are_not_held(record: Session) -> None:
    announced = find_meetings(record, MEETINGS.strictly({"status": "announced"}))
    assert announced.items
    assert {item.badge.kind for item in announced.items} == {"planned"}


def test_every_page_loads(record: Session) -> None:
    for actor in find_actors(record, EVERYTHING).items[::5]:
        assert load_actor(record, actor.slug).slug == actor.slug
    for topic in find_topics(record, EVERYTHING).items[::5]:
        assert load_topic(record, topic.slug).slug == topic.slug
    for proposition in find_propositions(record, EVERYTHING).items[::10]:
        assert load_proposition(record, proposition.slug).groups is not None


def test_the_busiest_pages_take_few_statements(record: Session) -> None:
    # BEGIN and the look at the revision open every session (models/revisions.py says
    # why each asks): what is counted here is what the pages ask.
    record.connection()
    with statements(record) as found:
        load_actor(record, "russia")
    assert len(found) <= 31
    with statements(record) as found:
        load_meeting(record, "tehran-trilateral-2022-07")
    assert len(found) <= 25
