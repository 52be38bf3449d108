"""The positions of terms in a document, read out of its tsvector or its long form."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from search.engines.postgresql.known import Row
from search.engines.postgresql.store import WEIGHTS
from search.patterns import chains

Places: TypeAlias = dict[str, dict[str, list[int]]]
"""Positions by field and term."""

#: Up to so many terms are looked for in a tsvector one by one.
FEW_TERMS = 8

_ENTRY = re.compile(r"'([^']+)':(\S+)")

_NAMES = {weight: name for name, weights in WEIGHTS.items() for weight in weights}
_SUBJECT = dict.fromkeys(WEIGHTS["text"], "subject")


def places_of(columns: Sequence[Any], terms: frozenset[str]) -> Places:
    """Return the positions of terms by field, from the columns of `places`."""
    words, subject, long = columns
    if long is not None:
        return {
            name: {term: places for term, places in held.items() if term in terms}
            for name, held in json.loads(long).items()
        }
    found: Places = {}
    for vector, names in ((words, _NAMES), (subject, _SUBJECT)):
        for term, places in _entries(vector or "", terms):
            for place in places.split(","):
                # The weight D is not written.
                number, name = place, names["D"]
                if not place.isdigit():
                    number, name = place[:-1], names[place[-1]]
                found.setdefault(name, {}).setdefault(term, []).append(int(number))
    return found


def _entries(vector: str, terms: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield those terms that a written tsvector has, with their positions.

    Terms are words: they hold no space and no quote.
    """
    if len(terms) > FEW_TERMS:  # one walk along it is faster
        yield from (entry for entry in _ENTRY.findall(vector) if entry[0] in terms)
        return
    for term in terms:
        mark = f"'{term}':"
        at = vector.find(mark)
        if at >= 0:
            yield term, vector[at + len(mark) :].partition(" ")[0]


def starts(rows: Iterable[Row], places: Mapping[str, Sequence[int]]) -> set[int]:
    """Where rows begin in a field, given the positions of its terms."""
    found: set[int] = set()
    for row in rows:
        united = [
            {place for term in step if term in places for place in places[term]}
            for step in row.steps
        ]
        if len(united) == 1:
            found |= united[0]
        else:
            found.update(
                chain[0] for chain in chains(list(map(sorted, united)), row.slop)
            )
    return found
