"""Meetings with their status, participants, agenda and outcomes."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    Field,
    model_validator,
)

from exchange.fields import (
    CROWD,
    MANY,
    Name,
    Sentence,
    Slug,
    Title,
)
from exchange.records.base import (
    Date,
    Evidence,
    EvidenceItem,
    Record,
    Reference,
    Root,
    evidence_of,
)
from exchange.yaml12 import Keys
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


class StatusItem(Record):
    """What a source says of a meeting's standing on a day."""

    status: MeetingStatus
    date: Date | None = None
    evidence: Evidence


class ParticipantItem(Record):
    """A participant: a person, a label, or only the actor represented."""

    person: Slug | None = None
    label: Name | None = None
    represents: Slug | None = None
    office: Slug | None = None
    role: Role
    presence: Presence = Presence.UNKNOWN
    evidence: Evidence

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person is self.label is self.represents is None:
            raise ValueError("one of person, label and represents at least")
        return self


class AgendaEntry(Record):
    """An agenda item."""

    text: Sentence
    topic: Slug | None = None
    side: Slug | None = Field(None, description="the actor whose agenda it is")
    status: AgendaStatus
    evidence: Evidence


class OutcomeItem(Record):
    """What came of it."""

    type: OutcomeType
    text: Sentence
    evidence: Evidence


class MeetingRecord(Root):
    """A meeting with its participants, agenda, status events and outcomes."""

    title: Title
    kind: MeetingKind
    format: MeetingFormat = MeetingFormat.UNKNOWN
    medium: Medium = Medium.UNKNOWN
    level: Level | None = None
    date: Date | None = None
    venue: Name | None = None
    city: Name | None = None
    country: Slug | None = Field(None, description="a state's slug")
    several: bool = Field(
        False, strict=True, description="an uncounted set of meetings"
    )
    series: Name | None = None
    parent: Slug | None = Field(None, description="a meeting's slug")
    relation: MeetingRelation | None = Field(None, description="to the parent")
    evidence: Evidence
    status: Annotated[list[StatusItem], MANY] = []
    participants: Annotated[list[ParticipantItem], CROWD] = []
    agenda: Annotated[list[AgendaEntry], MANY] = []
    outcomes: Annotated[list[OutcomeItem], MANY] = []

    @model_validator(mode="after")
    def _related(self) -> Self:
        if (self.parent is None) != (self.relation is None):
            raise ValueError("parent and relation together")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("country",), "actor", self.country
        yield ("parent",), "meeting", self.parent
        for i, participant in enumerate(self.participants):
            here: Keys = ("participants", i)
            yield (*here, "person"), "actor", participant.person
            yield (*here, "represents"), "actor", participant.represents
            yield (*here, "office"), "office", participant.office
        for i, entry in enumerate(self.agenda):
            yield ("agenda", i, "topic"), "topic", entry.topic
            yield ("agenda", i, "side"), "actor", entry.side

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        for i, item in enumerate(self.evidence):
            yield ("evidence", i), item
        yield from evidence_of(
            status=self.status,
            participants=self.participants,
            agenda=self.agenda,
            outcomes=self.outcomes,
        )
