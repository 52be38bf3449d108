"""What a word or phrase of a query matches: the meaning that all engines share.

A leaf of the query becomes a `Pattern`: alternatives, each a row of steps that must be
found one after the other. A step is a set of terms, or a test of words. `chains` finds
the occurrences from the positions of each step; counting them gives the frequency that
the score uses, and their words are what the page marks.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from search.analyzer import folded_pattern, spellings, terms_of_word, tokens
from search.query_error import QueryError
from search.spelling import other_spellings
from search.tree import Fuzzy, Named, Phrase, Prefix, Term, Wildcard, Words

#: How many words a prefix, wildcard or fuzzy word may stand for.
MOST_WORDS = 2_000


def too_many_words(leaf: Words) -> QueryError:
    """Say that a part of the query stands for more words than `MOST_WORDS`."""
    return QueryError(
        f"{leaf} stands for more than {MOST_WORDS:,} different words; write more of it."
    )


@dataclass(frozen=True)
class AnyTerm:
    """A step: one of these terms stands here."""

    terms: frozenset[str]


@dataclass(frozen=True)
class Like:
    """A step: a word that passes a test stands here.

    *prefix* is what all such words begin with; it may be empty.
    """

    prefix: str
    shape: str
    edits: int = 0

    def tester(self) -> Callable[[str], bool]:
        """Return the test of folded words."""
        if self.edits:
            wanted, edits = self.shape, self.edits
            return lambda word: distance(word, wanted, edits) <= edits
        matcher = re.compile(self.expression()).fullmatch
        return lambda word: matcher(word) is not None

    def expression(self) -> str:
        """Return a regular expression for the words, where no edits are allowed."""
        return _expression(self.shape)


def _expression(shape: str) -> str:
    """A regular expression for a wildcard that cannot be made to backtrack for long."""
    first, *rest = (
        "".join("." if char == "?" else re.escape(char) for char in piece)
        for piece in re.sub(r"\*+", "*", shape).split("*")
    )
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last


#: A word of a phrase with * for any letters or ? for one within it; a question mark at
#: its end asks.
SHAPE = re.compile(r"(?=\w*(?:\*|\?+[\w*]))[\w*?]+")

#: How many rows a phrase may become: two for each compound in it, and so on.
MOST_ROWS = 16

#: How many of these one of many names may become.
MOST_ROWS_OF_A_NAME = 4

Step: TypeAlias = AnyTerm | Like


@dataclass(frozen=True)
class Row:
    """Steps in order, with at most *slop* other words in between, in total."""

    steps: tuple[Step, ...]
    slop: int = 0


@dataclass(frozen=True)
class Pattern:
    """What a leaf matches: any of these rows."""

    rows: tuple[Row, ...]


#: Matches nothing.
NOTHING = Pattern(())


def pattern(leaf: Words, languages: Collection[str]) -> Pattern:
    """Return what *leaf* matches in texts whose stemmers are among *languages*."""
    return _made(leaf, tuple(languages))


# A page marks a leaf in many texts; that of a name under 64 others takes milliseconds.
@lru_cache(maxsize=256)
def _made(leaf: Words, languages: tuple[str, ...]) -> Pattern:
    match leaf:
        case Term(text):
            return _words(text, 0, languages, together=True)
        case Named(text, names=names):
            return _names((text, *names), languages)
        case Phrase(text, slop):
            return _words(text, slop, languages, together=False)
        case Prefix():
            prefix = beginning(leaf)
            return _single(Like(prefix, prefix + "*"))
        case Wildcard(shape):
            return _single(_like(shape))
        case Fuzzy(text, edits):
            return _single(Like("", folded_pattern(text), edits))


def beginning(leaf: Prefix) -> str:
    """Return what the words begin with that *leaf* matches."""
    return folded_pattern(leaf.text).replace("*", "").replace("?", "")


def value_pattern(leaf: Prefix | Wildcard) -> Like:
    """Return the values of a coded field that *leaf* matches; slugs are not words."""
    shape = leaf.text + "*" if isinstance(leaf, Prefix) else leaf.pattern
    shape = shape.lower()
    return Like(re.split(r"[*?]", shape)[0], shape)


def _single(step: Step) -> Pattern:
    return Pattern((Row((step,)),))


def _words(
    text: str, slop: int, languages: Collection[str], *, together: bool
) -> Pattern:
    """Return the rows of a word or phrase, each compound of it in all its writings."""
    rows: list[tuple[Step, ...]] = [()]
    for piece, is_shape in [(text, False)] if together else _pieces(text):
        found: list[list[tuple[Step, ...]]] = [
            _ways(spelling, languages, whole=together or slop == 0)
            for spelling in (() if is_shape else spellings(piece))
        ]
        if is_shape:
            found = [[(_like(piece),)]]
        for ways in filter(None, found):
            # Beyond the bound the first way stands for all: its parts, as they stand.
            some = ways if len(rows) * len(ways) <= MOST_ROWS else ways[:1]
            rows = [row + way for row in rows for way in some]
    return Pattern(tuple(Row(row, slop) for row in rows if row))


def _pieces(phrase: str) -> Iterator[tuple[str, bool]]:
    """Take a phrase apart into words with * or ? in them, and what is between."""
    last = 0
    for found in SHAPE.finditer(phrase):
        yield phrase[last : found.start()], False
        if folded_pattern(found[0]).strip("*?"):  # a lone star is no word
            yield found[0].rstrip("?"), True
        last = found.end()
    yield phrase[last:], False


def _like(shape: str) -> Step:
    folded = folded_pattern(shape)
    return Like(re.split(r"[*?]", folded)[0], folded)


def _ways(
    spelling: str, languages: Collection[str], *, whole: bool
) -> list[tuple[Step, ...]]:
    """Return how a text may write a spelling of the query: in parts, or in one piece.

    A text in a language that elides no article has it as a word (D'Amato).
    """
    ways: dict[tuple[Step, ...], None] = {}
    for language in (None, "en"):
        found = list(tokens(spelling, language))
        parts = [token for token in found if not token.whole]
        if not parts:
            continue
        steps = tuple(
            _any_spelling(spelling[token.start : token.end], token.word, languages)
            for token in parts
        )
        ways[steps] = None
        if not whole:
            continue
        reach = parts[0].start, parts[-1].end
        for token in found:
            # In one piece, like C130; no initial for the initials.
            if (
                token.whole
                and len(token.word) > 1
                and (token.start, token.end) == reach
            ):
                ways[(_any_spelling(token.word, token.word, languages),)] = None
    return list(ways)


def _names(names: Collection[str], languages: Collection[str]) -> Pattern:
    """Return the rows of all names; what holds another within it says nothing more."""
    rows: dict[tuple[Step, ...], None] = {}
    for name in names:
        found = _words(name, 0, languages, together=True).rows
        rows.update((row.steps, None) for row in found[:MOST_ROWS_OF_A_NAME])
    kept: list[tuple[Step, ...]] = []
    for steps in sorted(rows, key=len):
        if not any(_within(other, steps) for other in kept):
            kept.append(steps)
    return Pattern(tuple(Row(steps) for steps in kept))


def _within(steps: tuple[Step, ...], longer: tuple[Step, ...]) -> bool:
    """Whether steps stand side by side within longer ones: Putin in Vladimir Putin."""
    size = len(steps)
    return any(
        steps == longer[place : place + size] for place in range(len(longer) - size + 1)
    )


def _any_spelling(word: str, folded: str, languages: Collection[str]) -> AnyTerm:
    terms = terms_of_word(word, languages)
    for other in other_spellings(folded):
        terms |= terms_of_word(other, languages)
    return AnyTerm(terms)


def chains(places: Sequence[Sequence[int]], slop: int) -> list[tuple[int, ...]]:
    """Return the occurrences of a row, given the sorted positions of each step.

    One for each first position from which the rest follows: each step at its earliest
    position after the one before, which leaves the fewest words in between.
    """
    if len(places) == 1:
        return [(place,) for place in places[0]]
    longest = len(places) - 1 + slop
    found: list[tuple[int, ...]] = []
    for first in places[0]:
        chain = [first]
        for following in places[1:]:
            number = bisect_right(following, chain[-1])
            if number == len(following):
                return found
            chain.append(following[number])
            if chain[-1] - first > longest:
                break
        else:
            found.append(tuple(chain))
    return found


def distance(word: str, other: str, limit: int) -> int:
    """Count the changes between two words; more than *limit* is reported as limit + 1.

    A change adds, drops or replaces a letter, or swaps two neighbours.
    """
    if word == other:
        return 0
    if abs(len(word) - len(other)) > limit or len(set(word).difference(other)) > limit:
        return (
            limit + 1
        )  # each change mends one letter; this spares most words the rest
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, char in enumerate(word, 1):
        current = [row]
        for column, letter in enumerate(other, 1):
            cost = min(
                above[column] + 1,
                current[-1] + 1,
                above[column - 1] + (char != letter),
            )
            if (
                row > 1
                and column > 1
                and char == other[column - 2]
                and letter == word[row - 2]
            ):
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit and min(above) > limit:
            return limit + 1
        before, above = above, current
    return min(above[-1], limit + 1)
