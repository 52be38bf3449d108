"""The journal is only added to; nothing that stands is deleted, whoever asks."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    ChangeRecord,
    Evidence,
    Stance,
    StanceRelation,
    Tombstone,
    withdrawn_too,
)
from models.enums import StanceLink
from tests import factories as make


def refused(session: Session, statement: str) -> bool:
    try:
        with session.begin_nested():
            session.execute(sa.text(statement))
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("table", ["change", "change_record"])
@pytest.mark.parametrize("what", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_no_row_of_the_journal_is_changed_or_deleted(
    session: Session, table: str, what: str
) -> None:
    change = make.change(session)
    record = ChangeRecord(change=change, kind="topic", slug="arms", action="added")
    make.add(session, record)
    assert refused(session, what.format(table))


def bury(session: Session, kind: str, slug: str) -> None:
    change = make.change(session)
    make.add(session, Tombstone(kind=kind, slug=slug, change_id=change.id))


def test_a_stance_is_deleted_only_when_it_is_withdrawn_and_has_a_tombstone(
    session: Session,
) -> None:
    stance = make.stance(session)
    evidence = make.evidence(session, stance=stance)
    relation = make.relation(session, stance, StanceLink.DENIES, make.stance(session))
    rows = [
        f"DELETE FROM evidence WHERE id = {evidence.id}",
        f"DELETE FROM stance_relation WHERE id = {relation.id}",
        f"DELETE FROM stance WHERE id = {stance.id}",
    ]
    assert all(refused(session, each) for each in rows)
    session.expire_all()
    make.withdrawn(session, stance)
    assert all(refused(session, each) for each in rows)
    bury(session, "stance", stance.slug)
    assert not any(refused(session, each) for each in rows)


def test_a_stance_that_stands_is_not_deleted_whatever_tombstone_it_has(
    session: Session,
) -> None:
    stance = make.stance(session)
    bury(session, "stance", stance.slug)
    assert refused(session, f"DELETE FROM stance WHERE id = {stance.id}")


def test_a_text_is_deleted_only_with_a_tombstone_and_when_nothing_cites_it(
    session: Session,
) -> None:
    text = make.source_text(session)
    cited = make.source_text(session)
    make.evidence(session, stance=make.stance(session), source_text=cited)
    other = make.source_text(session)
    for each in (text, cited):
        bury(session, "source", each.source.slug)
    for each, goes in ((text, True), (cited, False), (other, False)):
        passages = f"DELETE FROM passage WHERE source_text_id = {each.id}"
        words = f"DELETE FROM source_text WHERE id = {each.id}"
        if each is not cited:  # its passages may go; the text may not
            assert refused(session, passages) is not goes
        assert refused(session, words) is not goes


def test_what_is_withdrawn_is_seen_by_those_who_ask_for_it_only(
    session: Session,
) -> None:
    stance = make.stance(session)
    make.evidence(session, stance=stance)
    make.relation(session, stance, StanceLink.CORRECTS, make.stance(session))
    make.withdrawn(session, stance)
    session.commit()
    counted = [
        sa.select(sa.func.count(model.id)) for model in (Evidence, StanceRelation)
    ]
    find = sa.select(Stance).where(Stance.slug == stance.slug)
    session.expunge_all()
    assert session.scalars(find).all() == []
    assert [session.scalar(each) for each in counted] == [0, 0]
    with withdrawn_too(session):
        (found,) = session.scalars(find).all()
        assert (len(found.evidence), len(found.relations)) == (1, 1)


def test_a_withdrawn_correction_leaves_room_for_another(session: Session) -> None:
    wrong, first, second = (make.stance(session) for _ in range(3))
    make.relation(session, first, StanceLink.CORRECTS, wrong)
    make.withdrawn(session, first)
    make.relation(session, second, StanceLink.CORRECTS, wrong)
    again = "UPDATE stance_relation SET withdrawn_change = NULL"
    assert refused(session, again)


def test_no_correction_that_stands_again_closes_a_circle(session: Session) -> None:
    one, other = make.stance(session), make.stance(session)
    make.relation(session, one, StanceLink.CORRECTS, other)
    make.withdrawn(session, one)
    make.relation(session, other, StanceLink.CORRECTS, one)
    again = "UPDATE stance_relation SET withdrawn_change = NULL"
    assert refused(session, again)
