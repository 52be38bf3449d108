"""Showing why a text was found: its matching words marked, its best part cut out.

The marks come from the same patterns as the matches, so they are exactly the words that
matched; an exact phrase is one mark. Texts go out as pieces that are marked or not, and
whoever writes HTML escapes each of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from search.analyzer import Token, stemmed_language, tokens
from search.patterns import AnyTerm, Row, Step, chains, pattern
from search.tree import Fuzzy, Node, Phrase, Prefix, Term, Wildcard, wanted

#: How long a snippet is at most, in code points.
SNIPPET = 300

_ELLIPSIS = "…"
_SENTENCE = re.compile(r"[.!?…؟。！？][\"'”’»)\]]*\s+")


@dataclass(frozen=True)
class Piece:
    """A run of a text."""

    text: str
    """The words."""
    marked: bool
    """Whether they are what the query asked for."""


@dataclass(frozen=True)
class Mark:
    """A span of a text that matches a leaf of the query."""

    start: int
    """Where it begins, in code points."""
    end: int
    """Where it ends (half-open)."""
    leaf: int
    """Which leaf of the query it matches, by number."""


def find_marks(
    text: str, language: str | None, query: Node, field: str = "text"
) -> list[Mark]:
    """Find what *query*, resolved, matches in a text of a document's *field*."""
    found = list(tokens(text, language))
    stemmed = stemmed_language(language)
    languages = [stemmed] if stemmed else []
    marks: list[Mark] = []
    for number, leaf in enumerate(dict.fromkeys(wanted(query))):
        if isinstance(leaf, Term | Phrase | Prefix | Wildcard | Fuzzy):
            if leaf.field in (None, field):
                for row in pattern(leaf, languages).rows:
                    spans = _spans(found, row)
                    marks.extend(Mark(*span, number) for span in spans)
    return sorted(set(marks), key=lambda mark: (mark.start, -mark.end, mark.leaf))


def mark(
    text: str, language: str | None, query: Node, field: str = "text"
) -> tuple[Piece, ...]:
    """Return the whole text with what *query* matches marked."""
    return _pieces(text, 0, len(text), find_marks(text, language, query, field))


def snippet(
    text: str, language: str | None, query: Node, length: int = SNIPPET
) -> tuple[Piece, ...]:
    """Return the part of a text that matches best, cut between words."""
    marks = find_marks(text, language, query)
    if len(text) <= length:
        return _pieces(text, 0, len(text), marks)
    start, end = _window(text, marks, length)
    pieces = list(_pieces(text, start, end, marks))
    if start > 0:
        pieces.insert(0, Piece(_ELLIPSIS, False))
    if end < len(text):
        pieces.append(Piece(_ELLIPSIS, False))
    return tuple(_joined(pieces))


def _spans(found: Sequence[Token], row: Row) -> Iterator[tuple[int, int]]:
    """Yield the spans of a row's occurrences, each word of a loose one apart."""
    steps = [_matching(found, step) for step in row.steps]
    places = [sorted(tokens_at) for tokens_at in steps]
    for chain in chains(places, row.slop):
        words = [step[place] for step, place in zip(steps, chain, strict=True)]
        if row.slop:
            yield from ((word.start, word.end) for word in words)
        else:
            yield words[0].start, words[-1].end


def _matching(found: Iterable[Token], step: Step) -> dict[int, Token]:
    """Return the words that a step accepts, by position."""
    if isinstance(step, AnyTerm):
        terms = step.terms
        return {
            token.position: token
            for token in found
            if not terms.isdisjoint(token.terms)
        }
    accepts = step.tester()
    return {token.position: token for token in found if accepts(token.word)}


def _window(text: str, marks: Sequence[Mark], length: int) -> tuple[int, int]:
    """Choose the part that shows the most leaves, then the most marks."""
    length -= 2 * len(_ELLIPSIS)
    best, shown = (0, 0), 0
    for number, first in enumerate(marks):
        reach = first.start + length * 3 // 4
        within = [first]
        for other in islice(marks, number + 1, None):
            if other.end > reach:
                break
            within.append(other)
        worth = (len({mark.leaf for mark in within}), len(within))
        if worth > best:
            best, shown = worth, first.start
    lead = length // 4
    start = 0 if shown <= lead else _begin(text, shown - lead, shown)
    end = min(len(text), start + length)
    return start, end if end == len(text) else _break(text, end, start + length // 2)


def _begin(text: str, earliest: int, latest: int) -> int:
    """Find where to begin: at a sentence, or else at a word."""
    sentence = next(_SENTENCE.finditer(text, earliest, latest), None)
    if sentence is not None:
        return sentence.end()
    space = re.compile(r"\s+").search(text, earliest, latest)
    return space.end() if space else _whole(text, earliest)


def _break(text: str, end: int, earliest: int) -> int:
    """Find where to end: after the last whole word."""
    if text[end].isspace():
        return end
    for place in range(end, earliest, -1):
        if text[place - 1].isspace():
            return len(text[:place].rstrip())
    return _whole(text, end)


def _whole(text: str, place: int) -> int:
    """Move left until no mark or joiner is parted from its letter."""
    while place > 0 and (
        unicodedata.category(text[place]) in ("Mn", "Mc", "Me", "Cf", "Sk")
        or text[place - 1] == "\u200d"
    ):
        place -= 1
    return place


def _pieces(
    text: str, start: int, end: int, marks: Iterable[Mark]
) -> tuple[Piece, ...]:
    """Cut a part of a text at the marks; marks that overlap become one."""
    covered: list[tuple[int, int]] = []
    for mark in marks:
        first, last = max(mark.start, start), min(mark.end, end)
        if first >= last:
            continue
        if covered and first <= covered[-1][1]:
            covered[-1] = covered[-1][0], max(last, covered[-1][1])
        else:
            covered.append((first, last))
    pieces = []
    place = start
    for first, last in covered:
        pieces += [Piece(text[place:first], False), Piece(text[first:last], True)]
        place = last
    pieces.append(Piece(text[place:end], False))
    return tuple(piece for piece in pieces if piece.text)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Unite neighbours that are marked alike."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.marked == piece.marked:
            last = Piece(last.text + piece.text, piece.marked)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
