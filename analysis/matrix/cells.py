"""What a cell shows, and why: arithmetic over the statements of each."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.statements import (
    CODES,
    Bools,
    Columns,
    Ints,
    Period,
    Statements,
    load_ends,
    load_not_valid,
    runs,
)
from models import Evidence
from models.enums import EvidenceRole, Position


@dataclass(frozen=True)
class Cells(Columns):
    """What the cells show, and why: a row of each array is one of them."""

    row: Ints
    actor: Ints
    in_favour: Ints
    against: Ints
    other: Ints
    stances: Ints
    changed: Bools
    contested: Bools
    gone: Bools
    rank: Ints
    """Its place between for and unclear, and among those of one place by strength."""
    shown: Ints
    """The stance that is shown."""
    position: Ints
    """The position of that stance, a number of `CODES`."""
    polarity: Ints
    derived: Bools
    """Whether the stance shown is on a contrary proposition."""
    both: Bools
    """Whether the actor is for the proposition and for one contrary to it."""


def judge_cells(
    session: Session,
    items: Statements,
    *,
    about: Ints,
    row: Ints,
    actor: Ints,
    derived: Bools,
    period: Period,
) -> Cells:
    """Judge what stands on the last day asked for, and sum it up by row and actor.

    First by what each is about; a cell of a topic is made of several propositions. Of
    the stances of a cell that on top is shown: one that stands before those that do
    not, then one on the proposition itself before a derived one, then the latest.

    Args:
        session: an open session.
        items: the statements.
        about: the proposition, or the actor, that each is about.
        row, actor: the cell to which each belongs.
        derived: which of them are on a contrary proposition.
        period: the days asked for.
    """
    over = load_ends(session, period.until)
    over |= load_not_valid(session, period.until or date.today())
    stands = ~np.isin(items.id, list(over))
    order = items.in_order(actor, about, stands, ~derived)
    items, row, actor, about = items.at(order), row[order], actor[order], about[order]
    stands, derived = stands[order], derived[order]
    starts = runs(actor, about)
    number = np.diff(starts, append=len(items))
    top = starts + number - 1
    differs = ~stands & ~derived
    differs &= items.position != np.repeat(items.position[top], number)
    clear = stands & ~derived & (items.position != CODES[Position.UNCLEAR])
    alike = derived == np.repeat(derived[top], number)
    for_it = stands & ~derived & (items.polarity > 0)
    said = _either(np.where(clear, 1 << items.position, 0), starts)
    shown = items.at(top)
    gone = ~stands[top]
    sign = np.where(gone, 0, np.sign(shown.polarity))
    denied = np.isin(shown.id, list(_load_denied(session)))
    views = Cells(
        row=row[top],
        actor=actor[top],
        in_favour=(sign > 0).astype(np.int64),
        against=(sign < 0).astype(np.int64),
        other=(sign == 0).astype(np.int64),
        stances=_added(alike, starts),
        changed=_either(differs, starts),
        contested=(said & (said - 1) > 0) | denied,
        gone=gone,
        rank=shown.position * 8 - shown.polarity,
        shown=shown.id,
        position=shown.position,
        polarity=shown.polarity,
        derived=derived[top],
        both=_either(for_it, starts) & _either(stands & derived, starts),
    )
    return _sum_up(views.at(views.row > 0))


def _either(values: NDArray[Any], starts: Ints) -> NDArray[Any]:
    """Whether any value of each run is true; of masks, all bits of the run."""
    return np.bitwise_or.reduceat(values, starts) if len(values) else values


def _added(values: Bools, starts: Ints) -> Ints:
    """How many values of each run are true."""
    numbers = values.astype(np.int64)
    return np.add.reduceat(numbers, starts) if len(values) else numbers


def _sum_up(views: Cells) -> Cells:
    """One cell for each row and actor."""
    views = views.at(np.lexsort((views.actor, views.row)))
    starts = runs(views.row, views.actor)
    if not len(views):
        return views
    first = views.at(starts)
    return replace(
        first,
        in_favour=np.add.reduceat(views.in_favour, starts),
        against=np.add.reduceat(views.against, starts),
        other=np.add.reduceat(views.other, starts),
        stances=np.add.reduceat(views.stances, starts),
        changed=_either(views.changed, starts),
        contested=_either(views.contested, starts),
        gone=np.logical_and.reduceat(views.gone, starts),
        rank=np.minimum.reduceat(views.rank, starts),
        derived=np.logical_and.reduceat(views.derived, starts),
        both=_either(views.both, starts),
    )


def _load_denied(session: Session) -> set[int]:
    """Load the ids of the stances of which a source says that they are not so."""
    statement = select(Evidence.stance_id).where(
        Evidence.role == EvidenceRole.CONTRADICTS, Evidence.stance_id.is_not(None)
    )
    return {id for id in session.scalars(statement) if id}
