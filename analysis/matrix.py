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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from analysis.statements import (
    Fold,
    Folded,
    Period,
    Reason,
    Sides,
    Someone,
    Statement,
    find_topic,
    folded,
    in_parts,
    load_ends,
    load_not_valid,
    load_statements,
    uncollected,
    when_made,
)
from models import Evidence, Proposition, Stance, Topic
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


Key = tuple[int, int]
"""A row and an actor, by their ids."""


@uncollected()
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
        NotFound: there is no such actor or topic.
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
    cells: dict[Key, list[Statement]] = {}
    reasons: list[Reason] = []
    for item in load_statements(session, *conditions):
        unit = sides.counts_for(item)
        if wanted and unit.actor_id not in wanted:
            continue
        if actor_kind and sides.actors[unit.actor_id].kind != actor_kind:
            continue
        reasons.append(unit.reason)
        key = (item.proposition_id or 0, unit.actor_id)
        if key in cells:
            cells[key].append(item)
        else:
            cells[key] = [item]
    table = _Table(sides, headings, cells, _Judge(session, period))
    if differ:
        table.keep_disputed()
    rows = table.order_rows(sort, by_actor)
    columns = table.order_columns(headings.of_slug(by_proposition))
    shown_rows, shown_columns = rows, columns
    if not whole:
        shown_rows = rows[(page - 1) * ROWS : page * ROWS]
        shown_columns = columns[(column_page - 1) * COLUMNS : column_page * COLUMNS]
    link = _Links(session, table, shown_rows, shown_columns, period, fold)
    return Matrix(
        by=by,
        period=period,
        topic=find_topic(session, topic) if topic else None,
        columns=tuple(
            Column(actor=one.ref, kind=one.kind, rows=table.of_column[one.id])
            for one in shown_columns
        ),
        rows=tuple(table.row(row, shown_columns, link) for row in shown_rows),
        total_columns=len(columns),
        total_rows=len(rows),
        page=page,
        column_page=column_page,
        pages=max(1, -(-len(rows) // ROWS)),
        column_pages=max(1, -(-len(columns) // COLUMNS)),
        folded=folded(fold, reasons),
        basis=_basis(session, table.ids(shown_rows, shown_columns)),
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


@dataclass(frozen=True, slots=True)
class _View:
    """What a proposition's cell shows, and why."""

    shown: Statement
    count: int
    changed: bool
    contested: bool
    gone: bool

    @property
    def rank(self) -> tuple[int, int]:
        """Its place between for and unclear."""
        place = POSITION_ORDER.index(Position(self.shown.position))
        return place, -(self.shown.polarity or 0)


class _Judge:
    """Says which stances stand on a day, in three SQL statements."""

    def __init__(self, session: Session, period: Period) -> None:
        self._ended = load_ends(session, period.until)
        self._ended |= load_not_valid(session, period.until or date.today())
        self._denied = set(
            session.scalars(
                select(Evidence.stance_id).where(
                    Evidence.role == EvidenceRole.CONTRADICTS,
                    Evidence.stance_id.is_not(None),
                )
            )
        )

    def stands(self, item: Statement) -> bool:
        """Whether a stance stands on the day."""
        return item.id not in self._ended

    def see(self, found: Sequence[Statement]) -> _View:
        """Judge the stances of one cell."""
        if len(found) == 1:
            item = found[0]
            return _View(item, 1, False, item.id in self._denied, not self.stands(item))
        standing = [item for item in found if self.stands(item)]
        shown = max(standing or found, key=when_made)
        said = {item.position for item in standing} - {Position.UNCLEAR}
        return _View(
            shown=shown,
            count=len(found),
            changed=len(standing) < len(found)
            and any(
                item.position != shown.position
                for item in found
                if item not in standing
            ),
            contested=len(said) > 1 or shown.id in self._denied,
            gone=not standing,
        )


class _Headings:
    """The propositions and topics, to make rows of."""

    def __init__(self, session: Session, by: By) -> None:
        self.by = by
        statement = select(Proposition).options(joinedload(Proposition.topic))
        self.propositions = {item.id: item for item in session.scalars(statement)}
        self.topics = {item.id: item for item in session.scalars(select(Topic))}

    def row(self, proposition_id: int) -> int | None:
        """The row of a proposition."""
        if self.by == By.PROPOSITION:
            return proposition_id
        return self.propositions[proposition_id].topic_id

    def ref(self, row: int) -> Ref:
        """What a row is about."""
        if self.by == By.PROPOSITION:
            return proposition_ref(self.propositions[row])
        return topic_ref(self.topics[row])

    def of_slug(self, slug: str | None) -> int | None:
        """The id of the row with this slug."""
        things = self.propositions if self.by == By.PROPOSITION else self.topics
        for id, item in things.items():
            if item.slug == slug:
                return id
        return None


class _Table:
    """The cells by row and column, to be counted and put in order."""

    def __init__(
        self,
        sides: Sides,
        headings: _Headings,
        found: Mapping[Key, list[Statement]],
        judge: "_Judge",
    ) -> None:
        self.sides, self.headings, self._judge = sides, headings, judge
        self.cells: dict[Key, list[list[Statement]]] = {}
        for (proposition, actor), items in found.items():
            row = headings.row(proposition)
            if row is not None:
                self.cells.setdefault((row, actor), []).append(items)
        self._views: dict[Key, list[_View]] = {}
        self._count()

    def _count(self) -> None:
        self.of_row = Counter(row for row, _ in self.cells)
        self.of_column = Counter(actor for _, actor in self.cells)
        self._actors: dict[int, list[int]] = {}
        for row, actor in self.cells:
            self._actors.setdefault(row, []).append(actor)

    def views(self, row: int, actor: int) -> list[_View]:
        """What a cell shows; judged when first asked, since most are on other pages."""
        key = row, actor
        if key not in self._views:
            found = self.cells.get(key, ())
            self._views[key] = [self._judge.see(items) for items in found]
        return self._views[key]

    def signs(self, row: int) -> Counter[int]:
        """How many actors are for, against and elsewhere on a row."""
        return Counter(
            sign
            for actor in self._actors[row]
            for sign in {_sign(view) for view in self.views(row, actor)}
        )

    def ids(self, rows: Sequence[int], columns: Sequence[Someone]) -> list[int]:
        """The stances in these cells."""
        return [
            item.id
            for row in rows
            for one in columns
            for items in self.cells.get((row, one.id), ())
            for item in items
        ]

    def keep_disputed(self) -> None:
        """Drop the rows on which nobody is against what another is for."""
        signs = {row: self.signs(row) for row in self.of_row}
        kept = {row for row, found in signs.items() if found[1] and found[-1]}
        self.cells = {key: cell for key, cell in self.cells.items() if key[0] in kept}
        self._count()

    def order_rows(self, sort: Order, by_actor: str | None) -> list[int]:
        """The rows in order."""
        names = {row: self.headings.ref(row) for row in self.of_row}

        def name(row: int) -> tuple[str, str]:
            return names[row].label.casefold(), names[row].slug

        rows = sorted(self.of_row, key=name)
        if by_actor:
            actor = self.sides.find(by_actor).id
            return sorted(rows, key=lambda row: self._rank(row, actor))
        if sort == Order.RECORD:
            rows.sort(key=lambda row: -self.of_row[row])
        elif sort == Order.DISAGREEMENT:
            signs = {row: self.signs(row) for row in rows}
            rows.sort(key=lambda row: -signs[row][1] * signs[row][-1])
        return rows

    def order_columns(self, by_row: int | None) -> list[Someone]:
        """The actors in order."""
        found = [self.sides.actors[actor] for actor in self.of_column]
        found.sort(key=lambda one: (-self.of_column[one.id], one.name, one.slug))
        if by_row is not None:
            found.sort(key=lambda one: self._rank(by_row, one.id))
        return found

    def _rank(self, row: int, actor: int) -> tuple[int, int]:
        """Places from for to against to the others; no record comes last."""
        views = self.views(row, actor)
        return min(view.rank for view in views) if views else (99, 0)

    def row(self, row: int, columns: Sequence[Someone], link: "_Links") -> Row:
        """A row with the cells of the columns shown."""
        proposition = (
            self.headings.propositions[row]
            if self.headings.by == By.PROPOSITION
            else None
        )
        topic = proposition.topic if proposition else None
        signs = self.signs(row)
        about = self.headings.ref(row)
        return Row(
            about=about,
            topic=topic_ref(topic) if topic else None,
            kind=proposition.kind if proposition else None,
            cells=tuple(
                self._cell(views, proposition, link.to(about, views, one))
                if (views := self.views(row, one.id))
                else None
                for one in columns
            ),
            in_favour=signs[1],
            against=signs[-1],
            other=signs[0],
            actors=self.of_row[row],
        )

    def _cell(
        self, views: Sequence[_View], proposition: Proposition | None, url: str
    ) -> Cell:
        signs = Counter(map(_sign, views))
        shown = views[0].shown if proposition else None
        kind = proposition.kind if proposition else None
        return Cell(
            badge=position_badge(shown.position, shown.polarity, kind)
            if shown
            else None,
            position=Position(shown.position) if shown else None,
            polarity=shown.polarity if shown else None,
            in_favour=signs[1],
            against=signs[-1],
            other=signs[0],
            stances=sum(view.count for view in views),
            changed=any(view.changed for view in views),
            contested=any(view.contested for view in views),
            gone=all(view.gone for view in views),
            url=url,
        )


def _sign(view: _View) -> int:
    """1 for, −1 against, 0 anything else."""
    if view.gone:
        return 0
    polarity = view.shown.polarity or 0
    return (polarity > 0) - (polarity < 0)


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
        single = [
            views[0].shown.id
            for row in rows
            for one in columns
            if (views := table.views(row, one.id)) and len(views) == views[0].count == 1
        ]
        self._slugs: dict[int, str] = {}
        for part in in_parts(single):
            found = select(Stance.id, Stance.slug).where(Stance.id.in_(part))
            self._slugs |= {id: slug for id, slug in session.execute(found)}
        days = [("from", period.since), ("to", period.until)]
        self._rest = "".join(f"&{name}={day}" for name, day in days if day)
        if fold != Fold.OFFICE:
            self._rest += f"&fold={fold}"

    def to(self, about: Ref, views: Sequence[_View], actor: Someone) -> str:
        """The address behind a cell."""
        if slug := self._slugs.get(views[0].shown.id):
            return address("stance", slug)
        timeline = f"{actor.ref.url}/timeline?{about.kind}={about.slug}"
        return timeline + self._rest
