"""The matrix: what stands on a day, what is changed, contested, gone, absent."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.matrix import By, Cell, Matrix, Order, load_matrix
from analysis.statements import Period
from errors import NotFound
from models import Actor, Proposition
from models.enums import StanceLink
from tests import factories as make
from tests.queries.world import statements

AGAINST = {"position": "against", "polarity": -1}


@pytest.fixture
def aden(session: Session) -> Actor:
    return make.actor(session, slug="aden", kind="state")


@pytest.fixture
def salt(session: Session) -> Proposition:
    return make.proposition(session, slug="salt", text="Salt should be sold.")


def cell(matrix: Matrix, actor: str = "aden", row: str = "salt") -> Cell | None:
    at = [column.actor.slug for column in matrix.columns].index(actor)
    return next(one.cells[at] for one in matrix.rows if one.about.slug == row)


def as_of(year: int, month: int, day: int) -> Period:
    return Period(until=date(year, month, day))


def test_the_stance_stated_last_is_shown(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    make.stance(session, holder=aden, proposition=salt, stated="2022-01")
    make.stance(session, holder=aden, proposition=salt, stated="2022-02", polarity=2)
    found = cell(load_matrix(session))
    assert found is not None
    assert (found.polarity, found.stances, found.contested) == (2, 2, False)


def test_no_record_is_an_empty_place_and_not_a_neutral_one(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    basra = make.actor(session, slug="basra", kind="state")
    make.stance(session, holder=aden, proposition=salt)
    make.stance(session, holder=basra, proposition=make.proposition(session))
    neutral = make.actor(session, slug="cairo", kind="state")
    make.stance(
        session, holder=neutral, proposition=salt, position="neutral", polarity=0
    )
    matrix = load_matrix(session)
    assert cell(matrix, "basra") is None
    found = cell(matrix, "cairo")
    assert found is not None
    assert found.position == "neutral"


def test_a_matrix_of_a_day_knows_nothing_of_the_next(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    old = make.stance(
        session, holder=aden, proposition=salt, stated="2022-05", **AGAINST
    )
    new = make.stance(session, holder=aden, proposition=salt, stated="2022-07-10")
    make.relation(session, new, StanceLink.SUPERSEDES, old)
    before = cell(load_matrix(session, period=as_of(2022, 7, 9)))
    after = cell(load_matrix(session, period=as_of(2022, 7, 10)))
    assert before is not None
    assert after is not None
    assert (before.position, before.changed) == ("against", False)
    assert (after.position, after.changed, after.contested) == ("for", True, False)
    assert load_matrix(session, period=as_of(2022, 4, 30)).rows == ()


def test_what_was_held_only_until_a_day_is_gone_after_it(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    make.stance(
        session, holder=aden, proposition=salt, stated="2022-05", valid_to="2022-06"
    )
    during = cell(load_matrix(session, period=as_of(2022, 6, 15)))
    after = cell(load_matrix(session, period=as_of(2022, 7, 15)))
    assert during is not None
    assert after is not None
    assert (during.gone, after.gone) == (False, True)
    assert (during.in_favour, after.in_favour, after.other) == (1, 0, 1)


def test_two_standing_stances_that_differ_contest_each_other(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    ministry = make.actor(session, kind="government_body", parent=aden)
    make.stance(session, holder=aden, proposition=salt, stated="2022-01")
    make.stance(session, holder=ministry, proposition=salt, stated="2022-02", **AGAINST)
    found = cell(load_matrix(session))
    assert found is not None
    assert (found.position, found.contested, found.changed) == ("against", True, False)


def test_what_the_coder_could_not_tell_contests_nothing(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    make.stance(session, holder=aden, proposition=salt, stated="2022-01")
    make.stance(
        session,
        holder=aden,
        proposition=salt,
        stated="2021",
        position="unclear",
        polarity=None,
    )
    found = cell(load_matrix(session))
    assert found is not None
    assert not found.contested


def test_a_source_that_says_it_is_not_so_contests_it(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    stance = make.stance(session, holder=aden, proposition=salt)
    make.evidence(session, stance=stance, role="contradicts")
    found = cell(load_matrix(session))
    assert found is not None
    assert found.contested


def test_a_cell_leads_to_its_stance_or_to_all_of_them(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    stance = make.stance(session, holder=aden, proposition=salt, stated="2022-01")
    found = cell(load_matrix(session))
    assert found is not None
    assert found.url == f"/stances/{stance.slug}"
    make.stance(session, holder=aden, proposition=salt, stated="2022-02")
    several = cell(load_matrix(session, period=as_of(2022, 12, 31)))
    assert several is not None
    assert several.url == "/actors/aden/timeline?proposition=salt&to=2022-12-31"


def test_topics_sum_the_propositions_below_them(session: Session, aden: Actor) -> None:
    topic = make.topic(session, slug="trade")
    for given in ({}, {}, AGAINST):
        make.stance(
            session,
            holder=aden,
            proposition=make.proposition(session, topic=topic),
            **given,
        )
    found = cell(load_matrix(session, by=By.TOPIC), row="trade")
    assert found is not None
    assert (found.in_favour, found.against, found.other, found.badge) == (2, 1, 0, None)


def test_rows_and_columns_can_be_ordered(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    pepper = make.proposition(session, slug="pepper", text="A: pepper.")
    basra = make.actor(session, slug="basra", kind="state", name="Basra")
    make.stance(session, holder=aden, proposition=salt)
    make.stance(session, holder=basra, proposition=salt, polarity=2)
    make.stance(session, holder=aden, proposition=pepper, **AGAINST)

    def rows(**given: Any) -> list[str]:
        return [row.about.slug for row in load_matrix(session, **given).rows]

    assert rows() == ["salt", "pepper"]
    assert rows(sort=Order.NAME) == ["pepper", "salt"]
    assert rows(by_actor="aden") == ["salt", "pepper"]
    by_row = load_matrix(session, by_proposition="salt")
    assert [column.actor.slug for column in by_row.columns] == ["basra", "aden"]


def test_only_what_actors_differ_on(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    basra = make.actor(session, slug="basra", kind="state")
    make.stance(session, holder=aden, proposition=salt)
    make.stance(session, holder=basra, proposition=salt, **AGAINST)
    make.stance(session, holder=basra, proposition=make.proposition(session))
    matrix = load_matrix(session, differ=True)
    assert [row.about.slug for row in matrix.rows] == ["salt"]
    assert (matrix.rows[0].in_favour, matrix.rows[0].against) == (1, 1)


def test_filters_narrow_it(session: Session, aden: Actor, salt: Proposition) -> None:
    basra = make.actor(session, slug="basra", kind="state")
    make.stance(session, holder=aden, proposition=salt)
    make.stance(session, holder=basra, proposition=make.proposition(session))
    assert load_matrix(session, actors=["aden"]).total_rows == 1
    assert load_matrix(session, propositions=["salt"]).total_columns == 1
    with pytest.raises(NotFound):
        load_matrix(session, actors=["nobody"])
    with pytest.raises(NotFound):
        load_matrix(session, topic="nothing")


def test_a_large_matrix_is_read_by_pages(session: Session, aden: Actor) -> None:
    for _ in range(51):
        make.stance(session, holder=aden, proposition=make.proposition(session))
    first = load_matrix(session)
    assert (len(first.rows), first.total_rows, first.pages) == (50, 51, 2)
    assert len(load_matrix(session, page=2).rows) == 1
    assert len(load_matrix(session, whole=True).rows) == 51


def test_the_number_of_statements_does_not_grow(
    session: Session, aden: Actor, salt: Proposition
) -> None:
    make.stance(session, holder=aden, proposition=salt)
    with statements(session) as few:
        load_matrix(session)
    for _ in range(20):
        stance = make.stance(session, proposition=make.proposition(session))
        make.evidence(session, stance=stance)
    with statements(session) as many:
        load_matrix(session)
    assert len(many) == len(few)


def test_an_empty_record_is_an_empty_matrix(session: Session) -> None:
    matrix = load_matrix(session)
    assert (matrix.rows, matrix.columns, matrix.total_rows) == ((), (), 0)
