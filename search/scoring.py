"""How well a document matches: BM25F over title and text.

A leaf of the query (a word in all its forms, a phrase, a prefix) that occurs *n* times
in a field of *l* words gives that field's frequency ``w · n / (1 − b + b · l / L)``,
where *L* is the field's mean length among documents of the same kind. With *f* the sum
over both fields, *N* the number of documents and *d* the number in which the leaf
occurs, the leaf scores

    ln(1 + (N − d + ½) / (d + ½)) · f · (k + 1) / (f + k)

A document's score is the sum over its leaves; a boost multiplies; filters and NOT add
nothing. Deleted documents count nowhere. A title counts half: a passage's title is its
source's, and the passage that says the word itself is the better one. In the end the
scores of stances and propositions are halved: they are short, they repeat what passages
say, and a search is for the passages first of all.
"""

from math import log
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: One number, or one for each of many documents.
Numbers = TypeVar("Numbers", float, "NDArray[Any]")

K = 1.2


class Weight(NamedTuple):
    """How a field counts: its weight, and how much its length tells."""

    w: float
    b: float


#: A quarter of real passages has under twelve words, and with b = 0.75 those outrank
#: what says more of the matter (benchmarks/RESULTS.md, relevance).
WEIGHTS = {"text": Weight(1.0, 0.5), "title": Weight(0.5, 0.5)}

#: What the scores of a kind are multiplied by, where that is not 1.
FACTORS = {"stance": 0.5, "proposition": 0.5}

#: What a score is multiplied by where the document may be of the days that a question
#: names; measured on questions with certain answers, MRR .57 to .65.
FAVOURED = 1.3

#: Scores are compared to so many places, so that equal ones are equal everywhere.
PLACES = 6


def frequency(field: str, count: int, length: Numbers, mean: Numbers) -> Numbers:
    """The frequency that *count* occurrences give a field."""
    w, b = WEIGHTS[field]
    found: Numbers = w * count / (1 - b + b * length / mean)
    return found


def rarity(documents: int, matching: int) -> float:
    """How much a leaf tells that occurs in *matching* of *documents*."""
    return log(1 + (documents - matching + 0.5) / (matching + 0.5))


def score(rarity: float, frequency: Numbers) -> Numbers:
    """The score of a leaf in a document."""
    return rarity * frequency * (K + 1) / (frequency + K)
