"""Propositions that one speaker affirms and another does not, and exclusive claims."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from analysis.contested.shapes import (
    ANSWERS,
    ContestedProposition,
    Exclusion,
    How,
    Side,
)
from analysis.statements import Statements, load_statements, runs
from models import Proposition, Stance
from models.enums import Position, PropositionKind, StanceLink
from queries.badges import POSITION_ORDER, position_badge
from queries.refs import maybe, proposition_ref, topic_ref
from queries.stances import LINKS, StanceItem
from queries.stances import load_items as load_stances

OF_A_SIDE = 5
"""How many stances of each side are shown, the latest; the timeline holds all."""
PAIRS = 25
"""How many pairs of exclusive claims, and how many meetings, are shown."""


def contested_among(
    session: Session, *conditions: ColumnElement[bool], most: int
) -> tuple[tuple[ContestedProposition, ...], int]:
    """Load the contested propositions among those of some stances.

    Args:
        session: an open session.
        conditions: what is true of the stances; those that do not stand are to be left
            out by them.
        most: how many propositions.

    Returns:
        The first of them, in the order of `load_contested`, and how many there are.
    """
    on_propositions = Stance.proposition_id.is_not(None)
    items = load_statements(session, on_propositions, *conditions)
    found = find_contested(session, items, None, None)
    return load_propositions(session, found[:most], items), len(found)


Found = tuple[Proposition, tuple[How, ...]]


def find_contested(
    session: Session,
    items: Statements,
    how: How | None,
    kind: PropositionKind | None,
) -> list[Found]:
    """Find the contested propositions, and how.

    First and last holder of each position are enough to see whether two speakers are
    one and the same: it takes one holder on each side, and them the same.
    """
    items = items.at(np.lexsort((items.holder, items.position, items.proposition)))
    starts = runs(items.proposition, items.position)
    ends = np.append(starts[1:], len(items)) - 1
    said: dict[int, dict[Position, tuple[int, int]]] = defaultdict(dict)
    for proposition, position, first, last in zip(
        items.proposition[starts].tolist(),
        items.position[starts].tolist(),
        items.holder[starts].tolist(),
        items.holder[ends[: len(starts)]].tolist(),
        strict=True,
    ):
        said[proposition][POSITION_ORDER[position]] = first, last
    ways = {}
    for proposition, positions in said.items():
        if affirmed := positions.get(Position.FOR):
            answers = tuple(
                way
                for way, position in ANSWERS.items()
                if (answer := positions.get(position)) and len({*affirmed, *answer}) > 1
            )
            if answers and (how is None or how in answers):
                ways[proposition] = answers
    statement = select(Proposition).options(joinedload(Proposition.topic))
    if kind:
        statement = statement.where(Proposition.kind == kind)
    things = {item.id: item for item in session.scalars(statement)}
    found = [(things[key], way) for key, way in ways.items() if key in things]
    kinds, hows = list(PropositionKind), list(How)
    facts_first = sorted(kinds, key=lambda item: item != PropositionKind.FACTUAL)
    return sorted(
        found,
        key=lambda pair: (
            hows.index(pair[1][0]),
            facts_first.index(pair[0].kind),
            pair[0].text.casefold(),
            pair[0].slug,
        ),
    )


def load_propositions(
    session: Session, found: Sequence[Found], items: Statements
) -> tuple[ContestedProposition, ...]:
    """Load the words of each side: the latest of each."""
    items = items.at(np.isin(items.proposition, [item.id for item, _ in found]))
    sides: dict[tuple[int, Position], list[int]] = defaultdict(list)
    for at in items.in_order()[::-1]:
        position = POSITION_ORDER[items.position[at]]
        sides[int(items.proposition[at]), position].append(int(items.id[at]))
    stances = _by_id(
        session, (id for side in sides.values() for id in side[:OF_A_SIDE])
    )

    def side(proposition: Proposition, position: Position) -> Side:
        ids = sides[proposition.id, position]
        return Side(
            position=position,
            badge=position_badge(position, None, proposition.kind),
            stances=tuple(stances[id] for id in ids[:OF_A_SIDE]),
            total=len(ids),
        )

    return tuple(
        ContestedProposition(
            proposition=proposition_ref(proposition),
            kind=proposition.kind,
            topic=maybe(topic_ref, proposition.topic),
            how=ways,
            sides=tuple(
                side(proposition, position)
                for position in (Position.FOR, *ANSWERS.values())
                if sides[proposition.id, position]
            ),
        )
        for proposition, ways in found
    )


def _by_id(session: Session, ids: Iterable[int]) -> dict[int, StanceItem]:
    wanted = sorted(set(ids))
    statement = select(Stance).where(Stance.id.in_(wanted)).order_by(Stance.id)
    return dict(zip(wanted, load_stances(session, statement), strict=True))


def load_exclusions(
    session: Session, conditions: Sequence[Any], kind: PropositionKind | None
) -> tuple[Exclusion, ...]:
    """Load the pairs of stances of which one denies or contradicts the other.

    Stances towards actors are among them.
    """
    inside = [*conditions]
    if kind:
        of_kind = select(Proposition.id).where(Proposition.kind == kind)
        inside.append(Stance.proposition_id.in_(of_kind))
    links = session.execute(
        select(LINKS)
        .where(
            LINKS.c.relation.in_((StanceLink.DENIES, StanceLink.CONTRADICTS)),
            exists().where(Stance.id == LINKS.c.stance_id, *inside),
            exists().where(Stance.id == LINKS.c.other_id, *inside),
        )
        .order_by(LINKS.c.id.desc())
        .limit(PAIRS)
    ).all()
    items = _by_id(
        session, (id for link in links for id in (link.stance_id, link.other_id))
    )
    return tuple(
        Exclusion(
            relation=link.relation,
            one=items[link.stance_id],
            other=items[link.other_id],
        )
        for link in links
    )
