"""A query as people type it, written in the query language.

Before the query is parsed, and only where it would not be understood otherwise:

- ``colour:red``, with a field that there is not, is read as two words;
- ``date:July 2022`` is read as the date that its words mean;
- ``talks w/5 oil`` and ``talks NEAR/5 oil`` ask for both words in either order, at most
  five words apart; ``pre/5`` in this order.

Each change is said, because the results are of another query than the one typed.
"""

import re
from typing import NamedTuple

from models.date_words import read_date
from models.dates import DateError
from search.fields import BY_KEY, known_fields
from wording import none_called

#: How many words of a query may be one date: "early in the month of July 2022".
LONGEST_DATE = 6

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FIELD = re.compile(
    rf"{_QUOTED}|\\.|(?<![^\s(+\-])(?P<name>\w[\w.-]*):"
    rf"(?P<value>{_QUOTED}|[^\s()\"]+|(?=\())"
)
_DATE = re.compile(
    rf"{_QUOTED}|\\.|(?<![^\s(+\-])(?i:date):\s*(?P<words>[^\W\d_]\w*\.?|\d+)"
)
_OPERATORS = frozenset(["AND", "OR", "NOT"])
_OPERAND = rf"(?:{_QUOTED}|[^\s()\"\[\]{{}}:^~*?\\]+)"
_NEAR = re.compile(
    rf"(?<![^\s(])(?P<one>{_OPERAND})\s+"
    rf"(?P<how>w|near|pre|p|n)/(?P<reach>\d{{1,3}})\s+(?P<other>{_OPERAND})(?=[\s)]|\Z)",
    re.IGNORECASE,
)
_STRAIGHT = str.maketrans({char: '"' for char in "“”„‟«»＂"})


class Rewritten(NamedTuple):
    """A query that can be parsed, and what was changed for it."""

    query: str
    notices: tuple[str, ...]


def rewrite(query: str) -> Rewritten:
    """Return a query in the query language, with a sentence for each change."""
    notices: list[str] = []
    text = _without_unknown_fields(query.translate(_STRAIGHT), notices)
    text = _with_quoted_dates(text)
    text = _with_distances(text, notices)
    return Rewritten(text, tuple(dict.fromkeys(notices)))


def _without_unknown_fields(query: str, notices: list[str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None or name.lower() in BY_KEY:
            return found[0]
        if name[0].isdigit():
            return found[0].replace(":", "\\:")  # a time of day, a verse
        notices.append(
            f"{none_called('field', name)}, so it was searched for as a word. "
            f"The fields are {known_fields()}."
        )
        value = found["value"]
        if not value:
            return f"{name} "
        if value[0] != '"':
            value = re.sub(r"(?<!\\):", r"\:", value)
        return f"({name} {value})"

    return _FIELD.sub(replaced, query)


def _with_quoted_dates(query: str) -> str:
    """Quote what follows `date:` as far as it is a date in words."""
    out: list[str] = []
    place = 0
    for found in _DATE.finditer(query):
        if found["words"] is None or found.start() < place:
            continue
        start = found.start("words")
        words = list(re.finditer(r"[^\s()\[\]\"]+", query[start:]))[:LONGEST_DATE]
        for count in range(len(words), 1, -1):
            end = start + words[count - 1].end()
            given = query[start:end]
            if not _OPERATORS.isdisjoint(given.split()):
                continue
            try:
                read_date(given)
            except DateError:
                continue
            out += [query[place:start], f'"{given}"']
            place = end
            break
    return "".join(out) + query[place:]


def _with_distances(query: str, notices: list[str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        one, other = found["one"].strip('"'), found["other"].strip('"')
        if not _OPERATORS.isdisjoint((one, other)):
            return found[0]
        reach = int(found["reach"])
        between = max(0, min(reach, 100) - 1)
        near = f"~{between}" if between else ""
        there, back = f'"{one} {other}"{near}', f'"{other} {one}"{near}'
        if found["how"].lower() in ("pre", "p"):
            notices.append(f"Read as “{one}” at most {reach} words before “{other}”.")
            return there
        notices.append(
            f"Read as “{one}” and “{other}”, in either order, at most {reach} words "
            "apart."
        )
        return f"({there} OR {back})"

    return _NEAR.sub(replaced, query)
