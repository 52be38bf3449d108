"""Every revision keeps every row, up and down, and names each object that it changes.

The record of an older revision is today's, as far as the older schema can say it: rows
are copied one by one, and what a CHECK or trigger of that time refuses stays behind.
"""

import random
from collections.abc import Iterable, Iterator
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

import migrations
from models import (
    Base,
    ChangeRecord,
    Membership,
    Outcome,
    RecordOrigin,
    Tenure,
    Tombstone,
    make_engine,
)
from models.enums import (
    AgendaStatus,
    Certainty,
    EvidenceRole,
    Level,
    MeetingStatus,
    MembershipStatus,
    Mode,
    OutcomeType,
    Position,
    Presence,
    PropositionKind,
    Role,
    StanceLink,
)
from models.stance import POLARITIES
from tests import factories
from tests.migrations.record import Rows, contents, schema

pytestmark = pytest.mark.slow

SCRIPTS = ScriptDirectory(str(migrations.HERE))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
SAYS_NOTHING = {"alembic_version", "index_job", "index_state"}


def _module(revision: str) -> ModuleType:
    script = SCRIPTS.get_revision(revision)
    assert script is not None
    return script.module


@pytest.fixture
def older(templates, tmp_path, backend) -> Iterator[sa.Engine]:
    """An empty database at the first revision."""
    with templates.copy(backend, tmp_path / "older") as copy:
        engine = make_engine(copy.database_url)
        migrations.downgrade(engine, REVISIONS[0])
        yield engine
        engine.dispose()


def generate(session: Session, seed: int) -> None:
    """Fill a record with rows of every table, chosen at random."""
    dice = random.Random(seed)
    states = [factories.actor(session, kind="state") for _ in range(4)]
    people = [factories.actor(session, parent=dice.choice(states)) for _ in range(8)]
    offices = [factories.office(session, body=state) for state in states]
    topics = [factories.topic(session)]
    topics += [factories.topic(session, parent=topics[0]) for _ in range(3)]
    texts = [
        factories.source_text(session, withheld=dice.random() < 0.3) for _ in "abc"
    ]
    for _ in range(6):
        meeting = factories.meeting(
            session,
            country=dice.choice([None, *states]),
            level=dice.choice([None, *Level]),
            date=dice.choice([None, "2022-07-19", "2022-07", "../2022-07-12"]),
        )
        claims = {
            "meeting": meeting,
            "status_event": factories.status_event(
                session, meeting=meeting, status=dice.choice(list(MeetingStatus))
            ),
            "participation": factories.participation(
                session,
                meeting=meeting,
                person=dice.choice(people),
                office=dice.choice([None, *offices]),
                role=dice.choice(list(Role)),
                presence=dice.choice(list(Presence)),
            ),
            "agenda_item": factories.agenda_item(
                session, meeting=meeting, status=dice.choice(list(AgendaStatus))
            ),
            "outcome": factories.add(
                session,
                Outcome(
                    meeting=meeting,
                    position=1,
                    type=dice.choice(list(OutcomeType)),
                    text="Something came out.",
                ),
            ),
            "tenure": factories.add(
                session,
                Tenure(
                    key=factories.slug("tenure"),
                    person=dice.choice(people),
                    office=dice.choice(offices),
                    since="2020",
                ),
            ),
            "membership": factories.add(
                session,
                Membership(
                    key=factories.slug("membership"),
                    member=dice.choice(states[1:]),
                    organization=states[0],
                    status=dice.choice(list(MembershipStatus)),
                ),
            ),
        }
        for claim, row in claims.items():
            factories.evidence(
                session,
                **{claim: row},
                source_text=dice.choice(texts),
                role=dice.choice(list(EvidenceRole)),
                said_by=dice.sample(people, dice.randrange(3)),
            )
    stances = []
    for _ in range(12):
        position = dice.choice(list(Position))
        target = (
            {"target_actor": dice.choice(states)}
            if dice.random() < 0.3
            else {
                "proposition": factories.proposition(
                    session,
                    topic=dice.choice([None, *topics]),
                    kind=dice.choice(
                        [kind for kind in PropositionKind if kind != "factual"]
                    ),
                )
            }
        )
        stances.append(
            factories.stance(
                session,
                holder=dice.choice(people),
                represents=dice.choice([None, *states]),
                position=position,
                polarity=dice.choice(POLARITIES.get(position, (None,))),
                mode=dice.choice(list(Mode)),
                certainty=dice.choice(list(Certainty)),
                **target,
            )
        )
        factories.evidence(session, stance=stances[-1], source_text=dice.choice(texts))
    for link in StanceLink:
        stance, other = dice.sample(stances, 2)
        factories.relation(session, stance, link, other)
    change = factories.change(session)
    session.add_all(
        [
            ChangeRecord(
                change=change,
                kind="actor",
                slug=states[0].slug,
                action="updated",
                before={"slug": states[0].slug},
            ),
            RecordOrigin(dataset="a", kind="actor", slug="b", loaded_digest="0" * 64),
            Tombstone(kind="topic", slug="c", change_id=change.id, texts=[1]),
        ]
    )
    factories.withdrawn(session, dice.choice(stances))
    factories.account(session)
    session.commit()


