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


def judge_cells(
    session: Session, items: Statements, row: Ints, actor: Ints, period: Period
) -> Cells:
    """Judge what stands on the last day asked for, and sum it up by row and actor.

    First by proposition; a cell of a topic is made of several. Of the stances of a cell
    that on top is shown: one that stands before those that do not, then the latest.
    """
    over = load_ends(session, period.until)
    over |= load_not_valid(session, period.until or date.today())
    stands = ~np.isin(items.id, list(over))
    order = items.in_order(actor, items.proposition, stands)
    items, row, actor, stands = items.at(order), row[order], actor[order], stands[order]
    starts = runs(actor, items.proposition)
    number = np.diff(starts, append=len(items))
    top = starts + number - 1
    differs = ~stands & (items.position != np.repeat(items.position[top], number))
    clear = stands & (items.position != CODES[Position.UNCLEAR])
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
        stances=number,
        changed=_either(differs, starts),
        contested=(said & (said - 1) > 0) | denied,
        gone=gone,
        rank=shown.position * 8 - shown.polarity,
        shown=shown.id,
        position=shown.position,
        polarity=shown.polarity,
    )
    return _sum_up(views.at(views.row > 0))


def _either(values: NDArray[Any], starts: Ints) -> NDArray[Any]:
    """Whether any value of each run is true; of masks, all bits of the run."""
    return np.bitwise_or.reduceat(values, starts) if len(values) else values


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
    )


def _load_denied(session: Session) -> set[int]:
    """Load the ids of the stances of which a source says that they are not so."""
    statement = select(Evidence.stance_id).where(
        Evidence.role == EvidenceRole.CONTRADICTS, Evidence.stance_id.is_not(None)
    )
    return {id for id in session.scalars(statement) if id}
