"""The words of a text, and the terms under which an index has them.

**Terms.** A word is stemmed in the language of its text and folded afterwards; folding
first would hurt the stemmer. At each position stand

- ``negotiation`` and ``negoti~en`` where the stem differs from the folded word,
- ``drone=en`` alone where the word is its own stem (two words in three),
- ``дрон`` alone where the language has no stemmer.

So a word is looked up by its stem in any language, while prefixes, wildcards, fuzzy
words and suggestions see only words, never stems. The mark comes last so that one walk
over the sorted terms meets all forms of a word.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from search.analyzer import segments
from search.analyzer.folding import folded_word
from search.analyzer.languages import read_in, stemmed_language
from search.analyzer.segments import Unit
from search.analyzer.stems import stems

#: Raised whenever a text could yield other terms than before: indexes are rebuilt.
ANALYZER_VERSION = 3

#: Positions left free between two texts of one field, more than any slop may bridge.
TEXT_GAP = 200


class Token(NamedTuple):
    """A word of a text: where it stands and under which terms it is found."""

    position: int
    """Its number among the words; a compound's whole shares that of its first part."""
    start: int
    """Where it begins in the text, in code points."""
    end: int
    """Where it ends (half-open)."""
    word: str
    """The word itself, folded."""
    terms: tuple[str, ...]
    """The terms of the index at this position."""
    whole: bool = False
    """Whether it stands beside another word, at the position of that: a compound
    written together beside its first part, an initial beside the initials."""


def tokens(text: str, language: str | None = None) -> Iterator[Token]:
    """Yield the words of *text*, written in *language* (BCP 47, None for unknown).

    >>> [(t.word, t.position) for t in tokens("UN-brokered talks", "en")]
    [('un', 0), ('unbrokered', 0), ('brokered', 1), ('talks', 2)]
    """
    tongue = stemmed_language(language)
    primary = language.partition("-")[0].lower() if language else None
    position = 0
    for start, end, compound in segments.spans(text):
        surface = text[start:end]
        if not compound and segments.is_plain(surface):
            word, terms = _word_and_terms(surface, tongue)
            if word:
                yield Token(position, start, end, word, terms)
                position += 1
            continue
        if compound:
            parts = segments.units(text, start, end, primary)
        else:
            parts = segments.divide(Unit(start, end, surface))
        yield from _placed(text, parts, tongue, position)
        position += len(parts)


def _placed(
    text: str, parts: list[Unit], tongue: str | None, position: int
) -> Iterator[Token]:
    """Yield the words of a compound."""
    for number, (first, last, surface, beside) in enumerate(parts):
        word, terms = _word_and_terms(surface, tongue)
        yield Token(position + number, first, last, word, terms)
        end = last
        others = beside
        if number == 0 and len(parts) > 1:
            others, end = tuple(segments.wholes(text, parts)), parts[-1].end
            others += beside
        for other in dict.fromkeys(others):
            alike, terms = _word_and_terms(other, tongue)
            if alike and alike != word:
                stop = last if other in beside else end
                yield Token(position + number, first, stop, alike, terms, True)


def postings(
    texts: Iterable[tuple[str, str | None]],
) -> tuple[dict[str, list[int]], int]:
    """Return the positions of each term in some texts of one field, and their length.

    The length counts words; a compound counts as its parts.
    """
    found: dict[str, list[int]] = {}
    length = offset = 0
    for text, language in texts:
        position = -1
        for position, _, _, _, terms, whole in tokens(text, language):
            length += not whole
            for term in terms:
                places = found.get(term)
                if places is None:
                    found[term] = [position + offset]
                elif places[-1] != position + offset:
                    places.append(position + offset)
        offset += position + 1 + TEXT_GAP
    return found, length


class Entry(NamedTuple):
    """What a word or compound puts into an index, wherever it stands."""

    length: int
    """How many positions it takes."""
    terms: tuple[tuple[int, str], ...]
    """Its terms, with their positions from its first; in order, none twice."""
    wholes: tuple[str, ...]
    """Those of them that stand beside others: wholes of compounds and the like."""


def entry(spelling: str, language: str | None) -> Entry:
    """Return what one of `spellings` puts into an index.

    So much depends on the spelling alone: whoever indexes many texts asks once for each
    spelling, not once for each word.
    """
    if spelling.isascii() and spelling.isalpha():  # most are, and tokens are dear
        _, alone = _word_and_terms(spelling, stemmed_language(language))
        return Entry(1, tuple((0, term) for term in sorted(alone)), ())
    parts = list(tokens(spelling, language))
    terms = {(token.position, term): None for token in parts for term in token.terms}
    wholes = [term for token in parts if token.whole for term in token.terms]
    length = sum(not token.whole for token in parts)
    return Entry(length, tuple(sorted(terms)), tuple(wholes))


def terms_of_word(word: str, languages: Iterable[str]) -> frozenset[str]:
    """Every term under which a text in any of *languages* may hold the word *word*.

    *languages* are what `stemmed_language` returns.
    """
    folded = folded_word(word)
    terms = {folded}
    read = {read_in(folded, language) for language in languages}
    for language in read:
        if language is not None:
            terms.add(f"{folded}={language}")
            for stem in stems(word, language):
                terms.update((f"{stem}={language}", f"{stem}~{language}"))
    return frozenset(terms)


def word_of_term(term: str) -> str | None:
    """The word that a term stands for; None when it is only a stem."""
    if "~" in term:
        return None
    return term.partition("=")[0]


@lru_cache(maxsize=1 << 18)
def _word_and_terms(surface: str, tongue: str | None) -> tuple[str, tuple[str, ...]]:
    word = folded_word(surface)
    language = read_in(word, tongue) if tongue else None
    if language is None:
        return word, (word,)
    found = stems(surface, language)
    own = f"{word}={language}" if word in found else word
    others = (f"{stem}~{language}" for stem in found if stem != word)
    return word, (own, *dict.fromkeys(others))
