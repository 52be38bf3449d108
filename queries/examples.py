"""Examples of searches, made of the record that is loaded."""

import re
from collections.abc import Iterator

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models import (
    Actor,
    AgendaItem,
    Meeting,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from models.enums import MeetingStatus, Phase
from queries.meetings import STATUS, select_meetings

SHORTEST_WORD, LONGEST_WORD = 6, 24
LOOKED_AT = 500
"""How many records of each kind are looked at, the first by their ids."""


def examples(session: Session) -> Iterator[str]:
    """Searches for what the record has most of, one for each thing that can be asked.

    Each is made of a record that it finds, so none of them finds nothing.
    """
    stances = (
        select(Proposition.text, Actor.slug, func.count())
        .select_from(Stance)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Actor, Actor.id == Stance.holder_id)
        .where(Stance.id.in_(select(Stance.id).order_by(Stance.id).limit(LOOKED_AT)))
    )
    most = func.count().desc()
    issue = session.execute(
        stances.group_by(Proposition.id, Proposition.text, Actor.slug)
        .order_by(most, Proposition.text, Actor.slug)
        .limit(1)
    ).first()
    if issue:
        text, holder, _ = issue
        if word := _word(text):
            yield word
            yield f"{word} holder:{holder}"
    actor = session.scalar(
        select(Actor.slug)
        .join(Participation, Participation.represented_id == Actor.id)
        .where(
            Participation.id.in_(
                select(Participation.id).order_by(Participation.id).limit(LOOKED_AT)
            )
        )
        .group_by(Actor.slug)
        .order_by(most, Actor.slug)
        .limit(1)
    )
    if actor:
        yield f"actor:{actor} kind:meeting"
    topic = session.scalar(
        select(Topic.slug)
        .join(AgendaItem, AgendaItem.topic_id == Topic.id)
        .where(
            AgendaItem.id.in_(
                select(AgendaItem.id).order_by(AgendaItem.id).limit(LOOKED_AT)
            )
        )
        .group_by(Topic.slug)
        .order_by(most, Topic.slug)
        .limit(1)
    )
    if topic:
        yield f"topic:{topic}"
    status = session.scalar(
        select_meetings()
        .with_only_columns(STATUS)
        .where(STATUS.is_not(None))
        .order_by(
            case((STATUS.in_(MeetingStatus.of(Phase.PLANNED)), 0), else_=1),
            Meeting.id,
        )
        .limit(1)
    )
    if status:
        yield f"kind:meeting status:{status.value}"


def _word(text: str) -> str | None:
    """The longest word of a sentence, in small letters; None if none will do."""
    words = re.findall(r"[^\W\d_]+", text)
    fit = [word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD]
    return max(fit, key=len).lower() if fit else None
