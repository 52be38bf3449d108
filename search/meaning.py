"""What a parsed query means: names become slugs, clauses side by side become AND.

The parser knows the language only; whether ``actor:mbs`` is anybody is for the database
to say, and whether all words must match is for the reader to choose. `settle` decides
both, so that engines meet neither names nor doubt.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from search.analysis import is_stop_word
from search.fields import BY_KEY, Field, Match
from search.tree import (
    And,
    AnyOf,
    Boost,
    Node,
    Not,
    Or,
    Prefix,
    Require,
    Term,
    Together,
    Value,
    Wildcard,
)

Matching: TypeAlias = Literal["all", "any"]


class Names(Protocol):
    """Who or what bears a name, for the fields that are matched by name."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the values of `field.reads` that the name stands for; maybe none."""
        ...


@dataclass(frozen=True)
class LiteralNames:
    """Names that stand for themselves: for an index without a database."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the name itself."""
        return (asked.text,) if isinstance(asked, Value) else ()


def settle(node: Node, names: Names, match: Matching = "all") -> Node:
    """Return the tree that an engine evaluates.

    Clauses side by side must all match, or with *match* "any" at least one. Words that
    mean little are dropped among others, unless they are quoted or have a plus.
    """

    def settled(node: Node) -> Node:
        match node:
            case Value(key, text):
                field = BY_KEY[key]
                if field.match is Match.NAME:
                    return AnyOf(field.reads, names.find(field, node))
                return AnyOf(field.reads, (text,))
            case Prefix(_, key) | Wildcard(_, key) if key is not None:
                field = BY_KEY[key]
                if field.match is Match.NAME:
                    return AnyOf(field.reads, names.find(field, node))
                return node
            case Together(below):
                return _together(below)
            case And(below, optional):
                return And(tuple(map(settled, below)), tuple(map(settled, optional)))
            case Or(below):
                return Or(tuple(map(settled, below)))
            case Not(child):
                return Not(settled(child))
            case Boost(child, factor):
                return Boost(settled(child), factor)
            case Require(child):
                return settled(child)
            case _:
                return node

    def _together(below: tuple[Node, ...]) -> Node:
        telling = [child for child in below if not _is_stop_word(child)]
        if all(isinstance(child, Not) for child in telling):
            telling = list(below)  # stop words are all there is
        if match == "all":
            return _joined(And, [settled(child) for child in telling])
        musts = [child for child in telling if isinstance(child, Require)]
        nots = [settled(child) for child in telling if isinstance(child, Not)]
        rest = [
            settled(child) for child in telling if not isinstance(child, Require | Not)
        ]
        if not musts:
            return _joined(And, ([_joined(Or, rest)] if rest else []) + nots)
        required = (*map(settled, musts), *nots)
        return And(required, tuple(rest)) if rest else _joined(And, list(required))

    return settled(node)


def _joined(make: type[And] | type[Or], nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else make(tuple(nodes))


def _is_stop_word(node: Node) -> bool:
    return isinstance(node, Term) and node.field is None and is_stop_word(node.text)
