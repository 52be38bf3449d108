"""Parts of records that several kinds have: dates, attributions, slugs."""

from enum import Enum
from typing import Any, TypeAlias

from models import (
    Attribution,
    Evidence,
    Membership,
    Source,
    SourceSubject,
    Stance,
    Tenure,
)
from models.dates import date_columns
from models.enums import Certainty, Verb

Data: TypeAlias = dict[str, Any]


def without_blanks(value: Any) -> Any:
    """Leave out what is not there; a text without passages is something that is."""
    if isinstance(value, dict):
        cleaned = {key: without_blanks(item) for key, item in value.items()}
        return {
            key: item
            for key, item in cleaned.items()
            if item not in (None, [], {}) or (key == "passages" and item == [])
        }
    if isinstance(value, list):
        return [without_blanks(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def slug_of(row: Any) -> str | None:
    """Return the slug of a row that need not be there."""
    return None if row is None else str(row.slug)


def date_of(row: Any, name: str) -> Data | None:
    """Return a date of a row with its words; None if nothing is known of it."""
    columns = date_columns(name)
    edtf, words = getattr(row, columns.edtf), getattr(row, columns.as_written)
    if edtf is None and words is None:
        return None
    return {"edtf": edtf, "as_written": words}


def period_of(row: Tenure | Membership) -> Data:
    """Return since when, until when, and when a source attests it."""
    return {name: date_of(row, name) for name in ("since", "until", "attested")}


def subject_of(row: SourceSubject) -> Data:
    """Return the publisher's label, and what it resolves to."""
    actor, topic = slug_of(row.actor), slug_of(row.topic)
    return {"label": row.label, "actor": actor, "topic": topic}


def place_on_agenda(row: Stance) -> int | None:
    """Return where the item stands on its meeting's agenda, counted from 1."""
    if row.agenda_item is None or row.meeting is None:
        return None
    before = [each.id for each in row.meeting.agenda]
    return before.index(row.agenda_item.id) + 1


def chain_of(row: Evidence, source: Source) -> list[Data]:
    """Return the attribution; the source itself is left out if it adds nothing.

    A chain that does not end with its source gets a last link which no reader takes:
    read back, it would end with the source.
    """
    links = [_link(each) for each in row.attributions]
    last = {"source": source.slug, "verb": Verb.ACCORDING_TO}
    if not links or links[-1].get("source") != source.slug:
        return [*links, {"verb": Verb.ACCORDING_TO}]
    return links[:-1] if links[-1] == last else links


def _link(row: Attribution) -> Data:
    sure = row.certainty is Certainty.CERTAIN
    speaker: Data = (
        {"speaker": row.actor.slug}
        if row.actor is not None
        else {"source": slug_of(row.source)}
    )
    return {**speaker, "verb": row.verb} | (
        {} if sure else {"certainty": row.certainty}
    )
