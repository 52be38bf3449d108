"""What a network of stances consists of; all networks have its nodes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.networks.choices import Duplicates, Levels, Nodes, Normalisation, Weight
from analysis.statements import Folded, Period
from queries.shapes import Basis, Ref

EDGES = 300
"""How many edges a page holds, the heaviest; the files hold all."""
NODES = 500
"""How many nodes a page holds beside those of its edges; the files hold all."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """An actor or a proposition."""

    thing: Ref
    """The actor or the proposition."""
    kind: str
    """The kind of actor, or of proposition."""
    size: int
    """How many statements count for the actor or are about the proposition, duplicates
    dropped; of the network of meetings, how many meetings."""
    degree: int
    """How many edges it has."""


def shown_nodes(
    nodes: Sequence[Node], ends: Collection[str], limit: int | None
) -> tuple[Node, ...]:
    """Return the nodes that a page holds: the first, and those of its edges."""
    if limit is None:
        return tuple(nodes)
    return tuple(
        node
        for place, node in enumerate(nodes)
        if place < NODES or node.thing.slug in ends
    )


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Two nodes and how they are joined."""

    a: str
    """The slug of the one: an actor."""
    b: str
    """The slug of the other: an actor or, with two modes, a proposition."""
    weight: float
    """The weight, normalised."""
    congruence: float
    """How much they agree, not normalised; with two modes, how much the actor is
    for."""
    conflict: float
    """How much they differ, not normalised; with two modes, how much the actor is
    against."""
    shared: int
    """On how many propositions both are counted."""
    derived: int
    """On how many of those either only by being for a contrary proposition; with two
    modes 1 if the actor is so against the proposition."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The network of one stretch of time."""

    since: date
    """Its first day."""
    until: date
    """Its last day."""
    statements: int
    """How many statements were made in it, duplicates dropped."""
    actors: int
    """How many actors made them."""
    edges: int
    """How many edges the network has."""
    congruence: float
    """The sum of agreement over all pairs, not normalised."""
    conflict: float
    """The sum of conflict over all pairs, not normalised."""
    polarisation: float | None
    """How far it falls into two camps, from 0 to 1; null where no two actors spoke of
    the same thing."""
    camps: tuple[int, int] | None
    """How many actors are in the larger and in the smaller camp."""


@dataclass(frozen=True, kw_only=True)
class StanceNetwork:
    """Actors joined by what they agree and differ on, or actors and propositions."""

    nodes_are: Nodes
    """Whether all nodes are actors, or actors and propositions."""
    weight: Weight
    """What the weights count."""
    normalisation: Normalisation
    """What they are divided by."""
    duplicates: Duplicates
    """How often equal statements count."""
    levels: Levels
    """What is compared of two positions."""
    period: Period
    """The days in which the statements were made."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    nodes: tuple[Node, ...]
    """The nodes, those with the most edges first; those without any are there. A page
    holds those of its edges and the first 500; the files hold all."""
    total_nodes: int
    """How many nodes there are in all."""
    edges: tuple[Edge, ...]
    """The edges, the heaviest first."""
    total_edges: int
    """How many edges there are in all."""
    statements: int
    """How many statements are counted, duplicates dropped."""
    left_out: int
    """How many are left out because they have no level to compare."""
    contrary: bool
    """Whether who is for a proposition counts as against those contrary to it."""
    derived: int
    """How many statements are so derived, and counted beside the recorded ones."""
    windows: tuple[Window, ...]
    """The network over time, if asked for: weeks, months or years of the calendar, the
    latest 60; a statement falls by the last day on which it may have been made."""
    total_windows: int
    """How many windows hold any statement."""
    undated: int
    """How many statements are in no window because they have no date."""
    folded: Folded
    """To whom the stances are attributed."""
    basis: Basis | None
    """What it rests on; not counted out here, the matrix leads to the passages."""
