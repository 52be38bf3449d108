"""What the records of these tests are made of."""

from typing import Any

from sqlalchemy.orm import Session

from models import Actor, Proposition
from tests import factories as make


def state(session: Session, slug: str) -> Actor:
    return make.actor(session, slug=slug, name=slug.title(), kind="state")


def say(session: Session, holder: Actor, on: Proposition, **given: Any) -> Any:
    return make.stance(session, holder=holder, proposition=on, **given)


def meet(session: Session, status: str | None, *actors: Actor, **given: Any) -> Any:
    meeting = make.meeting(session, **given)
    if status:
        make.status_event(session, meeting=meeting, status=status, date="2022-07-01")
    for at, actor in enumerate(actors):
        make.participation(
            session,
            meeting=meeting,
            represented=actor,
            role="host" if at == 0 else "visitor",
        )
    return meeting
