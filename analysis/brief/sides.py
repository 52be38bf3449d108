"""The sides of a meeting, and what each of them holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from queries.meetings import Participant
from queries.stances import StanceItem

OWN = ("said", "did", "voted", "signed")
"""How a position is known from its holder; all else is others' word or inference."""


def is_own(stance: StanceItem) -> bool:
    """Whether a stance is its holder's own statement or deed."""
    return stance.mode in OWN


def topic_of(stance: StanceItem) -> str | None:
    """The slug of the topic under which a stance stands."""
    return stance.topic.slug if stance.topic else None


@dataclass
class Side:
    """A side of the meeting: its name, and the actors who are it."""

    name: str
    slugs: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    """The bodies below these actors, which speak for them."""
    stances: list[StanceItem] = field(default_factory=list)
    """Its stances, as `Material` puts them in order."""

    def holds(self, stance: StanceItem) -> bool:
        """Whether a stance is this side's."""
        of_it = self.slugs | self.bodies
        spoken_for = stance.represents and stance.represents.slug in of_it
        return stance.holder.slug in of_it or bool(spoken_for)

    def on_own_word(self, stance: StanceItem) -> bool:
        """Whether a stance is a statement or a deed, and not on another actor's word.

        A deed that the source itself tells counts, and so do words that it reports; a
        deed on the word of somebody else, perhaps of an adversary, is an allegation.
        """
        first = stance.chain[0] if stance.chain else None
        if not is_own(stance):
            return False
        if first is None or first.kind == "source":
            return True
        return first.slug in self.slugs | self.bodies | {stance.holder.slug}

    def views(self) -> dict[str, "View"]:
        """Where the side stands on each proposition, by the proposition's slug."""
        found: dict[str, View] = {}
        for stance in self.stances:
            if stance.target_kind == "proposition":
                view = found.setdefault(stance.target.slug, View())
                view.add(stance, self.on_own_word(stance))
        return found

    def own_nearby(self, stance: StanceItem) -> StanceItem | None:
        """What the side itself says on the topic of what others say of it."""
        topic = topic_of(stance)
        near = (
            one
            for one in self.stances
            if topic and topic_of(one) == topic and self.on_own_word(one)
        )
        return next(near, None)


@dataclass
class View:
    """What a side says of a proposition itself, and what others report of it."""

    own: StanceItem | None = None
    reported: StanceItem | None = None

    def add(self, stance: StanceItem, on_own_word: bool) -> None:
        """Take the first of each; they come in order."""
        if on_own_word:
            self.own = self.own or stance
        else:
            self.reported = self.reported or stance

    @property
    def taken(self) -> StanceItem | None:
        """The stance by which the side is for or against, its own if there is one."""
        for stance in (self.own, self.reported):
            if stance is not None and stance.polarity:
                return stance
        return None

    @property
    def answer(self) -> StanceItem | None:
        """What the side itself says where only others take a side for it."""
        return self.own if self.taken is self.reported else None


def group_sides(participants: Sequence[Participant]) -> list[Side]:
    """Group the participants by the actor represented, in recorded order."""
    sides: dict[str, Side] = {}
    for one in participants:
        face = one.represents or one.person
        side = sides.setdefault(
            face.slug if face else one.name, Side(face.label if face else one.name)
        )
        side.slugs.update(ref.slug for ref in (one.represents, one.person) if ref)
    return list(sides.values())


def slugs_of(sides: Iterable[Side]) -> set[str]:
    """All actors of some sides."""
    return {slug for side in sides for slug in side.slugs}
