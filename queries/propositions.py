"""Propositions: the sentences on which actors take a stand."""

from dataclasses import dataclass, field

from models.enums import Position, PropositionKind
from queries.dates import WrittenDate
from queries.shapes import Badge, Basis, Ref, address
from queries.stances import StanceItem


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many current stances take a position."""

    position: Position
    """The position."""
    badge: Badge
    """The position as a word, a sign and a class."""
    count: int
    """How many."""


@dataclass(frozen=True, kw_only=True)
class PropositionItem:
    """A proposition as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    text: str
    """The declarative sentence."""
    kind: PropositionKind
    """What sort of sentence it is."""
    topic: Ref | None
    """Its topic."""
    about: WrittenDate
    """The time that it is about."""
    stances: int
    """How many stances there are on it."""
    tally: tuple[Tally, ...]
    """The current ones among them by position; positions that nobody takes are left
    out."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("proposition", self.slug))


@dataclass(frozen=True, kw_only=True)
class StanceGroup:
    """The stances that take the same position on a proposition."""

    position: Position
    """The position."""
    badge: Badge
    """The position as a word, a sign and a class."""
    stances: tuple[StanceItem, ...]
    """Who takes it, in order of the date stated."""


@dataclass(frozen=True, kw_only=True)
class PropositionDetail(PropositionItem):
    """A proposition with the stances on it."""

    groups: tuple[StanceGroup, ...]
    """The stances by position, from for to unclear; superseded ones included."""
    basis: Basis
    """What it rests on."""
