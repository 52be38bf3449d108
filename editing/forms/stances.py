"""The form of a stance, and the correction of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from editing.forms.fields import (
    ACTORS,
    MEETINGS,
    PROPOSITIONS,
    TOPICS,
    Choice,
    Field,
    Form,
    actor,
    choices,
)
from editing.forms.reading import Reading
from editing.saving import Change, New
from models.enums import Certainty, Mode, Position

_STRENGTHS = (
    ("for 2", "strongly for (+2)", "insists on it, praises it; an ally"),
    ("for 1", "for (+1)", Position.FOR.meaning),
    ("neutral 0", "takes no side (0)", Position.NEUTRAL.meaning),
    ("against -1", "against (−1)", Position.AGAINST.meaning),
    ("against -2", "strongly against (−2)", "condemns it, never; an enemy"),
)
_OTHERS = (Position.MIXED, Position.UNDETERMINED, Position.DECLINED, Position.UNCLEAR)
POSITIONS = (
    *(Choice(value=v, label=label, meaning=m) for v, label, m in _STRENGTHS),
    *choices(_OTHERS),
)
"""Position and polarity are one answer: whoever says the one has said the other."""


def _build(reading: Reading) -> list[Change]:
    holder, issue = reading.slug("holder"), reading.named("issue")
    position, _, polarity = (reading.choice("position") or "").partition(" ")
    meeting = reading.slug("meeting")
    data: dict[str, Any] = {
        "holder": holder,
        "represents": reading.slug("represents"),
        "represents_nobody": reading.checked("nobody") or None,
        "position": position,
        "polarity": int(polarity) if polarity else None,
        "mode": reading.choice("mode"),
        "certainty": reading.choice("certainty"),
        "stated": reading.date("stated"),
        "valid_from": reading.date("valid_from"),
        "valid_to": reading.date("valid_to"),
        "meeting": meeting,
        "agenda_item": reading.number("agenda_item"),
        "note": reading.text("note"),
        "evidence": reading.evidence(),
    }
    if issue is not None:
        kind, slug, _ = issue
        data["actor" if kind == "actor" else "proposition"] = slug
    said = f"{reading.label('holder')} {position} {reading.label('issue')}"
    given = {name: value for name, value in data.items() if value is not None}
    return [New(kind="stance", data=given, called=said)]


STANCE = Form(
    name="stance",
    title="A stance",
    key="s",
    own=(
        actor("holder", "Who holds it", required=True),
        Field(
            name="issue",
            label="On what",
            control="name",
            kinds=("proposition", "actor"),
            makes=(PROPOSITIONS, ACTORS),
            help="A sentence that anybody could affirm, deny or want; or an actor.",
            required=True,
        ),
        Field(
            name="issue_topic",
            label="Topic of a new sentence",
            control="name",
            kinds=("topic",),
            makes=(TOPICS,),
            more=True,
        ),
        Field(
            name="position",
            label="Position",
            control="choice",
            choices=POSITIONS,
            required=True,
        ),
        actor("represents", "Speaking for", "Only where the source says so."),
        Field(
            name="nobody",
            label="Speaks for nobody else",
            control="check",
            help="On purpose; it is not the same as not known.",
            more=True,
        ),
        Field(
            name="mode",
            label="How it is known",
            control="choice",
            choices=choices(Mode),
            default=Mode.SAID.value,
            required=True,
        ),
        Field(
            name="certainty",
            label="Holder’s certainty",
            control="choice",
            choices=choices(Certainty),
            default=Certainty.CERTAIN.value,
            required=True,
        ),
        Field(name="stated", label="Stated on", control="date"),
        Field(
            name="meeting",
            label="At the meeting",
            control="name",
            kinds=("meeting",),
            makes=(MEETINGS,),
            more=True,
        ),
        Field(
            name="agenda_item",
            label="Its item, by number",
            control="number",
            help="Of the meeting’s agenda, counted from 1.",
            more=True,
        ),
        Field(name="valid_from", label="Holds from", control="date", more=True),
        Field(name="valid_to", label="Holds until", control="date", more=True),
        Field(name="note", label="Note", control="text", more=True),
    ),
    build=_build,
    aliases=(
        ("polarity", "position"),
        ("proposition", "issue"),
        ("actor", "issue"),
        ("represents_nobody", "nobody"),
        ("topic", "issue_topic"),
    ),
)


def values_of(record: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    """Return what the form of a recorded stance shows.

    Args:
        record: the stance as a dataset has it.
        labels: the names of the slugs in it.
    """
    polarity = record.get("polarity")
    values = {
        "holder": record["holder"],
        "represents": record.get("represents"),
        "issue": record.get("proposition") or record.get("actor"),
        "meeting": record.get("meeting"),
    }
    found = {name: labels.get(slug, slug) for name, slug in values.items() if slug}
    found |= {f"{name}_slug": slug for name, slug in values.items() if slug}
    found["position"] = (
        record["position"] if polarity is None else f"{record['position']} {polarity}"
    )
    for name in ("mode", "certainty", "note", "agenda_item"):
        if record.get(name) is not None:
            found[name] = str(record[name])
    for name in ("stated", "valid_from", "valid_to"):
        if date := record.get(name):
            found[name] = date.get("as_written") or date["edtf"]
    if record.get("represents_nobody"):
        found["nobody"] = "1"
    return found


CORRECTION = replace(
    STANCE, name="correct", title="Correct a stance", key="", needs_quote=False
)
"""The same form; its quote is the first piece of the evidence that there was."""


def is_simple(evidence: Mapping[str, Any]) -> bool:
    """Whether the form can hold a piece of evidence: two speakers, one certainty."""
    chain = evidence.get("said_by", [])
    return (
        "quote" in evidence
        and len(chain) <= 2
        and all("speaker" in link for link in chain)
        and all("certainty" not in link for link in chain[1:])
    )


def evidence_values(
    evidence: Mapping[str, Any], labels: Mapping[str, str]
) -> dict[str, str]:
    """Return what the form shows of a piece of evidence."""
    found = {
        "quote": str(evidence["quote"]),
        "occurrence": str(evidence["start"]),
        "evidence_role": str(evidence.get("role", "supports")),
        "evidence_note": str(evidence.get("note", "")),
    }
    for link, number in zip(evidence.get("said_by", []), ("", "_2"), strict=False):
        found[f"said_by{number}"] = labels.get(link["speaker"], link["speaker"])
        found[f"said_by{number}_slug"] = link["speaker"]
        found[f"said_verb{number}"] = link["verb"]
        if not number:
            found["said_certainty"] = link.get("certainty", "certain")
    return found


def correct(change: New, record: Mapping[str, Any], kept: Sequence[Any]) -> New:
    """Return the stance of a form as the correction of a recorded one.

    Args:
        change: the stance that the form makes.
        record: the stance that it corrects.
        kept: the pieces of its evidence that hold as they are; they come last.
    """
    data = {**change.data}
    data["evidence"] = [*data.get("evidence", []), *kept]
    data["relations"] = [{"relation": "corrects", "other": record["slug"]}]
    # What the form does not ask is as it was: it adds nothing that was not seen.
    if "topic" in record and data.get("proposition") == record.get("proposition"):
        data["topic"] = record["topic"]
    return replace(change, data=data)
