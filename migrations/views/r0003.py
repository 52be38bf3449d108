"""The plural views as of revision 0003.

Changed since 0001: `meetings` has `ended`, and what ended was held; `dyads` pairs only
who came or is to come, and not the whole visit beside its stops; `stances` leaves out
what another stance corrects and reads relations as of the last correction. New:
`stances_history`, `corrections`, `proposition_relations`.
"""

from migrations.views import r0001

_WITHOUT_END = (
    "COALESCE(x.effective, x.known) IS NULL THEN 0 ELSE 1 END DESC,\n",
    "x.status = 'stalled' THEN 0 ELSE 1 END DESC,\n"
    "        CASE WHEN COALESCE(x.effective, x.known) IS NULL THEN 0 ELSE 1 END DESC,\n",
)
_CORRECTED = "SELECT c.other_id FROM stance_relation AS c WHERE c.relation = 'corrects'"

# The stance itself and all that it corrects, step by step.
_SAME = """(
    WITH RECURSIVE wrong (id) AS (
        SELECT st.id UNION
        SELECT c.other_id FROM stance_relation AS c JOIN wrong ON wrong.id = c.stance_id
        WHERE c.relation = 'corrects'
    ) SELECT id FROM wrong
)"""

_CHAIN = """
    WITH RECURSIVE chain (stance_id, last_id) AS (
        SELECT other_id, stance_id FROM stance_relation WHERE relation = 'corrects'
        UNION
        SELECT chain.stance_id, c.stance_id FROM chain
        JOIN stance_relation AS c ON c.other_id = chain.last_id
        WHERE c.relation = 'corrects'
    ), last_one (stance_id, last_id) AS (
        SELECT stance_id, last_id FROM chain WHERE last_id NOT IN (
            SELECT other_id FROM stance_relation WHERE relation = 'corrects'
        )
    )
"""


def replace(text: str, *pairs: tuple[str, str]) -> str:
    """Replace parts of a view that stand in it exactly once."""
    for old, new in pairs:
        if text.count(old) != 1:
            raise ValueError(f"{text.count(old)} times in the view: {old}")
        text = text.replace(old, new)
    return text


def views(dialect: str) -> dict[str, str]:
    """Return name and SELECT of every view, for ``sqlite`` or ``postgresql``."""
    found = r0001.views(dialect)
    stances = replace(
        found["stances"],
        ("h.kind AS holder_kind, r.name AS represents,", _REPRESENTS),
        ("WHERE sr.other_id = st.id", f"WHERE sr.other_id IN {_SAME}"),
        (
            "AND sr.relation IN ('supersedes', 'retracts')",
            "AND sr.relation IN ('supersedes', 'retracts') "
            f"AND sr.stance_id NOT IN {_SAME}",
        ),
    )
    found["meetings"] = replace(
        found["meetings"],
        ("m.level, ev.status,", f"m.level, {_STATUS} AS status,"),
        ("SELECT ev.id AS id,", "SELECT ev.id AS id, ev.status AS status,"),
        ("CASE WHEN " + _WITHOUT_END[0], "CASE WHEN " + _WITHOUT_END[1]),
        ("AS status_said_by", f"AS status_said_by, {_ENDED} AS ended"),
    )
    found["dyads"] += _MET
    found["stances"] = f"{stances} WHERE st.id NOT IN ({_CORRECTED})"
    found["stances_history"] = replace(
        stances,
        (
            "AS evidence_count",
            "AS evidence_count, (SELECT n.slug FROM stance_relation AS c "
            "JOIN stance AS n ON n.id = c.stance_id WHERE c.other_id = st.id "
            "AND c.relation = 'corrects') AS corrected_by",
        ),
    )
    found["corrections"] = f"""{_CHAIN}
        SELECT wrong.slug AS stance, last.slug AS last_correction
        FROM last_one JOIN stance AS wrong ON wrong.id = last_one.stance_id
        JOIN stance AS last ON last.id = last_one.last_id
    """
    found["stance_relations"] = f"""{_CHAIN}
        SELECT DISTINCT st.slug AS stance, r.relation, o.slug AS other
        FROM stance_relation AS r
        LEFT JOIN last_one AS a ON a.stance_id = r.stance_id
        LEFT JOIN last_one AS b ON b.stance_id = r.other_id
        JOIN stance AS st ON st.id = COALESCE(a.last_id, r.stance_id)
        JOIN stance AS o ON o.id = COALESCE(b.last_id, r.other_id)
        WHERE r.relation <> 'corrects' AND st.id <> o.id
    """
    found["proposition_relations"] = """
        SELECT p.slug AS proposition, r.relation, o.slug AS other
        FROM proposition_relation AS r JOIN proposition AS p ON p.id = r.proposition_id
        JOIN proposition AS o ON o.id = r.other_id
        UNION ALL
        SELECT o.slug, r.relation, p.slug
        FROM proposition_relation AS r JOIN proposition AS p ON p.id = r.proposition_id
        JOIN proposition AS o ON o.id = r.other_id
    """
    # A claim on a corrected stance stands no more than the stance.
    for name in ("attributions", "citations"):
        found[name] += f"""
            WHERE e.stance_id IS NULL OR e.stance_id NOT IN ({_CORRECTED})
        """
    return found


_STATUS = "CASE ev.status WHEN 'stalled' THEN 'held' ELSE ev.status END"
_ENDED = """(
    SELECT x.status FROM meeting_status_event AS x
    WHERE x.meeting_id = m.id AND x.status = 'stalled' LIMIT 1
)"""
_REPRESENTS = "h.kind AS holder_kind, r.name AS represents, st.represents_nobody,"
# Who does not know that somebody came does not know that two met. A visit is its stops:
# a pair that a stop names has met there, and not once more on the visit as a whole.
_MET = """
            AND a.presence <> 'unknown' AND b.presence <> 'unknown'
            AND NOT EXISTS (
                SELECT 1 FROM meetings AS s
                JOIN participations AS c ON c.meeting = s.slug
                JOIN participations AS d ON d.meeting = s.slug
                WHERE s.parent = m.slug AND s.relation = 'stop'
                AND m.kind = 'visit'
                AND c.presence <> 'unknown' AND d.presence <> 'unknown'
                AND COALESCE(c.person_slug, c.represented_slug)
                    = COALESCE(a.person_slug, a.represented_slug)
                AND COALESCE(d.person_slug, d.represented_slug)
                    = COALESCE(b.person_slug, b.represented_slug)
            )
        """
