"""Which words of the texts another word may have been meant for."""

from search.analyzer import marks_of
from search.engines.postgresql.known import Sql
from search.engines.postgresql.snapshot import Snapshot
from search.engines.postgresql.tsquery import any_of
from search.fields import SCORED
from search.patterns import Like, distance


def similar(index: Snapshot, word: str, limit: int) -> tuple[str, ...]:
    """Words of the texts that *word* may have been meant for, the best first."""
    edits = 1 if len(word) <= 4 else 2
    away: dict[int, list[str]] = {}
    for other in index.words(SCORED, Like("", word, edits)):
        away.setdefault(distance(other, word, edits), []).append(other)
    best: list[str] = []
    for near in range(1, edits + 1):
        words = away.get(near, ())
        if words and len(best) < limit:
            counts = index.number([_holding(index, word) for word in words])
            found = sorted(zip(counts, words, strict=True), key=_frequent_first)
            best += [other for count, other in found if count]
    return tuple(best[:limit])


def _holding(index: Snapshot, word: str) -> Sql:
    """The condition that a word stands in a document as it is written."""
    terms = [word, *(f"{word}={mark}" for mark in marks_of(index.known.languages))]
    return index.matches("d.words", any_of(terms))


def _frequent_first(counted: tuple[int, str]) -> tuple[int, str]:
    return -counted[0], counted[1]
