"""Whoever changes the record, by whatever way in, leaves a job for the index."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import IndexJob, make_engine
from tests import factories


def jobs(session: Session) -> set[tuple[str, str]]:
    return {(job.kind.value, job.root) for job in session.scalars(sa.select(IndexJob))}


def clear(session: Session) -> None:
    session.execute(sa.delete(IndexJob))


def test_a_new_actor_leaves_a_job(session):
    actor = factories.actor(session)
    assert jobs(session) == {("actor", actor.slug)}


def test_a_rollback_takes_the_job_back(session):
    factories.actor(session)
    session.rollback()
    assert jobs(session) == set()


def test_plain_sql_leaves_a_job_too(session):
    actor = factories.actor(session)
    clear(session)
    session.execute(sa.text("UPDATE actor SET description = 'A mediator'"))
    assert jobs(session) == {("actor", actor.slug)}


def test_a_deleted_root_leaves_a_job(session):
    meeting = factories.meeting(session)
    clear(session)
    session.delete(meeting)
    session.flush()
    assert jobs(session) == {("meeting", meeting.slug)}


@pytest.mark.parametrize("make", ["status_event", "participation", "agenda_item"])
def test_a_part_of_a_meeting_is_a_change_of_the_meeting(session, make):
    part = getattr(factories, make)(session, meeting=factories.meeting(session))
    clear(session)
    session.delete(part)
    session.flush()
    assert ("meeting", part.meeting.slug) in jobs(session)


def test_evidence_is_a_change_of_its_source_and_of_its_claim(session):
    text = factories.source_text(session)
    stance = factories.stance(session)
    participation = factories.participation(session)
    clear(session)
    factories.evidence(session, source_text=text, stance=stance)
    factories.evidence(session, source_text=text, participation=participation)
    assert jobs(session) == {
        ("source", text.source.slug),
        ("stance", stance.slug),
        ("meeting", participation.meeting.slug),
    }


def test_a_part_that_moves_is_a_change_of_both_roots(session):
    item = factories.agenda_item(session)
    old, new = item.meeting, factories.meeting(session)
    clear(session)
    item.meeting = new
    session.flush()
    assert jobs(session) == {("meeting", old.slug), ("meeting", new.slug)}


def test_a_renamed_root_is_a_change_under_both_slugs(session):
    actor = factories.actor(session, slug="old-name")
    clear(session)
    actor.slug = "new-name"
    session.flush()
    assert jobs(session) == {("actor", "old-name"), ("actor", "new-name")}


def test_one_job_for_a_root_however_often_it_changes_with_a_rising_revision(session):
    actor = factories.actor(session)
    first = session.scalars(sa.select(IndexJob)).one()
    before = (first.id, first.revision)
    actor.description = "A mediator"
    session.flush()
    session.expire_all()
    again = session.scalars(sa.select(IndexJob)).one()
    assert again.id == before[0]
    assert again.revision == before[1] + 1


def test_a_change_while_a_drain_works_is_not_lost(database_url):
    """The drain read revision 1; before it deletes, somebody writes revision 2."""
    engine = make_engine(database_url)
    with Session(engine) as writer:
        actor = factories.actor(writer)
        writer.commit()
        with Session(engine) as drain:
            read = [
                (job.id, job.revision) for job in drain.scalars(sa.select(IndexJob))
            ]
        actor.description = "Changed meanwhile"
        writer.commit()
        with Session(engine) as drain:
            for id_, revision in read:
                drain.execute(
                    sa.delete(IndexJob).where(
                        IndexJob.id == id_, IndexJob.revision == revision
                    )
                )
            drain.commit()
            assert jobs(drain) == {("actor", actor.slug)}
    engine.dispose()
