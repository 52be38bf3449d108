"""What a parsed query means: names become slugs, clauses side by side become AND.

The parser knows the language only; whether ``actor:mbs`` is anybody is for the database
to say, and whether all words must match is for the reader to choose. `settle` decides
both, so that engines meet neither names nor doubt.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from search.analyzer import is_stop_word
from search.fields import BY_KEY, Field, Match
from search.tree import (
    And,
    AnyOf,
    Boost,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Require,
    Term,
    Together,
    Value,
    Wildcard,
    wanted,
)
from search.wording import read_word

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

    Clauses side by side must all match, or with *match* "any" at least one of those
    that are words. Words that mean little are dropped among others, unless they are
    quoted or have a plus.
    """

    def settled(node: Node) -> Node:
        match node:
            case Term():
                return read_word(node)
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
        # Any of the words will do; filters and exclusions hold all the same.
        musts = [child for child in telling if isinstance(child, Require)]
        words = [child for child in telling if is_wording(child)]
        rest = [child for child in telling if child not in musts + words]
        required = [settled(child) for child in musts + rest]
        optional = [settled(child) for child in words]
        if musts:
            return And(tuple(required), tuple(optional))
        if optional:
            required.insert(0, _joined(Or, optional))
        return _joined(And, required)

    return settled(node)


def is_wording(node: Node) -> bool:
    """Whether a clause beside others is made of words, so that "any" may miss it."""
    if isinstance(node, Not | Require):
        return False
    return any(
        isinstance(leaf, Term | Phrase | Prefix | Wildcard | Fuzzy)
        and (leaf.field is None or BY_KEY[leaf.field].scored)
        for leaf in wanted(node)
    )


def _joined(make: type[And] | type[Or], nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else make(tuple(nodes))


def _is_stop_word(node: Node) -> bool:
    return isinstance(node, Term) and node.field is None and is_stop_word(node.text)
