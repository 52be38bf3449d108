"""Saying a query in a sentence, and taking it apart for links that drop a part."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from search.fields import BY_KEY
from search.tree import (
    All,
    And,
    AnyOf,
    Boost,
    Days,
    Favour,
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
    Words,
    children,
)


@dataclass(frozen=True)
class Part:
    """A part of a query that can be dropped."""

    sentence: str
    """What it asks for, in words."""
    query: str
    """The part, as it is written in a query."""
    without: str
    """The query without it; empty when nothing else is left."""


Called: TypeAlias = Callable[[str, str], str]
"""What to call a value of a field: of `actor` and `iran` it may answer Iran."""


def as_typed(key: str, text: str) -> str:
    """Call a value what the query calls it."""
    return text.replace("_", " ")


def say(node: Node, called: Called = as_typed) -> str:
    """Say what a parsed query asks for: "with “drones”, that concern Iran"."""

    def grouped(node: Node) -> str:
        several = isinstance(node, Together | And | Or)
        return f"({say(node, called)})" if several else say(node, called)

    match node:
        case All():
            return "of any kind"
        case Together(below) | And(below, _):
            return ", ".join(map(grouped, below))
        case Or(below):
            return " or ".join(map(grouped, below))
        case Not(child):
            return f"not {grouped(child)}"
        case Require(child):
            return f"in any case {grouped(child)}"
        case Favour(child, days):
            return f"{say(child, called)}, {_above_all(days)}"
        case Boost(child, factor):
            how = "above all" if factor > 1 else "less importantly"
            return f"{how} {grouped(child)}"
        case Days(_, _, written):
            return _days(written)
        case Value(key, text):
            return BY_KEY[key].says.format(called(key, text))
        case AnyOf(key, values):
            said = " or ".join(called(key, value) for value in values)
            return BY_KEY[key].says.format(said)
        case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            if node.field is None:
                return f"with {_words(node)}"
            return BY_KEY[node.field].says.format(_words(node))


def parts(node: Node, called: Called = as_typed) -> tuple[Part, ...]:
    """Take a query apart into the clauses that stand side by side."""
    if isinstance(node, Favour):
        dates = " ".join(day.written for day in node.days)
        below = parts(node.child, called)
        return (
            *(
                Part(part.sentence, part.query, f"{part.without} {dates}".strip())
                for part in below
            ),
            Part(_above_all(node.days), dates, str(node.child)),
        )
    if not isinstance(node, Together | And):
        return (Part(say(node, called), str(node), ""),)
    found = []
    for number, child in enumerate(children(node)):
        rest = node.children[:number] + node.children[number + 1 :]
        found.append(Part(say(child, called), str(child), _without(node, rest)))
    return tuple(found)


def _without(node: Together | And, rest: Sequence[Node]) -> str:
    if len(rest) == 1:
        return str(rest[0])
    return str(type(node)(tuple(rest)))


def _words(leaf: Words) -> str:
    match leaf:
        case Term(text):
            return f"“{text}”"
        case Phrase(text, 0):
            return f"exactly “{text}”"
        case Phrase(text, slop):
            return f"“{text}” in this order with at most {slop} words between"
        case Prefix(text):
            return f"what begins with “{text}”"
        case Wildcard(shape):
            return f"what looks like “{shape}”"
        case Fuzzy(text, _):
            return f"what comes close to “{text}”"


def _above_all(days: Sequence[Days]) -> str:
    written = (re.sub(r"^(?:in|on) ", "", day.written) for day in days)
    return "above all of " + " and ".join(f"“{words}”" for words in written)


def _days(written: str) -> str:
    if written == "*":
        return "with a known date"
    text = written.strip('"')
    if " TO " not in text:
        return f"dated {text}"
    low, high = text[1:-1].split(" TO ")
    after = "from" if text[0] == "[" else "after"
    before = "until" if text[-1] == "]" else "before"
    said = []
    if low != "*":
        said.append(f"{after} {low}")
    if high != "*":
        said.append(f"{before} {high}")
    return " ".join(said) or "with a known date"
