"""Where two sides stand on what both have taken a side on, and towards each other.

Who is for a proposition and who is for one contrary to it differ, though neither has
said anything of the other's sentence; the brief shows both and says so.

Shared ground and differences are counted from what both have said or done themselves.
Where one of the two positions is known only from others, perhaps from an adversary,
the pair of positions is counted apart, marked, and stands beside the answer.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from analysis.brief.shapes import Part, Sentence
from analysis.brief.sides import Side, View
from analysis.brief.words import (
    doubts,
    ended,
    holder,
    not_shown,
    position,
    whose,
)
from queries.stances import StanceItem

MOST_PER_PAIR = 8
"""How many sentences stand under a pair of sides: relations, differences, the rest."""
MOST_RELATIONS = 3
"""How many of them are relations where there is more to say than has room: what the
two hold towards each other is the frame of the rest, and never wholly cut."""
MOST_PAIRS_NAMED = 12
"""How many pairs of which nothing is recorded are named."""

Say = Callable[..., Sentence]


@dataclass(frozen=True)
class Stand:
    """Where a side stands on a proposition, and on whose word."""

    side: Side
    stance: StanceItem
    view: View

    @property
    def is_own(self) -> bool:
        """Whether the side said or did so itself."""
        return self.stance is self.view.own

    @property
    def answer(self) -> StanceItem | None:
        """What the side itself says where only others take a side for it."""
        if self.is_own:
            return None
        return self.view.answer or self.side.own_nearby(self.stance)


Both = tuple[Stand, Stand]


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
        differing += _opposed(one, mine, other, theirs, contrary)
        towards = [*_towards(one, other).items(), *_towards(other, one).items()]
        names = f"{one.name} and {other.name}"
        if not (shared or differing or towards):
            silent.append(names)
            continue
        found = [*filter(_own, differing), *filter(_own, shared)]
        alleged = [both for both in (*differing, *shared) if not _own(both)]
        found += alleged
        held = towards[: max(MOST_RELATIONS, MOST_PER_PAIR - len(found))]
        sentences = [_relation(say, *each) for each in held[:MOST_PER_PAIR]]
        room = MOST_PER_PAIR - len(sentences)
        sentences += [_compared(say, *each) for each in found[:room]]
        if more := len(found) + len(towards) - len(sentences):
            sentences.append(Sentence(text=not_shown(more, "positions")))
        title = (
            f"{names}: {sum(map(_own, shared))} shared, "
            f"{sum(map(_own, differing))} different"
        )
        if alleged:
            title += f", {len(alleged)} by what others say of them"
        parts.append(
            Part(id=f"pair-{len(parts) + 1}", title=title, sentences=tuple(sentences))
        )
    if len(silent) > MOST_PAIRS_NAMED:
        more = len(silent) - MOST_PAIRS_NAMED
        silent = [*silent[:MOST_PAIRS_NAMED], f"and {more} more pairs"]
    return parts, silent


def _own(both: Both) -> bool:
    return all(stand.is_own for stand in both)


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
        found.append((Stand(one, a, mine[slug]), Stand(other, b, theirs[slug])))
    return shared, differing


def _opposed(
    one: Side,
    mine: dict[str, View],
    other: Side,
    theirs: dict[str, View],
    contrary: Collection[tuple[str, str]],
) -> Iterator[Both]:
    """Where each is for one of two contrary propositions, with no side on the other."""
    for slug, against in sorted(contrary):
        if slug not in mine or against not in theirs:
            continue
        a, b = mine[slug].taken, theirs[against].taken
        said = [mine.get(against), theirs.get(slug)]
        if any(view is not None and view.taken is not None for view in said):
            continue
        if a and b and (a.polarity or 0) > 0 and (b.polarity or 0) > 0:
            yield Stand(one, a, mine[slug]), Stand(other, b, theirs[against])


def _compared(say: Say, first: Stand, second: Stand) -> Sentence:
    texts = [_stand(first), _stand(second)]
    about, contrary = first.stance.target, second.stance.target
    word, both = whose(first.stance), ""
    if word and all(text.endswith(word) for text in texts):
        texts = [text.removesuffix(word) for text in texts]
        both = f", both{word.removeprefix(',')}"
    if about.slug != contrary.slug:
        texts[1] += f" (of the contrary: “{contrary.label}”)"
    cited = [first.stance, first.answer, second.stance, second.answer]
    mark = "" if _own((first, second)) else "Only by what others say: "
    return say(
        f"{mark}{ended(about.label)} {'; '.join(texts)}{both}.",
        *(each.citations for each in cited if each),
        url=about.url,
    )


def _stand(stand: Stand) -> str:
    stance, answer = stand.stance, stand.answer
    text = f"{holder(stand.side, stance)}: {position(stance)}{whose(stance)}"
    if answer:
        text += f", while {answer.holder.label}: {position(answer)}{whose(answer)}"
        if answer.target.slug != stance.target.slug:
            text += f" (on “{answer.target.label}”)"
    elif not stand.is_own and stance.chain and stance.chain[0].kind == "actor":
        text += f"; of {stand.side.name} itself no answer is recorded"
    return text


def _towards(one: Side, other: Side) -> dict[tuple[str, str], list[StanceItem]]:
    """What a side holds towards another, by who towards whom and on whose word."""
    found: dict[tuple[str, str], list[StanceItem]] = {}
    for stance in one.stances:
        if stance.target_kind == "actor" and stance.target.slug in other.slugs:
            who = f"{holder(one, stance)} towards {stance.target.label}"
            found.setdefault((who, f"{doubts(stance)}{whose(stance)}"), []).append(
                stance
            )
    return found


def _relation(
    say: Say, key: tuple[str, str], stances: Sequence[StanceItem]
) -> Sentence:
    who, word = key
    held = ", ".join(dict.fromkeys(one.badge.word for one in stances))
    return say(
        f"{who}: {held}{word}.",
        *(each.citations for each in stances),
        url=stances[0].url,
    )
