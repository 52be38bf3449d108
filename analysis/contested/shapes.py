"""What is claimed and denied, as pages, JSON and files show it."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.statements import Period
from models.enums import Position, PropositionKind, StanceLink
from queries.meetings import MeetingItem, Participant, StatusEvent
from queries.shapes import Badge, Basis, Ref
from queries.stances import StanceItem


class How(StrEnum):
    """What the other speaker does with what one affirms."""

    DENIED = "denied"
    DECLINED = "declined"
    UNDETERMINED = "undetermined"


ANSWERS = {
    How.DENIED: Position.AGAINST,
    How.DECLINED: Position.DECLINED,
    How.UNDETERMINED: Position.UNDETERMINED,
}
"""The position of the one who does not affirm."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """Those who say the same of a proposition."""

    position: Position
    """What they say: for, against, declined or undetermined."""
    badge: Badge
    """The same as a word; of a factual proposition, affirms and denies."""
    stances: tuple[StanceItem, ...]
    """Their words, the latest first."""
    total: int
    """How many stances they are."""


@dataclass(frozen=True, kw_only=True)
class ContestedProposition:
    """A proposition that somebody affirms and somebody else does not."""

    proposition: Ref
    """The proposition."""
    kind: PropositionKind
    """Its kind: only a factual one is affirmed or denied in the strict sense."""
    topic: Ref | None
    """Its topic."""
    how: tuple[How, ...]
    """In which ways it is contested."""
    sides: tuple[Side, ...]
    """Those who affirm it first, then those who deny, do not comment, do not know."""


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Two stances on different sentences that cannot both be true, or deny each
    other."""

    relation: StanceLink
    """Whether the one denies the other, or cannot be true together with it."""
    one: StanceItem
    """The stance that does it."""
    other: StanceItem
    """The stance to which it does it."""


@dataclass(frozen=True, kw_only=True)
class ContestedAttendance:
    """A participant said to have been, and not to have been, there."""

    name: str
    """The actor it is about."""
    affirmed: tuple[Participant, ...]
    """The claims that they were, or will be, there."""
    denied: tuple[Participant, ...]
    """The claims that they were, or will, not, and those that a source contradicts."""


@dataclass(frozen=True, kw_only=True)
class ContestedMeeting:
    """A meeting about which sources or speakers disagree."""

    meeting: MeetingItem
    """The meeting."""
    affirmed: tuple[StatusEvent, ...]
    """The events that say that it takes place in some way; only if that is denied."""
    denied: tuple[StatusEvent, ...]
    """The events that deny it, and those that a source contradicts."""
    attendance: tuple[ContestedAttendance, ...]
    """The participants whose presence is contested."""
    not_shown: int
    """How many more changes of its status, and denials of presence, are recorded."""


@dataclass(frozen=True, kw_only=True)
class Contested:
    """Contested claims."""

    period: Period
    """The days to which it is confined."""
    topic: Ref | None
    """The topic to which it is confined, with the narrower ones."""
    propositions: tuple[ContestedProposition, ...]
    """The contested propositions on this page: first the denied ones, and of those
    the factual ones."""
    total: int
    """How many there are on all pages."""
    page: int
    """Which page this is, from 1."""
    pages: int
    """How many pages there are."""
    exclusions: tuple[Exclusion, ...]
    """Claims on different sentences that exclude each other; on the first page."""
    meetings: tuple[ContestedMeeting, ...]
    """Meetings whose status or attendance is contested; on the first page."""
    basis: Basis
    """What the page rests on."""
