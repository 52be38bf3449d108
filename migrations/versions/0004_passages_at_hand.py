"""Passages found by their place, and cut from long texts without reading them anew.

Revision: 0004
Follows: 0003
"""

from alembic import op

from migrations.objects import create_views, drop_views
from migrations.views import r0003, r0004

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEX = "ix_passage_source_text_id_start_char"

CHANGES = frozenset({INDEX})

# PostgreSQL finds a place in a text by reading the text up to there, once for every
# passage: of a text of 2 MB that took seconds, of one of 50 MB it would take half an
# hour. So the part around the last passage is kept until the transaction ends, under
# the hash of its text, and the next passage is nearly always in it. One passage alone
# costs what it did.
#
# A setting of the session is the only thing that a query without the right to write can
# keep. What speaks against it: a plan with it runs in one process. To keep the parts in
# a table instead would store every long text twice. Who may not call `set_config`, as
# the console's role, still reads passages; this is all that the function does for them.
_PASSAGE_TEXT = """
    CREATE FUNCTION passage_text(
        whole text, sha256 text, length integer, start_char integer, end_char integer
    ) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        size integer := greatest(20000, 16 * sqrt(length))::integer;
        first integer := start_char / size * size;
        part text := sha256 || ' ' || first;
    BEGIN
        IF end_char <= size OR end_char - start_char > size THEN
            RETURN substr(whole, start_char + 1, end_char - start_char);
        END IF;
        IF current_setting('dragoman.part', true) IS DISTINCT FROM part THEN
            PERFORM set_config(
                'dragoman.part_text', substr(whole, first + 1, 2 * size), true
            );
            PERFORM set_config('dragoman.part', part, true);
        END IF;
        RETURN substr(
            current_setting('dragoman.part_text'),
            start_char - first + 1, end_char - start_char
        );
    END $$
"""


def upgrade() -> None:
    drop_views(r0003.views(_dialect()))
    op.create_index(INDEX, "passage", ["source_text_id", "start_char"])
    if _dialect() == "postgresql":
        op.execute(_PASSAGE_TEXT)
    create_views(r0004.views(_dialect()))


def downgrade() -> None:
    drop_views(r0004.views(_dialect()))
    if _dialect() == "postgresql":
        op.execute("DROP FUNCTION passage_text")
    op.drop_index(INDEX, "passage")
    create_views(r0003.views(_dialect()))


def _dialect() -> str:
    return op.get_context().dialect.name
