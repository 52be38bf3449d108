"""Who stands where on what: actors against propositions, or against topics.

A cell holds the stances that count for one actor on one proposition, of which the page
shows the **current** one: of those that stand, the one stated last. A stance stands
unless another supersedes or retracts it, its `valid_to` is over, or its `valid_from` is
still to come; all of that as of the last day asked for (today, unless said), so that a
matrix of July knows nothing of August. A cell is

- **changed** when an earlier stance took another position and stands no longer;
- **contested** when stances that stand take different positions, or a source says of
  the current one that it is not so;
- **gone** when nothing in it stands any more;
- absent when there is no record. No record is not neutral: neutral is a position, with
  somebody who took it.

Positions that the coder could not tell (`unclear`) contest nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from analysis.statements import (
    CODES,
    Bools,
    Columns,
    Fold,
    Folded,
    Ints,
    Period,
    Sides,
    Someone,
    Statements,
    find_topic,
    folded,
    in_parts,
    load_ends,
    load_not_valid,
    load_statements,
    runs,
)
from errors import NotFound, quoted
from models import POLARITIES, Evidence, Proposition, Stance, Topic
from models.enums import ActorKind as ActorKind
from models.enums import EvidenceRole, Position
from models.enums import PropositionKind as PropositionKind
from queries.badges import POSITION_ORDER, position_badge
from queries.evidence import last_changed
from queries.refs import proposition_ref, topic_ref
from queries.shapes import Badge, Basis, Ref, address
from queries.stances import under_topic

ROWS, COLUMNS = 50, 40
"""How much of a matrix stands on one page: 2,000 cells."""


class By(StrEnum):
    """What the rows of a matrix are."""

    PROPOSITION = "proposition"
    TOPIC = "topic"


class Order(StrEnum):
    """In which order the rows stand."""

    RECORD = "record"
    DISAGREEMENT = "disagreement"
    NAME = "name"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Where an actor stands on a proposition, or on those under a topic."""

    badge: Badge | None
    """The current position; null for a topic, where there are several."""
    position: Position | None
    """The same as a code."""
    polarity: int | None
    """The same as a number, −2 to 2, where the position has one."""
    in_favour: int
    """On how many propositions the current position is for."""
    against: int
    """On how many it is against."""
    other: int
    """On how many it is something else."""
    stances: int
    """How many stances it rests on, standing or not."""
    changed: bool
    """Whether an earlier stance, which no longer stands, took another position."""
    contested: bool
    """Whether stances that stand differ, or the current one is denied."""
    gone: bool
    """Whether nothing in it stands any more; the position is then the last one."""
    url: str
    """The stance, or all of them on a timeline, with their passages."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A proposition or a topic, with a cell for each column."""

    about: Ref
    """The proposition or the topic."""
    topic: Ref | None
    """The topic of a proposition."""
    kind: PropositionKind | None
    """The kind of a proposition."""
    cells: tuple[Cell | None, ...]
    """A cell for each column; null where there is no record."""
    in_favour: int
    """How many actors are for it, in all columns, here or not."""
    against: int
    """How many are against it."""
    other: int
    """How many take another position."""
    actors: int
    """Of how many actors there is any record."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """An actor."""

    actor: Ref
    """The actor."""
    kind: ActorKind
    """What kind of actor it is."""
    rows: int
    """On how many rows there is a record of it."""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Actors against propositions or topics."""

    by: By
    """What the rows are."""
    period: Period
    """The days it is about; its last day is the day that it shows."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    columns: tuple[Column, ...]
    """The actors, those with the longest record first unless ordered by a row."""
    rows: tuple[Row, ...]
    """The propositions or topics."""
    total_columns: int
    """How many actors there are."""
    total_rows: int
    """How many rows there are."""
    page: int
    """Which page of rows this is, from 1."""
    column_page: int
    """Which page of columns this is, from 1."""
    pages: int
    """How many pages of rows there are."""
    column_pages: int
    """How many pages of columns there are."""
    folded: Folded
    """For whom the stances count."""
    basis: Basis
    """What it rests on."""


def load_matrix(
    session: Session,
    *,
    by: By = By.PROPOSITION,
    actors: Sequence[str] = (),
    propositions: Sequence[str] = (),
    topic: str | None = None,
    kind: PropositionKind | None = None,
    actor_kind: ActorKind | None = None,
    differ: bool = False,
    period: Period | None = None,
    fold: Fold = Fold.OFFICE,
    sort: Order = Order.RECORD,
    by_actor: str | None = None,
    by_proposition: str | None = None,
    page: int = 1,
    column_page: int = 1,
    whole: bool = False,
) -> Matrix:
    """Load the matrix of who stands where.

    Args:
        session: an open session.
        by: what the rows are.
        actors: only these; all, if none.
        propositions: only these; all, if none.
        topic: only what is under this topic or below it.
        kind: only propositions of this kind.
        actor_kind: only actors of this kind.
        differ: only rows on which one actor is for and another against.
        period: only stances that may have been stated in these days, as they stood on
            the last of them.
        fold: for whom a person's and a body's stances count.
        sort: the order of the rows.
        by_actor: put the rows in the order of this actor's positions instead.
        by_proposition: put the actors in the order of their positions on this one.
        page: which page of rows.
        column_page: which page of columns.
        whole: everything on one page.

    Raises:
        NotFound: there is no such actor, row or topic.
    """
    period = period or Period()
    sides = Sides(session, fold)
    wanted = {sides.find(slug).id for slug in actors}
    headings = _Headings(session, by)
    conditions = [Stance.proposition_id.is_not(None), period.touches()]
    if topic:
        conditions.append(under_topic(topic))
    if propositions or kind:
        conditions.append(Stance.proposition_id.in_(_chosen(propositions, kind)))
    if wanted:
        speakers = set().union(*map(sides.may_speak_for, wanted))
        conditions.append(
            or_(Stance.holder_id.in_(speakers), Stance.represents_id.in_(speakers))
        )
    items = load_statements(session, *conditions)
    counted = sides.count(items)
    here = np.ones(len(items), bool)
    if wanted:
        here &= np.isin(counted.actor, list(wanted))
    if actor_kind:
        here &= np.isin(counted.actor, sides.of_kind(actor_kind))
    items, actor = items.at(here), counted.actor[here]
    row = headings.rows(items.proposition)
    table = _Table(sides, headings, _cells(session, items, row, actor, period))
    if differ:
        table.keep_disputed()
    rows = table.order_rows(sort, by_actor)
    columns = table.order_columns(
        headings.find(by_proposition) if by_proposition else None
    )
    shown_rows, shown_columns = rows, columns
    if not whole:
        shown_rows = rows[(page - 1) * ROWS : page * ROWS]
        shown_columns = columns[(column_page - 1) * COLUMNS : column_page * COLUMNS]
    links = _Links(session, table, shown_rows, shown_columns, period, fold)
    inside = np.isin(row, shown_rows)
    inside &= np.isin(actor, [one.id for one in shown_columns])
    return Matrix(
        by=by,
        period=period,
        topic=find_topic(session, topic) if topic else None,
        columns=tuple(
            Column(actor=one.ref, kind=one.kind, rows=table.of_column[one.id])
            for one in shown_columns
        ),
        rows=tuple(table.row(row, shown_columns, links) for row in shown_rows),
        total_columns=len(columns),
        total_rows=len(rows),
        page=page,
        column_page=column_page,
        pages=max(1, -(-len(rows) // ROWS)),
        column_pages=max(1, -(-len(columns) // COLUMNS)),
        folded=folded(fold, counted.reason[here]),
        basis=_basis(session, items.id[inside].tolist()),
    )


def _chosen(slugs: Sequence[str], kind: PropositionKind | None) -> Any:
    statement = select(Proposition.id)
    if slugs:
        statement = statement.where(Proposition.slug.in_(slugs))
    if kind:
        statement = statement.where(Proposition.kind == kind)
    return statement


def _basis(session: Session, stances: Sequence[int]) -> Basis:
    """Count the texts and spans behind the stances that are shown."""
    found: set[tuple[int, int]] = set()
    for part in in_parts(stances):
        spans = select(Evidence.source_text_id, Evidence.start_char).where(
            Evidence.stance_id.in_(part)
        )
        found.update((text, start) for text, start in session.execute(spans))
    return Basis(
        sources=len({text for text, _ in found}),
        passages=len(found),
        changed=last_changed(session),
    )


@dataclass(frozen=True)
class _Cells(Columns):
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


def _cells(
    session: Session, items: Statements, row: Ints, actor: Ints, period: Period
) -> _Cells:
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
    told = stands & (items.position != CODES[Position.UNCLEAR])
    said = _either(np.where(told, 1 << items.position, 0), starts)
    shown = items.at(top)
    gone = ~stands[top]
    sign = np.where(gone, 0, np.sign(shown.polarity))
    denied = np.isin(shown.id, list(_load_denied(session)))
    views = _Cells(
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


def _sum_up(views: _Cells) -> _Cells:
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


class _Headings:
    """The propositions and topics, to make rows of."""

    def __init__(self, session: Session, by: By) -> None:
        self.by = by
        statement = select(Proposition).options(joinedload(Proposition.topic))
        self.propositions = {item.id: item for item in session.scalars(statement)}
        self.topics = {item.id: item for item in session.scalars(select(Topic))}

    def rows(self, propositions: Ints) -> Ints:
        """The rows of propositions; 0 where there is no topic."""
        if self.by == By.PROPOSITION:
            return propositions
        ids = np.array(sorted(self.propositions), np.int64)
        topics = [self.propositions[id].topic_id or 0 for id in ids.tolist()]
        return np.array(topics, np.int64)[np.searchsorted(ids, propositions)]

    def ref(self, row: int) -> Ref:
        """What a row is about."""
        if self.by == By.PROPOSITION:
            return proposition_ref(self.propositions[row])
        return topic_ref(self.topics[row])

    def find(self, slug: str) -> int:
        """The id of the row with this slug.

        Raises:
            NotFound: there is none.
        """
        things = self.propositions if self.by == By.PROPOSITION else self.topics
        for id, item in things.items():
            if item.slug == slug:
                return id
        raise NotFound(f"No {self.by} is called {quoted(slug)}.")


class _Table:
    """The cells by row and column, to be counted and put in order."""

    def __init__(self, sides: Sides, headings: _Headings, cells: _Cells) -> None:
        self.sides, self.headings, self.cells = sides, headings, cells
        self._count()

    def _count(self) -> None:
        cells = self.cells
        self._at = {
            key: at
            for at, key in enumerate(
                zip(cells.row.tolist(), cells.actor.tolist(), strict=True)
            )
        }
        self.of_row = Counter(cells.row.tolist())
        self.of_column = Counter(cells.actor.tolist())
        self.in_favour = Counter(cells.row[cells.in_favour > 0].tolist())
        self.against = Counter(cells.row[cells.against > 0].tolist())
        self.other = Counter(cells.row[cells.other > 0].tolist())

    def cell(self, row: int, actor: int) -> int | None:
        """The place of a cell; None where there is no record."""
        return self._at.get((row, actor))

    def keep_disputed(self) -> None:
        """Drop the rows on which nobody is against what another is for."""
        kept = list(self.in_favour.keys() & self.against.keys())
        self.cells = self.cells.at(np.isin(self.cells.row, kept))
        self._count()

    def order_rows(self, sort: Order, by_actor: str | None) -> list[int]:
        """The rows in order."""
        names = {row: self.headings.ref(row) for row in self.of_row}

        def name(row: int) -> tuple[str, str]:
            return names[row].label.casefold(), names[row].slug

        rows = sorted(self.of_row, key=name)
        if by_actor:
            actor = self.sides.find(by_actor).id
            rows.sort(key=lambda row: self._rank(row, actor))
        elif sort == Order.RECORD:
            rows.sort(key=lambda row: -self.of_row[row])
        elif sort == Order.DISAGREEMENT:
            rows.sort(key=lambda row: -self.in_favour[row] * self.against[row])
        return rows

    def order_columns(self, by_row: int | None) -> list[Someone]:
        """The actors in order."""
        found = [self.sides.actors[actor] for actor in self.of_column]
        found.sort(key=lambda one: (-self.of_column[one.id], one.name, one.slug))
        if by_row is not None:
            found.sort(key=lambda one: self._rank(by_row, one.id))
        return found

    def _rank(self, row: int, actor: int) -> int:
        """Places from for to against to the others; no record comes last."""
        at = self.cell(row, actor)
        return 999 if at is None else int(self.cells.rank[at])

    def row(self, row: int, columns: Sequence[Someone], links: "_Links") -> Row:
        """A row with the cells of the columns shown."""
        proposition = (
            self.headings.propositions[row]
            if self.headings.by == By.PROPOSITION
            else None
        )
        topic = proposition.topic if proposition else None
        about = self.headings.ref(row)
        return Row(
            about=about,
            topic=topic_ref(topic) if topic else None,
            kind=proposition.kind if proposition else None,
            cells=tuple(
                None
                if (at := self.cell(row, one.id)) is None
                else self._cell(at, proposition, links.to(at, about, one))
                for one in columns
            ),
            in_favour=self.in_favour[row],
            against=self.against[row],
            other=self.other[row],
            actors=self.of_row[row],
        )

    def _cell(self, at: int, proposition: Proposition | None, url: str) -> Cell:
        cells = self.cells
        position, polarity, badge = None, None, None
        if proposition:
            position = POSITION_ORDER[cells.position[at]]
            polarity = int(cells.polarity[at]) if position in POLARITIES else None
            badge = position_badge(position, polarity, proposition.kind)
        return Cell(
            badge=badge,
            position=position,
            polarity=polarity,
            in_favour=int(cells.in_favour[at]),
            against=int(cells.against[at]),
            other=int(cells.other[at]),
            stances=int(cells.stances[at]),
            changed=bool(cells.changed[at]),
            contested=bool(cells.contested[at]),
            gone=bool(cells.gone[at]),
            url=url,
        )


class _Links:
    """Where a cell leads: to its one stance, or to all of them on a timeline."""

    def __init__(
        self,
        session: Session,
        table: _Table,
        rows: Sequence[int],
        columns: Sequence[Someone],
        period: Period,
        fold: Fold,
    ) -> None:
        keys = [table.cell(row, one.id) for row in rows for one in columns]
        cells = table.cells.at(
            np.array([at for at in keys if at is not None], np.int64)
        )
        self._shown = table.cells.shown
        self._slugs: dict[int, str] = {}
        for part in in_parts(cells.shown[cells.stances == 1].tolist()):
            found = select(Stance.id, Stance.slug).where(Stance.id.in_(part))
            self._slugs |= {id: slug for id, slug in session.execute(found)}
        days = [("from", period.since), ("to", period.until)]
        self._rest = "".join(f"&{name}={day}" for name, day in days if day)
        if fold != Fold.OFFICE:
            self._rest += f"&fold={fold}"

    def to(self, at: int, about: Ref, actor: Someone) -> str:
        """The address behind a cell."""
        if slug := self._slugs.get(int(self._shown[at])):
            return address("stance", slug)
        timeline = f"{actor.ref.url}/timeline?{about.kind}={about.slug}"
        return timeline + self._rest
