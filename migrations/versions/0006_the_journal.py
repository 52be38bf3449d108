"""The journal: changes, origins, tombstones; what is withdrawn.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

from migrations.objects import Trigger, create_views, drop_views, refuse_if_any
from migrations.rebuild import Change, changing
from migrations.views import r0005, r0006

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RECORDS = (
    "dataset",
    "topic",
    "actor",
    "office",
    "source",
    "proposition",
    "meeting",
    "stance",
)
WITHDRAWN = ("stance", "stance_relation", "evidence")

SLUG = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")

_SUPERSEDE = "a stance is never changed: record a new one that supersedes it"
_TOMBSTONE = "SELECT 1 FROM tombstone AS t WHERE t.kind = '{kind}' AND t.slug = {slug}"
_STANCE_REMOVED = _TOMBSTONE.format(
    kind="stance", slug="(SELECT s.slug FROM stance AS s WHERE s.id = {id})"
)


def _source_removed(text: str) -> str:
    slug = (
        "(SELECT s.slug FROM source AS s JOIN source_text AS x ON x.source_id = s.id "
        f"WHERE x.id = {text})"
    )
    return _TOMBSTONE.format(kind="source", slug=slug)


_OWN_SOURCE = "(SELECT s.slug FROM source AS s WHERE s.id = OLD.source_id)"


def _kept(table: str, condition: str, message: str) -> Trigger:
    return Trigger(f"{table}_is_kept", table, "BEFORE DELETE", condition, message)


KEPT_BEFORE = [
    _kept("source_text", "1 = 1", "a source text is never deleted"),
    _kept("passage", "1 = 1", "a passage is never deleted"),
    _kept(
        "evidence",
        "OLD.stance_id IS NOT NULL",
        "the evidence of a stance is never deleted",
    ),
    _kept("stance", "1 = 1", _SUPERSEDE),
    _kept("stance_relation", "1 = 1", _SUPERSEDE),
]
# Whoever removes a record writes its tombstone first, with what brings it back. Nothing
# else, be it SQL typed by hand, deletes a text or a stance; and no stance that stands.
KEPT = [
    _kept(
        "source_text",
        f"NOT EXISTS ({_TOMBSTONE.format(kind='source', slug=_OWN_SOURCE)})",
        "a source text is never deleted",
    ),
    _kept(
        "passage",
        f"NOT EXISTS ({_source_removed('OLD.source_text_id')})",
        "a passage is never deleted",
    ),
    _kept(
        "evidence",
        "OLD.stance_id IS NOT NULL AND (OLD.withdrawn_change IS NULL OR ("
        f"NOT EXISTS ({_STANCE_REMOVED.format(id='OLD.stance_id')}) "
        f"AND NOT EXISTS ({_source_removed('OLD.source_text_id')})))",
        "the evidence of a stance is never deleted",
    ),
    _kept(
        "stance",
        "OLD.withdrawn_change IS NULL OR NOT EXISTS "
        f"({_TOMBSTONE.format(kind='stance', slug='OLD.slug')})",
        _SUPERSEDE,
    ),
    _kept(
        "stance_relation",
        "OLD.withdrawn_change IS NULL OR ("
        f"NOT EXISTS ({_STANCE_REMOVED.format(id='OLD.stance_id')}) "
        f"AND NOT EXISTS ({_STANCE_REMOVED.format(id='OLD.other_id')}))",
        _SUPERSEDE,
    ),
]

_BOTH = (
    "NEW.relation IN ('corrects', 'supersedes') {standing}AND EXISTS ("
    "SELECT 1 FROM stance_relation AS r WHERE r.id <> NEW.id {other}"
    "AND r.relation IN ('corrects', 'supersedes') AND r.relation <> NEW.relation "
    "AND ((r.stance_id = NEW.stance_id AND r.other_id = NEW.other_id) "
    "OR (r.stance_id = NEW.other_id AND r.other_id = NEW.stance_id)))"
)
_CIRCLE = (
    "NEW.relation = 'corrects' {standing}AND EXISTS (WITH RECURSIVE down (id) AS ("
    "SELECT NEW.other_id UNION SELECT r.other_id FROM stance_relation AS r "
    "JOIN down ON r.stance_id = down.id WHERE r.relation = 'corrects' {other}) "
    "SELECT 1 FROM down WHERE down.id = NEW.stance_id)"
)
_STANDING = {
    "standing": "AND NEW.withdrawn_change IS NULL ",
    "other": "AND r.withdrawn_change IS NULL ",
}


def _corrections(when: str, suffix: str, **standing: str) -> list[Trigger]:
    return [
        Trigger(
            f"stance_relation_corrects_no_circle{suffix}",
            "stance_relation",
            when,
            _CIRCLE.format(**standing).replace(" )", ")"),
            "corrections never run in a circle",
        ),
        Trigger(
            f"stance_relation_corrects_or_supersedes{suffix}",
            "stance_relation",
            when,
            _BOTH.format(**standing),
            "a stance corrects another or supersedes it, not both",
        ),
    ]


CORRECTIONS_BEFORE = _corrections("AFTER INSERT", "", standing="", other="")
CORRECTIONS = [
    *_corrections("AFTER INSERT", "", **_STANDING),
    *_corrections("AFTER UPDATE OF withdrawn_change", "_again", **_STANDING),
]

JOURNAL = [
    Trigger(
        f"{table}_is_{name}",
        table,
        f"BEFORE {event}",
        "1 = 1",
        "the journal is only ever added to",
    )
    for table in ("change", "change_record")
    for event, name in (("UPDATE", "frozen"), ("DELETE", "kept"))
]

ONE_CORRECTION = "uq_stance_relation_one_correction"
CHANGES = frozenset(
    {
        ONE_CORRECTION,
        *(f"fk_{table}_withdrawn_change_change" for table in WITHDRAWN),
        *(trigger.name for trigger in (*KEPT, *CORRECTIONS)),
    }
)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=32
    )


def upgrade() -> None:
    drop_views(r0005.views(_dialect()))
    _create_tables()
    for table in RECORDS:
        with changing(table) as change:
            change.add_column("state_digest", sa.String(64))
            if table in WITHDRAWN:
                _withdraw(change, table)
    for table in ("stance_relation", "evidence"):
        with changing(table) as change:
            _withdraw(change, table)
    _index_corrections("relation = 'corrects' AND withdrawn_change IS NULL")
    for trigger in (*KEPT_BEFORE, *CORRECTIONS_BEFORE):
        trigger.drop()
    for trigger in (*KEPT, *CORRECTIONS, *JOURNAL):
        trigger.create()
    create_views(r0006.views(_dialect()))


def _withdraw(change: Change, table: str) -> None:
    change.add_column("withdrawn_change", sa.Integer())
    change.add_constraint(
        f"fk_{table}_withdrawn_change_change",
        "FOREIGN KEY(withdrawn_change) REFERENCES change (id)",
    )


def downgrade() -> None:
    refuse_if_any(
        {
            **{
                f"withdrawn {thing}": f"SELECT COUNT(*) FROM {table} "
                "WHERE withdrawn_change IS NOT NULL"
                for table, thing in (
                    ("stance", "stances"),
                    ("stance_relation", "relations of stances"),
                    ("evidence", "pieces of evidence"),
                )
            },
            "records that were removed": "SELECT COUNT(*) FROM tombstone",
            "changes of records that were there": "SELECT COUNT(*) FROM change_record "
            "WHERE action <> 'added'",
        }
    )
    drop_views(r0006.views(_dialect()))
    for trigger in (*JOURNAL, *CORRECTIONS, *KEPT):
        trigger.drop()
    _index_corrections("relation = 'corrects'")
    for table in ("evidence", "stance_relation"):
        with changing(table) as change:
            _stand(change, table)
    for table in reversed(RECORDS):
        with changing(table) as change:
            change.drop_column("state_digest")
            if table in WITHDRAWN:
                _stand(change, table)
    for trigger in (*KEPT_BEFORE, *CORRECTIONS_BEFORE):
        trigger.create()
    for table in ("tombstone", "record_origin", "change_record", "change"):
        op.drop_table(table)
    create_views(r0005.views(_dialect()))


def _stand(change: Change, table: str) -> None:
    change.drop_constraint(f"fk_{table}_withdrawn_change_change")
    change.drop_column("withdrawn_change")


def _index_corrections(condition: str) -> None:
    op.drop_index(ONE_CORRECTION, "stance_relation")
    op.create_index(
        ONE_CORRECTION,
        "stance_relation",
        ["other_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _create_tables() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["load_run.id"], name="fk_change_run_id_load_run"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sqlite_autoincrement=True,
    )
    for column in ("at", "account_id", "run_id"):
        op.create_index(f"ix_change_{column}", "change", [column])
    op.create_table(
        "change_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("recordkind", *RECORDS), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column(
            "action",
            _enum(
                "changeaction",
                "added",
                "updated",
                "attached",
                "withdrawn",
                "removed",
                "restored",
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("digest", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name="fk_change_record_change_id_change"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change_record"),
        sa.UniqueConstraint(
            "change_id", "kind", "slug", name="uq_change_record_change_id_kind_slug"
        ),
    )
    op.create_index("ix_change_record_kind_slug", "change_record", ["kind", "slug"])
    op.create_table(
        "record_origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("kind", _enum("recordkind", *RECORDS), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("loaded_digest", sa.String(64), nullable=False),
        sa.Column("state_at_load", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_record_origin"),
        sa.UniqueConstraint(
            "kind", "slug", "dataset", name="uq_record_origin_kind_slug_dataset"
        ),
    )
    op.create_index("ix_record_origin_dataset", "record_origin", ["dataset"])
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("recordkind", *RECORDS), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name="fk_tombstone_change_id_change"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tombstone"),
        sa.UniqueConstraint("kind", "slug", name="uq_tombstone_kind_slug"),
    )


def _dialect() -> str:
    return op.get_context().dialect.name
