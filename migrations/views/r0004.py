"""The plural views as of revision 0004.

Changed since 0003: on PostgreSQL `passages` cuts long texts by `passage_text`;
`citations` finds the passages of a span by their index.
"""

from migrations.views import r0003

_CUT = "SUBSTR(t.text, p.start_char + 1, p.end_char - p.start_char)"
_CUT_ONCE = "passage_text(t.text, t.sha256, t.length, p.start_char, p.end_char)"

_FIRST = """p.end_char > e.start_char
                    ORDER BY p.position LIMIT 1"""
_FIRST_BY_PLACE = """p.start_char >= COALESCE((
                        SELECT q.start_char FROM passage AS q
                        WHERE q.source_text_id = e.source_text_id
                        AND q.start_char <= e.start_char
                        ORDER BY q.start_char DESC LIMIT 1
                    ), 0) AND p.end_char > e.start_char
                    ORDER BY p.start_char LIMIT 1"""
_LAST = "ORDER BY p.position DESC LIMIT 1"
_LAST_BY_PLACE = "ORDER BY p.start_char DESC LIMIT 1"


def views(dialect: str) -> dict[str, str]:
    """Return name and SELECT of every view, for ``sqlite`` or ``postgresql``."""
    found = r0003.views(dialect)
    found["citations"] = r0003.replace(
        found["citations"], (_FIRST, _FIRST_BY_PLACE), (_LAST, _LAST_BY_PLACE)
    )
    if dialect == "postgresql":
        found["passages"] = r0003.replace(found["passages"], (_CUT, _CUT_ONCE))
    return found
