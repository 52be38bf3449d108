"""Citations behind claims, and marks in passages."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from formats.wording import cited
from models import Evidence, Passage
from queries.evidence import (
    basis_of,
    cite,
    said_by,
    spans_where,
)
from queries.passages import passages, passages_of, read_passages
from queries.references import passage_reference
from queries.shapes import PassageItem
from tests import factories as make
from tests.queries.world import ACROSS, IN_ADEN, MET, SALT, TEXT, World


def test_a_citation_says_what_where_and_on_whose_word(
    session: Session, world: World
) -> None:
    first = cite(session, {"stance": [world.stance.id]})["stance", world.stance.id][0]
    assert first.quote == TEXT[slice(*SALT)]
    assert (first.start, first.end) == SALT
    assert (first.passage, first.last_passage) == (2, 2)
    assert first.source.slug == "report"
    assert first.published.for_people == "12 July 2022"
    assert first.note == "Loosely."
    assert [link.name for link in first.chain] == ["The Envoy", "The Gazette"]
    assert [link.kind for link in first.chain] == ["actor", "source"]
    assert first.url == f"/sources/report#e{SALT[0]}-{SALT[1]}"


def test_the_original_stands_before_what_was_made_from_it(
    session: Session, world: World
) -> None:
    found = cite(session, {"stance": [world.stance.id]})["stance", world.stance.id]
    assert [item.source.slug for item in found] == ["report", "summary"]


def test_support_stands_before_contradiction_and_context(
    session: Session, world: World
) -> None:
    stance = make.stance(session)
    for role in ("context", "contradicts", "supports"):
        make.evidence(session, stance=stance, role=role, source_text=world.text)
    found = cite(session, {"stance": [stance.id]})["stance", stance.id]
    assert [item.role for item in found] == ["supports", "contradicts", "context"]


def test_a_withheld_text_has_positions_and_no_quote(
    session: Session, world: World
) -> None:
    last = cite(session, {"stance": [world.stance.id]})["stance", world.stance.id][-1]
    assert last.quote is None
    assert (last.start, last.end, last.passage) == (0, 31, 1)


def test_a_span_over_two_passages_names_both(session: Session, world: World) -> None:
    item = world.meeting.agenda[0]
    found = cite(session, {"agenda_item": [item.id]})["agenda_item", item.id]
    assert (found[0].passage, found[0].last_passage) == (1, 2)
    assert said_by(found) == "The Envoy"
    assert [link.name for link in found[0].chain] == [
        "The Envoy",
        "The King",
        "The Gazette",
    ]


def test_a_span_of_a_document_with_pages_names_the_pages(session: Session) -> None:
    words = "On one page.\n\nOn two.\n\nOn three."
    text = make.source_text(session, words, pages=(1, 2, 4))
    stance = make.stance(session)
    for start, end in ((0, 12), (14, 32), (14, 21)):
        make.evidence(
            session, stance=stance, source_text=text, start_char=start, end_char=end
        )
    found = cite(session, {"stance": [stance.id]})["stance", stance.id]
    assert [(one.page, one.last_page) for one in found] == [(1, 1), (2, 4), (2, 2)]
    assert [cited(one).split(", passage")[0] for one in found] == [
        f"{text.source.title}, {pages}" for pages in ("p. 1", "pp. 2–4", "p. 2")
    ]
    view = sa.text("SELECT page, last_page FROM citations WHERE claim = :claim")
    rows = session.execute(view, {"claim": stance.slug})
    assert sorted(map(tuple, rows)) == [(1, 1), (2, 2), (2, 4)]
    reference = passage_reference(session, text.source.slug, 3)
    assert reference.locator == "p. 4, passage 3"


def test_a_page_never_changes(session: Session) -> None:
    text = make.source_text(session)
    session.flush()
    with pytest.raises(IntegrityError, match="the page of a passage never changes"):
        session.execute(sa.update(Passage).values(page=3))
    assert text.passages[0].page is None


def test_a_claim_without_evidence_has_no_citations(session: Session) -> None:
    stance = make.stance(session)
    found = cite(session, {"stance": [stance.id], "outcome": []})
    assert found["stance", stance.id] == ()
    assert said_by(()) is None
    assert cite(session, {}) == {}


def test_a_span_of_an_older_wording_stays_with_it(
    session: Session, world: World
) -> None:
    make.source_text(session, TEXT + "!", source=world.report, version=2)
    found = cite(session, {"meeting": [world.meeting.id]})["meeting", world.meeting.id]
    assert found[0].url == f"/sources/report?version=1#e{MET[0]}-{MET[1]}"


def test_overlapping_spans_cut_a_passage_into_segments(
    session: Session, world: World
) -> None:
    first, second, third = marked(session, world)
    assert "".join(segment.text for segment in first.segments) == first.text
    met, aden, across = (f"e{start}-{end}" for start, end in (MET, IN_ADEN, ACROSS))
    assert [(part.text, part.anchors) for part in first.segments] == [
        ("The king met th", (met,)),
        ("e envoy ", (met, across)),
        ("in Aden", (met, across, aden)),
        (".", (met, across)),
    ]
    assert [part.begins for part in first.segments] == [(met,), (across,), (aden,), ()]
    assert third.marks == ()
    assert [part.anchors for part in third.segments] == [()]
    assert [part.start for part in second.segments] == [33, 50]


def test_a_span_over_two_passages_begins_once(session: Session, world: World) -> None:
    begun = [
        name
        for passage in marked(session, world)
        for segment in passage.segments
        for name in segment.begins
    ]
    assert len(begun) == len(set(begun)) == 4


def test_a_span_that_begins_between_passages_begins_in_the_next(
    session: Session, world: World
) -> None:
    make.evidence(
        session,
        stance=world.stance,
        source_text=world.text,
        start_char=31,
        end_char=40,
    )
    _, second, _ = marked(session, world)
    assert "e31-40" in second.segments[0].begins


def test_a_mark_names_every_claim_that_rests_on_it(
    session: Session, world: World
) -> None:
    first, second, _ = marked(session, world)
    claims = {
        (claim.kind, claim.label) for mark in first.marks for claim in mark.claims
    }
    assert claims >= {
        ("meeting", "The meeting in Aden"),
        ("status_event", "The meeting in Aden: reported"),
        ("participation", "The meeting in Aden: The King, attended"),
        ("agenda_item", "The meeting in Aden: agenda: Salt"),
        ("outcome", "The meeting in Aden: outcome: A paper."),
        ("tenure", "The King, Crown"),
        ("membership", "Aden, member of League"),
    }
    on_salt = {claim.label: claim.url for mark in second.marks for claim in mark.claims}
    assert on_salt["The King: for: Aden should sell salt."] == "/stances/king-yes"
    assert on_salt["The Envoy: mixed: Aden"] == "/stances/envoy-on-aden"


def test_a_withheld_passage_has_marks_and_no_words(
    session: Session, world: World
) -> None:
    condition = Evidence.source_text_id == world.withheld.id
    (passage,), _ = passages_of(session, condition)
    assert passage.text is None
    assert passage.segments == ()
    assert [mark.anchor for mark in passage.marks] == ["e0-31"]


def test_only_the_passages_that_evidence_touches_are_shown(
    session: Session, world: World
) -> None:
    found, number = passages_of(session, Evidence.stance_id == world.stance.id)
    assert number == 2
    assert [(item.source.slug, item.position) for item in found] == [
        ("report", 2),
        ("summary", 1),
    ]
    assert [item.url for item in found] == ["/sources/report#p2", "/sources/summary#p1"]


def test_positions_count_code_points(session: Session) -> None:
    text = make.source_text(session, "Zoë 👩‍🚀 met 王.\n\n王 left.")
    make.evidence(
        session,
        stance=make.stance(session),
        source_text=text,
        start_char=12,
        end_char=13,
    )
    condition = Evidence.source_text_id == text.id
    (passage,), _ = passages_of(session, condition)
    assert passage.text == "Zoë 👩‍🚀 met 王."
    assert [part.text for part in passage.segments if part.anchors] == ["王"]


def test_a_page_counts_what_it_rests_on(session: Session, world: World) -> None:
    found = cite(session, {"stance": [world.stance.id], "meeting": [world.meeting.id]})
    basis = basis_of(session, (item for items in found.values() for item in items))
    assert (basis.sources, basis.passages) == (2, 3)
    assert basis.derived == 1, "the summary of the report is no second witness"
    assert basis.changed is not None
    assert basis.changed.tzinfo is not None


def marked(session: Session, world: World) -> tuple[PassageItem, ...]:
    spans = spans_where(session, Evidence.source_text_id == world.text.id)
    statement = passages().where(Passage.source_text_id == world.text.id)
    return read_passages(session, statement.order_by(Passage.position), spans)


def test_a_status_that_is_only_reported_is_not_held_under_a_passage(
    session: Session, world: World
) -> None:
    labels = {
        span.claim.label
        for span in spans_where(session, Evidence.source_text_id == world.text.id)
    }
    assert "The meeting in Aden: reported" in labels
    assert "The meeting in Aden: held" not in labels
