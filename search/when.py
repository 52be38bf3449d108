"""The dates in a question: "what did they agree in April 2017".

Whoever types words and a date wants what is of that date first and not nothing else. So
a date among plain words leaves the words and raises what is of its days (`Favour`);
where it is all of the query it becomes a filter. Only what is surely a date is read: a
day, a month and a year in words, a month and a year, and "in" with a year, unquoted and
without a field.
"""

import calendar
import re

from models.date_words import read_date
from models.dates import DateError, EdtfDate
from search.tree import Days, Favour, Node, Term, Together

_MONTH = "|".join(
    [*calendar.month_name[1:], *(f"{name}\\.?" for name in calendar.month_abbr[1:])]
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"[12]\d{3}"
#: The shapes of a date, as words side by side.
_SHAPES = re.compile(
    rf"(?:in |on )?(?:{_DAY} (?:of )?(?:{_MONTH})|(?:{_MONTH}) {_DAY}|{_MONTH}),?"
    rf" {_YEAR}|in {_YEAR}",
    re.IGNORECASE,
)
#: "on 12 of July 2022"
_MOST_WORDS = 5


def favour_dates(tree: Node) -> Node:
    """Return a parsed query with the dates among its words read as dates."""
    if not isinstance(tree, Together):
        return tree
    rest: list[Node] = []
    days: list[Days] = []
    place = 0
    while place < len(tree.children):
        found = _date_at(tree.children, place)
        if found is None:
            rest.append(tree.children[place])
            place += 1
        else:
            days.append(found[0])
            place += found[1]
    if not days:
        return tree
    if not rest:
        return days[0] if len(days) == 1 else tree
    left = rest[0] if len(rest) == 1 else Together(tuple(rest))
    return Favour(left, tuple(days))


def _date_at(nodes: tuple[Node, ...], place: int) -> tuple[Days, int] | None:
    """The longest date that begins at a place, with the number of its words."""
    words: list[str] = []
    for node in nodes[place : place + _MOST_WORDS]:
        if not isinstance(node, Term) or node.field is not None:
            break
        words.append(node.text)
    for size in range(len(words), 1, -1):
        text = " ".join(words[:size])
        if _SHAPES.fullmatch(text) and (date := _read(text)):
            return Days(date.earliest, date.latest, text), size
    return None


def _read(text: str) -> EdtfDate | None:
    plain = re.sub(r"^(?:in|on) ", "", text, flags=re.IGNORECASE)
    try:
        return read_date(plain).date
    except DateError:
        return None
