"""What is shown of a meeting: in a list, and on its own page."""

from dataclasses import dataclass, field

from models.enums import (
    AgendaStatus,
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    OutcomeType,
    Presence,
    Role,
)
from queries.dates import WrittenDate
from queries.shapes import Badge, Basis, Citation, PassageItem, Ref, address
from queries.stances import StanceItem


@dataclass(frozen=True, kw_only=True)
class MeetingItem:
    """A meeting as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    title: str
    """What it is called."""
    kind: MeetingKind
    """What sort of encounter it is."""
    format: MeetingFormat
    """How many sides sit at the table."""
    medium: Medium
    """How the sides were in touch."""
    level: Level | None
    """The highest level present, if known."""
    status: MeetingStatus | None
    """The latest status as known on the day asked for (today, unless said)."""
    ended: MeetingStatus | None
    """How what was held ended, as far as that was known: `stalled`."""
    badge: Badge
    """The status as a word and a class."""
    status_said_by: str | None
    """To whom the status is attributed."""
    date: WrittenDate
    """When it was, is or should be."""
    several: bool
    """True when the source speaks of an uncounted set of meetings."""
    venue: str | None
    """The building or the hall."""
    city: str | None
    """The city."""
    country: Ref | None
    """The state in which it takes place."""
    parent: Ref | None
    """The meeting to which it belongs."""
    relation: MeetingRelation | None
    """How it belongs to its parent."""
    series: str | None
    """The series of which it is one."""
    who: tuple[str, ...]
    """Who takes part, in short: person, or else the body represented, or a label; the
    first 12."""
    more: int
    """How many more take part."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("meeting", self.slug))

    @property
    def named(self) -> str:
        """Who takes part, in a line."""
        more = f" and {self.more:,} more" if self.more else ""
        return ", ".join(self.who) + more


@dataclass(frozen=True, kw_only=True)
class StatusEvent:
    """A change of a meeting's status, as somebody reports it."""

    status: MeetingStatus
    """What is said of the meeting."""
    badge: Badge
    """The status as a word and a class."""
    date: WrittenDate
    """From when the status holds."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who takes part in a meeting."""

    name: str
    """The person's name, or else the label, or else the body represented."""
    person: Ref | None
    """The person, if known."""
    label: str | None
    """The words of the source where no person is named ("delegations")."""
    represents: Ref | None
    """The actor spoken for."""
    office: str | None
    """The office as recorded at the time."""
    role: Role
    """The part that they play."""
    presence: Presence
    """Whether they were there."""
    badge: Badge
    """The presence as a word and a class."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """An item on a meeting's agenda."""

    position: int
    """Its place on the agenda, from 1."""
    text: str
    """What it says."""
    topic: Ref | None
    """Its topic."""
    side: Ref | None
    """Whose agenda it is, where the sides' differ."""
    status: AgendaStatus
    """How firmly it is on the agenda."""
    badge: Badge
    """The status as a word and a class."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class OutcomeEntry:
    """What came of a meeting."""

    position: int
    """Its place among the outcomes, from 1."""
    type: OutcomeType
    """What sort of outcome it is."""
    text: str
    """What it says."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class MeetingDetail(MeetingItem):
    """A meeting with everything that is recorded about it."""

    citations: tuple[Citation, ...]
    """The evidence for the meeting itself."""
    status_events: tuple[StatusEvent, ...]
    """How its status changed, the first first."""
    participants: tuple[Participant, ...]
    """Who took, takes or should take part."""
    agenda: tuple[AgendaEntry, ...]
    """The agenda."""
    outcomes: tuple[OutcomeEntry, ...]
    """What came of it."""
    page: int
    """Which page of the four this is, from 1; a page holds 100 of each."""
    pages: int
    """How many pages the longest of the four has; at least 1."""
    total_participants: int
    """How many participants there are on all pages."""
    children: tuple[MeetingItem, ...]
    """The meetings that belong to it; each says by which relation. The first 50."""
    total_children: int
    """How many belong to it; `/meetings?parent=…` lists them all."""
    stances: tuple[StanceItem, ...]
    """The stances taken at it, the first 50."""
    total_stances: int
    """How many were taken at it; `/stances?meeting=…` lists them all."""
    passages: tuple[PassageItem, ...]
    """The passages cited for what is shown, with those spans marked; the first 25."""
    total_passages: int
    """How many passages it rests on, of those that this page cites."""
    basis: Basis
    """What is shown here rests on."""
