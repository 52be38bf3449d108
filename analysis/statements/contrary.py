"""What follows from contrary propositions.

Two contrary propositions cannot both be wanted, or both be true. So whoever is for the
one counts as against the other: a **derived** statement, against it with the polarity
−1, since how much somebody wants the one says nothing of how much it minds the other.
Nothing else crosses over: who is against the one, neutral or mixed may be anything to
the other, because both may be rejected. Nothing is derived from what is derived.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session

from analysis.statements.columns import Bools, Ints
from analysis.statements.loading import load_statements
from analysis.statements.rows import CODES, Statements
from models import Proposition, PropositionRelation, Stance
from models.enums import Position, PropositionLink


class Contrary(StrEnum):
    """Whether who is for a proposition counts as against those contrary to it."""

    ON = "on"
    OFF = "off"


def load_derived(
    session: Session,
    stances: Sequence[ColumnElement[bool]],
    propositions: Sequence[ColumnElement[bool]] = (),
) -> Statements:
    """Load what the stances *for* a proposition say of those contrary to it.

    Args:
        session: an open session.
        stances: conditions of the stances from which is derived.
        propositions: conditions of the propositions on which something is derived.

    Returns:
        A row for each such stance and contrary proposition, with the stance's id.
    """
    pairs = select_contrary().subquery()
    on_those = [Stance.proposition_id.in_(select(pairs.c.proposition_id))]
    items = load_statements(
        session, Stance.position == Position.FOR, *on_those, *stances
    )
    if not len(items):
        return items
    wanted = select(Proposition.id).where(*propositions)
    links = select(pairs.c.proposition_id, pairs.c.other_id)
    links = links.where(pairs.c.other_id.in_(wanted)).order_by(pairs.c.proposition_id)
    found = np.array(session.execute(links).all(), np.int64).reshape(-1, 2)
    starts = np.searchsorted(found[:, 0], items.proposition, "left")
    number = np.searchsorted(found[:, 0], items.proposition, "right") - starts
    before = np.cumsum(number) - number
    place = np.repeat(np.arange(len(items)), number)
    nth = np.arange(len(place)) - before[place]
    derived = items.at(place)
    return replace(
        derived,
        proposition=found[starts[place] + nth, 1],
        position=np.full(len(place), CODES[Position.AGAINST]),
        polarity=np.full(len(place), -1),
    )


def select_contrary() -> Select[*tuple[Any, ...]]:
    """Each pair of contrary propositions both ways: `proposition_id` and `other_id`."""
    link = PropositionRelation
    contrary = link.relation == PropositionLink.CONTRARY
    one = select(link.proposition_id, link.other_id).where(contrary)
    other = select(
        link.other_id.label("proposition_id"), link.proposition_id.label("other_id")
    ).where(contrary)
    both = union_all(one, other).subquery()
    return select(both.c.proposition_id, both.c.other_id)


def is_said(actor: Ints, about: Ints, by: Ints, of: Ints) -> Bools:
    """Which pairs of an actor and a proposition are among others.

    Args:
        actor, about: the pairs in question.
        by, of: the others.
    """
    most = max((int(part.max()) for part in (about, of) if len(part)), default=0) + 1
    return np.isin(actor * most + about, by * most + of)
