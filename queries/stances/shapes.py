"""What is told of a stance: in a list, and on its own page."""

from dataclasses import dataclass, field
from datetime import date

from models.enums import (
    ActorKind,
    Certainty,
    Mode,
    Position,
    PropositionKind,
    StanceLink,
)
from queries.dates import WrittenDate
from queries.shapes import Badge, Basis, Citation, Ref, Speaker, address


@dataclass(frozen=True, kw_only=True)
class StanceItem:
    """A stance as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    holder: Ref
    """Who holds it."""
    holder_kind: ActorKind
    """What kind of actor the holder is."""
    represents: Ref | None
    """The state or body that the holder spoke for, if the source says so."""
    represents_nobody: bool
    """Whether the holder is known to speak for nobody else; false with no `represents`
    means that it is not known."""
    state: str | None
    """The state it belongs to: the holder, else what it represents, else that body's
    state."""
    target_kind: str
    """proposition or actor."""
    target: Ref
    """The proposition or the actor that it is about."""
    proposition_kind: PropositionKind | None
    """The kind of the proposition, if the target is one."""
    topic: Ref | None
    """Its topic, or its proposition's."""
    topic_path: str | None
    """The topic's whole path, from the root."""
    position: Position
    """Where the holder stands."""
    polarity: int | None
    """−2 to 2 for the first three positions, else null."""
    badge: Badge
    """The position as a word, a sign and a class."""
    mode: Mode
    """How the position is known."""
    certainty: Certainty
    """How sure the holder is."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    chain: tuple[Speaker, ...]
    """The whole chain of speakers of the citation shown first."""
    stated: WrittenDate
    """When it was stated."""
    valid_from: WrittenDate
    """Since when it was held, if known."""
    valid_to: WrittenDate
    """Until when it was held, if known."""
    current: bool
    """False when another stance supersedes or retracts it."""
    meeting: Ref | None
    """The meeting at which it was taken, if any."""
    agenda_item: str | None
    """The item on that meeting's agenda that it concerns."""
    note: str | None
    """The coder's remark."""
    quote: str | None
    """The words shown first: those of `citations[0]`; null while withheld."""
    evidence_count: int
    """On how many spans it rests."""
    citations: tuple[Citation, ...]
    """Its evidence, the one shown first in front; up to 3 in a list, up to 20 on its
    own page."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("stance", self.slug))


@dataclass(frozen=True, kw_only=True)
class StanceTie:
    """A relation between two stances, as seen from one of them."""

    relation: StanceLink
    """How the one bears on the other."""
    outgoing: bool
    """True: this stance does it to the other; false: the other does it to this."""
    other: Ref
    """The other stance; its label says holder, position and target."""


@dataclass(frozen=True, kw_only=True)
class CorrectedStance:
    """What was recorded wrongly, and stands nowhere but in the history."""

    slug: str
    """Its stable key; its address leads to what stands in its place."""
    corrected_by: str
    """The slug of the stance that corrects it."""
    holder: str
    """The name of whom it was recorded as the stance of."""
    target: str
    """The sentence or the actor's name that it was recorded to be about."""
    position: Position
    """The position that was recorded."""
    polarity: int | None
    """The strength that was recorded, −2 to 2, where the position has one."""
    mode: Mode
    """How the position was recorded to be known."""
    certainty: Certainty
    """The certainty that was recorded."""
    stated_on: str | None
    """When it was recorded to be stated, as an EDTF date."""


@dataclass(frozen=True, kw_only=True)
class StanceDetail(StanceItem):
    """A stance with everything that is recorded about it."""

    relations: tuple[StanceTie, ...]
    """What it does to other stances, and they to it; the first 100."""
    more_relations: bool
    """Whether there are more than are shown."""
    corrected: tuple[CorrectedStance, ...]
    """What it corrects, and what that had corrected: the history, the latest first."""
    recorded_at: date | None
    """When the coder recorded it."""
    recorded_by: str | None
    """Who recorded it."""
    basis: Basis
    """What it rests on."""
