"""What a parsed query means: names become slugs, clauses side by side become AND.

The parser knows the language only; whether ``actor:mbs`` is anybody is for the database
to say, and whether all words must match is for the reader to choose. `resolve` decides
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
    Favour,
    Fuzzy,
    Named,
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

#: How many words of a query may be one name.
LONGEST_NAME = 8

Matching: TypeAlias = Literal["all", "any"]


class Names(Protocol):
    """Who or what bears a name, for the fields that are matched by name."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the values of `field.reads` that the name stands for; maybe none."""
        ...

    def recognise(self, words: tuple[str, ...]) -> Named | None:
        """Return the words under all names of the one actor whose name they are."""
        ...


@dataclass(frozen=True)
class LiteralNames:
    """Names that stand for themselves: for an index without a database."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the name itself."""
        return (asked.text,) if isinstance(asked, Value) else ()

    def recognise(self, words: tuple[str, ...]) -> Named | None:
        """Return nothing: without a database nobody is known."""
        return None


def resolve(node: Node, names: Names, match: Matching = "all") -> Node:
    """Return the tree that an engine evaluates.

    Clauses side by side must all match, or with *match* "any" at least one of those
    that are words. Words that mean little are dropped among others, unless they are
    quoted or have a plus.
    """

    def resolved(node: Node) -> Node:
        match node:
            case Term(text, None) if named := names.recognise((text,)):
                return named
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
                return And(tuple(map(resolved, below)), tuple(map(resolved, optional)))
            case Or(below):
                return Or(tuple(map(resolved, below)))
            case Not(child):
                return Not(resolved(child))
            case Boost(child, factor):
                return Boost(resolved(child), factor)
            case Favour(child, days):
                return Favour(resolved(child), days)
            case Require(Term() as word):
                return word  # a plus means the word as it is typed
            case Require(child):
                return resolved(child)
            case _:
                return node

    def _together(below: tuple[Node, ...]) -> Node:
        below = _with_names(below, names)
        telling = [child for child in below if not _is_stop_word(child)]
        if all(isinstance(child, Not) for child in telling):
            telling = list(below)  # stop words are all there is
        if match == "all":
            return _joined(And, [resolved(child) for child in telling])
        # Any of the words will do; filters and exclusions hold all the same.
        musts = [child for child in telling if isinstance(child, Require)]
        words = [child for child in telling if is_wording(child)]
        rest = [child for child in telling if child not in musts + words]
        required = [resolved(child) for child in musts + rest]
        optional = [resolved(child) for child in words]
        if musts:
            return And(tuple(required), tuple(optional))
        if optional:
            required.insert(0, _joined(Or, optional))
        return _joined(And, required)

    return resolved(node)


def _with_names(below: tuple[Node, ...], names: Names) -> tuple[Node, ...]:
    """Unite the longest runs of plain words that are somebody's whole name."""
    found: list[Node] = []
    place = 0
    while place < len(below):
        run: list[str] = []
        for child in below[place : place + LONGEST_NAME]:
            if not isinstance(child, Term) or child.field is not None:
                break
            run.append(child.text)
        for size in range(len(run), 1, -1):
            if named := names.recognise(tuple(run[:size])):
                found.append(named)
                place += size
                break
        else:
            found.append(below[place])
            place += 1
    return tuple(found)


def as_typed(node: Node, named: Named) -> Node:
    """Return a parsed query with a recognised name in quotes: as it is typed."""
    if isinstance(node, Term) and node.field is None and node.text == named.text:
        return Phrase(named.text)
    match node:
        case Together(below):
            found: list[Node] = []
            size = len(named.text.split(" "))
            place = 0
            while place < len(below):
                run = below[place : place + size]
                if named.text == " ".join(
                    child.text
                    for child in run
                    if isinstance(child, Term) and child.field is None
                ):
                    found.append(Phrase(named.text))
                    place += len(run)
                else:
                    found.append(as_typed(below[place], named))
                    place += 1
            return found[0] if len(found) == 1 else Together(tuple(found))
        case Or(below):
            return Or(tuple(as_typed(child, named) for child in below))
        case And(below, optional):
            return And(tuple(as_typed(child, named) for child in below), optional)
        case Not(child):
            return Not(as_typed(child, named))
        case Boost(child, factor):
            return Boost(as_typed(child, named), factor)
        case Favour(child, days):
            return Favour(as_typed(child, named), days)
        case _:
            return node


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
