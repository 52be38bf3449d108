"""Does the record still hold together? What no constraint of the database can promise.

The database refuses most of what would be wrong. Left over are what it cannot compute
(a text's hash), what only holds when a load is complete (a claim has evidence), and
what a damaged disk or a restored backup can do. Each finding is one sentence.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from models import (
    AgendaItem,
    Attribution,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Outcome,
    Participation,
    Passage,
    Source,
    SourceText,
    Stance,
    Tenure,
)

_TEXTS_AT_A_TIME = 50


def unsound(session: Session) -> Iterator[str]:
    """Yield a sentence for each thing that does not hold."""
    yield from _damage(session)
    yield from _texts(session)
    yield from _spans(session)
    yield from _claims_without_evidence(session)
    yield from _evidence_without_speaker(session)


def _damage(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for said in session.scalars(text("PRAGMA integrity_check(20)")):
        if said != "ok":
            yield f"The database file is damaged: {said}."
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield f"Row {row} of {table} refers to a {parent} that is not there."


def _texts(session: Session) -> Iterator[str]:
    held = (
        select(Source.slug, SourceText.version, SourceText.sha256, SourceText.text)
        .join(SourceText.source)
        .where(SourceText.text.is_not(None))
        .order_by(Source.slug, SourceText.version)
        .execution_options(yield_per=_TEXTS_AT_A_TIME)
    )
    for slug, version, sha256, words in session.execute(held):
        if hashlib.sha256((words or "").encode()).hexdigest() != sha256:
            yield f"The text of {slug}, version {version}, is not what its hash says."


def _spans(session: Session) -> Iterator[str]:
    where = (Source.slug, Evidence.start_char, Evidence.end_char)
    said = func.substr(
        SourceText.text,
        Evidence.start_char + 1,
        Evidence.end_char - Evidence.start_char,
    )
    cited = select(*where).join(Evidence.source_text).join(SourceText.source)
    for slug, start, end in session.execute(cited.where(said != Evidence.quote)):
        yield f"A quote from {slug} is not what stands at {start} to {end}."
    unlike = SourceText.text.is_(None) != Evidence.quote.is_(None)
    for slug, start, end in session.execute(cited.where(unlike)):
        yield f"Evidence at {start} to {end} of {slug} has lost its quote, or its text."
    for kind in (Evidence, Passage):
        beyond = (
            select(Source.slug, kind.start_char, kind.end_char)
            .join(kind.source_text)
            .join(SourceText.source)
            .where(kind.end_char > SourceText.length)
        )
        for slug, start, end in session.execute(beyond):
            yield f"The span {start} to {end} lies beyond the text of {slug}."


def _claims_without_evidence(session: Session) -> Iterator[str]:
    """Name claims as the views `citations` and `attributions` do."""
    of_meeting: tuple[tuple[str, Any, Any, Any], ...] = (
        ("status", MeetingStatusEvent, MeetingStatusEvent.key, "status_event_id"),
        ("participant", Participation, Participation.key, "participation_id"),
        ("agenda", AgendaItem, cast(AgendaItem.position, String), "agenda_item_id"),
        ("outcome", Outcome, cast(Outcome.position, String), "outcome_id"),
    )
    by_themselves: tuple[tuple[str, Any, Any], ...] = (
        ("meeting", Meeting, Meeting.slug),
        ("stance", Stance, Stance.slug),
        ("tenure", Tenure, Tenure.key),
        ("membership", Membership, Membership.key),
    )
    for word, table, key, column in of_meeting:
        yield from _bare(
            session,
            word,
            select(Meeting.slug + f"/{word}/" + key).join_from(table, Meeting),
            getattr(Evidence, column) == table.id,
        )
    for word, table, key in by_themselves:
        column = getattr(Evidence, f"{word}_id")
        yield from _bare(session, word, select(key), column == table.id)


def _bare(
    session: Session, word: str, claims: Select[Any], cited: ColumnElement[bool]
) -> Iterator[str]:
    for key in session.scalars(claims.where(~exists().where(cited))):
        yield f"No passage is cited for the {word} {key}."


def _evidence_without_speaker(session: Session) -> Iterator[str]:
    silent = (
        select(Source.slug, Evidence.start_char, Evidence.end_char)
        .join(Evidence.source_text)
        .join(SourceText.source)
        .where(~exists().where(Attribution.evidence_id == Evidence.id))
    )
    for slug, start, end in session.execute(silent):
        yield f"Nobody is named for the evidence at {start} to {end} of {slug}."
