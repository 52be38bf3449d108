"""Contrary propositions: who is for the one counts as against the other, no more.

The worked example. "Keep" and "Sell" are contrary; + is for, − against.

            Keep    Sell    Tax
    Aden    +               +
    Basra           +       +
    Cairo   −               −

Derived: Aden − on Sell, Basra − on Keep; nothing of Cairo, who is for neither.
Without them Aden and Basra agree once, on Tax. With them they also differ twice, on
Keep (+ and derived −) and on Sell (derived − and +): congruence 1, conflict 2, subtract
−1, on 3 propositions, 2 of them derived. Basra and Cairo differ on Tax and agree on
Keep (derived − and −): congruence 1, conflict 1. Aden and Cairo differ on Keep and Tax.
"""

import random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.brief import load_brief
from analysis.matrix import By, Cell, Matrix, load_matrix
from analysis.networks import Nodes, StanceNetworkRequest, load_stance_network
from analysis.statements import CODES, Contrary, load_derived
from models import Actor, Proposition, open_session
from models.enums import Position, PropositionKind, StanceLink
from settings import Settings
from tests import factories as make
from tests.analysis.test_brief import said
from tests.analysis.test_matrix import cell

AGAINST = {"position": "against", "polarity": -1}


class Salt:
    """The worked example."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.aden, self.basra, self.cairo = (
            make.actor(session, slug=name.lower(), name=name, kind="state")
            for name in ("Aden", "Basra", "Cairo")
        )
        self.keep, self.sell, self.tax = (
            make.proposition(session, slug=name.lower(), text=f"{name} it.")
            for name in ("Keep", "Sell", "Tax")
        )
        make.contrary(session, self.keep, self.sell)
        self.say(self.aden, self.keep, polarity=2)
        self.say(self.basra, self.sell)
        self.say(self.cairo, self.keep, **AGAINST)
        self.say(self.aden, self.tax)
        self.say(self.basra, self.tax)
        self.say(self.cairo, self.tax, **AGAINST)

    def say(self, holder: Actor, on: Proposition, **given: Any) -> Any:
        return make.stance(self.session, holder=holder, proposition=on, **given)


@pytest.fixture
def salt(session: Session) -> Salt:
    return Salt(session)


def place(matrix: Matrix, actor: str, row: str) -> Cell:
    found = cell(matrix, actor, row)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(5))
def test_only_for_crosses_to_each_contrary_proposition_and_only_as_against(
    session: Session, seed: int
) -> None:
    dice = random.Random(seed)
    propositions = [make.proposition(session) for _ in range(6)]
    pairs = {tuple(sorted(dice.sample(range(6), 2))) for _ in range(5)}
    for one, other in pairs:
        make.contrary(session, propositions[one], propositions[other])
    expected = []
    for _ in range(30):
        at = dice.randrange(6)
        position, polarity = dice.choice(
            [("for", 1), ("for", 2), ("against", -1), ("neutral", 0), ("mixed", None)]
        )
        stance = make.stance(
            session,
            proposition=propositions[at],
            position=position,
            polarity=polarity,
        )
        if position == "for":
            others = (set(pair) - {at} for pair in pairs if at in pair)
            expected += [(stance.id, propositions[n].id) for (n,) in others]
    found = load_derived(session, [])
    assert sorted(zip(found.id.tolist(), found.proposition.tolist(), strict=True)) == (
        sorted(expected)
    )
    assert set(found.polarity.tolist()) <= {-1}
    assert set(found.position.tolist()) <= {CODES[Position.AGAINST]}


def test_the_matrix_shows_what_is_derived_and_says_so(
    session: Session, salt: Salt
) -> None:
    matrix = load_matrix(session)
    found = place(matrix, "basra", "keep")
    assert (found.position, found.polarity, found.derived) == ("against", -1, True)
    assert (found.stances, found.contradiction, found.contested) == (1, False, False)
    assert place(matrix, "aden", "sell").derived
    assert cell(matrix, "cairo", "sell") is None
    rows = {row.about.slug: (row.in_favour, row.against, row.derived) for row in
            matrix.rows}  # fmt: skip
    assert rows == {"keep": (1, 2, 1), "sell": (1, 1, 1), "tax": (2, 1, 0)}


def test_the_matrix_leaves_it_out_where_asked_and_with_topics_as_rows(
    session: Session, salt: Salt
) -> None:
    assert cell(load_matrix(session, contrary=Contrary.OFF), "basra", "keep") is None
    trade = make.topic(session, slug="trade")
    salt.keep.topic = salt.sell.topic = trade
    session.flush()
    matrix = load_matrix(session, by=By.TOPIC)
    assert not matrix.contrary
    found = place(matrix, "aden", "trade")
    assert (found.in_favour, found.against, found.derived) == (1, 0, False)


def test_what_an_actor_says_of_a_proposition_outweighs_what_is_derived(
    session: Session, salt: Salt
) -> None:
    salt.say(salt.basra, salt.keep, position="neutral", polarity=0)
    found = place(load_matrix(session), "basra", "keep")
    assert (found.position, found.derived, found.stances) == ("neutral", False, 1)


def test_who_is_for_both_contradicts_itself(session: Session, salt: Salt) -> None:
    salt.say(salt.aden, salt.sell)
    matrix = load_matrix(session)
    for row in ("keep", "sell"):
        found = place(matrix, "aden", row)
        assert (found.position, found.derived) == ("for", False)
        assert found.contradiction
    assert not place(matrix, "basra", "sell").contradiction


def test_what_was_superseded_derives_nothing_that_stands(
    session: Session, salt: Salt
) -> None:
    old = salt.say(salt.cairo, salt.sell, stated="2022-01")
    new = salt.say(salt.cairo, salt.sell, stated="2022-02", **AGAINST)
    make.relation(session, new, StanceLink.SUPERSEDES, old)
    found = place(load_matrix(session), "cairo", "keep")
    assert (found.position, found.derived, found.stances) == ("against", False, 1)
    old = salt.say(salt.aden, salt.sell, stated="2022-01")
    new = salt.say(salt.aden, salt.sell, stated="2022-02", **AGAINST)
    make.relation(session, new, StanceLink.SUPERSEDES, old)
    assert not place(load_matrix(session), "aden", "keep").contradiction


def test_a_matrix_of_one_proposition_derives_from_those_that_it_does_not_show(
    session: Session, salt: Salt
) -> None:
    matrix = load_matrix(session, propositions=["keep"])
    assert [row.about.slug for row in matrix.rows] == ["keep"]
    assert place(matrix, "basra", "keep").derived
    matrix = load_matrix(session, propositions=["tax"])
    assert [row.about.slug for row in matrix.rows] == ["tax"]
    assert load_matrix(session, kind=PropositionKind.FACTUAL).rows == ()


def ties(session: Session, **given: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    request = StanceNetworkRequest(**given)
    return {
        (edge.a, edge.b): (edge.congruence, edge.conflict, edge.weight, edge.shared)
        + (edge.derived,)
        for edge in load_stance_network(session, request).edges
    }


def test_the_network_has_the_figures_of_the_worked_example(
    session: Session, salt: Salt
) -> None:
    assert ties(session) == {
        ("aden", "basra"): (1, 0, 1, 1, 0),
        ("aden", "cairo"): (0, 2, -2, 2, 0),
        ("basra", "cairo"): (0, 1, -1, 1, 0),
    }
    assert ties(session, contrary=Contrary.ON) == {
        ("aden", "basra"): (1, 2, -1, 3, 2),
        ("aden", "cairo"): (0, 2, -2, 2, 0),
        ("basra", "cairo"): (1, 1, 0, 2, 1),
    }
    found = load_stance_network(session, StanceNetworkRequest(contrary=Contrary.ON))
    assert (found.contrary, found.statements, found.derived) == (True, 8, 2)


def test_with_propositions_as_nodes_a_derived_tie_is_marked(
    session: Session, salt: Salt
) -> None:
    given = {"nodes": Nodes.AFFILIATION, "contrary": Contrary.ON}
    found = {key: (tie[2], tie[4]) for key, tie in ties(session, **given).items()}
    assert found["basra", "keep"] == (-1, 1)
    assert found["aden", "keep"] == (1, 0)
    assert ("cairo", "sell") not in found


def test_in_the_network_too_who_spoke_itself_is_not_derived_from(
    session: Session, salt: Salt
) -> None:
    salt.say(salt.basra, salt.keep)
    found = load_stance_network(session, StanceNetworkRequest(contrary=Contrary.ON))
    assert found.derived == 1  # Aden on Sell; Basra is for both


def test_a_brief_names_the_contrary_positions_of_two_sides(
    session: Session, salt: Salt
) -> None:
    meeting = make.meeting(session, slug="talks", date="2022-07-18")
    for state in (salt.aden, salt.basra):
        make.participation(session, meeting=meeting, represented=state)
    session.expire_all()
    brief = load_brief(session, "talks")
    assert said(brief, "pairs")[0] == (
        "Keep it. Aden: strongly for; Basra: for (of the contrary: “Sell it.”)."
    )


def test_iran_and_turkey_differ_over_syria_in_the_bundled_record(
    tehran: Settings,
) -> None:
    with open_session(tehran.database_url) as session:
        matrix = load_matrix(session, actors=["iran", "turkey"])
        row = "syrian-government-should-be-supported"
        assert place(matrix, "turkey", row).derived
        brief = load_brief(session, "tehran-trilateral-2022-07")
        assert any("of the contrary:" in text for text in said(brief, "pairs"))
