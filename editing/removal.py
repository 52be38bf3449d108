"""Take a record back: withdraw a stance, remove any other record with a tombstone.

A stance stays in the history. What else is removed leaves its kind, slug and digest,
and of a source its words and passages, so that it can come back as it was. Stances that
were withdrawn before and name what goes, go with it: the journal has what they said.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editing.mentioning import Key
from exchange.journal import Journal
from exchange.records import Kind
from exchange.stored import MODELS
from exchange.writing.marking import Marker
from models import (
    Actor,
    AgendaItem,
    Attribution,
    Base,
    Evidence,
    Meeting,
    Membership,
    Mention,
    Office,
    Passage,
    Proposition,
    PropositionRelation,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    Tombstone,
    Topic,
    withdrawn_too,
)
from models.enums import ChangeAction, RecordKind


def withdraw(session: Session, journal: Journal, number: int, slug: str) -> None:
    """Withdraw a stance with its evidence and its relations, in a change."""
    journal.changing("stance", [slug], ChangeAction.WITHDRAWN)
    id_ = session.scalars(sa.select(Stance.id).where(Stance.slug == slug)).one()
    for column in (Stance.id, Evidence.stance_id, StanceRelation.stance_id):
        table = column.class_.__table__
        session.execute(
            sa.update(table)
            .where(table.c[column.key] == id_, table.c.withdrawn_change.is_(None))
            .values(withdrawn_change=number)
        )


def remove(
    session: Session, journal: Journal, number: int, kind: Kind, slug: str
) -> None:
    """Remove a record that nothing which stands names, in a change."""
    journal.changing(kind, [slug], ChangeAction.REMOVED)
    row: Any = session.scalars(
        sa.select(MODELS[kind]).where(MODELS[kind].slug == slug)
    ).one()
    texts = _texts(session, row) if isinstance(row, Source) else None
    _bury(session, number, kind, slug, row.digest, texts)
    _drop_withdrawn(session, journal, number, row)
    journal.changing("source", _coded_subjects(session, row))
    marked = _names(session, row)
    for statement in _parts(row):
        session.execute(statement)
    session.expunge(row)
    _delete(session, MODELS[kind], MODELS[kind].id == row.id)
    if marked:
        Marker(session).mark_again(marked)


def _bury(
    session: Session,
    number: int,
    kind: Kind,
    slug: str,
    digest: str | None,
    texts: list[Any] | None = None,
) -> None:
    _delete(  # of a record that was removed before, and came back by a file
        session,
        Tombstone,
        Tombstone.kind == RecordKind(kind),
        Tombstone.slug == slug,
    )
    session.add(
        Tombstone(
            kind=RecordKind(kind),
            slug=slug,
            digest=digest,
            change_id=number,
            texts=texts,
        )
    )
    session.flush()


def _texts(session: Session, row: Source) -> list[Any]:
    return [
        {
            "sha256": text.sha256,
            "length": text.length,
            "text": text.text,
            "passages": passages_of(session, text.id),
        }
        for text in session.scalars(
            sa.select(SourceText)
            .where(SourceText.source_id == row.id)
            .order_by(SourceText.version)
        )
    ]


def passages_of(session: Session, text_id: int) -> list[dict[str, Any]]:
    """Return the passages of a text as a record has them."""
    rows = session.execute(
        sa.select(Passage.start_char, Passage.end_char, Actor.slug, Passage.page)
        .outerjoin(Actor, Actor.id == Passage.speaker_id)
        .where(Passage.source_text_id == text_id)
        .order_by(Passage.position)
    )
    return [
        {"start": start, "end": end}
        | ({"speaker": speaker} if speaker else {})
        | ({"page": page} if page else {})
        for start, end, speaker, page in rows
    ]


def _coded_subjects(session: Session, row: Any) -> set[str]:
    """Return the sources of which a person said that a label means this record.

    What follows from the name comes back with the record; this would not.
    """
    if not isinstance(row, Actor | Topic):
        return set()
    column = (
        SourceSubject.actor_id if isinstance(row, Actor) else SourceSubject.topic_id
    )
    marker = Marker(session)
    found: set[str] = set()
    for kind, label in session.execute(
        sa.select(SourceSubject.kind, SourceSubject.label)
        .where(column == row.id)
        .distinct()
    ).all():
        if row.id not in marker.resolve(kind, label, None):
            found.update(
                session.scalars(
                    sa.select(Source.slug)
                    .join(SourceSubject)
                    .where(column == row.id, SourceSubject.label == label)
                )
            )
    return found


def _names(session: Session, row: Any) -> set[str]:
    """Return the names that mark passages otherwise when an actor is gone."""
    if not isinstance(row, Actor):
        return set()
    return {name for name, *_ in Marker(session).names_of([row.slug])}


def _drop_withdrawn(session: Session, journal: Journal, number: int, row: Any) -> None:
    """Delete what was withdrawn before and cannot stay without this record."""
    with withdrawn_too(session):
        gone = session.execute(
            sa.select(Stance.id, Stance.slug, Stance.digest).where(
                Stance.withdrawn_change.is_not(None), _names_it(row)
            )
        ).all()
    journal.changing("stance", [slug for _, slug, _ in gone], ChangeAction.REMOVED)
    for id_, slug, digest in gone:
        _bury(session, number, "stance", slug, digest)
        related = sa.or_(
            StanceRelation.stance_id == id_, StanceRelation.other_id == id_
        )
        _delete(session, StanceRelation, related)
        _delete(session, Evidence, Evidence.stance_id == id_)
        _delete(session, Stance, Stance.id == id_)
    if isinstance(row, Source):
        texts = sa.select(SourceText.id).where(SourceText.source_id == row.id)
        _delete(
            session,
            Evidence,
            Evidence.source_text_id.in_(texts),
            Evidence.withdrawn_change.is_not(None),
        )


def _names_it(row: Any) -> Any:
    match row:
        case Actor():
            links = sa.select(Evidence.stance_id).join(Attribution)
            return sa.or_(
                Stance.holder_id == row.id,
                Stance.represents_id == row.id,
                Stance.target_actor_id == row.id,
                Stance.id.in_(links.where(Attribution.actor_id == row.id)),
            )
        case Proposition():
            return Stance.proposition_id == row.id
        case Meeting():
            return Stance.meeting_id == row.id
        case Source():
            cited = sa.select(Evidence.stance_id).join(SourceText)
            links = sa.select(Evidence.stance_id).join(Attribution)
            return sa.or_(
                Stance.id.in_(cited.where(SourceText.source_id == row.id)),
                Stance.id.in_(links.where(Attribution.source_id == row.id)),
            )
        case Topic():
            return Stance.topic_id == row.id
    return sa.false()


def _parts(row: Any) -> Iterable[Any]:
    """Delete what hangs on a row and is not deleted with it by the database."""
    match row:
        case Actor():
            yield _unresolved(SourceSubject.actor_id, row.id)
            yield _deletion(Mention, Mention.actor_id == row.id)
            yield _deletion(Membership, Membership.member_id == row.id)
        case Source():
            texts = sa.select(SourceText.id).where(SourceText.source_id == row.id)
            passages = sa.select(Passage.id).where(Passage.source_text_id.in_(texts))
            yield _deletion(Mention, Mention.passage_id.in_(passages))
            yield _deletion(Passage, Passage.source_text_id.in_(texts))
            yield _deletion(SourceText, SourceText.source_id == row.id)
        case Proposition():
            yield _deletion(
                PropositionRelation,
                sa.or_(
                    PropositionRelation.proposition_id == row.id,
                    PropositionRelation.other_id == row.id,
                ),
            )
        case Meeting():
            yield _deletion(AgendaItem, AgendaItem.meeting_id == row.id)
        case Office():
            yield _deletion(Tenure, Tenure.office_id == row.id)
        case Topic():
            yield _unresolved(SourceSubject.topic_id, row.id)


def _unresolved(column: Any, id_: int) -> Any:
    """What a label stood for is known by name alone; the label itself stays."""
    return sa.update(SourceSubject).where(column == id_).values({column: None})


def _deletion(model: type[Base], *conditions: Any) -> Any:
    return (
        sa.delete(model).where(*conditions).execution_options(synchronize_session=False)
    )


def _delete(session: Session, model: type[Base], *conditions: Any) -> None:
    session.execute(_deletion(model, *conditions))


def contraries(session: Session, id_: int) -> list[Key]:
    """Return the propositions that are contrary to one: they change when it goes."""
    one, other = PropositionRelation.proposition_id, PropositionRelation.other_id
    ids = sa.union_all(
        sa.select(other).where(one == id_), sa.select(one).where(other == id_)
    )
    slugs = sa.select(Proposition.slug).where(Proposition.id.in_(ids))
    return [("proposition", slug) for slug in session.scalars(slugs)]
