"""Which known words are like one that is not known: slugs, columns, months, names.

RapidFuzz is imported where it is used: it takes longer to import than this package.
"""

from collections.abc import Callable, Sequence
from typing import Any

#: How like a word must be to be offered in the place of another, of 100: one letter in
#: four may be wrong ("juli" is 75 like "july"). At 80 no word of four letters may have
#: a wrong one; at 65 whoever types "state" is offered "date". It is one number
#: everywhere: what is near in one place is not unknown in another. The cost is some
#: offers to names that were not meant. What is *taken* without asking has rules of its
#: own (`search/lookup.py`).
ALIKE = 75

#: From how many letters on a part is like the whole: "putin" like "vladimir-putin", but
#: not "us"; and of how many letters the part of a longer word must be.
_ASKED, _PART = 4, 3

#: How many are scored as parts before the letters of the whole decide.
_BEST = 20


def likest(asked: str, known: Sequence[str]) -> int | None:
    """Return the place of the one that is most like *asked*, None if none is.

    Of several with the same likeness, the one whose whole is most like it.
    """
    from rapidfuzz import fuzz, process

    if len(asked) < _ASKED:
        places = alike(asked, known, fuzz.ratio, 1)
        return places[0] if places else None
    told = {place: text for place, text in enumerate(known) if len(text) >= _PART}
    found = process.extract(
        asked, told, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=_BEST
    )
    best = max(found, key=lambda one: (one[1], fuzz.ratio(asked, one[0])), default=None)
    return None if best is None else best[2]


def alike(
    asked: str, known: Sequence[str], scorer: Callable[..., Any], most: int
) -> list[int]:
    """Return the places of at most so many that are like *asked*, the likest first.

    Args:
        asked: a text.
        known: the texts that it may be.
        scorer: one of `rapidfuzz.fuzz`; it gives the likeness, of 100.
        most: how many places to return.
    """
    from rapidfuzz import process

    found = process.extract(asked, known, scorer=scorer, score_cutoff=ALIKE, limit=most)
    return [place for _, _, place in found]
