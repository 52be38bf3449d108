"""Sources: their texts, and the evidence marked in them."""

import pytest
from sqlalchemy.orm import Session

from errors import NotFound
from queries.sources import SOURCES, find_sources, load_source
from tests import factories as make
from tests.queries.world import TEXT, World, add_more, statements


def slugs(session: Session, **asked: str) -> list[str]:
    page = find_sources(session, SOURCES.strictly(asked))
    return [item.slug for item in page.items]


def test_a_list_says_whether_the_text_is_held(session: Session, world: World) -> None:
    del world
    make.source(session, slug="lost", published="2020")
    summary, report, lost = find_sources(session).items
    assert (report.text_state, report.passages) == ("held", 3)
    assert (summary.text_state, summary.passages) == ("withheld", 2)
    assert (lost.text_state, lost.passages) == ("none", 0)
    assert summary.derived_from and summary.derived_from.slug == "report"
    assert summary.derivation == "summary"
    assert report.issuer and report.issuer.slug == "court"


FILTERS = [
    ("q", "REPORT", ["report"]),
    ("q", "gazette", ["report"]),
    ("kind", "summary", ["summary"]),
    ("publisher", "The Gazette", ["report"]),
    ("publisher", "Gazette", []),
    ("issuer", "court", ["report"]),
    ("actor", "king", ["report"]),
    ("actor", "court", []),
    ("subject", "commerce", ["report"]),
    ("subject", "comm", []),
    ("topic", "trade", ["report"]),
    ("language", "en", ["summary", "report"]),
    ("text", "withheld", ["summary"]),
    ("derived_from", "report", ["summary"]),
    ("date", "2022-07-12", ["report"]),
    ("from", "2022-07-13", ["summary"]),
]


def test_filters_narrow_the_list(
    session: Session, world: World, subtests: pytest.Subtests
) -> None:
    del world
    for name, value, found in FILTERS:
        with subtests.test(name=name, value=value):
            assert slugs(session, **{name: value}) == found


def test_every_order_works_on_both_databases(session: Session, world: World) -> None:
    del world
    for sort in SOURCES.sorts:
        assert set(slugs(session, sort=sort)) == set(slugs(session, sort=f"-{sort}"))


def test_a_page_holds_the_text_in_passages(session: Session, world: World) -> None:
    del world
    page = load_source(session, "report")
    assert [passage.text for passage in page.text] == TEXT.split("\n\n")
    assert [passage.url for passage in page.text][:1] == ["/sources/report#p1"]
    assert page.length == len(TEXT)
    assert page.sha256 and len(page.sha256) == 64
    assert page.contributors == ("A. Writer",)
    assert [item.slug for item in page.derivatives] == ["summary"]
    assert [item.slug for item in page.mentioned] == ["aden", "envoy", "king"]
    assert (page.basis.sources, page.basis.passages) == (1, 2)


def test_a_subject_that_is_not_resolved_keeps_its_label(
    session: Session, world: World
) -> None:
    del world
    known, unknown = load_source(session, "report").subjects
    assert known.resolved and known.resolved.url == "/topics/trade"
    assert (unknown.label, unknown.resolved) == ("Nobody", None)


def test_a_withheld_text_shows_where_the_evidence_is(
    session: Session, world: World
) -> None:
    del world
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


def test_an_unknown_source_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="nothing"):
        load_source(session, "nothing")


def test_statements_do_not_grow_with_the_record(session: Session, world: World) -> None:
    counts = []
    for _ in range(2):
        add_more(session, world, 3)
        session.connection()  # opening it looks at the schema's revision
        with statements(session) as listing:
            find_sources(session)
        with statements(session) as page:
            load_source(session, "report")
        counts.append((len(listing), len(page)))
    assert counts[0] == counts[1]
    assert counts[0] <= (3, 16)
