"""Which records that stand name another: what keeps it from being removed."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.records import Kind
from models import (
    Actor,
    AgendaItem,
    Attribution,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Mention,
    Office,
    Outcome,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
)
from models.enums import MentionMethod

Key = tuple[Kind, str]
Found = tuple[Kind, Any]
"""A kind, and a select of the slugs of its records that name another."""

MOST_NAMED = 20


def names(session: Session, kind: Kind, id_: int) -> list[Key]:
    """Return records that stand and name a record, the first twenty of each kind.

    What follows from names by itself, such as mentions found in passages, names
    nothing; nor does what is withdrawn.
    """
    found: dict[Key, None] = {}
    for named_by, slugs in _SELECTS.get(kind, lambda _: iter(()))(id_):
        for slug in session.scalars(slugs.limit(MOST_NAMED)):
            found[named_by, slug] = None
    return list(found)


def _of_actor(id_: int) -> Iterator[Found]:
    yield "actor", sa.select(Actor.slug).where(Actor.parent_id == id_)
    yield (
        "actor",
        sa.select(Actor.slug)
        .join(Membership, Membership.member_id == Actor.id)
        .where(Membership.organization_id == id_),
    )
    yield "office", sa.select(Office.slug).where(Office.body_id == id_)
    yield "office", sa.select(Office.slug).join(Tenure).where(Tenure.person_id == id_)
    yield "meeting", sa.select(Meeting.slug).where(Meeting.country_id == id_)
    yield (
        "meeting",
        sa.select(Meeting.slug)
        .join(Participation)
        .where(
            sa.or_(Participation.person_id == id_, Participation.represented_id == id_)
        ),
    )
    yield (
        "meeting",
        sa.select(Meeting.slug).join(AgendaItem).where(AgendaItem.side_id == id_),
    )
    yield "source", sa.select(Source.slug).where(Source.issuer_id == id_)
    passages = (
        sa.select(Source.slug)
        .join(SourceText, SourceText.source_id == Source.id)
        .join(Passage, Passage.source_text_id == SourceText.id)
    )
    yield "source", passages.where(Passage.speaker_id == id_)
    coded = sa.and_(Mention.actor_id == id_, Mention.method == MentionMethod.CODER)
    yield "source", passages.join(Mention).where(coded)
    yield (
        "stance",
        sa.select(Stance.slug).where(
            sa.or_(
                Stance.holder_id == id_,
                Stance.represents_id == id_,
                Stance.target_actor_id == id_,
            )
        ),
    )
    yield from _claims(
        Evidence.id.in_(
            sa.select(Attribution.evidence_id).where(Attribution.actor_id == id_)
        )
    )


def _of_topic(id_: int) -> Iterator[Found]:
    yield "topic", sa.select(Topic.slug).where(Topic.parent_id == id_)
    yield "proposition", sa.select(Proposition.slug).where(Proposition.topic_id == id_)
    yield (
        "meeting",
        sa.select(Meeting.slug).join(AgendaItem).where(AgendaItem.topic_id == id_),
    )
    yield "stance", sa.select(Stance.slug).where(Stance.topic_id == id_)


def _of_office(id_: int) -> Iterator[Found]:
    yield (
        "meeting",
        sa.select(Meeting.slug)
        .join(Participation)
        .where(Participation.office_id == id_),
    )


def _of_proposition(id_: int) -> Iterator[Found]:
    yield "stance", sa.select(Stance.slug).where(Stance.proposition_id == id_)


def _of_meeting(id_: int) -> Iterator[Found]:
    yield "meeting", sa.select(Meeting.slug).where(Meeting.parent_id == id_)
    yield "stance", sa.select(Stance.slug).where(Stance.meeting_id == id_)


def _of_source(id_: int) -> Iterator[Found]:
    yield "source", sa.select(Source.slug).where(Source.derived_from_id == id_)
    texts = sa.select(SourceText.id).where(SourceText.source_id == id_)
    yield from _claims(Evidence.source_text_id.in_(texts))
    yield from _claims(
        Evidence.id.in_(
            sa.select(Attribution.evidence_id).where(Attribution.source_id == id_)
        )
    )


def _of_stance(id_: int) -> Iterator[Found]:
    relations = sa.select(StanceRelation.stance_id).where(
        StanceRelation.other_id == id_
    )
    yield "stance", sa.select(Stance.slug).where(Stance.id.in_(relations))


def _claims(cited: Any) -> Iterator[Found]:
    """The records whose claims rest on some evidence."""
    for claim in (None, MeetingStatusEvent, Participation, AgendaItem, Outcome):
        slugs = sa.select(Meeting.slug)
        slugs = slugs.join(claim, claim.meeting_id == Meeting.id) if claim else slugs
        name = claim.__tablename__.removeprefix("meeting_") if claim else "meeting"
        column = getattr(Evidence, f"{name}_id")
        yield (
            "meeting",
            slugs.join(Evidence, column == (claim or Meeting).id).where(cited),
        )
    yield (
        "stance",
        sa.select(Stance.slug)
        .join(Evidence, Evidence.stance_id == Stance.id)
        .where(cited),
    )
    yield (
        "office",
        sa.select(Office.slug)
        .join(Tenure, Tenure.office_id == Office.id)
        .join(Evidence, Evidence.tenure_id == Tenure.id)
        .where(cited),
    )
    yield (
        "actor",
        sa.select(Actor.slug)
        .join(Membership, Membership.member_id == Actor.id)
        .join(Evidence, Evidence.membership_id == Membership.id)
        .where(cited),
    )


_SELECTS = {
    "actor": _of_actor,
    "topic": _of_topic,
    "office": _of_office,
    "proposition": _of_proposition,
    "meeting": _of_meeting,
    "source": _of_source,
    "stance": _of_stance,
}
