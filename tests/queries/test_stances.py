"""Stances: the positions of actors, with attribution."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import StanceLink
from queries.stances import STANCES, StanceItem, find_stances, load_stance
from tests import factories as make
from tests.queries.world import SALT, TEXT, World, add_more


def items(session: Session, **asked: str) -> dict[str, StanceItem]:
    page = find_stances(session, STANCES.strictly(asked))
    return {item.slug: item for item in page.items}


@pytest.mark.usefixtures("world")
def test_a_stance_says_who_stands_where_on_what(session: Session) -> None:
    item = items(session)["king-yes"]
    assert item.holder.label == "The King"
    assert item.represents and item.represents.slug == "court"
    assert item.state == "Aden"
    assert (item.target_kind, item.target.slug) == ("proposition", "sell-salt")
    assert item.topic and item.topic.slug == "salt"
    assert item.topic_path == "trade/salt"
    assert item.badge.word == "for"
    assert item.said_by == "The Envoy"
    assert item.quote == TEXT[slice(*SALT)]
    assert item.meeting and item.meeting.slug == "aden-meeting"
    assert item.agenda_item == "Salt"
    assert item.evidence_count == 2
    assert item.current


@pytest.mark.usefixtures("world")
def test_what_another_supersedes_is_not_current(session: Session) -> None:
    assert not items(session)["king-no"].current


@pytest.mark.usefixtures("world")
def test_a_stance_towards_an_actor_has_the_actor_as_target(session: Session) -> None:
    item = items(session)["envoy-on-aden"]
    assert (item.target_kind, item.target.url) == ("actor", "/actors/aden")
    assert item.proposition_kind is None
    assert item.state is None


def test_the_columns_agree_with_the_view(session: Session, world: World) -> None:
    add_more(session, world, 2)
    rows = session.execute(
        text(
            "select slug, state, topic_path, current, said_by, quote, evidence_count, "
            "target, agenda_item from stances"
        )
    )
    seen = {row.slug: tuple(row)[1:] for row in rows}
    shown = {
        item.slug: (
            item.state,
            item.topic_path,
            item.current,
            item.said_by,
            item.quote,
            item.evidence_count,
            item.target.label,
            item.agenda_item,
        )
        for item in items(session).values()
    }
    assert seen == shown


@pytest.mark.usefixtures("world")
def test_a_page_holds_relations_from_both_ends(session: Session) -> None:
    (does,) = load_stance(session, "king-yes").relations
    (suffers,) = load_stance(session, "king-no").relations
    assert (does.relation, does.outgoing) == ("supersedes", True)
    assert does.other.label == "The King: against: Aden should sell salt."
    assert (suffers.relation, suffers.outgoing) == ("supersedes", False)
    assert suffers.other.url == "/stances/king-yes"


@pytest.mark.usefixtures("world")
def test_a_page_holds_all_evidence(session: Session) -> None:
    page = load_stance(session, "king-yes")
    assert [item.source.slug for item in page.citations] == ["report", "summary"]
    assert (page.basis.sources, page.basis.passages) == (2, 2)


def test_what_a_stance_corrects_is_told_step_by_step(
    session: Session, world: World
) -> None:
    slip = make.stance(session, slug="slip", proposition=world.proposition)
    second = make.stance(
        session, slug="second", proposition=world.proposition, position="against",
        polarity=-2, mode="inferred", stated="2022-07",
    )  # fmt: skip
    right = make.stance(session, slug="right", proposition=world.proposition)
    make.relation(session, second, StanceLink.CORRECTS, slip)
    make.relation(session, right, StanceLink.CORRECTS, second)
    found = load_stance(session, "right").corrected
    assert [(one.slug, one.corrected_by) for one in found] == [
        ("second", "right"),
        ("slip", "second"),
    ]
    assert (found[0].position, found[0].polarity) == ("against", -2)
    assert (found[0].mode, found[0].stated_on) == ("inferred", "2022-07")
    assert load_stance(session, "king-yes").corrected == ()


def test_who_speaks_for_nobody_is_told_from_whom_nothing_is_known(
    session: Session, world: World
) -> None:
    make.stance(session, slug="alone", represents_nobody=True)
    make.stance(session, slug="unsaid")
    assert load_stance(session, "alone").represents_nobody
    assert not load_stance(session, "unsaid").represents_nobody
