"""A further span for a claim that stands: select the words, then pick the claim."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from editing.forms.fields import Choice, Field, Form
from editing.forms.reading import Reading
from editing.saving import Addition, Change, Step
from exchange.records import Kind
from models import Evidence, Source, SourceText
from models.slugs import is_slug
from queries.evidence import cite
from queries.evidence.citations import claim_id
from queries.evidence.wording import claim_ref

MOST_OFFERED = 200
"""Claims of a source that are offered, the last recorded first."""

_LISTS: Mapping[str, str] = {
    "participation": "participants",
    "status_event": "status",
    "agenda_item": "agenda",
    "outcome": "outcomes",
}
_FIELDS = frozenset(_LISTS.values())


def claims_of(session: Session, source: str) -> tuple[Choice, ...]:
    """Return the claims that rest on a source, as choices: stances and meetings."""
    rows = session.scalars(
        select(Evidence)
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .where(Source.slug == source)
        .where(Evidence.tenure_id.is_(None), Evidence.membership_id.is_(None))
        .order_by(Evidence.id.desc())
        .limit(MOST_OFFERED)
    ).all()
    phased = ("status_event", "participation")
    ids = {kind: {claim_id(row, kind) for row in rows} - {0} for kind in phased}
    cited = cite(session, ids)
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(_value(row), claim_ref(row, cited).label)
    return tuple(Choice(value=value, label=label) for value, label in found.items())


def _value(row: Evidence) -> str:
    """Return where the evidence of a claim stands in its record, in one word."""
    if row.stance is not None:
        return f"stance:{row.stance.slug}"
    if row.meeting is not None:
        return f"meeting:{row.meeting.slug}"
    kind = next(kind for kind in _LISTS if claim_id(row, kind))
    part = getattr(row, kind)
    return f"meeting:{part.meeting.slug}:{_LISTS[kind]}:{part.position}"


def _path(value: str) -> tuple[Kind, str, tuple[Step, ...]] | None:
    kind, _, rest = value.partition(":")
    slug, _, part = rest.partition(":")
    field, _, number = part.partition(":")
    if kind not in ("stance", "meeting") or not is_slug(slug):
        return None
    owner: Kind = "stance" if kind == "stance" else "meeting"
    if not part:
        return owner, slug, ("evidence",)
    if field in _FIELDS and number.isdecimal() and 0 < len(number) < 7:
        return owner, slug, (field, int(number) - 1, "evidence")
    return None


def _build(reading: Reading) -> list[Change]:
    value, evidence = reading.text("claim"), reading.evidence()
    found = _path(value) if value else None
    if found is None:
        reading.fault("claim", "one of the claims that rest on this source")
    if found is None or not evidence:
        return []
    kind, slug, path = found
    return [Addition(kind=kind, slug=slug, path=path, entry=evidence[0])]


CLAIMS = Form(
    name="span",
    title="A further span for a claim",
    key="e",
    own=(Field(name="claim", label="Which claim", control="choice", required=True),),
    build=_build,
)
