"""What is loaded along with the rows of each kind of record.

So a batch costs a fixed number of statements, however many rows it has.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import defer, joinedload, selectinload

from exchange.records import Kind
from models import (
    Actor,
    AgendaItem,
    Attribution,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Office,
    Outcome,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
)


def _with_evidence(claim: Any) -> Any:
    text = joinedload(Evidence.source_text).options(
        defer(SourceText.text), joinedload(SourceText.source)
    )
    links = selectinload(Evidence.attributions).options(
        joinedload(Attribution.actor), joinedload(Attribution.source)
    )
    return selectinload(claim).options(text, links)


#: By kind of record.
OPTIONS: Mapping[Kind, Sequence[Any]] = {
    "dataset": (),
    "topic": (joinedload(Topic.parent),),
    "actor": (
        joinedload(Actor.parent),
        selectinload(Actor.names),
        selectinload(Actor.identifiers),
        selectinload(Actor.memberships).options(
            joinedload(Membership.organization), _with_evidence(Membership.evidence)
        ),
    ),
    "office": (
        joinedload(Office.body),
        selectinload(Office.tenures).options(
            joinedload(Tenure.person), _with_evidence(Tenure.evidence)
        ),
    ),
    "proposition": (joinedload(Proposition.topic),),
    "source": (
        joinedload(Source.issuer),
        joinedload(Source.original),
        selectinload(Source.contributors),
        selectinload(Source.subjects).options(
            joinedload(SourceSubject.actor), joinedload(SourceSubject.topic)
        ),
        selectinload(Source.texts)
        .selectinload(SourceText.passages)
        .joinedload(Passage.speaker),
    ),
    "meeting": (
        joinedload(Meeting.country),
        joinedload(Meeting.parent),
        _with_evidence(Meeting.evidence),
        selectinload(Meeting.status_events).options(
            _with_evidence(MeetingStatusEvent.evidence)
        ),
        selectinload(Meeting.participations).options(
            joinedload(Participation.person),
            joinedload(Participation.represented),
            joinedload(Participation.office),
            _with_evidence(Participation.evidence),
        ),
        selectinload(Meeting.agenda).options(
            joinedload(AgendaItem.topic),
            joinedload(AgendaItem.side),
            _with_evidence(AgendaItem.evidence),
        ),
        selectinload(Meeting.outcomes).options(_with_evidence(Outcome.evidence)),
    ),
    "stance": (
        joinedload(Stance.holder),
        joinedload(Stance.represents),
        joinedload(Stance.proposition),
        joinedload(Stance.target_actor),
        joinedload(Stance.topic),
        joinedload(Stance.meeting).selectinload(Meeting.agenda),
        joinedload(Stance.agenda_item),
        selectinload(Stance.relations).joinedload(StanceRelation.other),
        _with_evidence(Stance.evidence),
    ),
}
