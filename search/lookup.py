"""Looking a name up that is nobody's as it is written: by part, by sound, by likeness.

In this order, and no further once anybody fits: the same letters and digits; some of
the words of a name, initials for words; those words by their sound; by their consonants
between alphabets that write vowels and those that do not. One actor is an answer;
several are offered. What is merely like a name is offered, never taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from search.namekeys import fits, name_key, name_words

#: How like a name must be to be offered, of 100.
LIKENESS = 82

#: How many names that are merely like it are offered.
MOST_ALIKE = 5

#: Longer names are compared by their beginning.
LONGEST_NAME = 200


@dataclass(frozen=True)
class Looked:
    """The actors that a name means, or may mean."""

    slug: str | None
    """The one actor, None if there is none or are several."""
    near: tuple[str, ...] = ()
    """The others that it may be, by their slugs."""
    exact: bool = False
    """Whether the name is the actor's whole name but for spaces and signs."""


def look_up(asked: str, names: Iterable[tuple[str, str]]) -> Looked:
    """Find the actors that *asked* means among *names*, pairs of a slug and a name."""
    asked = asked[:LONGEST_NAME]
    known = list(dict.fromkeys((slug, name[:LONGEST_NAME]) for slug, name in names))
    key = name_key(asked)
    if not key:
        return Looked(None)
    same = _slugs(slug for slug, name in known if name_key(name) == key)
    if same:
        return _one_of(same, exact=True)
    words = name_words(asked)
    for keys in ("", "sound", "skeleton"):
        some = _slugs(
            slug for slug, name in known if fits(words, name_words(name), keys)
        )
        if some:
            return _one_of(some)
    alike = process.extract(
        " ".join(words),
        [" ".join(name_words(name)) for _, name in known],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=LIKENESS,
        limit=4 * MOST_ALIKE,
    )
    near = _slugs(known[place][0] for _, _, place in alike)
    return Looked(None, near[:MOST_ALIKE])


def _slugs(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _one_of(slugs: tuple[str, ...], exact: bool = False) -> Looked:
    if len(slugs) == 1:
        return Looked(slugs[0], exact=exact)
    return Looked(None, slugs)
