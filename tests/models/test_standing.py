"""A corrected stance appears only in the history, and leads to its correction."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import Evidence, Stance, last_correction, open_session, standing_relations
from models.enums import StanceLink
from queries.stances import find_stances, load_stance
from tests import factories

CORRECTS = StanceLink.CORRECTS


@pytest.fixture
def chain(session):
    """Three stances of which the second corrects the first and the third the second."""
    made = [factories.stance(session, position="for") for _ in range(3)]
    for stance in made:
        factories.evidence(session, stance=stance)
    factories.relation(session, made[1], CORRECTS, made[0])
    factories.relation(session, made[2], CORRECTS, made[1])
    session.commit()
    return [stance.slug for stance in made]


def test_a_session_that_reads_sees_only_the_last_correction(chain, database_url):
    with open_session(database_url) as reader:
        assert reader.scalars(sa.select(Stance.slug)).all() == chain[2:]
        assert reader.scalar(sa.select(sa.func.count()).select_from(Stance)) == 1
        assert reader.scalar(sa.select(sa.func.count(Evidence.id))) == 1
        assert [item.slug for item in find_stances(reader).items] == chain[2:]
        view = sa.text("SELECT slug FROM stances")
        assert reader.scalars(view).all() == chain[2:]
    with open_session(database_url, history=True) as reader:
        assert set(reader.scalars(sa.select(Stance.slug))) == set(chain)
        view = sa.text("SELECT slug, corrected_by FROM stances_history")
        assert dict(map(tuple, reader.execute(view))) == {
            chain[0]: chain[1],
            chain[1]: chain[2],
            chain[2]: None,
        }


def test_every_address_of_a_chain_leads_to_its_last_correction(chain, database_url):
    with open_session(database_url) as reader:
        assert {load_stance(reader, slug).slug for slug in chain} == {chain[2]}
        assert last_correction(reader, chain[0]) == chain[2]
        assert last_correction(reader, chain[2]) is None
        view = sa.text("SELECT stance, last_correction FROM corrections")
        assert set(map(tuple, reader.execute(view))) == {
            (chain[0], chain[2]),
            (chain[1], chain[2]),
        }


def test_what_was_done_to_a_corrected_stance_is_done_to_its_correction(
    session, database_url
):
    wrong, right, later, slip = (factories.stance(session) for _ in range(4))
    factories.relation(session, later, StanceLink.SUPERSEDES, wrong)
    factories.relation(session, right, CORRECTS, wrong)
    factories.relation(session, right, StanceLink.DENIES, slip)
    factories.relation(session, right, CORRECTS, slip)  # the two were one
    slugs = {stance.id: stance.slug for stance in (right, later)}
    session.commit()
    links = standing_relations()
    with open_session(database_url) as reader:
        found = reader.execute(sa.select(links)).all()
        assert [
            (slugs[row.stance_id], row.relation, slugs[row.other_id]) for row in found
        ] == [(later.slug, "supersedes", right.slug)]
        view = sa.text("SELECT slug, current FROM stances ORDER BY slug")
        assert {slug: bool(now) for slug, now in reader.execute(view)} == {
            right.slug: False,
            later.slug: True,
        }
        assert not load_stance(reader, wrong.slug).current
        view = sa.text("SELECT * FROM stance_relations")
        assert reader.execute(view).all() == [(later.slug, "supersedes", right.slug)]


def _refused(session, stance, link, other, why):
    with pytest.raises(IntegrityError, match=why), session.begin_nested():
        factories.relation(session, stance, link, other)


def test_a_stance_has_at_most_one_correction(session):
    wrong, one, two = (factories.stance(session) for _ in range(3))
    factories.relation(session, one, CORRECTS, wrong)
    _refused(session, two, CORRECTS, wrong, "one_correction|other_id")


@pytest.mark.parametrize("length", [2, 3, 5])
def test_corrections_never_run_in_a_circle(session, length):
    chain = [factories.stance(session) for _ in range(length)]
    for wrong, right in zip(chain, chain[1:], strict=False):
        factories.relation(session, right, CORRECTS, wrong)
    _refused(session, chain[0], CORRECTS, chain[-1], "circle")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("first", [CORRECTS, StanceLink.SUPERSEDES])
def test_a_pair_is_corrected_or_superseded_but_not_both(session, first, turned):
    one, two = factories.stance(session), factories.stance(session)
    factories.relation(session, one, first, two)
    second = StanceLink.SUPERSEDES if first is CORRECTS else CORRECTS
    pair = (two, one) if turned else (one, two)
    _refused(session, pair[0], second, pair[1], "not both")


def test_whom_a_stance_represents_may_become_known_once(session):
    state = factories.actor(session, kind="state")
    for known in ({"represents_nobody": True}, {"represents_id": state.id}):
        stance = factories.stance(session)
        for key, value in known.items():
            setattr(stance, key, value)
        session.flush()
        for again in ("represents_nobody", "represents_id"):
            with pytest.raises(IntegrityError), session.begin_nested():
                session.execute(
                    sa.update(Stance)
                    .where(Stance.id == stance.id)
                    .values({again: None if again == "represents_id" else False})
                )


def test_nobody_and_somebody_are_never_represented_at_once(session):
    with pytest.raises(IntegrityError), session.begin_nested():
        factories.stance(
            session, represents=factories.actor(session), represents_nobody=True
        )
