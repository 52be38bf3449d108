"""The record: every table, trigger and view.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

from migrations.objects import JobTrigger, Trigger, create_views, drop_views
from migrations.views import r0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SLUG = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=32
    )


def _no_cycle(table: str, column: str) -> list[Trigger]:
    """No row is its own ancestor; looked for after the change, when it can be seen."""
    ancestors = (
        f"EXISTS (WITH RECURSIVE up (id) AS (SELECT NEW.{column} UNION "
        f"SELECT p.{column} FROM {table} AS p JOIN up ON p.id = up.id "
        f"WHERE p.{column} IS NOT NULL) SELECT 1 FROM up WHERE up.id = NEW.id)"
    )
    message = f"no {table} is its own ancestor"
    return [
        Trigger(f"{table}_no_cycle_insert", table, "AFTER INSERT", ancestors, message),
        Trigger(
            f"{table}_no_cycle_update",
            table,
            f"AFTER UPDATE OF {column}",
            ancestors,
            message,
        ),
    ]


def _frozen(table: str, columns: str, message: str) -> Trigger:
    return Trigger(
        f"{table}_is_frozen", table, f"BEFORE UPDATE OF {columns}", "1 = 1", message
    )


def _kept(table: str, message: str, condition: str = "1 = 1") -> Trigger:
    return Trigger(f"{table}_is_kept", table, "BEFORE DELETE", condition, message)


def _both(
    name: str, table: str, columns: str, condition: str, message: str
) -> list[Trigger]:
    return [
        Trigger(f"{name}_insert", table, "AFTER INSERT", condition, message),
        Trigger(
            f"{name}_update", table, f"AFTER UPDATE OF {columns}", condition, message
        ),
    ]


_TEXT_LENGTH = "(SELECT t.length FROM source_text AS t WHERE t.id = NEW.source_text_id)"
_QUOTE_DIFFERS = """EXISTS (
    SELECT 1 FROM source_text AS t WHERE t.id = NEW.source_text_id AND (
        (t.text IS NULL AND NEW.quote IS NOT NULL)
        OR (t.text IS NOT NULL AND (
            NEW.quote IS NULL
            OR NEW.quote
                <> SUBSTR(t.text, NEW.start_char + 1, NEW.end_char - NEW.start_char)
            OR (NEW.prefix IS NOT NULL AND NEW.prefix <> SUBSTR(
                t.text, NEW.start_char + 1 - LENGTH(NEW.prefix), LENGTH(NEW.prefix)))
            OR (NEW.suffix IS NOT NULL AND NEW.suffix <> SUBSTR(
                t.text, NEW.end_char + 1, LENGTH(NEW.suffix)))
        ))
    )
)"""
_STANCE_CONTENT = (
    "slug, holder_id, represents_id, proposition_id, target_actor_id, position, "
    "polarity, mode, certainty, stated, stated_earliest, stated_latest, "
    "stated_as_written, valid_from, valid_from_earliest, valid_from_latest, "
    "valid_from_as_written, valid_to, valid_to_earliest, valid_to_latest, "
    "valid_to_as_written, topic_id, meeting_id, agenda_item_id, note, recorded_at, "
    "recorded_by"
)
_CLAIM_COLUMNS = (
    "meeting_id, status_event_id, participation_id, agenda_item_id, outcome_id, "
    "stance_id, tenure_id, membership_id"
)
_SUPERSEDE = "a stance is never changed: record a new one that supersedes it"

TRIGGERS = [
    *_no_cycle("meeting", "parent_id"),
    *_no_cycle("topic", "parent_id"),
    *_no_cycle("actor", "parent_id"),
    *_no_cycle("source", "derived_from_id"),
    *_both(
        "meeting_country_is_state",
        "meeting",
        "country_id",
        "NEW.country_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actor AS a "
        "WHERE a.id = NEW.country_id AND a.kind = 'state')",
        "the country of a meeting is a state",
    ),
    # Texts and spans are immutable; a withheld text may be filled in, once.
    Trigger(
        "source_text_is_frozen",
        "source_text",
        "BEFORE UPDATE",
        "OLD.text IS NOT NULL OR NEW.text IS NULL OR NEW.source_id <> OLD.source_id "
        "OR NEW.version <> OLD.version OR NEW.sha256 <> OLD.sha256 "
        "OR NEW.length <> OLD.length",
        "a source text is never changed: a new wording is a new version",
    ),
    _kept("source_text", "a source text is never deleted"),
    Trigger(
        "passage_in_text",
        "passage",
        "AFTER INSERT",
        f"NEW.end_char > {_TEXT_LENGTH}",
        "a passage lies within its text",
    ),
    _frozen(
        "passage",
        "source_text_id, position, start_char, end_char",
        "the span of a passage never moves",
    ),
    _kept("passage", "a passage is never deleted"),
    Trigger(
        "evidence_in_text",
        "evidence",
        "AFTER INSERT",
        f"NEW.end_char > {_TEXT_LENGTH}",
        "a span of evidence lies within its text",
    ),
    *_both(
        "evidence_quotes_text",
        "evidence",
        "quote, prefix, suffix",
        _QUOTE_DIFFERS,
        "a quote says what the text says at its span; of a withheld text there is none",
    ),
    _frozen(
        "evidence",
        f"source_text_id, start_char, end_char, {_CLAIM_COLUMNS}",
        "a span of evidence never moves",
    ),
    _kept(
        "evidence",
        "the evidence of a stance is never deleted",
        "OLD.stance_id IS NOT NULL",
    ),
    # A chain of speakers has no gaps. A cascade from the evidence takes it as a whole.
    Trigger(
        "attribution_no_gap_insert",
        "attribution",
        "AFTER INSERT",
        "NEW.depth > 0 AND NOT EXISTS (SELECT 1 FROM attribution AS a "
        "WHERE a.evidence_id = NEW.evidence_id AND a.depth = NEW.depth - 1)",
        "the depths of attribution have no gaps",
    ),
    Trigger(
        "attribution_no_gap_delete",
        "attribution",
        "AFTER DELETE",
        "EXISTS (SELECT 1 FROM attribution AS a WHERE a.evidence_id = OLD.evidence_id "
        "AND a.depth > OLD.depth) "
        "AND EXISTS (SELECT 1 FROM evidence AS e WHERE e.id = OLD.evidence_id)",
        "the depths of attribution have no gaps",
    ),
    _frozen("attribution", "evidence_id, depth", "a link of the chain never moves"),
    # Stances are the record of what was said: neither edited nor deleted.
    _frozen("stance", _STANCE_CONTENT, _SUPERSEDE),
    _kept("stance", _SUPERSEDE),
    _frozen("stance_relation", "stance_id, relation, other_id", _SUPERSEDE),
    _kept("stance_relation", _SUPERSEDE),
    Trigger(
        "stance_affirms_or_denies_fact",
        "stance",
        "AFTER INSERT",
        "NEW.polarity IN (-2, 0, 2) AND EXISTS (SELECT 1 FROM proposition AS p "
        "WHERE p.id = NEW.proposition_id AND p.kind = 'factual')",
        "a factual proposition is affirmed (1) or denied (-1)",
    ),
    Trigger(
        "proposition_kind_fits_stances",
        "proposition",
        "AFTER UPDATE OF kind",
        "NEW.kind = 'factual' AND EXISTS (SELECT 1 FROM stance AS s "
        "WHERE s.proposition_id = NEW.id AND s.polarity IN (-2, 0, 2))",
        "a factual proposition is affirmed (1) or denied (-1)",
    ),
    Trigger(
        "stance_agenda_item_of_meeting",
        "stance",
        "AFTER INSERT",
        "NEW.agenda_item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agenda_item AS i "
        "WHERE i.id = NEW.agenda_item_id AND i.meeting_id = NEW.meeting_id)",
        "the agenda item of a stance belongs to its meeting",
    ),
]

_SOURCE = "SELECT slug FROM source WHERE id = {row}.source_id"
_SOURCE_OF_TEXT = (
    "SELECT s.slug FROM source AS s JOIN source_text AS t ON t.source_id = s.id "
    "WHERE t.id = {row}.source_text_id"
)
_MEETING = "SELECT slug FROM meeting WHERE id = {row}.meeting_id"


def _meeting_of(table: str, column: str) -> str:
    return (
        f"SELECT m.slug FROM meeting AS m JOIN {table} AS c ON c.meeting_id = m.id "
        f"WHERE c.id = {{row}}.{column}"
    )


_MEETING_OF_CLAIM = " UNION ".join(
    [
        _MEETING,
        _meeting_of("meeting_status_event", "status_event_id"),
        _meeting_of("participation", "participation_id"),
        _meeting_of("agenda_item", "agenda_item_id"),
        _meeting_of("outcome", "outcome_id"),
    ]
)
_ACTOR_OF_CLAIM = (
    "SELECT a.slug FROM actor AS a JOIN tenure AS c ON c.person_id = a.id "
    "WHERE c.id = {row}.tenure_id UNION "
    "SELECT a.slug FROM actor AS a JOIN membership AS c ON c.member_id = a.id "
    "WHERE c.id = {row}.membership_id"
)

JOBS = [
    JobTrigger("source", "source", "SELECT {row}.slug AS slug"),
    JobTrigger("source_subject", "source", _SOURCE),
    JobTrigger("source_text", "source", _SOURCE),
    JobTrigger("passage", "source", _SOURCE_OF_TEXT),
    JobTrigger(
        "mention",
        "source",
        "SELECT s.slug FROM source AS s JOIN source_text AS t ON t.source_id = s.id "
        "JOIN passage AS p ON p.source_text_id = t.id WHERE p.id = {row}.passage_id",
    ),
    JobTrigger("meeting", "meeting", "SELECT {row}.slug AS slug"),
    JobTrigger("meeting_status_event", "meeting", _MEETING),
    JobTrigger("participation", "meeting", _MEETING),
    JobTrigger("agenda_item", "meeting", _MEETING),
    JobTrigger("outcome", "meeting", _MEETING),
    JobTrigger("stance", "stance", "SELECT {row}.slug AS slug"),
    JobTrigger(
        "stance_relation",
        "stance",
        "SELECT slug FROM stance WHERE id IN ({row}.stance_id, {row}.other_id)",
    ),
    JobTrigger("proposition", "proposition", "SELECT {row}.slug AS slug"),
    JobTrigger("actor", "actor", "SELECT {row}.slug AS slug"),
    JobTrigger(
        "actor_name", "actor", "SELECT slug FROM actor WHERE id = {row}.actor_id"
    ),
    JobTrigger(
        "actor_identifier", "actor", "SELECT slug FROM actor WHERE id = {row}.actor_id"
    ),
    JobTrigger("tenure", "actor", "SELECT slug FROM actor WHERE id = {row}.person_id"),
    JobTrigger(
        "membership", "actor", "SELECT slug FROM actor WHERE id = {row}.member_id"
    ),
    JobTrigger("evidence", "source", _SOURCE_OF_TEXT),
    JobTrigger("evidence", "meeting", _MEETING_OF_CLAIM),
    JobTrigger(
        "evidence", "stance", "SELECT slug FROM stance WHERE id = {row}.stance_id"
    ),
    JobTrigger("evidence", "actor", _ACTOR_OF_CLAIM),
]

TABLES = [
    "actor",
    "dataset",
    "index_job",
    "load_run",
    "topic",
    "actor_identifier",
    "actor_name",
    "meeting",
    "membership",
    "office",
    "proposition",
    "source",
    "agenda_item",
    "meeting_status_event",
    "outcome",
    "participation",
    "source_contributor",
    "source_subject",
    "source_text",
    "tenure",
    "passage",
    "stance",
    "evidence",
    "mention",
    "stance_relation",
    "attribution",
]


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "actorkind",
                "person",
                "state",
                "government_body",
                "international_organization",
                "bloc",
                "armed_forces",
                "armed_group",
                "company",
                "media",
                "research_body",
                "ngo",
                "unnamed_group",
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("description", sa.Text()),
        sa.Column("digest", sa.String(length=64)),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["actor.id"], name="fk_actor_parent_id_actor"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actor"),
        sa.UniqueConstraint("slug", name="uq_actor_slug"),
    )
    op.create_index("ix_actor_parent_id", "actor", ["parent_id"])
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("licence", sa.Text()),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64)),
        sa.PrimaryKeyConstraint("id", name="pk_dataset"),
        sa.UniqueConstraint("slug", name="uq_dataset_slug"),
    )
    op.create_table(
        "index_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum("jobkind", "source", "meeting", "stance", "actor", "proposition"),
            nullable=False,
        ),
        sa.Column("root", SLUG, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_job"),
        sa.UniqueConstraint("kind", "root", name="uq_index_job_kind_root"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "load_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_load_run"),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("digest", sa.String(length=64)),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["topic.id"], name="fk_topic_parent_id_topic"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
        sa.UniqueConstraint("slug", name="uq_topic_slug"),
    )
    op.create_index("ix_topic_parent_id", "topic", ["parent_id"])
    op.create_table(
        "actor_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name="fk_actor_identifier_actor_id_actor",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actor_identifier"),
        sa.UniqueConstraint("scheme", "value", name="uq_actor_identifier_scheme_value"),
    )
    op.create_index("ix_actor_identifier_actor_id", "actor_identifier", ["actor_id"])
    op.create_table(
        "actor_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("script", sa.String(length=4)),
        sa.Column(
            "kind",
            _enum(
                "namekind",
                "official",
                "short",
                "alias",
                "transliteration",
                "historical",
                "metonym",
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["actor.id"],
            name="fk_actor_name_actor_id_actor",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actor_name"),
        sa.UniqueConstraint(
            "actor_id", "name", "language", name="uq_actor_name_actor_id_name_language"
        ),
    )
    op.create_index("ix_actor_name_folded", "actor_name", ["folded"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            _enum("meetingkind", "meeting", "summit", "session", "visit", "talks"),
            nullable=False,
        ),
        sa.Column(
            "format",
            _enum(
                "meetingformat",
                "bilateral",
                "trilateral",
                "minilateral",
                "multilateral",
                "unknown",
            ),
            nullable=False,
        ),
        sa.Column(
            "medium",
            _enum("medium", "in_person", "phone", "video", "written", "unknown"),
            nullable=False,
        ),
        sa.Column(
            "level",
            _enum(
                "level",
                "head_of_state",
                "head_of_government",
                "minister",
                "deputy_minister",
                "senior_official",
                "ambassador",
                "expert",
            ),
        ),
        sa.Column("date", sa.Text()),
        sa.Column("earliest", sa.Date()),
        sa.Column("latest", sa.Date()),
        sa.Column("date_as_written", sa.Text()),
        sa.Column("venue", sa.Text()),
        sa.Column("city", sa.Text()),
        sa.Column("country_id", sa.Integer()),
        sa.Column(
            "several",
            sa.Boolean(create_constraint=True, name="several"),
            nullable=False,
        ),
        sa.Column("series", sa.Text()),
        sa.Column("parent_id", sa.Integer()),
        sa.Column(
            "relation",
            _enum(
                "meetingrelation",
                "sidelines",
                "beside",
                "session",
                "stop",
                "preparatory",
                "follow_up",
            ),
        ),
        sa.Column("digest", sa.String(length=64)),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (relation IS NULL)",
            name=op.f("ck_meeting_relation_goes_with_parent"),
        ),
        sa.CheckConstraint(
            "earliest <= latest", name=op.f("ck_meeting_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["country_id"], ["actor.id"], name="fk_meeting_country_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["meeting.id"], name="fk_meeting_parent_id_meeting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("slug", name="uq_meeting_slug"),
    )
    op.create_index("ix_meeting_country_id", "meeting", ["country_id"])
    op.create_index("ix_meeting_earliest", "meeting", ["earliest"])
    op.create_index("ix_meeting_parent_id", "meeting", ["parent_id"])
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _enum(
                "membershipstatus",
                "candidate",
                "observer",
                "dialogue_partner",
                "member",
                "suspended",
                "former",
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Text()),
        sa.Column("since_earliest", sa.Date()),
        sa.Column("since_latest", sa.Date()),
        sa.Column("since_as_written", sa.Text()),
        sa.Column("until", sa.Text()),
        sa.Column("until_earliest", sa.Date()),
        sa.Column("until_latest", sa.Date()),
        sa.Column("until_as_written", sa.Text()),
        sa.Column("attested", sa.Text()),
        sa.Column("attested_earliest", sa.Date()),
        sa.Column("attested_latest", sa.Date()),
        sa.Column("attested_as_written", sa.Text()),
        sa.CheckConstraint(
            "member_id <> organization_id", name=op.f("ck_membership_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["actor.id"], name="fk_membership_member_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["actor.id"],
            name="fk_membership_organization_id_actor",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("key", name="uq_membership_key"),
    )
    op.create_index("ix_membership_member_id", "membership", ["member_id"])
    op.create_index("ix_membership_organization_id", "membership", ["organization_id"])
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64)),
        sa.ForeignKeyConstraint(
            ["body_id"], ["actor.id"], name="fk_office_body_id_actor"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
        sa.UniqueConstraint("slug", name="uq_office_slug"),
    )
    op.create_index("ix_office_body_id", "office", ["body_id"])
    op.create_table(
        "proposition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            _enum("propositionkind", "normative", "factual", "forecast", "evaluative"),
            nullable=False,
        ),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("about", sa.Text()),
        sa.Column("about_earliest", sa.Date()),
        sa.Column("about_latest", sa.Date()),
        sa.Column("about_as_written", sa.Text()),
        sa.Column("digest", sa.String(length=64)),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_proposition_topic_id_topic"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposition"),
        sa.UniqueConstraint("slug", name="uq_proposition_slug"),
    )
    op.create_index("ix_proposition_topic_id", "proposition", ["topic_id"])
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column(
            "kind",
            _enum(
                "sourcekind",
                "readout",
                "transcript",
                "communique",
                "official_statement",
                "official_document",
                "briefing",
                "news_report",
                "interview",
                "speech",
                "vote_record",
                "summary",
                "dataset",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text()),
        sa.Column("issuer_id", sa.Integer()),
        sa.Column("published", sa.Text()),
        sa.Column("published_earliest", sa.Date()),
        sa.Column("published_latest", sa.Date()),
        sa.Column("published_as_written", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text()),
        sa.Column("derived_from_id", sa.Integer()),
        sa.Column(
            "derivation",
            _enum("derivation", "summary", "translation", "copy", "excerpt"),
        ),
        sa.Column("digest", sa.String(length=64)),
        sa.CheckConstraint(
            "(derived_from_id IS NULL) = (derivation IS NULL)",
            name=op.f("ck_source_derivation_goes_with_original"),
        ),
        sa.CheckConstraint(
            "derived_from_id <> id", name=op.f("ck_source_not_its_own_original")
        ),
        sa.ForeignKeyConstraint(
            ["derived_from_id"], ["source.id"], name="fk_source_derived_from_id_source"
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["actor.id"], name="fk_source_issuer_id_actor"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("slug", name="uq_source_slug"),
    )
    op.create_index("ix_source_derived_from_id", "source", ["derived_from_id"])
    op.create_index("ix_source_issuer_id", "source", ["issuer_id"])
    op.create_index("ix_source_published_earliest", "source", ["published_earliest"])
    op.create_index("ix_source_publisher", "source", ["publisher"])
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("side_id", sa.Integer()),
        sa.Column(
            "status",
            _enum(
                "agendastatus",
                "speculated",
                "expected",
                "announced",
                "discussed",
                "agreed",
                "deferred",
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name="fk_agenda_item_meeting_id_meeting",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["side_id"], ["actor.id"], name="fk_agenda_item_side_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_agenda_item_topic_id_topic"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
        sa.UniqueConstraint(
            "meeting_id", "position", name="uq_agenda_item_meeting_id_position"
        ),
    )
    op.create_index("ix_agenda_item_meeting_id", "agenda_item", ["meeting_id"])
    op.create_index("ix_agenda_item_side_id", "agenda_item", ["side_id"])
    op.create_index("ix_agenda_item_topic_id", "agenda_item", ["topic_id"])
    op.create_table(
        "meeting_status_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _enum(
                "meetingstatus",
                "expected",
                "announced",
                "under_way",
                "held",
                "postponed",
                "cancelled",
                "stalled",
                "denied",
            ),
            nullable=False,
        ),
        sa.Column("date", sa.Text()),
        sa.Column("earliest", sa.Date()),
        sa.Column("latest", sa.Date()),
        sa.Column("date_as_written", sa.Text()),
        sa.CheckConstraint(
            "earliest <= latest", name=op.f("ck_meeting_status_event_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name="fk_meeting_status_event_meeting_id_meeting",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_status_event"),
        sa.UniqueConstraint(
            "meeting_id", "key", name="uq_meeting_status_event_meeting_id_key"
        ),
    )
    op.create_index(
        "ix_meeting_status_event_meeting_id", "meeting_status_event", ["meeting_id"]
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "type",
            _enum(
                "outcometype",
                "joint_statement",
                "communique",
                "agreement_signed",
                "memorandum",
                "no_statement",
                "follow_up_meeting",
                "stalled",
                "breakdown",
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name="fk_outcome_meeting_id_meeting",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.UniqueConstraint(
            "meeting_id", "position", name="uq_outcome_meeting_id_position"
        ),
    )
    op.create_index("ix_outcome_meeting_id", "outcome", ["meeting_id"])
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("label", sa.Text()),
        sa.Column("represented_id", sa.Integer()),
        sa.Column("office_id", sa.Integer()),
        sa.Column(
            "role",
            _enum(
                "role",
                "host",
                "co_host",
                "chair",
                "visitor",
                "head_of_delegation",
                "delegate",
                "mediator",
                "observer",
                "guest",
            ),
            nullable=False,
        ),
        sa.Column(
            "presence",
            _enum("presence", "expected", "attended", "absent", "denied", "unknown"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR label IS NOT NULL OR represented_id IS NOT NULL",
            name=op.f("ck_participation_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name="fk_participation_meeting_id_meeting",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_participation_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["actor.id"], name="fk_participation_person_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["represented_id"],
            ["actor.id"],
            name="fk_participation_represented_id_actor",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_participation"),
        sa.UniqueConstraint(
            "meeting_id", "key", name="uq_participation_meeting_id_key"
        ),
    )
    op.create_index("ix_participation_meeting_id", "participation", ["meeting_id"])
    op.create_index("ix_participation_office_id", "participation", ["office_id"])
    op.create_index("ix_participation_person_id", "participation", ["person_id"])
    op.create_index(
        "ix_participation_represented_id", "participation", ["represented_id"]
    )
    op.create_table(
        "source_contributor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name="fk_source_contributor_source_id_source",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_source_contributor"),
        sa.UniqueConstraint(
            "source_id", "position", name="uq_source_contributor_source_id_position"
        ),
    )
    op.create_table(
        "source_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind", _enum("subjectkind", "person", "country", "topic"), nullable=False
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("topic_id", sa.Integer()),
        sa.CheckConstraint(
            "actor_id IS NULL OR topic_id IS NULL",
            name=op.f("ck_source_subject_resolves_to_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name="fk_source_subject_actor_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name="fk_source_subject_source_id_source",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_source_subject_topic_id_topic"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_source_subject"),
        sa.UniqueConstraint(
            "source_id", "kind", "label", name="uq_source_subject_source_id_kind_label"
        ),
    )
    op.create_index("ix_source_subject_actor_id", "source_subject", ["actor_id"])
    op.create_index("ix_source_subject_label", "source_subject", ["label"])
    op.create_index("ix_source_subject_topic_id", "source_subject", ["topic_id"])
    op.create_table(
        "source_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("retrieved", sa.Date()),
        sa.CheckConstraint(
            "length(sha256) = 64", name=op.f("ck_source_text_sha256_is_hex")
        ),
        sa.CheckConstraint(
            "text IS NULL OR length(text) = length",
            name=op.f("ck_source_text_length_is_true"),
        ),
        sa.CheckConstraint(
            "version >= 1", name=op.f("ck_source_text_version_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name="fk_source_text_source_id_source"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_source_text"),
        sa.UniqueConstraint(
            "source_id", "sha256", name="uq_source_text_source_id_sha256"
        ),
        sa.UniqueConstraint(
            "source_id", "version", name="uq_source_text_source_id_version"
        ),
    )
    op.create_index("ix_source_text_sha256", "source_text", ["sha256"])
    op.create_table(
        "tenure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text()),
        sa.Column("since_earliest", sa.Date()),
        sa.Column("since_latest", sa.Date()),
        sa.Column("since_as_written", sa.Text()),
        sa.Column("until", sa.Text()),
        sa.Column("until_earliest", sa.Date()),
        sa.Column("until_latest", sa.Date()),
        sa.Column("until_as_written", sa.Text()),
        sa.Column("attested", sa.Text()),
        sa.Column("attested_earliest", sa.Date()),
        sa.Column("attested_latest", sa.Date()),
        sa.Column("attested_as_written", sa.Text()),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name="fk_tenure_office_id_office"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["actor.id"], name="fk_tenure_person_id_actor"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tenure"),
        sa.UniqueConstraint("key", name="uq_tenure_key"),
    )
    op.create_index("ix_tenure_office_id", "tenure", ["office_id"])
    op.create_index("ix_tenure_person_id", "tenure", ["person_id"])
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer()),
        sa.CheckConstraint(
            "position >= 1", name=op.f("ck_passage_position_counts_from_one")
        ),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char",
            name=op.f("ck_passage_span_is_not_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"],
            ["source_text.id"],
            name="fk_passage_source_text_id_source_text",
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["actor.id"], name="fk_passage_speaker_id_actor"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
        sa.UniqueConstraint(
            "source_text_id", "position", name="uq_passage_source_text_id_position"
        ),
    )
    op.create_index("ix_passage_speaker_id", "passage", ["speaker_id"])
    op.create_table(
        "stance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", SLUG, nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("represents_id", sa.Integer()),
        sa.Column("proposition_id", sa.Integer()),
        sa.Column("target_actor_id", sa.Integer()),
        sa.Column(
            "position",
            _enum(
                "position",
                "for",
                "against",
                "neutral",
                "mixed",
                "undetermined",
                "declined",
                "unclear",
            ),
            nullable=False,
        ),
        sa.Column("polarity", sa.SmallInteger()),
        sa.Column(
            "mode",
            _enum("mode", "said", "did", "voted", "signed", "ascribed", "inferred"),
            nullable=False,
        ),
        sa.Column(
            "certainty",
            _enum("certainty", "certain", "probable", "possible", "unknown"),
            nullable=False,
        ),
        sa.Column("stated", sa.Text()),
        sa.Column("stated_earliest", sa.Date()),
        sa.Column("stated_latest", sa.Date()),
        sa.Column("stated_as_written", sa.Text()),
        sa.Column("valid_from", sa.Text()),
        sa.Column("valid_from_earliest", sa.Date()),
        sa.Column("valid_from_latest", sa.Date()),
        sa.Column("valid_from_as_written", sa.Text()),
        sa.Column("valid_to", sa.Text()),
        sa.Column("valid_to_earliest", sa.Date()),
        sa.Column("valid_to_latest", sa.Date()),
        sa.Column("valid_to_as_written", sa.Text()),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("meeting_id", sa.Integer()),
        sa.Column("agenda_item_id", sa.Integer()),
        sa.Column("note", sa.Text()),
        sa.Column("recorded_at", sa.Date()),
        sa.Column("recorded_by", sa.Text()),
        sa.Column("digest", sa.String(length=64)),
        sa.CheckConstraint(
            "CASE position WHEN 'for' THEN polarity IS NOT NULL AND polarity IN (1, 2) WHEN 'against' THEN polarity IS NOT NULL AND polarity IN (-2, -1) WHEN 'neutral' THEN polarity IS NOT NULL AND polarity = 0 ELSE polarity IS NULL END",
            name=op.f("ck_stance_polarity_fits_position"),
        ),
        sa.CheckConstraint(
            "(proposition_id IS NULL) <> (target_actor_id IS NULL)",
            name=op.f("ck_stance_one_target"),
        ),
        sa.CheckConstraint(
            "agenda_item_id IS NULL OR meeting_id IS NOT NULL",
            name=op.f("ck_stance_agenda_item_needs_meeting"),
        ),
        sa.CheckConstraint(
            "stated_earliest <= stated_latest", name=op.f("ck_stance_stated_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["agenda_item.id"],
            name="fk_stance_agenda_item_id_agenda_item",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["actor.id"], name="fk_stance_holder_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_stance_meeting_id_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["proposition_id"],
            ["proposition.id"],
            name="fk_stance_proposition_id_proposition",
        ),
        sa.ForeignKeyConstraint(
            ["represents_id"], ["actor.id"], name="fk_stance_represents_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["target_actor_id"], ["actor.id"], name="fk_stance_target_actor_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_stance_topic_id_topic"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stance"),
        sa.UniqueConstraint("slug", name="uq_stance_slug"),
    )
    op.create_index("ix_stance_agenda_item_id", "stance", ["agenda_item_id"])
    op.create_index(
        "ix_stance_holder_id_proposition_id", "stance", ["holder_id", "proposition_id"]
    )
    op.create_index("ix_stance_meeting_id", "stance", ["meeting_id"])
    op.create_index("ix_stance_proposition_id", "stance", ["proposition_id"])
    op.create_index("ix_stance_represents_id", "stance", ["represents_id"])
    op.create_index("ix_stance_stated_earliest", "stance", ["stated_earliest"])
    op.create_index("ix_stance_target_actor_id", "stance", ["target_actor_id"])
    op.create_index("ix_stance_topic_id", "stance", ["topic_id"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_text_id", sa.Integer(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text()),
        sa.Column("prefix", sa.Text()),
        sa.Column("suffix", sa.Text()),
        sa.Column(
            "role",
            _enum("evidencerole", "supports", "contradicts", "context"),
            nullable=False,
        ),
        sa.Column("note", sa.Text()),
        sa.Column("meeting_id", sa.Integer()),
        sa.Column("status_event_id", sa.Integer()),
        sa.Column("participation_id", sa.Integer()),
        sa.Column("agenda_item_id", sa.Integer()),
        sa.Column("outcome_id", sa.Integer()),
        sa.Column("stance_id", sa.Integer()),
        sa.Column("tenure_id", sa.Integer()),
        sa.Column("membership_id", sa.Integer()),
        sa.CheckConstraint(
            "(CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN status_event_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN participation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN agenda_item_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN outcome_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN stance_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN tenure_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN membership_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_evidence_one_claim"),
        ),
        sa.CheckConstraint(
            "quote IS NOT NULL OR (prefix IS NULL AND suffix IS NULL)",
            name=op.f("ck_evidence_context_needs_quote"),
        ),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char",
            name=op.f("ck_evidence_span_is_not_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["agenda_item.id"],
            name="fk_evidence_agenda_item_id_agenda_item",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name="fk_evidence_meeting_id_meeting",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name="fk_evidence_membership_id_membership",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name="fk_evidence_outcome_id_outcome",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name="fk_evidence_participation_id_participation",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_text_id"],
            ["source_text.id"],
            name="fk_evidence_source_text_id_source_text",
        ),
        sa.ForeignKeyConstraint(
            ["stance_id"], ["stance.id"], name="fk_evidence_stance_id_stance"
        ),
        sa.ForeignKeyConstraint(
            ["status_event_id"],
            ["meeting_status_event.id"],
            name="fk_evidence_status_event_id_meeting_status_event",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenure_id"],
            ["tenure.id"],
            name="fk_evidence_tenure_id_tenure",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_agenda_item_id", "evidence", ["agenda_item_id"])
    op.create_index("ix_evidence_meeting_id", "evidence", ["meeting_id"])
    op.create_index("ix_evidence_membership_id", "evidence", ["membership_id"])
    op.create_index("ix_evidence_outcome_id", "evidence", ["outcome_id"])
    op.create_index("ix_evidence_participation_id", "evidence", ["participation_id"])
    op.create_index("ix_evidence_source_text_id", "evidence", ["source_text_id"])
    op.create_index("ix_evidence_stance_id", "evidence", ["stance_id"])
    op.create_index("ix_evidence_status_event_id", "evidence", ["status_event_id"])
    op.create_index("ix_evidence_tenure_id", "evidence", ["tenure_id"])
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("method", _enum("mentionmethod", "name", "coder"), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name="fk_mention_actor_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["passage.id"],
            name="fk_mention_passage_id_passage",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mention"),
        sa.UniqueConstraint(
            "passage_id", "actor_id", name="uq_mention_passage_id_actor_id"
        ),
    )
    op.create_index("ix_mention_actor_id", "mention", ["actor_id"])
    op.create_table(
        "stance_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stance_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            _enum(
                "stancelink",
                "supersedes",
                "retracts",
                "denies",
                "contradicts",
                "clarifies",
                "repeats",
            ),
            nullable=False,
        ),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stance_id <> other_id", name=op.f("ck_stance_relation_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["stance.id"], name="fk_stance_relation_other_id_stance"
        ),
        sa.ForeignKeyConstraint(
            ["stance_id"], ["stance.id"], name="fk_stance_relation_stance_id_stance"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stance_relation"),
        sa.UniqueConstraint(
            "stance_id",
            "relation",
            "other_id",
            name="uq_stance_relation_stance_id_relation_other_id",
        ),
    )
    op.create_index("ix_stance_relation_other_id", "stance_relation", ["other_id"])
    op.create_table(
        "attribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("source_id", sa.Integer()),
        sa.Column(
            "verb",
            _enum("verb", "quoted", "paraphrased", "according_to"),
            nullable=False,
        ),
        sa.Column(
            "certainty",
            _enum("certainty", "certain", "probable", "possible", "unknown"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(actor_id IS NULL) <> (source_id IS NULL)",
            name=op.f("ck_attribution_one_speaker"),
        ),
        sa.CheckConstraint(
            "depth >= 0", name=op.f("ck_attribution_depth_counts_from_zero")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name="fk_attribution_actor_id_actor"
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name="fk_attribution_evidence_id_evidence",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name="fk_attribution_source_id_source"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attribution"),
        sa.UniqueConstraint(
            "evidence_id", "depth", name="uq_attribution_evidence_id_depth"
        ),
    )
    op.create_index("ix_attribution_actor_id", "attribution", ["actor_id"])
    op.create_index("ix_attribution_source_id", "attribution", ["source_id"])
    for trigger in TRIGGERS:
        trigger.create()
    for job in JOBS:
        job.create()
    create_views(r0001.views(op.get_context().dialect.name))


def downgrade() -> None:
    drop_views(r0001.views(op.get_context().dialect.name))
    for job in JOBS:
        job.drop()
    for trigger in TRIGGERS:
        trigger.drop()
    for table in reversed(TABLES):
        op.drop_table(table)
