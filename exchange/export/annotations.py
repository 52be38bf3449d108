"""Evidence as W3C Web Annotations (https://www.w3.org/TR/annotation-model/).

Each piece of evidence is an annotation: its body is the claim, its target the span of
the source, selected by position (in code points, as the model asks) and, where the
words may be shown, by quote. A withheld text is selected by position alone.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from models import (
    CLAIMS,
    AgendaItem,
    Attribution,
    Evidence,
    MeetingStatusEvent,
    Membership,
    Outcome,
    Participation,
    SourceText,
    Tenure,
)
from models.enums import EvidenceRole

_AT_ONCE = 500
_PURPOSES = {
    EvidenceRole.SUPPORTS: "describing",
    EvidenceRole.CONTRADICTS: "questioning",
    EvidenceRole.CONTEXT: "commenting",
}


def annotations(session: Session, root: str) -> Iterator[str]:
    """Yield one JSON-LD page of annotations, piece by piece.

    `root` is the address of the site to which claims and sources belong.
    """
    root = root.rstrip("/")
    head = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{root}/export/annotations.jsonld",
        "type": "AnnotationPage",
    }
    yield json.dumps(head)[:-1] + ', "items": ['
    lead = "\n"
    for evidence in _rows(session):
        yield lead + json.dumps(_annotation(evidence, root), ensure_ascii=False)
        lead = ",\n"
    yield "\n]}\n"


def _rows(session: Session) -> Iterator[Evidence]:
    statement = (
        sa.select(Evidence)
        .order_by(Evidence.id)
        .options(
            joinedload(Evidence.source_text).options(
                defer(SourceText.text), joinedload(SourceText.source)
            ),
            joinedload(Evidence.meeting),
            joinedload(Evidence.status_event).joinedload(MeetingStatusEvent.meeting),
            joinedload(Evidence.participation).joinedload(Participation.meeting),
            joinedload(Evidence.agenda_item).joinedload(AgendaItem.meeting),
            joinedload(Evidence.outcome).joinedload(Outcome.meeting),
            joinedload(Evidence.stance),
            joinedload(Evidence.tenure).joinedload(Tenure.person),
            joinedload(Evidence.membership).joinedload(Membership.member),
            selectinload(Evidence.attributions).options(
                joinedload(Attribution.actor), joinedload(Attribution.source)
            ),
        )
        .execution_options(yield_per=_AT_ONCE)
    )
    with session.execute(statement) as result:  # closed, also if nobody reads on
        yield from result.scalars()


def _annotation(evidence: Evidence, root: str) -> dict[str, Any]:
    kind = next(kind for kind in CLAIMS if getattr(evidence, kind) is not None)
    claim = getattr(evidence, kind)
    text = evidence.source_text
    position: dict[str, Any] = {
        "type": "TextPositionSelector",
        "start": evidence.start_char,
        "end": evidence.end_char,
    }
    selector: Any = position
    if evidence.quote is not None:
        quote = {"type": "TextQuoteSelector", "exact": evidence.quote}
        for name in ("prefix", "suffix"):
            if words := getattr(evidence, name):
                quote[name] = words
        selector = [position, quote]
    page, key = _place(kind, claim)
    body: list[dict[str, Any]] = [{"id": f"{root}{page}", "type": "Text"}]
    if evidence.note:
        remark = {
            "type": "TextualBody",
            "value": evidence.note,
            "purpose": "commenting",
        }
        body.append(remark)
    chain = " → ".join(filter(None, map(_speaker, evidence.attributions)))
    if chain:
        body.append({"type": "TextualBody", "value": chain, "purpose": "tagging"})
    order = (
        f"{text.source.slug}/{text.version}/{evidence.start_char}-{evidence.end_char}"
    )
    return {
        "id": f"{root}/evidence/{key}/{order}/{evidence.role}",
        "type": "Annotation",
        "motivation": _PURPOSES[evidence.role],
        "body": body,
        "target": {
            "source": f"{root}/sources/{text.source.slug}",
            "selector": selector,
        },
    }


def _place(kind: str, claim: Any) -> tuple[str, str]:
    """Return the page of a claim, and the key by which the views know it."""
    if kind == "meeting":
        return f"/meetings/{claim.slug}", claim.slug
    if kind == "stance":
        return f"/stances/{claim.slug}", claim.slug
    if kind == "tenure":
        return f"/actors/{claim.person.slug}", f"tenure/{claim.key}"
    if kind == "membership":
        return f"/actors/{claim.member.slug}", f"membership/{claim.key}"
    part, anchor, name = _PARTS[kind]
    meeting = claim.meeting.slug
    page = f"/meetings/{meeting}#{anchor}"
    return page, f"{meeting}/{part}/{getattr(claim, name)}"


_PARTS = {
    "status_event": ("status", "status", "key"),
    "participation": ("participant", "participants", "key"),
    "agenda_item": ("agenda", "agenda", "position"),
    "outcome": ("outcome", "outcomes", "position"),
}


def _speaker(link: Attribution) -> str | None:
    if link.actor is not None:
        return link.actor.name
    if link.source is None:
        return None
    return link.source.publisher or link.source.title
