"""Write new stances by the hundred thousand: each row once, and nothing in between.

The one way in (`exchange.writing.write_batch`) makes an object of every row, looks for
what it may replace, and reads each record back for the journal. That is right for what
people code, and takes a quarter of an hour for what a table of votes brings in a
minute. Here all stances are new, each rests on one span and on its source's word, and
what the journal keeps of a record that is added, the digest of its state, is computed
from the record. A test holds both ways to the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.export.parts import without_blanks
from exchange.reading import Located
from exchange.records import StanceRecord
from exchange.states import digest_of
from exchange.stored import Stored, insert_rows
from exchange.texts import Text, context, locate
from models import (
    Attribution,
    ChangeRecord,
    Evidence,
    Source,
    SourceText,
    Stance,
    parse_edtf,
)
from models.enums import Certainty, ChangeAction, EvidenceRole, Verb
from models.parts import in_parts


@dataclass(frozen=True)
class SourceOfMany:
    """A source on which many stances rest: its keys and its newest text."""

    id: int
    text_id: int
    version: int
    text: Text


def known_stances(session: Session, slugs: Sequence[str]) -> dict[str, str | None]:
    """Return the digests of the stances that are stored already, by slug."""
    found: dict[str, str | None] = {}
    for part in in_parts(slugs):
        rows = session.execute(
            sa.select(Stance.slug, Stance.digest).where(Stance.slug.in_(part))
        )
        found.update((slug, digest) for slug, digest in rows)
    return found


def source_of_many(session: Session, slug: str) -> SourceOfMany | None:
    """Return a stored source with the newest of its texts; None if it has none."""
    row = session.execute(
        sa.select(
            SourceText.source_id, SourceText.id, SourceText.version, SourceText.text
        )
        .join(Source)
        .where(Source.slug == slug)
        .order_by(SourceText.version.desc())
        .limit(1)
    ).first()
    if row is None or row.text is None:
        return None
    return SourceOfMany(row.source_id, row.id, row.version, Text.of(row.text, []))


def insert_stances(
    session: Session, stances: Sequence[Located], sources: Mapping[str, SourceOfMany]
) -> list[dict[str, Any]]:
    """Insert stances that are new, and return their rows for the journal.

    Each must have one piece of evidence and no relations; whom and what they name must
    be stored. The caller writes the change, and commits.

    Raises:
        LookupError: something that they name is not stored.
        NotLocated: a quote does not stand in its text.
    """
    stored = Stored(session)
    records = [_record(each) for each in stances]
    stored.prepare("actor", {each.holder for each in records})
    stored.prepare("proposition", {each.proposition or "" for each in records})
    rows, spans, states = [], [], []
    for located, record in zip(stances, records, strict=True):
        [item] = record.evidence
        source = sources[item.source]
        span = locate(source.text, item)
        digest = digest_of(_state(record, source, span))
        rows.append(_stance(record, stored, located.digest, digest))
        spans.append((source, span))
        states.append(_change(record.slug, digest))
    insert_rows(session, Stance, rows)
    ids = _keys(session, Stance.slug, Stance.id, [each.slug for each in records])
    evidence = [
        _evidence(ids[record.slug], source, span)
        for record, (source, span) in zip(records, spans, strict=True)
    ]
    insert_rows(session, Evidence, evidence)
    of_stances = _keys(session, Evidence.stance_id, Evidence.id, list(ids.values()))
    links = [
        {
            "evidence_id": of_stances[ids[record.slug]],
            "depth": 0,
            "source_id": source.id,
            "verb": Verb.ACCORDING_TO,
            "certainty": Certainty.CERTAIN,
        }
        for record, (source, _) in zip(records, spans, strict=True)
    ]
    insert_rows(session, Attribution, links)
    return states


def journal_rows(session: Session, change: int, rows: Sequence[dict[str, Any]]) -> None:
    """Write what a change adds."""
    insert_rows(session, ChangeRecord, [row | {"change_id": change} for row in rows])


def _record(located: Located) -> StanceRecord:
    record = located.record
    if not isinstance(record, StanceRecord) or record.relations or record.recorded:
        raise TypeError(f"{located.slug} is no stance that can be written in bulk")
    return record


def _keys(
    session: Session, column: Any, key: Any, values: Sequence[Any]
) -> dict[Any, int]:
    """Return the keys of rows by what stands in a column.

    To have them returned by the insert would cost SQLite a statement for each row.
    """
    found: dict[Any, int] = {}
    for part in in_parts(values):
        rows = session.execute(sa.select(column, key).where(column.in_(part)))
        found.update((value, id_) for value, id_ in rows)
    return found


def _stance(
    record: StanceRecord, stored: Stored, digest: str, state_digest: str
) -> dict[str, Any]:
    stated = record.stated
    bounds = parse_edtf(stated.edtf) if stated else None
    return {
        "slug": record.slug,
        "holder_id": stored.id("actor", record.holder),
        "represents_nobody": record.represents_nobody,
        "proposition_id": stored.id("proposition", record.proposition),
        "position": record.position,
        "polarity": record.polarity,
        "mode": record.mode,
        "certainty": record.certainty,
        "stated": stated and stated.edtf,
        "stated_earliest": bounds and bounds.earliest,
        "stated_latest": bounds and bounds.latest,
        "stated_as_written": stated and stated.as_written,
        "note": record.note,
        "digest": digest,
        "state_digest": state_digest,
    }


def _evidence(
    stance: int, source: SourceOfMany, span: tuple[int, int]
) -> dict[str, Any]:
    quote, prefix, suffix = context(source.text.text or "", span)
    return {
        "source_text_id": source.text_id,
        "start_char": span[0],
        "end_char": span[1],
        "quote": quote,
        "prefix": prefix,
        "suffix": suffix,
        "role": EvidenceRole.SUPPORTS,
        "stance_id": stance,
    }


def _state(
    record: StanceRecord, source: SourceOfMany, span: tuple[int, int]
) -> dict[str, Any]:
    """Return what `exchange.states` would read back of the stance."""
    [item] = record.evidence
    state: dict[str, Any] = without_blanks(
        {
            "slug": record.slug,
            "holder": record.holder,
            "represents_nobody": record.represents_nobody or None,
            "proposition": record.proposition,
            "position": record.position,
            "polarity": record.polarity,
            "mode": record.mode,
            "certainty": record.certainty,
            "stated": record.stated and record.stated.model_dump(),
            "note": record.note,
            "evidence": [
                {
                    "source": item.source,
                    "start": span[0],
                    "end": span[1],
                    "version": source.version,
                }
            ],
        }
    )
    return state


def _change(slug: str, digest: str) -> dict[str, Any]:
    return {
        "kind": "stance",
        "slug": slug,
        "action": ChangeAction.ADDED,
        "before": None,
        "after": None,
        "digest": digest,
    }
