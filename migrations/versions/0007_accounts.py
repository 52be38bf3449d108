"""Accounts, the browsers they are signed in with, their tokens, attempts to sign in.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

from migrations.objects import refuse_if_any

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHANGES: frozenset[str] = frozenset()

ROLE = sa.Enum(
    "reader",
    "coder",
    "editor",
    "admin",
    name="accountrole",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("stamp", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_is_short"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        _owner(),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stamp", sa.Integer, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer, nullable=False),
        _owner(),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("stamp", sa.Integer, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for columns in (["name", "at"], ["address", "at"], ["at"]):
        name = f"ix_sign_in_attempt_{'_'.join(columns)}"
        op.create_index(name, "sign_in_attempt", columns)


def downgrade() -> None:
    refuse_if_any({"accounts": "SELECT COUNT(*) FROM account"})
    for table in ("sign_in_attempt", "api_token", "sign_in", "account"):
        op.drop_table(table)


def _owner() -> sa.Column[int]:
    key = sa.ForeignKey("account.id")
    return sa.Column("account_id", sa.Integer, key, nullable=False)
