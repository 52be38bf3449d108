"""From a quote that somebody pasted or selected to the span of the text that it is.

White space around it and a comma at its end are cut off, as selections catch them; an
accent or the rest of an emoji that a selection cut off is taken along. Nothing else of
it is changed: a quote that differs from the text is refused with the nearest place.
"""

import unicodedata
from dataclasses import dataclass

from exchange.passages import Span
from exchange.quotes import Near, nearest, omission
from wording import counted, printable

MOST_PLACES = 20
"""Of a quote that stands several times, how many places are offered."""
_AROUND = 30

_LOOSE = ",;"
_JOINER = "\u200d"


class NotQuoted(ValueError):
    """A quote that is no span of the text; the message says what was expected."""

    def __init__(self, expected: str, places: "tuple[Place, ...]" = ()) -> None:
        super().__init__(expected)
        self.places = places
        """Where it stands, if that is the question."""


@dataclass(frozen=True)
class Place:
    """One of the places at which a quote stands, and the words around it."""

    start: int
    before: str
    after: str


@dataclass(frozen=True)
class Quoted:
    """What was taken: half-open, in code points of the whole text."""

    start: int
    end: int
    words: str


def shown(text: str) -> str:
    """Return a text as a page shows it: line ends of any kind are one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown_length(text: str) -> int:
    """Return how many characters a page shows of a text."""
    return len(text) - text.count("\r\n")


def place_in(text: str, at: int) -> int:
    """Return where in a text the character stands that is number `at` on the page."""
    if "\r\n" not in text:
        return min(at, len(text))
    place = 0
    for _ in range(at):
        if place >= len(text):
            break
        place += 2 if text.startswith("\r\n", place) else 1
    return place


def take(text: str, offset: int, quote: str, at: Span | None = None) -> Quoted:
    """Find a quote in a passage.

    Args:
        text: the words of the passage, or of the whole text.
        offset: where they begin in the whole text.
        quote: what was pasted or selected.
        at: where it was selected, as counted on the page from the passage's beginning.

    Raises:
        NotQuoted: it is empty, stands nowhere, or stands several times and nothing says
            which is meant.
    """
    wanted = shown(quote).strip().rstrip(_LOOSE).rstrip()
    if not wanted:
        raise NotQuoted("words of the passage (nothing is selected but white space)")
    if at is None:
        start, end = _find(text, offset, wanted)
    else:
        start, end = place_in(text, at[0]), place_in(text, at[1])
        if shown(text[start:end]) != shown(quote):
            raise NotQuoted(
                "the words that stand at this place (the text may have been changed "
                "meanwhile: select them again)"
            )
        start, end = _trimmed(text, start, end)
    start, end = _whole(text, start, end)
    return Quoted(offset + start, offset + end, text[start:end])


def take_at(text: str, offset: int, quote: str, start: int) -> Quoted:
    """Take a quote at the place that was chosen among several.

    Raises:
        NotQuoted: it does not stand there.
    """
    wanted = shown(quote).strip().rstrip(_LOOSE).rstrip()
    found = [(a, b) for a, b in _places(text, wanted) if offset + a == start]
    if not found:
        raise NotQuoted("one of the places at which the words stand")
    begin, end = _whole(text, *found[0])
    return Quoted(offset + begin, offset + end, text[begin:end])


def _find(text: str, offset: int, wanted: str) -> Span:
    places = _places(text, wanted)
    if len(places) == 1:
        return places[0]
    if places:
        more = "at least " if len(places) == MOST_PLACES else ""
        raise NotQuoted(
            f"words that stand here once (they stand {more}{len(places)} times: choose "
            "which are meant, or quote more of them)",
            tuple(_around(text, offset, *place) for place in places),
        )
    if near := nearest(text, wanted):
        raise NotQuoted(" or ".join(map(_told, near)))
    if parts := omission(text, wanted):
        raise NotQuoted(
            "words without an omission (its "
            f"{counted(len(parts), 'part')} stand here apart): a piece of evidence for "
            "each part, or all the words between"
        )
    raise NotQuoted("words that stand in this passage, letter for letter")


def _told(near: Near) -> str:
    """Say what stands here instead; the place in a text is of no use in a passage."""
    differs = " and in ".join(near.differs_in)
    return f"“{shorten(near.words)}”, as it stands here (yours differs in {differs})"


def shorten(words: str, most: int = 120) -> str:
    """Return words on one line, cut if there are many."""
    line = " ".join(printable(shown(words).replace("\n", " ")).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _places(text: str, wanted: str) -> list[Span]:
    """Return the first places of words, whatever the text's line ends are."""
    places: list[Span] = []
    flat = shown(text)
    at = flat.find(wanted)
    while at >= 0 and len(places) < MOST_PLACES:
        places.append((place_in(text, at), place_in(text, at + len(wanted))))
        at = flat.find(wanted, at + 1)
    return places


def _around(text: str, offset: int, start: int, end: int) -> Place:
    before = " ".join(text[max(0, start - _AROUND) : start].split())
    after = " ".join(text[end : end + _AROUND].split())
    return Place(offset + start, before, after)


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip().rstrip(_LOOSE).rstrip())


def _whole(text: str, start: int, end: int) -> Span:
    """Take along what belongs to the first and to the last letter."""
    while start > 0 and _hangs_on(text, start):
        start -= 1
    while end < len(text) and _hangs_on(text, end):
        end += 1
    return start, end


def _hangs_on(text: str, at: int) -> bool:
    """Whether a character is part of what the one before it begins."""
    char = text[at]
    return (
        unicodedata.combining(char) > 0
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char == _JOINER
        or text[at - 1] == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # tones of skin
    )
