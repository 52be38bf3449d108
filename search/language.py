"""The query language: Lucene's syntax, read into our tree.

luqum parses; what it would misread is settled before it sees the text (`prescan`), and
what its tree means is decided after (`reader`). Between words stands AND. ``OR`` binds
the two clauses beside it more tightly than the space between words, and ``AND`` more
tightly still: ``a b OR c`` is ``a (b OR c)``, and ``a AND b OR c`` is ``(a AND b) OR
c``. That is luqum's grammar and what people expect of a search box:
``iran drones OR missiles``.

Only ``luqum.thread.parse`` is used: ``luqum.parser.parse`` shares one lexer between
threads (8,273 of 12,000 parses by eight threads were wrong).
"""

import re
from collections.abc import Iterator

import luqum.exceptions
import luqum.thread

from search.analyzer import tokens
from search.fields import BY_KEY
from search.patterns import SHAPE
from search.prescan import prepared
from search.query_error import (
    DEEPEST_QUERY,
    LONGEST_QUERY,
    MOST_PARTS,
    MOST_SHAPES,
    QueryError,
    too_deep,
)
from search.reader import Reader, bare
from search.tree import (
    All,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Term,
    Together,
    Wildcard,
    children,
)
from wording import find_unreadable

_POSITION = re.compile(r"position (\d+)")


def parse(query: str) -> Node:
    """Read a query into a tree; an empty query asks for everything.

    Raises:
        QueryError: whatever is wrong with the text; nothing else is raised.
    """
    _check_size(query)
    if not query.strip():
        return All()
    text = prepared(query)
    try:
        parsed = luqum.thread.parse(text)
    except luqum.exceptions.ParseError as error:
        raise _syntax_error(query, error) from None
    except (ValueError, ArithmeticError):  # ~1.5 after a phrase, ^1.2.3
        raise QueryError(
            "A number after ~ or ^ cannot be read; write for example ~2 or ^1.5."
        ) from None
    node = Reader(query, text).read(parsed, None)
    if node is None:
        raise QueryError("The query has no word to search for.", position=0)
    _check_depth(node)
    _check_parts(node)
    return bare(node)


def plain_words(query: str) -> Node | None:
    """Read a query that cannot be parsed as the plain words in it, if any.

    Signs, operators and the names of fields are dropped, and what is too long is cut.
    """
    text = query[:LONGEST_QUERY].replace("\0", " ")
    text = re.sub(r"\b(?:AND|OR|NOT|TO)\b", " ", text)
    text = re.sub(rf"\b(?i:{'|'.join(BY_KEY)}):", " ", text)
    seen = {
        text[token.start : token.end]: None for token in tokens(text) if not token.whole
    }
    words = tuple(Term(word) for word in list(seen)[:50])
    if not words:
        return None
    return words[0] if len(words) == 1 else Together(words)


def _check_size(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise QueryError(
            f"The query has {len(query):,} characters; {LONGEST_QUERY:,} are allowed.",
            position=LONGEST_QUERY,
        )
    if unreadable := find_unreadable("The query", query):
        sentence, position = unreadable
        raise QueryError(sentence, position=position)
    depth = 0
    for place, char in enumerate(query):
        depth += (char == "(") - (char == ")")
        if depth > DEEPEST_QUERY:
            raise QueryError(too_deep(), position=place)


def _check_depth(node: Node, level: int = 0) -> None:
    if level > DEEPEST_QUERY:
        raise QueryError(too_deep())
    for child in children(node):
        _check_depth(child, level + 1)


def _check_parts(node: Node) -> None:
    """Refuse a query that would keep an engine busy for too long."""
    leaves = list(_leaves(node))
    if len(leaves) > MOST_PARTS:
        raise QueryError(
            f"The query has {len(leaves):,} words and values; {MOST_PARTS} are allowed."
        )
    shapes = sum(isinstance(leaf, Prefix | Wildcard | Fuzzy) for leaf in leaves)
    shapes += sum(
        len(SHAPE.findall(leaf.text)) for leaf in leaves if isinstance(leaf, Phrase)
    )
    if shapes > MOST_SHAPES:
        raise QueryError(
            f"The query has {shapes} words with *, ? or ~; {MOST_SHAPES} are allowed."
        )


def _leaves(node: Node) -> Iterator[Node]:
    below = children(node)
    if not below:
        yield node
    for child in below:
        yield from _leaves(child)


def _syntax_error(query: str, error: Exception) -> QueryError:
    found = _POSITION.search(str(error))
    if found is None:
        return QueryError(
            "The query ends too early: an operand or a closing bracket is missing.",
            position=len(query),
        )
    place = min(int(found[1]), len(query))
    rest = query[place:].split(maxsplit=1)
    word = rest[0][:20] if rest else "the end"
    if query[place : place + 1] in ('"', "“", "”", "„", "«", "»"):
        return QueryError("A quotation mark is not closed.", position=place)
    return QueryError(f"“{word}” cannot stand here.", position=place)
