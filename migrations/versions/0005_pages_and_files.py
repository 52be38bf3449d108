"""The pages of documents, and the files out of which texts were read.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

from migrations.objects import Trigger, create_views, drop_views, refuse_if_any
from migrations.rebuild import changing
from migrations.views import r0004, r0005

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FROZEN = Trigger(
    "passage_page_is_frozen",
    "passage",
    "BEFORE UPDATE OF page",
    "1 = 1",
    "the page of a passage never changes",
)

CHANGES = frozenset(
    {
        "ck_passage_page_counts_from_one",
        "ck_source_text_file_sha256_is_hex",
        "ck_source_text_file_goes_with_reader",
        "ix_source_text_file_sha256",
        FROZEN.name,
    }
)


def upgrade() -> None:
    drop_views(r0004.views(_dialect()))
    with changing("passage") as change:
        change.add_column("page", sa.Integer())
        change.add_constraint("ck_passage_page_counts_from_one", "CHECK (page >= 1)")
    with changing("source_text") as change:
        change.add_column("file_sha256", sa.String(64))
        change.add_column("reader", sa.Text())
        change.add_constraint(
            "ck_source_text_file_sha256_is_hex", "CHECK (length(file_sha256) = 64)"
        )
        change.add_constraint(
            "ck_source_text_file_goes_with_reader",
            "CHECK ((file_sha256 IS NULL) = (reader IS NULL))",
        )
    op.create_index("ix_source_text_file_sha256", "source_text", ["file_sha256"])
    FROZEN.create()
    create_views(r0005.views(_dialect()))


def downgrade() -> None:
    refuse_if_any(
        {
            "passages with a page": "SELECT COUNT(*) FROM passage "
            "WHERE page IS NOT NULL",
            "texts read out of a file": "SELECT COUNT(*) FROM source_text "
            "WHERE file_sha256 IS NOT NULL",
        }
    )
    drop_views(r0005.views(_dialect()))
    FROZEN.drop()
    op.drop_index("ix_source_text_file_sha256", "source_text")
    with changing("source_text") as change:
        change.drop_constraint("ck_source_text_file_goes_with_reader")
        change.drop_constraint("ck_source_text_file_sha256_is_hex")
        change.drop_column("reader")
        change.drop_column("file_sha256")
    with changing("passage") as change:
        change.drop_constraint("ck_passage_page_counts_from_one")
        change.drop_column("page")
    create_views(r0004.views(_dialect()))


def _dialect() -> str:
    return op.get_context().dialect.name
