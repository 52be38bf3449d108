"""Texts that are the same but for what nobody sees, and texts that nearly are.

The same readout from two sites is two witnesses or one, which a reader must judge: it
is said, and both are kept. Texts are compared as sketches: of the hashes of all runs of
five words the lowest 256, by which the share that two texts have in common can be told
to some hundredths (A. Broder, *On the resemblance and containment of documents*, 1997).
Only texts of about the same day and length are compared; what is stored is read again,
because the record keeps no sketches. That costs what has no date its near twins.
"""

import re
import unicodedata
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

import sqlalchemy as sa

from exchange.passages import text_hash
from models import Source, SourceText, open_session

NEAR = 0.7
"""The share of runs of words that makes texts near."""
_WORDS_IN_A_RUN = 5
_LOWEST = 256
_FEWEST_RUNS = 20
_LONGEST = 400_000
_DAYS = timedelta(days=1)
_MOST_COMPARED = 50
_MOST_REMEMBERED = 20_000
_WORD = re.compile(r"\w+")

Sketch: TypeAlias = "array[int]"


def normal(text: str) -> str:
    """Return a text without what nobody sees: no format characters, one space.

    Letters are composed; all else stays, so that this says "nothing but invisible".
    """
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(c for c in composed if unicodedata.category(c) not in ("Cf", "Cc")
                   or c.isspace())  # fmt: skip
    return " ".join(seen.split())


def sketch(text: str) -> Sketch:
    """Return the lowest hashes of the runs of words, ascending; empty if too few."""
    words = _WORD.findall(text[:_LONGEST].casefold())
    runs = {
        zlib.crc32(" ".join(words[at : at + _WORDS_IN_A_RUN]).encode())
        for at in range(len(words) - _WORDS_IN_A_RUN + 1)
    }
    return array("L", sorted(runs)[:_LOWEST] if len(runs) >= _FEWEST_RUNS else ())


def likeness(one: Sketch, other: Sketch) -> float:
    """Return about what share of all runs of two texts both have, 0 to 1."""
    if not one or not other:
        return 0.0
    lowest = sorted({*one, *other})[:_LOWEST]
    both = set(one) & set(other)
    return sum(1 for each in lowest if each in both) / len(lowest)


class Twins:
    """What was imported in one run, and how it is like that and what is stored."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self._same: dict[str, str] = {}
        self._near: dict[date | None, list[tuple[str, int, Sketch]]] = defaultdict(list)
        self._stored: dict[int, tuple[str, Sketch]] = {}

    def find(self, slug: str, text: str, day: date | None) -> str | None:
        """Say which source has nearly the same text as a new one; None if none has."""
        seen = normal(text)
        told = text_hash(seen)
        first = self._same.setdefault(told, slug)
        mine = sketch(seen)
        said = None
        if first != slug:
            said = _invisible(first)
        for other, theirs, whole in self._others(slug, len(text), day):
            if said is None and whole == told:
                said = _invisible(other)
            share = likeness(mine, theirs)
            if said is None and share >= NEAR:
                said = (
                    f"is nearly the same text as the source {other} (about "
                    f"{share:.0%} of its phrases); both are kept"
                )
        if day is not None and len(self._near[day]) < _MOST_COMPARED:
            self._near[day].append((slug, len(text), mine))
        return said

    def _others(
        self, slug: str, length: int, day: date | None
    ) -> Iterator[tuple[str, Sketch, str | None]]:
        if day is None:
            return
        for near in (day, day - _DAYS, day + _DAYS):
            for other, theirs, found in self._near.get(near, ()):
                if other != slug and _alike(length, theirs):
                    yield other, found, None
        statement = (
            sa.select(SourceText.id, Source.slug, SourceText.text)
            .join(Source)
            .where(
                Source.slug != slug,
                Source.published_earliest.between(day - _DAYS, day + _DAYS),
                SourceText.text.is_not(None),
                SourceText.length.between(int(length * 0.7), int(length * 1.4) + 50),
            )
            .order_by(sa.func.abs(SourceText.length - length), SourceText.id)
            .limit(_MOST_COMPARED)
        )
        with open_session(self.url, history=True) as session:
            for id_, other, text in session.execute(statement):
                if id_ not in self._stored:
                    if len(self._stored) >= _MOST_REMEMBERED:
                        self._stored.clear()
                    seen = normal(text or "")
                    self._stored[id_] = (text_hash(seen), sketch(seen))
                whole, found = self._stored[id_]
                yield other, found, whole


def _alike(length: int, other: int) -> bool:
    return 0.7 * length <= other <= 1.4 * length + 50


def _invisible(slug: str) -> str:
    return (
        f"differs from the text of the source {slug} in nothing but invisible "
        "characters and white space; both are kept"
    )
