"""The correction of a stance: the same form, with what was recorded in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from editing.forms import (
    CORRECTION,
    Place,
    Reading,
    correct,
    evidence_values,
    find_place,
    is_simple,
    values_of,
)
from editing.saving import New
from errors import DragomanError, InputFaults, no_such
from queries.refs import find_labels
from queries.shapes import address
from queries.stances import StanceDetail, load_stance
from web import recorded, save, session
from web.links import here
from web.workbench.shown import answer_form, author, show
from web.writers import Role, requires

corrections = Blueprint("corrections", __name__)


@dataclass(frozen=True)
class _Recorded:
    """A stance as it is recorded, and the place of the evidence that the form shows."""

    stance: StanceDetail
    record: dict[str, Any]
    place: Place
    shown: int
    """How many pieces of the evidence the form shows: the first, or none."""

    @property
    def others(self) -> list[dict[str, Any]]:
        """The pieces that are kept or left as they are."""
        pieces: list[dict[str, Any]] = self.record["evidence"]
        return pieces[self.shown :]


@corrections.get("/stances/<slug>/correct")
@requires(Role.EDITOR)
def page(slug: str) -> Response | Answer:
    """The form of a stance, filled with what was recorded."""
    found = _find(slug)
    if found.stance.slug != slug:  # corrected already: mend what stands
        return redirect(here(f"{found.stance.url}/correct"), 308)
    labels = _labels(found.record)
    values = values_of(found.record, labels)
    if found.shown:
        values |= evidence_values(found.record["evidence"][0], labels)
    values |= {f"keep_{number}": "1" for number in range(len(found.others))}
    return _answer(200, found, values, None)


@corrections.post("/stances/<slug>/correct")
@requires(Role.EDITOR)
def send(slug: str) -> Response | Answer:
    """Save a stance that corrects this one, and show it."""
    found = _find(slug)
    values = request.form.to_dict()
    reading = Reading(session(), CORRECTION, values, found.place, found.record)
    kept = [
        piece
        for number, piece in enumerate(found.others)
        if reading.checked(f"keep_{number}")
    ]
    status = 422
    changes = reading.changes()
    if not kept and not reading.quoted:
        reading.fault("quote", "words of the source, or a piece of evidence that stays")
    if changes and not reading.faults:
        try:
            # What was corrected meanwhile by another is refused by its own rule.
            record = {**found.record, "slug": slug}
            made = [
                correct(each, record, kept) if isinstance(each, New) else each
                for each in changes
            ]
            [(_, new)] = save(made, author()).slugs
            return redirect(here(f"{address('stance', new)}?corrected={slug}"), 303)
        except InputFaults as error:
            reading.tell(error.faults)
        except DragomanError as error:
            status = error.status
            reading.faults[""] = error.public
    return _answer(status, found, values, reading)


def _answer(
    status: int,
    found: _Recorded,
    values: Mapping[str, str],
    reading: Reading | None,
) -> Response:
    return answer_form(
        "workbench/correct.html",
        status,
        shown=show(CORRECTION, values, reading),
        place=found.place,
        action=request.path,
        stance=found.stance,
        others=[
            (number, piece, f"keep_{number}" in values)
            for number, piece in enumerate(found.others)
        ],
    )


def _find(slug: str) -> _Recorded:
    stance = load_stance(session(), slug)
    record = recorded("stance", stance.slug)
    if record is None:
        raise no_such("stance", slug)
    first = record["evidence"][0]
    shown = int(is_simple(first))
    place = find_place(
        session(), first["source"], _passage(stance, first), first.get("version")
    )
    return _Recorded(stance, record, place, shown)


def _passage(stance: StanceDetail, piece: Mapping[str, Any]) -> int | None:
    """Return the passage that holds a piece of evidence; None if it takes several."""
    span = (piece["source"], piece["start"], piece["end"])
    for one in stance.citations:
        if (one.source.slug, one.start, one.end) == span:
            return one.passage if one.passage == one.last_passage else None
    return None


def _labels(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of all that a stance names, by slug."""
    speakers = [
        link.get("speaker")
        for piece in record["evidence"]
        for link in piece.get("said_by", ())
    ]
    wanted = {
        "proposition": [record.get("proposition")],
        "meeting": [record.get("meeting")],
        "actor": [
            *(record.get(name) for name in ("holder", "represents", "actor")),
            *speakers,
        ],
    }
    labels: dict[str, str] = {}
    for kind, slugs in wanted.items():
        labels |= find_labels(session(), kind, filter(None, slugs))
    return labels
