"""A token that ties the search index to the database.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHANGES = frozenset({"ck_index_state_one"})


def upgrade() -> None:
    made = op.create_table(
        "index_state",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("current", sa.String(32)),
        sa.Column("pending", sa.String(32)),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("id = 1", name="one"),
    )
    op.bulk_insert(made, [{"id": 1}])


def downgrade() -> None:
    op.drop_table("index_state")
