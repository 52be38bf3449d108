"""${message}

Before you commit this file (and then delete this advice):
- Import nothing of ours except `migrations.objects`, `migrations.rebuild` and
  `migrations.views`; a migration must mean the same for ever, models change.
- Columns and constraints of a table that stands change by `migrations.rebuild.changing`
  only: `op.batch_alter_table` would lose triggers, CHECKs and, by cascade, rows. What
  autogenerate wrote below says what to change, not how.
- Autogenerate sees neither triggers nor changed CHECKs: write both by hand, in both
  directions.
- Views block changes to their tables on PostgreSQL: call `drop_views` first and
  `create_views` last, with the views of a new module in `migrations/views/`.
- On SQLite foreign keys are off until COMMIT, so a DELETE here does not cascade.
- Where the older schema cannot say what is stored, `downgrade` begins with
  `refuse_if_any`: a sentence and a count, before anything is changed.
- Name in CHANGES every trigger, index and constraint that is added, altered or removed;
  `tests/migrations/test_revisions.py` compares it with what it finds, and the rows.

Revision: ${up_revision}
Follows: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import changing

${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

CHANGES = frozenset({})


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
