"""The plural views as of revision 0006.

Changed since 0005: what is withdrawn, stances, their evidence and their relations, is
left out as what is corrected is. `stances_history` has all, with `withdrawn_in`.
"""

from migrations.views import r0003, r0005

_RELATIONS = "(SELECT * FROM stance_relation WHERE withdrawn_change IS NULL)"
_EVIDENCE = "(SELECT * FROM evidence WHERE withdrawn_change IS NULL)"


def views(dialect: str) -> dict[str, str]:
    """Return name and SELECT of every view, for ``sqlite`` or ``postgresql``."""
    found = r0005.views(dialect)
    history = found["stances_history"]
    for name in ("stances", "attributions", "citations"):
        found[name] = found[name].replace("evidence AS ", f"{_EVIDENCE} AS ")
    # With the evidence that was withdrawn together with its stance.
    found["stances_history"] = r0003.replace(
        history,
        ("e.stance_id = st.id", f"e.stance_id = st.id {_ITS_OWN.format(row='e')}"),
        ("n.stance_id = st.id", f"n.stance_id = st.id {_ITS_OWN.format(row='n')}"),
        ("AS corrected_by", "AS corrected_by, st.withdrawn_change AS withdrawn_in"),
    )
    for name in _WITH_RELATIONS:
        found[name] = _standing_relations(found[name])
    found["stances"] += " AND st.withdrawn_change IS NULL"
    return found


_ITS_OWN = """AND (
            {row}.withdrawn_change IS NULL
            OR {row}.withdrawn_change = st.withdrawn_change
        )"""
_WITH_RELATIONS = (
    "stances",
    "stances_history",
    "corrections",
    "stance_relations",
    "attributions",
    "citations",
)


def _standing_relations(select: str) -> str:
    return select.replace(
        "FROM stance_relation WHERE relation = 'corrects'",
        "FROM stance_relation WHERE relation = 'corrects' AND withdrawn_change IS NULL",
    ).replace("stance_relation AS ", f"{_RELATIONS} AS ")
