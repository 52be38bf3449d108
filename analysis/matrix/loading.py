"""From a request to the page of the matrix that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from analysis.matrix.cells import judge_cells
from analysis.matrix.shapes import By, Column, Matrix, Order
from analysis.matrix.table import Headings, Links, Table
from analysis.statements import (
    Bools,
    Contrary,
    Fold,
    Period,
    Sides,
    Statements,
    find_topic,
    folded,
    load_derived,
    load_statements,
)
from errors import BadRequest
from models import Evidence, Proposition, Stance
from models.enums import ActorKind, PropositionKind
from models.parts import in_parts
from queries.evidence import last_changed
from queries.shapes import Basis
from queries.stances import under_topic
from queries.trees import topics_under

ROWS, COLUMNS = 50, 40
"""How much of a matrix stands on one page: 2,000 cells."""


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
    contrary: Contrary = Contrary.ON,
    page: int = 1,
    column_page: int = 1,
    whole: bool = False,
) -> Matrix:
    """Load the position matrix.

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
        fold: to whom a person's and a body's stances are attributed.
        sort: the order of the rows.
        by_actor: put the rows in the order of this actor's positions instead.
        by_proposition: put the actors in the order of their positions on this one.
        contrary: whether who is for a proposition counts as against those contrary to
            it. Of topics nothing is derived: one stance would count twice.
        page: which page of rows.
        column_page: which page of columns.
        whole: everything on one page.

    Raises:
        NotFound: there is no such actor, row or topic.
        BadRequest: the rows are actors, and propositions are asked for.
    """
    if by == By.ACTOR and (propositions or kind):
        raise BadRequest(
            f"{'proposition' if propositions else 'kind'} chooses among propositions; "
            "with by=actor the rows are actors: leave one of the two out.",
            field="proposition" if propositions else "kind",
            position=0,
        )
    period = period or Period()
    sides = Sides(session, fold)
    wanted = {sides.find(slug).id for slug in actors}
    headings = Headings(session, by, sides)
    speaks = period.touches()
    if wanted:
        speakers = set().union(*map(sides.may_speak_for, wanted))
        speaks &= or_(
            Stance.holder_id.in_(speakers), Stance.represents_id.in_(speakers)
        )
    derives = contrary == Contrary.ON and by == By.PROPOSITION
    asked = _Asked(topic=topic, propositions=propositions, kind=kind)
    items, derived = asked.load(session, by, speaks, derives)
    counted = sides.count(items)
    about = sides.meant(items) if by == By.ACTOR else items.proposition
    here = np.ones(len(items), bool)
    if wanted:
        here &= np.isin(counted.actor, list(wanted))
    if actor_kind:
        here &= np.isin(counted.actor, sides.of_kind(actor_kind))
    own = here & (about == counted.actor) & (by == By.ACTOR)
    here &= ~own
    items, actor, about = items.at(here), counted.actor[here], about[here]
    row = headings.rows(about)
    cells = judge_cells(
        session,
        items,
        about=about,
        row=row,
        actor=actor,
        derived=derived[here],
        period=period,
    )
    table = Table(sides, headings, cells)
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
    links = Links(session, table, shown_rows, shown_columns, period, fold)
    inside = np.isin(row, shown_rows)
    inside &= np.isin(actor, [one.id for one in shown_columns])
    return Matrix(
        by=by,
        contrary=derives,
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
        own=int(own.sum()),
        folded=folded(fold, counted.reason[here & ~derived]),
        basis=_basis(session, items.id[inside].tolist()),
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Which propositions and topic a matrix is confined to."""

    topic: str | None
    propositions: Sequence[str]
    kind: PropositionKind | None

    def load(
        self, session: Session, by: By, speaks: ColumnElement[bool], derives: bool
    ) -> tuple[Statements, Bools]:
        """Load the statements, and which of them are derived from contrary ones."""
        on = Stance.target_actor_id if by == By.ACTOR else Stance.proposition_id
        conditions = [speaks, on.is_not(None)]
        if self.topic:
            conditions.append(under_topic(self.topic))
        if chosen := self._chosen():
            conditions.append(
                Stance.proposition_id.in_(select(Proposition.id).where(*chosen))
            )
        items = load_statements(session, *conditions)
        if not derives:
            return items, np.zeros(len(items), bool)
        if self.topic:
            chosen.append(Proposition.topic_id.in_(topics_under(self.topic)))
        more = load_derived(session, [speaks], chosen)
        derived = np.arange(len(items) + len(more)) >= len(items)
        return Statements.joined([items, more]), derived

    def _chosen(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.propositions:
            found.append(Proposition.slug.in_(self.propositions))
        if self.kind:
            found.append(Proposition.kind == self.kind)
        return found


def _basis(session: Session, stances: Sequence[int]) -> Basis:
    """Count the texts and spans behind the stances that are shown."""
    found: set[tuple[int, int]] = set()
    for part in in_parts(stances, 10_000):
        spans = select(Evidence.source_text_id, Evidence.start_char).where(
            Evidence.stance_id.in_(part)
        )
        found.update((text, start) for text, start in session.execute(spans))
    return Basis(
        sources=len({text for text, _ in found}),
        passages=len(found),
        changed=last_changed(session),
    )
