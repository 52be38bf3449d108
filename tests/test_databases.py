"""The databases that the tests are given: fresh, migrated, apart from each other."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import migrations
from models import Topic
from models.database import shared_engine
from settings import Settings


def test_each_test_gets_a_migrated_database(settings: Settings) -> None:
    engine = shared_engine(settings.database_url)
    assert migrations.current_revision(engine) == migrations.head_revision()


def test_what_one_test_commits(session: Session) -> None:
    session.add(Topic(slug="arms", name="Arms"))
    session.commit()
    assert session.scalar(select(func.count()).select_from(Topic)) == 1


def test_no_other_test_sees(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Topic)) == 0
