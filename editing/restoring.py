"""Bring a record back to a state that the journal has.

A state has no words of a text. They are taken from the text that is stored or, of a
source that was removed, from its tombstone; without them the text comes back withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editing.mentioning import Key
from editing.removal import passages_of
from errors import Conflict, InputFaults
from exchange.checks import Batch, check
from exchange.journal import Journal
from exchange.reading import Located, no_line, read_record
from exchange.records import Kind
from exchange.report import Report
from exchange.states import State, evidence_of, read_states
from exchange.stored import Stored
from exchange.writing import write_batch
from models import (
    AgendaItem,
    Evidence,
    Meeting,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Tombstone,
    withdrawn_too,
)
from models.enums import ChangeAction, RecordKind


def restore(
    session: Session, journal: Journal, number: int, states: Mapping[Key, State]
) -> None:
    """Bring records back to states, all together, in a change.

    Raises:
        Conflict: one of them cannot be brought back; it says why.
    """
    rows = {
        slug: state
        for (kind, slug), state in states.items()
        if kind == "stance" and _is_stored(session, slug)
    }
    for slug, state in rows.items():
        _set_stance(session, journal, number, slug, state)
    written = {
        key: state
        for key, state in states.items()
        if not (key[0] == "stance" and key[1] in rows)
    }
    if not written:
        return
    making = _Making(session, written)
    records = [_located(*key, making.data(*key)) for key in written]
    for kind, slug in written:
        session.execute(
            sa.delete(Tombstone).where(
                Tombstone.kind == RecordKind(kind), Tombstone.slug == slug
            )
        )
    batch = Batch(records, Stored(session))
    findings = check(batch) or write_batch(session, batch, Report("undo"), journal)
    if findings:
        faults = InputFaults(finding.fault for finding in findings)
        raise Conflict(f"It cannot be undone: {faults}")
    for kind, slug in making.new:
        journal.restored(kind, slug)


def _is_stored(session: Session, slug: str) -> bool:
    with withdrawn_too(session):
        return bool(session.scalar(sa.select(Stance.id).where(Stance.slug == slug)))


def _located(kind: Kind, slug: str, data: State) -> Located:
    located, faults = read_record(kind, data, f"{kind} {slug}", no_line)
    if located is None:
        raise Conflict(f"It cannot be undone: {InputFaults(faults)}")
    return located


def _set_stance(
    session: Session, journal: Journal, number: int, slug: str, state: State
) -> None:
    """Let the evidence and the relations of a stance stand that a state has."""
    (now,) = read_states(session, "stance", [slug]).values()
    for field in ("represents", "represents_nobody"):
        if now.get(field) != state.get(field):
            raise Conflict(
                f"It cannot be undone: whom {slug} represents, once it is known, is "
                "never taken back. Record a stance that corrects it."
            )
    restored = bool(now.get("withdrawn"))
    action = ChangeAction.RESTORED if restored else ChangeAction.UPDATED
    journal.changing("stance", [slug], action)
    with withdrawn_too(session):
        id_ = session.scalars(sa.select(Stance.id).where(Stance.slug == slug)).one()
        _stand(session, Stance, [(id_, True)], number)
        wanted = list(state.get("evidence", []))
        standing = []
        for evidence, form in evidence_of(session, slug):
            note = form.pop("note", None)
            match = next((one for one in wanted if _without_note(one) == form), None)
            standing.append((evidence, match is not None))
            if match is not None:
                wanted.remove(match)
                if match.get("note") != note:
                    session.execute(
                        sa.update(Evidence)
                        .where(Evidence.id == evidence)
                        .values(note=match.get("note"))
                    )
        if wanted:
            raise Conflict(
                f"It cannot be undone: a source that {slug} rests on is gone."
            )
        _stand(session, Evidence, standing, number)
        links = {(one["relation"], one["other"]) for one in state.get("relations", [])}
        other = sa.orm.aliased(Stance)
        rows = session.execute(
            sa.select(StanceRelation.id, StanceRelation.relation, other.slug)
            .join(other, other.id == StanceRelation.other_id)
            .where(StanceRelation.stance_id == id_)
        )
        _stand(
            session,
            StanceRelation,
            [(row, (kind.value, name) in links) for row, kind, name in rows],
            number,
        )
    session.expire_all()


def _without_note(span: State) -> State:
    return {key: value for key, value in span.items() if key != "note"}


def _stand(
    session: Session, model: Any, rows: Sequence[tuple[int, bool]], number: int
) -> None:
    """Let rows stand, or withdraw them; what is so already keeps its change."""
    table = model.__table__
    for id_, stands in rows:
        now = table.c.withdrawn_change
        session.execute(
            sa.update(table)
            .where(table.c.id == id_, now.is_not(None) if stands else now.is_(None))
            .values(withdrawn_change=None if stands else number)
        )


class _Making:
    """Makes records of states: some name each other, none are stored yet."""

    def __init__(self, session: Session, states: Mapping[Key, State]) -> None:
        self.session = session
        self.states = states
        self.new = [key for key in states if not Stored(session).get(*key)]
        self._newest: dict[str, int] = {}

    def data(self, kind: Kind, slug: str) -> State:
        """Return the record that a state stands for."""
        state = dict(self.states[kind, slug])
        state.pop("withdrawn", None)
        if kind == "source":
            state = self._source(slug, state)
        elif kind == "stance" and "agenda_item" in state:
            state["agenda_item"] = self._position(state)
        made: State = self._with_versions(state)
        return made

    def _with_versions(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._with_versions(item) for item in value]
        if not isinstance(value, dict):
            return value
        new = {key: self._with_versions(item) for key, item in value.items()}
        if "version" in new and new["version"] == self._newest_of(new["source"]):
            del new["version"]
        return new

    def _newest_of(self, source: str) -> int:
        if source not in self._newest:
            state = self.states.get(("source", source))
            stored = self.session.scalar(
                sa.select(sa.func.max(SourceText.version))
                .join(Source)
                .where(Source.slug == source)
            )
            earlier = state.get("earlier", []) if state else []
            self._newest[source] = stored or len(earlier) + 1
        return self._newest[source]

    def _position(self, state: State) -> int:
        meeting, item = state["meeting"], state["agenda_item"]
        made = self.states.get(("meeting", meeting))
        agenda = (
            [each["text"] for each in made.get("agenda", [])]
            if made
            else self.session.scalars(
                sa.select(AgendaItem.text)
                .join(Meeting)
                .where(Meeting.slug == meeting)
                .order_by(AgendaItem.position)
            ).all()
        )
        return list(agenda).index(item) + 1 if item in agenda else len(agenda) + 1

    def _source(self, slug: str, state: State) -> State:
        texts = {text["sha256"]: text for text in self._texts(slug)}
        state = self._words(state, texts)
        if "earlier" in state:
            state["earlier"] = [self._words(one, texts) for one in state["earlier"]]
        return state

    def _words(self, state: State, texts: Mapping[str, State]) -> State:
        if "text" not in state:
            return state
        given = state["text"]
        found = texts.get(given["sha256"])
        if found is None:
            raise Conflict("It cannot be undone: the text of the source has changed.")
        passages = found["passages"]
        if found["text"] is not None:
            return state | {"text": found["text"], "passages": passages}
        rest = {key: value for key, value in state.items() if key != "text"}
        return rest | {"withheld": {**given, "passages": passages}}

    def _texts(self, slug: str) -> Iterator[State]:
        stored = self.session.scalars(
            sa.select(SourceText).join(Source).where(Source.slug == slug)
        ).all()
        for text in stored:
            yield {
                "sha256": text.sha256,
                "text": text.text,
                "passages": passages_of(self.session, text.id),
            }
        kept = self.session.scalar(
            sa.select(Tombstone.texts).where(
                Tombstone.kind == RecordKind.SOURCE, Tombstone.slug == slug
            )
        )
        yield from kept or ()
