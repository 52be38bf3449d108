"""Examples of searches, made of the record that is loaded."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, func, select
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
    most_met = _most_frequent(Actor, Participation, Participation.represented_id)
    if actor := session.scalar(most_met):
        yield f"actor:{actor} kind:meeting"
    most_discussed = _most_frequent(Topic, AgendaItem, AgendaItem.topic_id)
    if topic := session.scalar(most_discussed):
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


def _most_frequent(model: Any, among: Any, refers: Any) -> Select[str]:
    """Select the slug to which most of some rows refer, the first of them at least."""
    looked_at = select(among.id).order_by(among.id).limit(LOOKED_AT)
    return (
        select(model.slug)
        .join(among, refers == model.id)
        .where(among.id.in_(looked_at))
        .group_by(model.slug)
        .order_by(func.count().desc(), model.slug)
        .limit(1)
    )


def _word(text: str) -> str | None:
    """The longest word of a sentence, in small letters; None if none will do."""
    words = re.findall(r"[^\W\d_]+", text)
    fit = [word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD]
    return max(fit, key=len).lower() if fit else None
