"""Find where a quote stands that differs from the text only in what is easily missed.

Apostrophes and quotation marks, accents composed or not, soft hyphens and characters of
no width, case, an ellipsis, white space and dashes: word processors change them without
a word. The record keeps the text's own characters, so that such a quote is refused; the
error says where it stands and in what it differs, and `repair` can put it right.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wording import printable

LONGEST_SEARCHED = 5_000_000
"""Code points of a text in which such a quote is looked for: a second or two."""

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛′ʹʼʻ`´", "'") | dict.fromkeys("“”„‟″«»", '"')
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_SPACE = re.compile(r"\s+")
_OMISSION = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*")

_KINDS: dict[str, Callable[[str], str]] = {
    "accents that are composed otherwise (NFC, NFD)": lambda text: (
        unicodedata.normalize("NFD", text)
    ),
    "soft hyphens or other characters that cannot be seen": lambda text: _INVISIBLE.sub(
        "", text
    ),
    "apostrophes or quotation marks": lambda text: text.translate(_QUOTES),
    "dashes": lambda text: text.translate(_DASHES),
    "an ellipsis": lambda text: text.replace("…", "..."),
    "upper and lower case": str.casefold,
    "white space or line breaks": lambda text: _SPACE.sub(" ", text),
}


class _Folded(dict[str, str]):
    """Each character without what is easily missed; a text repeats its characters."""

    def __missing__(self, char: str) -> str:
        folded = _fold(char)
        self[char] = folded
        return folded


_folded = _Folded()


def _fold(text: str, kept: str | None = None) -> str:
    for kind, fold in _KINDS.items():
        if kind != kept:
            text = fold(text)
    return text


@dataclass(frozen=True)
class Near:
    """Where the words of a quote stand, and in what they differ from it."""

    start: int
    end: int
    line: int
    words: str
    differs_in: Sequence[str]

    def __str__(self) -> str:
        shown = self.words if len(self.words) <= 120 else self.words[:119] + "…"
        return (
            f"“{printable(shown)}”, as it stands in line {self.line} of the text, at "
            f"{self.start} (the quote differs in {' and in '.join(self.differs_in)})"
        )


def nearest(text: str, quote: str) -> list[Near]:
    """Return the first places, three at most, of a quote that differs so little."""
    if len(text) > LONGEST_SEARCHED or not quote.strip():
        return []
    folded, offsets = _with_offsets(text)
    wanted, _ = _with_offsets(quote.strip())
    found: list[Near] = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0 and len(found) < 3:
        end = at + len(wanted)
        # The end of a letter, not the letter without its accent.
        if end == len(folded) or not unicodedata.combining(folded[end]):
            start, last = offsets[at], offsets[end - 1] + 1
            words = text[start:last]
            found.append(
                Near(start, last, text.count("\n", 0, start) + 1, words,
                     _differences(words, quote))
            )  # fmt: skip
        at = folded.find(wanted, at + 1)
    return found


def omission(text: str, quote: str) -> list[Near]:
    """Return where the parts of a quote stand that leaves words out of the text."""
    parts = [part for part in _OMISSION.split(quote) if part.strip()]
    if not 2 <= len(parts) <= 20:
        return []
    found = [nearest(text, part)[:1] for part in parts]
    places = [near for each in found for near in each]
    ordered = all(a.end <= b.start for a, b in zip(places, places[1:], strict=False))
    return places if len(places) == len(parts) and ordered else []


def _differences(words: str, quote: str) -> list[str]:
    return [kind for kind in _KINDS if _fold(words, kind) != _fold(quote, kind)] or [
        "white space at its ends"
    ]


@lru_cache(maxsize=4)  # a text is asked for each of its quotes
def _with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its characters where it comes from."""
    pieces: list[str] = []
    offsets: list[int] = []
    for place, folded in _pieces(text):
        pieces.append(folded)
        offsets.extend([place] * len(folded))
    return "".join(pieces), offsets


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    after_space = False
    for place, char in enumerate(text):
        folded = _folded[char]
        if folded == " ":
            if not after_space:
                yield place, folded
            after_space = True
        elif folded:
            yield place, folded
            after_space = False
