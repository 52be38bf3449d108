"""The words of a text as the search sees them: stems to count by, forms to show."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.analyzer import is_stop_word, tokens


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    stem: str
    """What its forms have in common."""
    shown: str
    """The word as it is written."""


def words_of(text: str, language: str | None = None) -> Iterator[Word]:
    """Yield the words of a text that carry meaning: no stop words, no bare numbers."""
    for token in tokens(text, language):
        if token.whole or token.word.isdigit() or is_stop_word(token.word):
            continue
        # A word that is its own stem has no term of a stem.
        stems = (term.partition("~")[0] for term in token.terms if "~" in term)
        stem = next(stems, token.word)
        yield Word(stem, text[token.start : token.end])
