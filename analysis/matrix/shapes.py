"""The matrix as pages, JSON and files show it."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.statements import Folded, Period
from models.enums import ActorKind, Position, PropositionKind
from queries.shapes import Badge, Basis, Ref


class By(StrEnum):
    """What the rows of a matrix are."""

    PROPOSITION = "proposition"
    TOPIC = "topic"
    ACTOR = "actor"


class Order(StrEnum):
    """In which order the rows stand."""

    RECORD = "record"
    DISAGREEMENT = "disagreement"
    NAME = "name"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Where an actor stands on a proposition, on those under a topic, or towards
    another actor."""

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
    """How many stances it rests on, standing or not; of a derived one those on
    contrary propositions."""
    changed: bool
    """Whether an earlier stance, which is superseded, took another position."""
    contested: bool
    """Whether stances that stand differ, or the current one is denied."""
    gone: bool
    """Whether nothing in it stands any more; the position is then the last one."""
    derived: bool
    """Whether the actor itself says nothing of the proposition that stands, but is for
    one contrary to it."""
    contradiction: bool
    """Whether the actor is for the proposition and for one contrary to it."""
    url: str
    """The stance, or all of them on a timeline or in a list, with their passages."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A proposition, a topic or an actor, with a cell for each column."""

    about: Ref
    """The proposition, the topic, or the actor towards whom the others stand."""
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
    derived: int
    """How many of those are so by being for a contrary proposition."""
    other: int
    """How many take another position."""
    actors: int
    """Of how many actors there is any position, recorded or derived."""


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
    """Actors against propositions, topics or actors."""

    by: By
    """What the rows are."""
    contrary: bool
    """Whether who is for a proposition counts as against those contrary to it."""
    period: Period
    """The days it is about; its last day is the day that it shows."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    columns: tuple[Column, ...]
    """The actors, those with the longest record first unless ordered by a row."""
    rows: tuple[Row, ...]
    """The propositions, topics or actors."""
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
    own: int
    """With actors as rows: how many stances are left out because holder and target
    count for the same actor."""
    folded: Folded
    """To whom the stances are attributed."""
    basis: Basis
    """What it rests on."""
