"""Looking a name up that is nobody's as it is written: by part, by sound, by likeness.

In this order, and no further once anybody fits: the same letters and digits; some of
the words of a name, initials for words; those words by their sound; by the families of
their consonants, for what alphabets and languages make of a name. One actor is an
answer; several are offered. What is merely like a name is offered, never taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.alike import alike
from search.namekeys import (
    families,
    fits,
    is_unvowelled,
    likeness,
    name_key,
    name_words,
    without_articles,
)

#: How many names that are merely like it are offered.
MOST_ALIKE = 5

#: How like a name must be whose consonants are of the same families, of 100: where
#: both are in Latin letters, and where a romanisation of ours stands between them.
SAME_SCRIPT = 80
OTHER_SCRIPT = 65

#: How many consonants a name must have to be known by their families alone; one fewer
#: where one of the alphabets leaves the vowels out.
FEWEST_CONSONANTS = 3

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
    for keys in ("", "sound"):
        some = _slugs(
            slug for slug, name in known if fits(words, name_words(name), keys)
        )
        if some:
            return _one_of(some)
    for asked_for in dict.fromkeys((words, without_articles(words))):
        some = _by_families(asked_for, known)
        if some:
            return _one_of(some)
    written = [" ".join(name_words(name)) for _, name in known]
    places = alike(" ".join(words), written, fuzz.token_sort_ratio, 4 * MOST_ALIKE)
    near = _slugs(known[place][0] for place in places)
    return Looked(None, near[:MOST_ALIKE])


def _by_families(
    asked: tuple[str, ...], known: Iterable[tuple[str, str]]
) -> tuple[str, ...]:
    """Find whose consonants are alike, the likest first; few of them say nothing."""
    consonants = sum(
        min(map(len, families(word)), default=0) for word in asked if len(word) > 1
    )
    bare = is_unvowelled(asked)
    found = []
    for slug, name in known:
        words = name_words(name)
        one_is_bare = bare != is_unvowelled(words)
        if consonants < FEWEST_CONSONANTS - one_is_bare:
            continue
        # The cheaper test first: few names are like at all.
        alike = likeness(asked, words)
        other_script = bare or not all(map(str.isascii, asked + words))
        if alike >= (OTHER_SCRIPT if other_script else SAME_SCRIPT):
            if fits(asked, words, "families"):
                found.append((-alike, slug))
    return _slugs(slug for _, slug in sorted(found))


def _slugs(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _one_of(slugs: tuple[str, ...], exact: bool = False) -> Looked:
    if len(slugs) == 1:
        return Looked(slugs[0], exact=exact)
    return Looked(None, slugs)
