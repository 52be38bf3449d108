"""Words of the index that a misspelt word may have been meant for."""

from search.analyzer import word_of_term
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.counting import candidates
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.sets import any_of
from search.engines.whoosh.snapshot import Snapshot
from search.patterns import Like, distance


def similar(snapshot: Snapshot, word: str, limit: int) -> tuple[str, ...]:
    """Words of the texts at most two changes away from *word*, the best first."""
    edits = 1 if len(word) <= 4 else 2
    near: dict[str, int] = {}
    for segment in snapshot.segments:
        step = Like("", word, edits)
        for _, term in candidates(segment.words("scored").vocabulary, step):
            found = word_of_term(term)
            if found is not None and found not in near:
                near[found] = distance(word, found, edits)
    words = [found for found, away in near.items() if 0 < away <= edits]
    frequent = {found: _documents(snapshot, found) for found in words}
    best = sorted(words, key=lambda found: (near[found], -frequent[found], found))
    return tuple([found for found in best if frequent[found]][:limit])


def _documents(snapshot: Snapshot, word: str) -> int:
    """In how many documents a word stands as it is written."""
    terms = [word, *(f"{word}={language}" for language in snapshot.languages)]

    def having(segment: Segment) -> Array:
        words = segment.words("scored")
        pieces = [words.of(n) for n in map(words.vocabulary.find, terms) if n >= 0]
        return any_of(segment.size, [words.docs(piece) for piece in pieces])

    return snapshot.live(snapshot.over(having))
