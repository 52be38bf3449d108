"""Did you mean: another spelling of a query, offered only if it finds more."""

from dataclasses import replace

from search.analyzer import is_stop_word, tokens
from search.engine import Engine, Request
from search.tree import (
    And,
    Boost,
    Favour,
    Node,
    Not,
    Or,
    Require,
    Term,
    Together,
    wanted,
)

#: How many misspelt words of a query are looked into, and how many spellings of each.
MOST_WORDS = 3
MOST_SPELLINGS = 3


def misspelt(engine: Engine, query: Node) -> dict[Term, tuple[str, ...]]:
    """Return the words of a query that no text has, with similar ones that some has."""
    found: dict[Term, tuple[str, ...]] = {}
    for leaf in dict.fromkeys(wanted(query)):
        if len(found) == MOST_WORDS:
            break
        if not isinstance(leaf, Term) or leaf.field not in (None, "text", "title"):
            continue
        words = [token for token in tokens(leaf.text) if not token.whole]
        if len(words) != 1 or len(words[0].word) < 3 or words[0].word.isdigit():
            continue
        if not engine.search(Request(query=leaf, limit=0)).total:
            similar = engine.similar(words[0].word, MOST_SPELLINGS)
            # What the query may do without finds more by saying less.
            spellings = tuple(word for word in similar if not is_stop_word(word))
            if spellings:
                found[leaf] = spellings
    return found


def respelt(query: Node, spellings: dict[Term, str]) -> Node:
    """Return the query with some of its words spelt otherwise."""
    match query:
        case Term():
            if query in spellings:
                return replace(query, text=spellings[query])
            return query
        case Together(below):
            return Together(tuple(respelt(child, spellings) for child in below))
        case Or(below):
            return Or(tuple(respelt(child, spellings) for child in below))
        case And(below, optional):
            return And(
                tuple(respelt(child, spellings) for child in below),
                tuple(respelt(child, spellings) for child in optional),
            )
        case Not(child):
            return Not(respelt(child, spellings))
        case Require(child):
            return Require(respelt(child, spellings))
        case Boost(child, factor):
            return Boost(respelt(child, spellings), factor)
        case Favour(child, days):
            return Favour(respelt(child, spellings), days)
        case _:
            return query
