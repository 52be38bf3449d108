"""What happens to a query before luqum parses it, so that it misreads nothing.

Each character keeps its place, so that positions in error messages stay true:
typographic quotes are straightened, a single quote or slash before a word is dropped,
and the values of ``date:`` and ``position:`` are set aside (``date:2022-06~`` is not a
fuzzy word, ``position:-2`` not a negation).
"""

import re

from search.query_error import QueryError

#: The fields whose values luqum may not see.
RAW_FIELDS = ("date", "position")
_STRAIGHT = str.maketrans({char: '"' for char in "“”„‟«»＂"})
_PIECE = re.compile(
    rf"""
    (?P<kept> \\. | "(?:[^"\\]|\\.)*" )
    | (?<![^\s(+\-!])(?P<raw> (?i:{"|".join(RAW_FIELDS)}): ) (?![\s(])
    | (?<![^\s(:+\-])(?P<dropped> ['/]+ )
    | (?P<operator> && | \|\| | (?<![^\s(])!(?=\w) )
    """,
    re.VERBOSE | re.DOTALL,
)
_RAW_VALUE = re.compile(
    r"""
    (?P<quoted> "(?:[^"\\]|\\.)*" )
    | [\[{] \s* (?P<low> [^\s\]}]+ ) \s+ TO \s+ (?P<high> [^\s\]})]+ ) \s* [\]}]
    | (?P<set> [\[{] [^\[\]{}]* [\]}] )
    | (?P<than> [<>]=? ) (?P<bound> [^\s()\[\]{}"^]+ )
    | (?P<plain> [^\s()\[\]{}"<>^]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_MEANT = {"&&": "AND", "||": "OR", "!": "NOT"}
# A quotation mark within a Hebrew word is a letter of an abbreviation.
_GERSHAYIM = re.compile(r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')


def prepared(query: str) -> str:
    """Return the query as luqum may see it; each character keeps its place."""
    text = _GERSHAYIM.sub("\u05f4", query.translate(_STRAIGHT))
    out = list(text)
    place = 0
    while found := _PIECE.search(text, place):
        place = found.end()
        if found["dropped"]:
            out[found.start() : place] = " " * len(found["dropped"])
        elif operator := found["operator"]:
            raise QueryError(
                f"{operator} means nothing here; write {_MEANT[operator]}.",
                position=found.start(),
            )
        elif found["raw"] and (value := _RAW_VALUE.match(text, place)):
            place = value.end()
            for group in ("low", "high", "set", "bound", "plain"):
                start, end = value.span(group)
                if end > start and text[start:end] != "*":
                    out[start:end] = "x" * (end - start)
    return "".join(out)
