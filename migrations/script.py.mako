"""${message}

Before you commit this file:
- Import nothing of ours except `migrations.objects` and `migrations.views`; a migration
  must mean the same for ever, models change.
- Views block changes to their tables on both databases: call `drop_views` first and
  `create_views` last, with the views of a new module in `migrations/views/`.
- Autogenerate sees neither triggers nor changed CHECKs: write both by hand, in both
  directions. Rebuilding a table (`batch_alter_table`) drops its triggers on SQLite.
- Try it: up, down, up, on SQLite and PostgreSQL, with rows in the tables.

Revision: ${up_revision}
Follows: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op

${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
