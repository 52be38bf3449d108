"""Where two sides stand on what both have taken a side on, and towards each other.

Who is for a proposition and who is for one contrary to it differ, though neither has
said anything of the other's sentence; the brief shows both and says so.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import combinations

from analysis.brief.shapes import Part, Sentence
from analysis.brief.sides import Side, View
from analysis.brief.words import ended, holder, not_shown, position, whose
from queries.stances import StanceItem

MOST_PER_PAIR = 8
"""How many sentences stand under a pair of sides: relations, differences, the rest."""
MOST_RELATIONS = 3
"""How many of them are relations where there is more to say than has room: what the
two hold towards each other is the frame of the rest, and never wholly cut."""
MOST_PAIRS_NAMED = 12
"""How many pairs of which nothing is recorded are named."""

Say = Callable[..., Sentence]


def compare_sides(
    sides: Sequence[Side], say: Say, contrary: Collection[tuple[str, str]] = ()
) -> tuple[list[Part], list[str]]:
    """Compare each pair of sides.

    Args:
        sides: the sides.
        say: makes a sentence with its citations.
        contrary: the slugs of each two contrary propositions, both ways.

    Returns:
        The pairs of which something is recorded, and the names of the others.
    """
    views = [(side, side.views()) for side in sides]
    parts: list[Part] = []
    silent: list[str] = []
    for (one, mine), (other, theirs) in combinations(views, 2):
        shared, differing = _both(one, mine, other, theirs)
        opposed = _opposed(one, mine, other, theirs, contrary)
        towards = [*_towards(one, other).items(), *_towards(other, one).items()]
        names = f"{one.name} and {other.name}"
        if not (shared or differing or opposed or towards):
            silent.append(names)
            continue
        found = [*differing, *opposed, *shared]
        held = towards[: max(MOST_RELATIONS, MOST_PER_PAIR - len(found))]
        sentences = [_relation(say, *each) for each in held[:MOST_PER_PAIR]]
        room = MOST_PER_PAIR - len(sentences)
        sentences += [_compared(say, *each) for each in found[:room]]
        if more := len(found) + len(towards) - len(sentences):
            sentences.append(Sentence(text=not_shown(more, "positions")))
        parts.append(
            Part(
                id=f"pair-{len(parts) + 1}",
                title=f"{names}: {len(shared)} shared, "
                f"{len(differing) + len(opposed)} different"
                + (f", {len(towards)} towards each other" if towards else ""),
                sentences=tuple(sentences),
            )
        )
    if len(silent) > MOST_PAIRS_NAMED:
        more = len(silent) - MOST_PAIRS_NAMED
        silent = [*silent[:MOST_PAIRS_NAMED], f"and {more} more pairs"]
    return parts, silent


Both = tuple[Side, StanceItem, View, Side, StanceItem, View]
"""Two sides, the stance by which each is for or against, and all it says of that."""


def _both(
    one: Side, mine: dict[str, View], other: Side, theirs: dict[str, View]
) -> tuple[list[Both], list[Both]]:
    shared: list[Both] = []
    differing: list[Both] = []
    for slug in sorted(mine.keys() & theirs.keys()):
        a, b = mine[slug].taken, theirs[slug].taken
        if a is None or b is None or not a.polarity or not b.polarity:
            continue
        found = shared if (a.polarity > 0) == (b.polarity > 0) else differing
        found.append((one, a, mine[slug], other, b, theirs[slug]))
    return shared, differing


def _opposed(
    one: Side,
    mine: dict[str, View],
    other: Side,
    theirs: dict[str, View],
    contrary: Collection[tuple[str, str]],
) -> list[Both]:
    """Where each is for one of two contrary propositions, with no side on the other."""
    found: list[Both] = []
    for slug, against in sorted(contrary):
        if slug not in mine or against not in theirs:
            continue
        a, b = mine[slug].taken, theirs[against].taken
        said = [mine.get(against), theirs.get(slug)]
        if any(view is not None and view.taken is not None for view in said):
            continue
        if a and b and (a.polarity or 0) > 0 and (b.polarity or 0) > 0:
            found.append((one, a, mine[slug], other, b, theirs[against]))
    return found


def _compared(
    say: Say,
    one: Side,
    first: StanceItem,
    mine: View,
    other: Side,
    second: StanceItem,
    theirs: View,
) -> Sentence:
    texts = [_stand(one, first, mine.answer), _stand(other, second, theirs.answer)]
    if first.target.slug != second.target.slug:
        texts[1] += f" (of the contrary: “{second.target.label}”)"
    cited = [first, mine.answer, second, theirs.answer]
    return say(
        f"{ended(first.target.label)} {'; '.join(texts)}.",
        *(each.citations for each in cited if each),
        url=first.target.url,
    )


def _stand(side: Side, stance: StanceItem, answer: StanceItem | None) -> str:
    text = f"{holder(side, stance)}: {position(stance)}{whose(stance)}"
    if answer:
        text += f", while {answer.holder.label}: {position(answer)}{whose(answer)}"
    return text


def _towards(one: Side, other: Side) -> dict[str, list[StanceItem]]:
    """What a side holds towards another; what reads the same is one sentence."""
    found: dict[str, list[StanceItem]] = {}
    for stance in one.stances:
        if stance.target_kind == "actor" and stance.target.slug in other.slugs:
            text = (
                f"{holder(one, stance)} towards {stance.target.label}: "
                f"{position(stance)}{whose(stance)}."
            )
            found.setdefault(text, []).append(stance)
    return found


def _relation(say: Say, text: str, stances: Sequence[StanceItem]) -> Sentence:
    return say(text, *(each.citations for each in stances), url=stances[0].url)
