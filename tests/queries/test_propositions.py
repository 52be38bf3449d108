"""Propositions: the stances on a sentence, by position."""

import pytest
from sqlalchemy.orm import Session

from models import PropositionRelation
from queries.propositions import PROPOSITIONS, find_propositions, load_proposition
from tests import factories as make
from tests.queries.world import World


def slugs(session: Session, **asked: str) -> list[str]:
    page = find_propositions(session, PROPOSITIONS.strictly(asked))
    return [item.slug for item in page.items]


@pytest.mark.usefixtures("world")
def test_a_list_tallies_the_stances_that_stand(session: Session) -> None:
    (item,) = find_propositions(session).items
    assert item.stances == 2
    assert [(tally.position, tally.count) for tally in item.tally] == [("for", 1)]
    assert item.topic and item.topic.slug == "salt"


def test_a_page_groups_the_stances_from_for_to_unclear(
    session: Session, world: World
) -> None:
    for position in ("unclear", "undetermined"):
        make.stance(
            session, proposition=world.proposition, position=position, polarity=None
        )
    groups = load_proposition(session, "sell-salt").groups
    assert [group.position for group in groups] == [
        "for",
        "against",
        "undetermined",
        "unclear",
    ]
    assert [stance.slug for stance in groups[1].stances] == ["king-no"]
    assert not groups[1].stances[0].current


def test_a_fact_is_affirmed_or_denied(session: Session) -> None:
    fact = make.proposition(session, kind="factual")
    make.stance(session, proposition=fact, position="against", polarity=-1)
    (group,) = load_proposition(session, fact.slug).groups
    assert group.badge.word == group.stances[0].badge.word == "denies"


def test_of_contrary_propositions_only_who_is_for_crosses_over(
    session: Session, world: World
) -> None:
    keep = make.proposition(session, slug="keep-salt")
    other = make.proposition(session, slug="give-salt")
    for one in (keep, other):
        session.add(
            PropositionRelation(
                proposition=world.proposition, relation="contrary", other=one
            )
        )
    miller = make.actor(session, slug="miller", name="Miller")
    for holder, position, polarity in (
        (miller, "for", 1),
        (world.king, "for", 2),
        (world.envoy, "against", -1),
        (world.aden, "neutral", 0),
        (world.league, "mixed", None),
    ):
        make.stance(
            session, holder=holder, proposition=keep, position=position,
            polarity=polarity,
        )  # fmt: skip
    session.flush()
    none, found = load_proposition(session, "sell-salt").contrary
    assert (none.proposition.slug, none.supporters) == ("give-salt", ())
    assert found.proposition.slug == "keep-salt"
    assert [ref.slug for ref in found.supporters] == ["miller", "king"]
    assert [ref.slug for ref in found.contradictory] == ["king"]  # is for both
    (back,) = load_proposition(session, "keep-salt").contrary
    assert back.proposition.slug == "sell-salt"
