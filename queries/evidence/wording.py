"""What is claimed on a span, in a few words."""

from collections.abc import Callable
from typing import Any

from models import CLAIMS, Evidence, Participation, Stance
from queries.badges import firmness, position_badge, presence_badge, status_badge
from queries.evidence.citations import Citations, claim_id
from queries.shapes import ClaimRef, address


def participant_name(item: Participation) -> str:
    """What to call a participant: the person, or else the label, or else the body."""
    if item.person is not None:
        return item.person.name
    return item.label or (item.represented.name if item.represented else "")


def stance_label(stance: Stance) -> str:
    """Say a stance in a few words: who, which way, on what."""
    proposition, actor = stance.proposition, stance.target_actor
    target = proposition.text if proposition else actor.name if actor else ""
    kind = proposition.kind if proposition else None
    word = position_badge(stance.position, stance.polarity, kind).word
    return f"{stance.holder.name}: {word}: {target}"


def _spoken(value: str) -> str:
    return value.replace("_", " ")


def _presence(item: Participation, firm: str) -> str:
    return f"{participant_name(item)}, {presence_badge(item.presence, firm).word}"


#: How a part of a meeting reads, given how firmly its evidence says so: the same words
#: as on the meeting's page, so that what is only reported is not held here.
_OF_MEETING: dict[str, Callable[[Any, str], str]] = {
    "status_event": lambda item, firm: status_badge(item.status, firm).word,
    "participation": _presence,
    "agenda_item": lambda item, firm: f"agenda: {item.text}",
    "outcome": lambda item, firm: f"outcome: {item.text}",
}


def claim_ref(evidence: Evidence, cited: Citations) -> ClaimRef:
    """Say in a few words what is claimed, and where the claim stands."""
    kind = next(kind for kind in CLAIMS if claim_id(evidence, kind))
    item = getattr(evidence, kind)
    if kind in _OF_MEETING:
        place = address("meeting", item.meeting.slug)
        firm = firmness(cited[kind, item.id])
        label = f"{item.meeting.title}: {_OF_MEETING[kind](item, firm)}"
    elif kind == "tenure":
        place = address("actor", item.person.slug)
        label = f"{item.person.name}, {item.office.title}"
    elif kind == "membership":
        place = address("actor", item.member.slug)
        standing = _spoken(item.status)
        label = f"{item.member.name}, {standing} of {item.organization.name}"
    else:
        place = address(kind, item.slug)
        label = item.title if kind == "meeting" else stance_label(item)
    return ClaimRef(kind=kind, label=label, url=place, role=evidence.role)
