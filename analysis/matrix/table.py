"""The cells by row and column, counted, put in order and linked."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from analysis.matrix.cells import Cells
from analysis.matrix.shapes import By, Cell, Order, Row
from analysis.statements import Fold, Ints, Period, Sides, Someone
from models import POLARITIES, Proposition, Stance, Topic
from models.parts import in_parts
from queries.badges import POSITION_ORDER, position_badge
from queries.known import not_recorded
from queries.refs import proposition_ref, topic_ref
from queries.shapes import Ref, address


class Headings:
    """The propositions, topics and actors, to make rows of."""

    def __init__(self, session: Session, by: By, sides: Sides) -> None:
        self.by, self._sides, self._session = by, sides, session
        statement = select(Proposition).options(joinedload(Proposition.topic))
        self.propositions = {item.id: item for item in session.scalars(statement)}
        self.topics = {item.id: item for item in session.scalars(select(Topic))}

    def rows(self, about: Ints) -> Ints:
        """The rows of propositions or actors; 0 where there is no topic."""
        if self.by != By.TOPIC:
            return about
        ids = np.array(sorted(self.propositions), np.int64)
        topics = [self.propositions[id].topic_id or 0 for id in ids.tolist()]
        return np.array(topics, np.int64)[np.searchsorted(ids, about)]

    def ref(self, row: int) -> Ref:
        """What a row is about."""
        if self.by == By.PROPOSITION:
            return proposition_ref(self.propositions[row])
        if self.by == By.ACTOR:
            return self._sides.actors[row].ref
        return topic_ref(self.topics[row])

    def find(self, slug: str) -> int:
        """The id of the row with this slug.

        Raises:
            NotFound: there is none.
        """
        if self.by == By.ACTOR:
            return self._sides.find(slug).id
        things = self.propositions if self.by == By.PROPOSITION else self.topics
        for id, item in things.items():
            if item.slug == slug:
                return id
        raise not_recorded(self._session, slug, self.by)


class Table:
    """The cells by row and column, to be counted and put in order."""

    def __init__(self, sides: Sides, headings: Headings, cells: Cells) -> None:
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
        derived = cells.derived & (cells.against > 0)
        self.derived = Counter(cells.row[derived].tolist())

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

    def row(self, row: int, columns: Sequence[Someone], links: "Links") -> Row:
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
            derived=self.derived[row],
            other=self.other[row],
            actors=self.of_row[row],
        )

    def _cell(self, at: int, proposition: Proposition | None, url: str) -> Cell:
        cells = self.cells
        position, polarity, badge = None, None, None
        if self.headings.by != By.TOPIC:
            position = POSITION_ORDER[cells.position[at]]
            polarity = int(cells.polarity[at]) if position in POLARITIES else None
            badge = position_badge(
                position, polarity, proposition.kind if proposition else None
            )
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
            derived=bool(cells.derived[at]),
            contradiction=bool(cells.both[at]),
            url=url,
        )


class Links:
    """Where a cell leads: to its one stance, or to all of them on a timeline."""

    def __init__(
        self,
        session: Session,
        table: Table,
        rows: Sequence[int],
        columns: Sequence[Someone],
        period: Period,
        fold: Fold,
    ) -> None:
        keys = [table.cell(row, one.id) for row in rows for one in columns]
        cells = table.cells.at(
            np.array([at for at in keys if at is not None], np.int64)
        )
        self._shown, self._derived = table.cells.shown, table.cells.derived
        one = (cells.stances == 1) | cells.derived
        self._slugs: dict[int, str] = {}
        for part in in_parts(cells.shown[one].tolist(), 10_000):
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
        lane = "towards" if about.kind == "actor" else about.kind
        timeline = f"{actor.ref.url}/timeline?{lane}={about.slug}"
        return timeline + self._rest
