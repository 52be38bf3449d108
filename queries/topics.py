"""Topics: the hierarchy under which propositions and agendas are filed."""

from dataclasses import dataclass, field

from queries.meetings import MeetingItem
from queries.propositions import PropositionItem
from queries.shapes import Basis, Page, Ref, address
from queries.stances import StanceItem


@dataclass(frozen=True, kw_only=True)
class TopicItem:
    """A topic as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    name: str
    """Its name."""
    parent: Ref | None
    """The topic above it."""
    path: str
    """The slugs from the root to it, joined by slashes, as in the view."""
    depth: int
    """How far below the root it stands; a root has 0."""
    propositions: int
    """How many propositions are filed under it or below it."""
    stances: int
    """How many stances are filed under it or below it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("topic", self.slug))


@dataclass(frozen=True, kw_only=True)
class TopicDetail(TopicItem):
    """A topic with what is filed under it or below it."""

    ancestors: tuple[Ref, ...]
    """The topics above it, the root first."""
    children: tuple[TopicItem, ...]
    """The topics right below it."""
    proposition_list: tuple[PropositionItem, ...]
    """The propositions under it or below it."""
    other_stances: Page[StanceItem]
    """The stances under it whose target is an actor."""
    meetings: Page[MeetingItem]
    """The meetings that have it on the agenda."""
    basis: Basis
    """What it rests on."""
