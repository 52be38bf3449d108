"""A table is changed without losing a row, a trigger, an index, a check or a number."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import migrations
from migrations.objects import Unsayable, refuse_if_any
from migrations.rebuild import _read, changing
from models import Base, make_engine
from tests.conftest import bundled_dataset
from tests.migrations.record import contents, schema

pytestmark = pytest.mark.filterwarnings("error")
TABLES = sorted(Base.metadata.tables)


@pytest.fixture
def engine(tehran) -> Iterator[sa.Engine]:
    engine = make_engine(tehran.database_url)
    yield engine
    engine.dispose()


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    with migrations.transaction(engine) as connection:
        with Operations.context(MigrationContext.configure(connection)):
            yield connection


def test_rebuilding_every_table_changes_nothing_at_all(engine):
    before, rows = schema(engine), contents(engine)
    with migrating(engine):
        for table in TABLES:
            with changing(table):
                pass
    assert schema(engine) == before
    assert contents(engine) == rows


def test_what_a_change_asks_for_is_all_that_differs(engine):
    before, rows = schema(engine), contents(engine)
    with migrating(engine):
        with changing("stance_relation") as change:
            change.add_column("weight", sa.Integer(), value="3")
            change.add_column("remark", sa.Text())
            change.replace_constraint(
                "ck_stance_relation_not_itself", "CHECK (other_id <> stance_id + 0)"
            )
            change.add_constraint("ck_stance_relation_weight", "CHECK (weight < 9)")
    after = schema(engine)
    assert {
        name for name in {*before, *after} if before.get(name) != after.get(name)
    } == {
        "check ck_stance_relation_not_itself",
        "check ck_stance_relation_weight",
        "column stance_relation.weight",
        "column stance_relation.remark",
    }
    widened = contents(engine)
    assert [row[:-2] for row in widened.pop("stance_relation")] == rows[
        "stance_relation"
    ]
    assert widened == {name: kept for name, kept in rows.items() if name in widened}
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT DISTINCT weight, remark FROM stance_relation")
        ).all()
    assert found == [(3, None)]
    with migrating(engine):
        with changing("stance_relation") as change:
            change.drop_constraint("ck_stance_relation_weight")
            change.drop_column("weight")
            change.drop_column("remark")
            change.replace_constraint(
                "ck_stance_relation_not_itself", "CHECK (stance_id <> other_id)"
            )
    assert schema(engine) == before
    assert contents(engine) == rows


def test_triggers_still_refuse_and_queue_after_a_rebuild(engine):
    with migrating(engine):
        with changing("stance"):
            pass
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM index_job"))
    with engine.begin() as connection:
        with pytest.raises(sa.exc.IntegrityError, match="never changed"):
            with connection.begin_nested():
                connection.execute(sa.text("DELETE FROM stance"))
        connection.execute(sa.text("UPDATE stance SET digest = 'x' WHERE id = 1"))
        assert connection.scalar(sa.text("SELECT count(*) FROM index_job")) == 1


def test_a_rebuilt_table_never_gives_a_number_again(engine):
    def add(connection: sa.Connection, root: str) -> int:
        return int(
            connection.execute(
                sa.text(
                    "INSERT INTO index_job (kind, root) VALUES ('actor', :root) "
                    "RETURNING id"
                ),
                {"root": root},
            ).scalar_one()
        )

    with engine.begin() as connection:
        last = add(connection, "before")
        connection.execute(sa.text("DELETE FROM index_job"))
    with migrating(engine):
        with changing("index_job"):
            pass
    with engine.begin() as connection:
        assert add(connection, "after") == last + 1


def test_foreign_keys_hold_again_after_a_migration_that_worked_or_failed(engine):
    with migrating(engine):
        with changing("actor"):
            pass
    with pytest.raises(ZeroDivisionError):
        with migrating(engine):
            raise ZeroDivisionError
    with engine.begin() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("UPDATE office SET body_id = 999999"))


def test_a_migration_that_leaves_a_reference_into_nothing_is_taken_back(engine):
    rows = contents(engine)
    expected = (
        migrations.Unsound if engine.dialect.name == "sqlite" else sa.exc.IntegrityError
    )
    with pytest.raises(expected):
        with migrating(engine) as connection:
            connection.execute(sa.text("DELETE FROM mention"))
            connection.execute(sa.text("UPDATE office SET body_id = 999999"))
    assert contents(engine) == rows


def test_a_migration_that_leaves_a_view_without_its_column_is_taken_back(engine):
    before = schema(engine)
    with pytest.raises((migrations.Unsound, sa.exc.DBAPIError), match="series"):
        with migrating(engine):
            with changing("meeting") as change:
                change.drop_column("series")
    assert schema(engine) == before


def test_a_constraint_that_is_not_there_is_refused_before_anything_is_done(engine):
    before = schema(engine)
    with pytest.raises((ValueError, sa.exc.DBAPIError), match="ck_stance_nonsense"):
        with migrating(engine):
            with changing("stance") as change:
                change.drop_constraint("ck_stance_nonsense")
    assert schema(engine) == before


def test_a_rebuild_with_foreign_keys_on_is_refused(sqlite_settings):
    engine = make_engine(sqlite_settings.database_url)
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            with pytest.raises(RuntimeError, match="migrations.transaction"):
                with changing("stance"):
                    pass
    engine.dispose()


def test_going_down_is_refused_with_counts_of_what_the_older_schema_cannot_say(engine):
    with pytest.raises(
        Unsayable, match=r"cannot say \d+ persons\. Nothing was changed"
    ):
        with migrating(engine):
            refuse_if_any(
                {
                    "persons": "SELECT COUNT(*) FROM actor WHERE kind = 'person'",
                    "ghosts": "SELECT COUNT(*) FROM actor WHERE kind = 'ghost'",
                }
            )


# Definitions of any shape

_word = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
_text = st.text(st.sampled_from("ab,()'\" ;"), max_size=8).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
_quoted = st.text(st.sampled_from("ab,() '"), min_size=1, max_size=6).map(
    lambda text: f'"{text}"'
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_word | _quoted, min_size=1, max_size=5, unique_by=lambda n: n.strip('"')),
    st.lists(_text, max_size=4),
)
def test_a_definition_is_split_where_its_items_end(names, values):
    items = [f"{name} TEXT DEFAULT ('x,)')" for name in names]
    items += [f"CONSTRAINT c{n} CHECK ({v} <> ('('))" for n, v in enumerate(values)]
    read, ending = _read(f'CREATE TABLE "a(b" ({", ".join(items)}) STRICT')
    assert read == items
    assert ending == " STRICT"


def test_what_a_rebuild_with_foreign_keys_on_loses_would_be_noticed(
    templates, tmp_path
):
    with templates.copy("sqlite", tmp_path / "instance", bundled_dataset) as copy:
        engine = make_engine(copy.database_url)
        before, rows = schema(engine), contents(engine)
        with engine.begin() as connection:
            for kind, name in connection.exec_driver_sql(
                "SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'trigger')"
            ).all():
                connection.exec_driver_sql(f"DROP {kind} {name}")
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("participation", recreate="always"):
                pass
        lost = before.keys() - schema(engine).keys()
        assert {"trigger evidence_is_kept", "view dyads"} <= lost
        assert len(contents(engine)["evidence"]) < len(rows["evidence"])
        engine.dispose()
