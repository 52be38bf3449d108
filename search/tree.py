"""The query as a tree: what the parser makes, and what the engines evaluate.

The nodes are values: they compare, hash, and print. `str(node)` is a query that parses
to the same node again, so a page can take a part out and link to the rest.

Nodes from `Term` to `Boost` come from the parser. `AnyOf` and `And.optional` come from
`search.meaning`, which settles what names and plain words mean; engines see no `Value`
and no `Together`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

_SPECIAL = re.compile(r"([\\+\-&|!(){}\[\]^\"~*?:/<>'\s])")
_RESERVED = ("AND", "OR", "NOT", "TO")


def escape(text: str) -> str:
    """Write a word so that the parser reads it as that word."""
    if text in _RESERVED:
        return "\\" + text
    return _SPECIAL.sub(r"\\\1", text)


def _field(field: str | None) -> str:
    return f"{field}:" if field else ""


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


@dataclass(frozen=True)
class Term:
    """A word, found in any of its forms; in two fields when *field* is None."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return _field(self.field) + escape(self.text)


@dataclass(frozen=True)
class Phrase:
    """Words in this order with at most *slop* others in between, in total."""

    text: str
    slop: int = 0
    field: str | None = None

    def __str__(self) -> str:
        near = f"~{self.slop}" if self.slop else ""
        return _field(self.field) + _quoted(self.text) + near


@dataclass(frozen=True)
class Named(Phrase):
    """Words that name somebody, found under any of that actor's names.

    A phrase with further texts, so that it is one leaf everywhere: its occurrences
    count once, its rarity is that of all names together. Made where names are resolved.
    """

    names: tuple[str, ...] = ()
    """The other names, each a phrase."""

    def __str__(self) -> str:
        return " ".join(map(escape, self.text.split()))


@dataclass(frozen=True)
class Prefix:
    """Words that begin so."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{_field(self.field)}{escape(self.text)}*"


@dataclass(frozen=True)
class Wildcard:
    """Words of this shape: `*` for any letters, `?` for one."""

    pattern: str
    field: str | None = None

    def __str__(self) -> str:
        pieces = re.split(r"([*?])", self.pattern)
        pieces[::2] = map(escape, pieces[::2])
        return _field(self.field) + "".join(pieces)


@dataclass(frozen=True)
class Fuzzy:
    """Words at most *edits* changes away: a letter more, less, other, or a swap."""

    text: str
    edits: int
    field: str | None = None

    def __str__(self) -> str:
        return f"{_field(self.field)}{escape(self.text)}~{self.edits}"


@dataclass(frozen=True)
class Value:
    """A value of a field, as it was typed: a slug, a name or a code."""

    field: str
    text: str

    def __str__(self) -> str:
        plain = re.fullmatch(r"-?\w+(-\w+)*", self.text)
        safe = plain and self.text not in _RESERVED
        if safe and (self.field == "position" or self.text[0] != "-"):
            return f"{self.field}:{self.text}"
        return f"{self.field}:{_quoted(self.text)}"


@dataclass(frozen=True)
class Days:
    """Whatever may have been between two days; None leaves a side open.

    *written* is how the query says it, after `date:`.
    """

    first: date | None
    last: date | None
    written: str

    def __str__(self) -> str:
        return f"date:{self.written}"


@dataclass(frozen=True)
class All:
    """Everything."""

    def __str__(self) -> str:
        return "*:*"


@dataclass(frozen=True)
class Together:
    """Clauses side by side; `search.meaning` decides whether all or any must match."""

    children: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(_inner(child, Or, And, Together) for child in self.children)


@dataclass(frozen=True)
class Require:
    """A clause beside others that must match in any case."""

    child: "Node"

    def __str__(self) -> str:
        return "+" + _operand(self.child)


@dataclass(frozen=True)
class And:
    """All children must match; the optional ones only add to the score."""

    children: "tuple[Node, ...]"
    optional: "tuple[Node, ...]" = ()

    def __str__(self) -> str:
        return " AND ".join(_inner(child, Or, And, Together) for child in self.children)


@dataclass(frozen=True)
class Or:
    """At least one child must match."""

    children: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " OR ".join(_inner(child, Or, And, Together) for child in self.children)


@dataclass(frozen=True)
class Not:
    """Everything that the child does not match; adds nothing to the score."""

    child: "Node"

    def __str__(self) -> str:
        return "NOT " + _operand(self.child)


@dataclass(frozen=True)
class Boost:
    """The child, its score multiplied."""

    child: "Node"
    factor: float

    def __str__(self) -> str:
        factor = f"{self.factor:.3f}".rstrip("0").rstrip(".")
        # A ^ after a colon's value would be read as part of it.
        child = _inner(self.child, Or, And, Together, Not, Require, Boost, All, Days)
        return f"{child}^{factor}"


@dataclass(frozen=True)
class Favour:
    """The child, with higher scores for documents that may be of some days.

    It excludes nothing. *days* are written as in the question: "in April 2017".
    """

    child: "Node"
    days: tuple[Days, ...]

    def __str__(self) -> str:
        words = " ".join(day.written for day in self.days)
        return f"{_inner(self.child, Or, And)} {words}"


@dataclass(frozen=True)
class AnyOf:
    """Documents whose field holds one of these values, exactly."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return " OR ".join(str(Value(self.field, value)) for value in self.values)


Words: TypeAlias = Term | Phrase | Prefix | Wildcard | Fuzzy
Leaf: TypeAlias = Words | Value | Days | All | AnyOf
Node: TypeAlias = Leaf | Together | Require | And | Or | Not | Boost | Favour


def _inner(node: Node, *composite: type) -> str:
    return f"({node})" if isinstance(node, composite) else str(node)


def _operand(node: Node) -> str:
    return _inner(node, Or, And, Together, Not, Require, Boost)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below *node*."""
    match node:
        case Together(below) | Or(below):
            return below
        case And(below, optional):
            return below + optional
        case Not(child) | Boost(child, _) | Require(child) | Favour(child, _):
            return (child,)
        case _:
            return ()


def wanted(node: Node) -> Iterator[Leaf]:
    """Every leaf of the tree that speaks for a document, none below a NOT."""
    match node:
        case Not(_):
            return
        case Together() | Or() | And() | Boost() | Require() | Favour():
            for child in children(node):
                yield from wanted(child)
        case _:
            yield node
