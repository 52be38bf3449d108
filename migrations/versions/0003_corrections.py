"""Corrections, nobody represented, contrary propositions, what was said.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

from migrations.objects import (
    JobTrigger,
    Trigger,
    create_views,
    drop_views,
    refuse_if_any,
)
from migrations.rebuild import changing
from migrations.views import r0001, r0003

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CLAIMS = (
    "meeting",
    "status_event",
    "participation",
    "agenda_item",
    "outcome",
    "stance",
    "tenure",
    "membership",
)

_AGENDA = (
    "'speculated', 'expected', 'announced', 'discussed'{more}, 'agreed', 'deferred'"
)
_LINKS = (
    "'supersedes', 'retracts', 'denies', 'contradicts', 'clarifies', 'repeats'{more}"
)

_SAID, _CORRECTS = ", 'said'", ", 'corrects'"

_SUPERSEDE = "a stance is never changed: record a new one that supersedes it"
_CONTENT = (
    "slug, holder_id, {represents}proposition_id, target_actor_id, position, "
    "polarity, mode, certainty, stated, stated_earliest, stated_latest, "
    "stated_as_written, valid_from, valid_from_earliest, valid_from_latest, "
    "valid_from_as_written, valid_to, valid_to_earliest, valid_to_latest, "
    "valid_to_as_written, topic_id, meeting_id, agenda_item_id, note, recorded_at, "
    "recorded_by"
)


def _frozen(represents: str) -> Trigger:
    columns = _CONTENT.format(represents=represents)
    return Trigger(
        "stance_is_frozen", "stance", f"BEFORE UPDATE OF {columns}", "1 = 1", _SUPERSEDE
    )


FROZEN_BEFORE, FROZEN = _frozen("represents_id, "), _frozen("")

# "Corrects" and "supersedes" of one pair would say both that the holder changed its
# mind and that it never held the other position.
_BOTH = (
    "NEW.relation IN ('corrects', 'supersedes') AND EXISTS ("
    "SELECT 1 FROM stance_relation AS r WHERE r.id <> NEW.id "
    "AND r.relation IN ('corrects', 'supersedes') AND r.relation <> NEW.relation "
    "AND ((r.stance_id = NEW.stance_id AND r.other_id = NEW.other_id) "
    "OR (r.stance_id = NEW.other_id AND r.other_id = NEW.stance_id)))"
)
_CIRCLE = (
    "NEW.relation = 'corrects' AND EXISTS (WITH RECURSIVE down (id) AS ("
    "SELECT NEW.other_id UNION SELECT r.other_id FROM stance_relation AS r "
    "JOIN down ON r.stance_id = down.id WHERE r.relation = 'corrects') "
    "SELECT 1 FROM down WHERE down.id = NEW.stance_id)"
)

TRIGGERS = [
    # Who is represented may become known once; that takes nothing back.
    Trigger(
        "stance_represents_is_kept",
        "stance",
        "BEFORE UPDATE OF represents_id, represents_nobody",
        "OLD.represents_id IS NOT NULL OR OLD.represents_nobody",
        _SUPERSEDE,
    ),
    Trigger(
        "stance_relation_corrects_no_circle",
        "stance_relation",
        "AFTER INSERT",
        _CIRCLE,
        "corrections never run in a circle",
    ),
    Trigger(
        "stance_relation_corrects_or_supersedes",
        "stance_relation",
        "AFTER INSERT",
        _BOTH,
        "a stance corrects another or supersedes it, not both",
    ),
]
JOB = JobTrigger(
    "proposition_relation",
    "proposition",
    "SELECT slug FROM proposition WHERE id IN ({row}.proposition_id, {row}.other_id)",
)

CHANGES = frozenset(
    {
        "ck_agenda_item_agendastatus",
        "ck_stance_relation_stancelink",
        "ck_stance_represents_nobody",
        "ck_stance_represents_or_nobody",
        "uq_stance_relation_one_correction",
        "stance_is_frozen",
        *(trigger.name for trigger in TRIGGERS),
        *(f"ix_evidence_{claim}_id" for claim in CLAIMS),
    }
)


def upgrade() -> None:
    drop_views(r0001.views(_dialect()))
    with changing("agenda_item") as change:
        change.replace_constraint(
            "ck_agenda_item_agendastatus",
            f"CHECK (status IN ({_AGENDA.format(more=_SAID)}))",
        )
    with changing("stance_relation") as change:
        change.replace_constraint(
            "ck_stance_relation_stancelink",
            f"CHECK (relation IN ({_LINKS.format(more=_CORRECTS)}))",
        )
    with changing("stance") as change:
        change.add_column("represents_nobody", sa.Boolean(), value="false")
        if _dialect() == "sqlite":
            change.add_constraint(
                "ck_stance_represents_nobody", "CHECK (represents_nobody IN (0, 1))"
            )
        change.add_constraint(
            "ck_stance_represents_or_nobody",
            "CHECK (represents_id IS NULL OR NOT represents_nobody)",
        )
    op.create_table(
        "proposition_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposition_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "contrary",
                name="propositionlink",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "proposition_id < other_id",
            name=op.f("ck_proposition_relation_stored_once"),
        ),
        sa.ForeignKeyConstraint(
            ["proposition_id"],
            ["proposition.id"],
            name="fk_proposition_relation_proposition_id_proposition",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["proposition.id"],
            name="fk_proposition_relation_other_id_proposition",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposition_relation"),
        sa.UniqueConstraint(
            "proposition_id",
            "relation",
            "other_id",
            name="uq_proposition_relation_proposition_id_relation_other_id",
        ),
    )
    op.create_index(
        "ix_proposition_relation_other_id", "proposition_relation", ["other_id"]
    )
    corrects = sa.text("relation = 'corrects'")
    op.create_index(
        "uq_stance_relation_one_correction",
        "stance_relation",
        ["other_id"],
        unique=True,
        sqlite_where=corrects,
        postgresql_where=corrects,
    )
    _index_evidence(partly=True)
    FROZEN_BEFORE.drop()
    FROZEN.create()
    for trigger in TRIGGERS:
        trigger.create()
    JOB.create()
    create_views(r0003.views(_dialect()))


def downgrade() -> None:
    refuse_if_any(
        {
            "corrections of a stance": "SELECT COUNT(*) FROM stance_relation "
            "WHERE relation = 'corrects'",
            "stances that represent nobody": "SELECT COUNT(*) FROM stance "
            "WHERE represents_nobody",
            "pairs of contrary propositions": "SELECT COUNT(*) "
            "FROM proposition_relation",
            "agenda items that were only said": "SELECT COUNT(*) FROM agenda_item "
            "WHERE status = 'said'",
        }
    )
    drop_views(r0003.views(_dialect()))
    JOB.drop()
    for trigger in TRIGGERS:
        trigger.drop()
    FROZEN.drop()
    _index_evidence(partly=False)
    op.drop_index("uq_stance_relation_one_correction", "stance_relation")
    op.drop_table("proposition_relation")
    with changing("stance") as change:
        if _dialect() == "sqlite":
            change.drop_constraint("ck_stance_represents_nobody")
        change.drop_constraint("ck_stance_represents_or_nobody")
        change.drop_column("represents_nobody")
    FROZEN_BEFORE.create()
    with changing("stance_relation") as change:
        change.replace_constraint(
            "ck_stance_relation_stancelink",
            f"CHECK (relation IN ({_LINKS.format(more='')}))",
        )
    with changing("agenda_item") as change:
        change.replace_constraint(
            "ck_agenda_item_agendastatus",
            f"CHECK (status IN ({_AGENDA.format(more='')}))",
        )
    create_views(r0001.views(_dialect()))


def _index_evidence(partly: bool) -> None:
    """Index evidence by claim: only the rows with that key, or all."""
    for claim in CLAIMS:
        name, where = f"ix_evidence_{claim}_id", None
        op.drop_index(name, "evidence")
        if partly:
            where = sa.text(f"{claim}_id IS NOT NULL")
        op.create_index(
            name,
            "evidence",
            [f"{claim}_id"],
            sqlite_where=where,
            postgresql_where=where,
        )


def _dialect() -> str:
    return op.get_context().dialect.name