def copy_rows(source: sa.Engine, target: sa.Engine) -> None:
    """Copy what the schema of *target* can say, however rows depend on each other."""
    theirs, ours = sa.MetaData(), sa.MetaData()
    theirs.reflect(source)
    ours.reflect(target)
    waiting: dict[sa.Table, list[dict[str, object]]] = {}
    with source.connect() as connection:
        for table in ours.sorted_tables:
            if table.name in SAYS_NOTHING or table.name not in theirs.tables:
                continue
            stored = theirs.tables[table.name]
            columns = [stored.c[key] for key in table.c.keys() if key in stored.c]
            rows = connection.execute(sa.select(*columns).order_by(stored.c.id))
            waiting[table] = [dict(row._mapping) for row in rows]
    with target.begin() as connection:
        left, before = sum(map(len, waiting.values())), -1
        while left != before:
            for table, kept in waiting.items():
                waiting[table] = _refused(connection, table, kept)
            left, before = sum(map(len, waiting.values())), left
        connection.execute(sa.text("DELETE FROM index_job"))


def _refused(
    connection: sa.Connection, table: sa.Table, rows: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Insert rows, all at once if that goes; return those that the schema refuses."""
    if not rows:
        return []
    try:
        with connection.begin_nested():
            connection.execute(table.insert(), rows)
    except sa.exc.IntegrityError:
        middle = len(rows) // 2
        if not middle:
            return rows
        first = _refused(connection, table, rows[:middle])
        return first + _refused(connection, table, rows[middle:])
    return []


def test_every_revision_keeps_every_row_of_the_bundled_dataset(tehran, older):
    head = make_engine(tehran.database_url)
    copy_rows(head, older)
    head.dispose()
    _climb(older, at_least=400)


@pytest.mark.parametrize("seed", range(2))
def test_every_revision_keeps_every_generated_row(settings, older, seed):
    head = make_engine(settings.database_url)
    with Session(head) as session:
        generate(session, seed)
    copy_rows(head, older)
    head.dispose()
    _climb(older, at_least=200)


def _climb(engine: sa.Engine, at_least: int) -> None:
    """Go up one revision at a time, and each time down and up again."""
    assert sum(map(len, contents(engine).values())) >= at_least
    for below, revision in zip(REVISIONS, REVISIONS[1:], strict=False):
        rows, objects = contents(engine), schema(engine)
        migrations.upgrade(engine, revision)
        above, new_objects = contents(engine), schema(engine)
        _nothing_lost(rows, above, engine)
        new = above.keys() - rows.keys()
        _all_named(objects, new_objects, revision, new, engine)
        migrations.downgrade(engine, below)
        assert schema(engine) == objects, f"{revision} down"
        assert contents(engine) == rows, f"{revision} down"
        migrations.upgrade(engine, revision)
        assert schema(engine) == new_objects, f"{revision} up again"
        assert contents(engine) == above, f"{revision} up again"


def _nothing_lost(before: Rows, after: Rows, engine: sa.Engine) -> None:
    for table, rows in before.items():
        assert len(after[table]) == len(rows), table
        # Columns come at the end; what stood in front of them is what it was.
        width = len(rows[0]) if rows else 0
        assert sorted((row[:width] for row in after[table]), key=repr) == rows, table


def _all_named(
    before: dict[str, str],
    after: dict[str, str],
    revision: str,
    new_tables: Iterable[str],
    engine: sa.Engine,
) -> None:
    kinds = ("column ", "view ")  # columns show in the rows, views in their own tests
    changed = {
        name.split(" ")[1]
        for name in {*before, *after}
        if before.get(name) != after.get(name) and not name.startswith(kinds)
    }
    # What a new table brings need not be named.
    new = {name for name in changed if any(table in name for table in new_tables)}
    named = set(_module(revision).CHANGES)
    assert changed - new <= named, revision
    if engine.dialect.name == "sqlite":  # PostgreSQL needs no CHECK for a boolean
        assert named <= changed, revision
    views = {name for name in before if name.startswith("view ")}
    assert views <= set(after), f"{revision} lost a view"


def test_the_generator_fills_every_table_that_a_revision_could_harm(session):
    generate(session, 1)
    empty = {
        table.name
        for table in Base.metadata.sorted_tables
        if not session.scalar(sa.select(sa.func.count()).select_from(table))
    }
    assert empty <= {
        "actor_identifier",
        "actor_name",
        "dataset",
        "mention",
        "proposition_relation",
        "source_contributor",
        "source_subject",
    }
