"""Which stances stand: not those that another corrects, nor those withdrawn.

A correction mends what was coded wrongly, so the corrected stance appears nowhere but
in the history. Read sessions leave it and its evidence out of every select, in one
place, because a page, count or network that forgot to would show the slip as a change
of position. Whoever reads the history, or writes, asks for all (`open_session`).

What is withdrawn (a stance, its evidence and relations, or one piece of evidence) is
left out of every session, also of those that write or export: to them it is as if it
were not there. The few that must know of it ask with `withdrawn_too`.
Objection: a condition that no statement shows. The other way, a condition in each of
some sixty statements, is the one that somebody forgets.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from models.database import STANDING_ONLY
from models.enums import StanceLink
from models.evidence import Evidence
from models.stance import Stance, StanceRelation

# Tables, not classes: what is looked up here must see the corrected stances too.
_STANCES = Stance.__table__
_RELATIONS = StanceRelation.__table__
_link = _RELATIONS.alias()
_CORRECTED = sa.select(_link.c.other_id).where(
    _link.c.relation == StanceLink.CORRECTS, _link.c.withdrawn_change.is_(None)
)

_NOT_WITHDRAWN = tuple(
    with_loader_criteria(
        model, lambda cls: cls.withdrawn_change.is_(None), include_aliases=True
    )
    for model in (Stance, StanceRelation, Evidence)
)
_WITHDRAWN_TOO = "withdrawn_too"

_OPTIONS = (
    with_loader_criteria(
        Stance, lambda cls: cls.id.not_in(_CORRECTED), include_aliases=True
    ),
    with_loader_criteria(
        Evidence,
        lambda cls: sa.or_(cls.stance_id.is_(None), cls.stance_id.not_in(_CORRECTED)),
        include_aliases=True,
    ),
)


@event.listens_for(Session, "do_orm_execute")
def _only_what_stands(state: ORMExecuteState) -> None:
    if not state.is_select or state.is_column_load:
        return
    if state.session.info.get(STANDING_ONLY):
        state.statement = state.statement.options(*_OPTIONS)
    if not state.session.info.get(_WITHDRAWN_TOO):
        state.statement = state.statement.options(*_NOT_WITHDRAWN)


@contextmanager
def withdrawn_too(session: Session) -> Iterator[None]:
    """Let a session see what is withdrawn too, for as long as this lasts.

    What it has loaded already stays as it was loaded.
    """
    before = session.info.get(_WITHDRAWN_TOO, False)
    session.info[_WITHDRAWN_TOO] = True
    try:
        yield
    finally:
        session.info[_WITHDRAWN_TOO] = before


@contextmanager
def whole_history(session: Session) -> Iterator[None]:
    """Let a session see the corrected stances too, for as long as this lasts.

    An export needs them whoever asks for it: without them a correction would name a
    stance that is not there. What the session holds is read anew, before and after.
    """
    standing = session.info.pop(STANDING_ONLY, None)
    session.expire_all()
    try:
        yield
    finally:
        if standing is not None:
            session.info[STANDING_ONLY] = standing
            session.expire_all()


def _corrections() -> Any:
    """Each corrected stance with the last stance of its chain of corrections."""
    step = _RELATIONS.alias()
    corrects = StanceLink.CORRECTS
    chain = (
        sa.select(
            _RELATIONS.c.other_id.label("stance_id"),
            _RELATIONS.c.stance_id.label("last_id"),
        )
        .where(
            _RELATIONS.c.relation == corrects, _RELATIONS.c.withdrawn_change.is_(None)
        )
        .cte("correction_chain", recursive=True)
    )
    chain = chain.union(
        sa.select(chain.c.stance_id, step.c.stance_id).join_from(
            chain,
            step,
            sa.and_(
                step.c.other_id == chain.c.last_id,
                step.c.relation == corrects,
                step.c.withdrawn_change.is_(None),
            ),
        )
    )
    return (
        sa.select(chain.c.stance_id, chain.c.last_id)
        .where(chain.c.last_id.not_in(_CORRECTED))
        .cte("corrections")
    )


_CHAINS = _corrections()  # one object: two CTEs of one name clash in a statement


def last_correction(session: Session, slug: str) -> str | None:
    """Return the slug of the last correction of a stance; None if there is none."""
    found = _CHAINS
    wrong = _STANCES.alias()
    right = _STANCES.alias()
    return session.scalar(
        sa.select(right.c.slug)
        .select_from(wrong)
        .join(found, found.c.stance_id == wrong.c.id)
        .join(right, right.c.id == found.c.last_id)
        .where(wrong.c.slug == slug)
    )


def standing_relations() -> Any:
    """What stances did to each other, each read as its last correction, as a subquery.

    Columns: id, stance_id, relation, other_id. A correction is no relation of this
    kind, and what falls together by correction bears on nothing.
    """
    of_stance, of_other = _CHAINS.alias(), _CHAINS.alias()
    stance = sa.func.coalesce(of_stance.c.last_id, _RELATIONS.c.stance_id)
    other = sa.func.coalesce(of_other.c.last_id, _RELATIONS.c.other_id)
    return (
        sa.select(
            _RELATIONS.c.id,
            stance.label("stance_id"),
            _RELATIONS.c.relation,
            other.label("other_id"),
        )
        .outerjoin(of_stance, of_stance.c.stance_id == _RELATIONS.c.stance_id)
        .outerjoin(of_other, of_other.c.stance_id == _RELATIONS.c.other_id)
        .where(
            _RELATIONS.c.relation != StanceLink.CORRECTS,
            _RELATIONS.c.withdrawn_change.is_(None),
            stance != other,
        )
        .subquery("standing_relation")
    )
