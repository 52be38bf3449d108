"""Sources: their texts, and the evidence marked in them."""

import pytest
from sqlalchemy.orm import Session

from errors import NotFound
from queries.sources import SOURCES, find_sources, load_source
from tests import factories as make
from tests.queries.world import TEXT, World


def slugs(session: Session, **asked: str) -> list[str]:
    page = find_sources(session, SOURCES.strictly(asked))
    return [item.slug for item in page.items]


@pytest.mark.usefixtures("world")
def test_a_list_says_whether_the_text_is_held(session: Session) -> None:
    make.source(session, slug="lost", published="2020")
    summary, report, lost = find_sources(session).items
    assert (report.text_state, report.passages) == ("held", 3)
    assert (summary.text_state, summary.passages) == ("withheld", 2)
    assert (lost.text_state, lost.passages) == ("none", 0)
    assert summary.derived_from and summary.derived_from.slug == "report"
    assert summary.derivation == "summary"
    assert report.issuer and report.issuer.slug == "court"


@pytest.mark.usefixtures("world")
def test_a_page_holds_the_text_in_passages(session: Session) -> None:
    page = load_source(session, "report")
    assert [passage.text for passage in page.text] == TEXT.split("\n\n")
    assert [passage.url for passage in page.text][:1] == ["/sources/report#p1"]
    assert page.length == len(TEXT)
    assert page.sha256 and len(page.sha256) == 64
    assert page.contributors == ("A. Writer",)
    assert [item.slug for item in page.derivatives] == ["summary"]
    assert [item.slug for item in page.mentioned] == ["aden", "envoy", "king"]
    assert (page.basis.sources, page.basis.passages) == (1, 2)


@pytest.mark.usefixtures("world")
def test_a_subject_that_is_not_resolved_keeps_its_label(session: Session) -> None:
    known, unknown = load_source(session, "report").subjects
    assert known.resolved and known.resolved.url == "/topics/trade"
    assert (unknown.label, unknown.resolved) == ("Nobody", None)


@pytest.mark.usefixtures("world")
def test_a_withheld_text_shows_where_the_evidence_is(session: Session) -> None:
    page = load_source(session, "summary")
    assert [passage.text for passage in page.text] == [None, None]
    assert [mark.anchor for mark in page.text[0].marks] == ["e0-31"]
    assert page.length == 67


def test_a_source_without_text_has_a_page(session: Session) -> None:
    make.source(session, slug="lost")
    page = load_source(session, "lost")
    assert page.text == ()
    assert page.version is None and page.versions == ()


def test_an_older_wording_can_be_asked_for(session: Session, world: World) -> None:
    make.source_text(session, "Another.", source=world.report, version=2)
    newest = load_source(session, "report")
    assert (newest.version, newest.versions) == (2, (1, 2))
    assert newest.passages == 1
    older = load_source(session, "report", version=1)
    assert len(older.text) == 3
    assert older.text[0].url == "/sources/report?version=1#p1"
    with pytest.raises(NotFound, match="version 3"):
        load_source(session, "report", version=3)
