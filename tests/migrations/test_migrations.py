"""The migrations build exactly the schema of the models, and take it down."""

import re
import threading
import time

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

import migrations
from migrations.views import r0006
from models import Base, make_engine, open_session
from models.enums import Level
from tests import factories


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def test_a_migrated_database_is_at_the_newest_revision(engine):
    assert migrations.current_revision(engine) == migrations.head_revision()


def test_autogenerate_finds_nothing_to_add(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def _checks_in_models() -> dict[tuple[str, str], set[str]]:
    return {
        (table.name, str(check.name)): _words(
            str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
        )
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint) and check.name
    }


def _words(condition: str) -> set[str]:
    """Columns, numbers and values of a condition, however a database prints it."""
    casts = re.sub(r"::[a-z ]+(\[\])?", "", condition.lower())
    return set(re.findall(r"[a-z0-9_]+", casts)) & (
        set(re.findall(r"'([^']*)'", casts))
        | {
            column
            for table in Base.metadata.tables.values()
            for column in table.c.keys()
        }
        | {str(number) for number in range(65)}
    )


def test_every_check_of_the_models_stands_in_the_database_with_its_values(engine):
    inspector = sa.inspect(engine)
    found = {
        (table, str(check["name"])): _words(check["sqltext"])
        for table in Base.metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    expected = _checks_in_models()
    if engine.dialect.name == "postgresql":  # it has a boolean type, and needs no CHECK
        expected.pop(("meeting", "ck_meeting_several"))
        expected.pop(("stance", "ck_stance_represents_nobody"))
    assert set(found) == set(expected)
    for name, words in expected.items():
        assert found[name] == words, name


def test_a_check_with_a_value_too_few_would_be_noticed():
    check = next(
        sqltext
        for (table, name), sqltext in _checks_in_models().items()
        if (table, name) == ("meeting", "ck_meeting_level")
    )
    assert {level.value for level in Level} <= check
    assert _words("level IN ('head_of_state')") != check


def test_the_schema_goes_down_and_up_again_with_rows_in_it(engine):
    with Session(engine) as session:
        factories.evidence(session, stance=factories.stance(session))
        session.commit()
    migrations.downgrade(engine, "base")
    left = sa.inspect(engine)
    assert left.get_table_names() == ["alembic_version"]
    assert left.get_view_names() == []
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            functions = connection.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_proc AS p JOIN pg_namespace AS n "
                    "ON n.oid = p.pronamespace WHERE n.nspname = 'public' "
                    "AND p.prolang = (SELECT oid FROM pg_language "
                    "WHERE lanname = 'plpgsql')"
                )
            )
        assert functions == 0
    migrations.upgrade(engine)
    assert set(sa.inspect(engine).get_view_names()) == set(r0006.views("sqlite"))


def test_a_failed_migration_leaves_nothing_behind(engine, monkeypatch):
    migrations.downgrade(engine, "base")
    broken = r0006.views(engine.dialect.name) | {
        "broken": "SELECT nothing FROM nowhere"
    }
    monkeypatch.setattr(r0006, "views", lambda dialect: broken)
    if engine.dialect.name == "sqlite":
        # SQLite does not look into a view before it is read; a syntax error it sees.
        monkeypatch.setattr(r0006, "views", lambda dialect: {"broken": "SELEKT"})
    with pytest.raises(sa.exc.DBAPIError):
        migrations.upgrade(engine)
    assert sa.inspect(engine).get_table_names() in ([], ["alembic_version"])


def test_a_migration_and_a_writer_wait_for_each_other(engine, database_url):
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            with migrations.transaction(engine) as connection:
                run = connection.exec_driver_sql
                run("ALTER TABLE actor ADD COLUMN spare INTEGER")
                run("UPDATE alembic_version SET version_num = version_num")
        except BaseException as error:
            failures.append(error)

    with open_session(database_url, write=True) as session:
        session.connection()
        thread = threading.Thread(target=migrate)
        thread.start()
        time.sleep(1)
        factories.actor(session)
        session.commit()
    thread.join()
    assert failures == []


def test_a_schema_that_is_up_to_date_is_not_waited_for(engine, database_url):
    with open_session(database_url, write=True) as session:
        factories.actor(session)
        migrations.upgrade(engine)


def test_every_constraint_has_a_name():
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"
