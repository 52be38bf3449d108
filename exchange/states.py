"""The state of a record: what its row says, in a form that gives no text away.

It is the record that an export would write, but for what a history must not hold or
does not need: positions and never quotes, texts by their SHA-256 and length only (their
passages never change), evidence in a fixed order with the version of its text, and an
item of an agenda by its words, because its place may change. Two rows with the same
state say the same; the digest of a state tells cheaply whether they do.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from exchange.export.loading import OPTIONS
from exchange.export.parts import Data, chain_of, without_blanks
from exchange.export.records import Reader
from exchange.records import Kind
from exchange.stored import MODELS
from models import (
    Actor,
    Evidence,
    Mention,
    Passage,
    Proposition,
    PropositionRelation,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    withdrawn_too,
)
from models.enums import EvidenceRole, MentionMethod
from models.parts import in_parts

State: TypeAlias = dict[str, Any]

_OPTIONS: Mapping[Kind, Any] = {
    **OPTIONS,
    "source": (
        joinedload(Source.issuer),
        joinedload(Source.original),
        selectinload(Source.contributors),
        selectinload(Source.subjects).options(
            joinedload(SourceSubject.actor), joinedload(SourceSubject.topic)
        ),
        selectinload(Source.texts).options(defer(SourceText.text)),
    ),
}


def digest_of(state: State) -> str:
    """Return the SHA-256 of a state.

    What publishers' labels resolve to is left out: it follows from the names that are
    known, and changes with them.
    """
    subjects = {
        group: [item["label"] for item in items]
        for group, items in state.get("subjects", {}).items()
    }
    settled = state | ({"subjects": subjects} if subjects else {})
    plain = json.dumps(settled, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_states(
    session: Session, kind: Kind, slugs: Collection[str]
) -> dict[str, State]:
    """Return the states of the records that are stored, by slug.

    What the session has not sent to the database yet is sent first. Stances that are
    withdrawn say so.
    """
    session.flush()
    # A session of its own on the same transaction: what the caller holds is not
    # expired, and what was loaded before is not believed.
    with Session(session.connection()) as own, withdrawn_too(own):
        return {state["slug"]: state for state in _StateReader(own).read(kind, slugs)}


def evidence_of(session: Session, stance: str) -> list[tuple[int, State]]:
    """Return the evidence of a stance, also what is withdrawn, as a state has it."""
    session.flush()
    with Session(session.connection()) as own, withdrawn_too(own):
        row = own.scalars(
            sa.select(Stance).where(Stance.slug == stance).options(*OPTIONS["stance"])
        ).one()
        return [
            (each.id, without_blanks(_StateReader(own).span(each)))
            for each in row.evidence
        ]


def changed_by_hand(session: Session) -> Iterator[tuple[Kind, str]]:
    """Yield the records whose rows do not say what they said when last written.

    Nobody but SQL typed by hand, or a damaged disk, changes a row without its digest.
    What was last written before there was a journal has none.
    """
    for kind, model in MODELS.items():
        last = ""
        while True:
            with withdrawn_too(session):
                stamped: dict[str, str] = {
                    slug: digest
                    for slug, digest in session.execute(
                        sa.select(model.slug, model.state_digest)
                        .where(model.slug > last, model.state_digest.is_not(None))
                        .order_by(model.slug)
                        .limit(500)
                    )
                }
            if not stamped:
                break
            states = read_states(session, kind, list(stamped))
            for last, digest in stamped.items():
                if digest_of(states[last]) != digest:
                    yield kind, last


class _StateReader(Reader):
    def __init__(self, session: Session) -> None:
        self.session = session
        self._mentions: dict[int, list[Data]] = {}
        self._contraries: dict[int, list[str]] = {}

    def read(self, kind: Kind, slugs: Collection[str] | None = None) -> Iterator[State]:
        model = MODELS[kind]
        for some in in_parts(sorted(slugs or ())):
            if kind == "source":
                self._mentions = self._read_mentions(some)
            elif kind == "proposition":
                self._contraries = self._read_contraries(some)
            yield from self._records(
                kind,
                sa.select(model).where(model.slug.in_(some)).options(*_OPTIONS[kind]),
            )

    def _records(self, kind: Kind, statement: Any) -> Iterator[Data]:
        rows = self.session.scalars(statement).unique().all()
        yield from (without_blanks(getattr(self, f"_{kind}")(row)) for row in rows)
        self.session.expunge_all()

    def _actor(self, row: Actor) -> Data:
        data = super()._actor(row)
        data["names"].sort(key=lambda each: (each["name"], each["language"] or ""))
        return data

    def _stance(self, row: Stance) -> Data:
        data = super()._stance(row)
        data["agenda_item"] = row.agenda_item and row.agenda_item.text
        data["relations"] = [
            {"relation": relation, "other": other}
            for relation, other in sorted(
                (each.relation.value, each.other.slug)
                for each in row.relations
                if each.withdrawn_change is None
            )
        ]
        return data | {"withdrawn": True if row.withdrawn_change else None}

    def _text(self, text: SourceText, source: Source) -> Data:
        return {
            "text": {"sha256": text.sha256, "length": text.length},
            "retrieved": text.retrieved and text.retrieved.isoformat(),
            "file": text.file_sha256
            and {"sha256": text.file_sha256, "reader": text.reader},
        }

    def _evidence(self, claim: Any) -> list[Data]:
        rows = [each for each in claim.evidence if each.withdrawn_change is None]
        return sorted((self.span(each) for each in rows), key=_place)

    def span(self, row: Evidence) -> Data:
        """Return a piece of evidence as a state has it."""
        source = row.source_text.source
        return {
            "source": source.slug,
            "start": row.start_char,
            "end": row.end_char,
            "version": row.source_text.version,
            "role": None if row.role is EvidenceRole.SUPPORTS else row.role,
            "note": row.note,
            "said_by": chain_of(row, source),
        }

    # What a row alone does not say, asked once for many

    def _coded_mentions(self, text: SourceText) -> list[Data]:
        return self._mentions.get(text.id, [])

    def _read_mentions(self, slugs: Collection[str]) -> dict[int, list[Data]]:
        rows = self.session.execute(
            sa.select(Passage.source_text_id, Passage.position, Actor.slug)
            .join(Mention, Mention.passage_id == Passage.id)
            .join(Actor, Actor.id == Mention.actor_id)
            .join(SourceText, SourceText.id == Passage.source_text_id)
            .join(Source, Source.id == SourceText.source_id)
            .where(Source.slug.in_(slugs), Mention.method == MentionMethod.CODER)
            .order_by(Passage.position, Actor.slug)
        )
        found: dict[int, list[Data]] = defaultdict(list)
        for text, position, actor in rows:
            found[text].append({"passage": position, "actor": actor})
        return found

    def _contrary(self, row: Proposition) -> Iterable[str]:
        return self._contraries.get(row.id, [])

    def _read_contraries(self, slugs: Collection[str]) -> dict[int, list[str]]:
        one, other = sa.orm.aliased(Proposition), sa.orm.aliased(Proposition)
        rows = self.session.execute(
            sa.select(one.id, one.slug, other.id, other.slug)
            .select_from(PropositionRelation)
            .join(one, one.id == PropositionRelation.proposition_id)
            .join(other, other.id == PropositionRelation.other_id)
            .where(sa.or_(one.slug.in_(slugs), other.slug.in_(slugs)))
        )
        found: dict[int, list[str]] = defaultdict(list)
        for first, first_slug, second, second_slug in rows:
            found[first].append(second_slug)
            found[second].append(first_slug)
        return found


def _place(span: Data) -> tuple[Any, ...]:
    role = span["role"] or ""
    return span["source"], span["version"], span["start"], span["end"], role
