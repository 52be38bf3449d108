"""Stances, and how they bear on each other."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exchange.fields import (
    MANY,
    Note,
    Ordinal,
    Slug,
)
from exchange.records.base import (
    Date,
    Evidence,
    EvidenceItem,
    Record,
    Recorded,
    Reference,
    Root,
)
from exchange.yaml12 import Keys
from models.enums import (
    Certainty,
    Mode,
    Position,
    StanceLink,
)
from models.stance import POLARITIES


class RelationItem(Record):
    """How a stance bears on another."""

    relation: StanceLink
    other: Slug


class StanceRecord(Root):
    """Where an actor stands on a proposition or towards another actor."""

    holder: Slug
    represents: Slug | None = None
    represents_nobody: bool = Field(
        False, description="true if the holder speaks for nobody else, on purpose"
    )
    proposition: Slug | None = None
    actor: Slug | None = Field(None, description="the target, if not a proposition")
    position: Position
    polarity: Annotated[int, Field(ge=-2, le=2, strict=True)] | None = Field(
        None, validate_default=True
    )
    mode: Mode
    certainty: Certainty = Certainty.CERTAIN
    stated: Date | None = None
    valid_from: Date | None = None
    valid_to: Date | None = None
    topic: Slug | None = None
    meeting: Slug | None = None
    agenda_item: Ordinal | None = Field(
        None, description="a position in the meeting's agenda, from 1"
    )
    note: Note | None = None
    recorded: Recorded | None = None
    relations: Annotated[list[RelationItem], MANY] = []
    evidence: Evidence

    @field_validator("polarity", mode="after")
    @classmethod
    def _fits_position(cls, value: int | None, info: ValidationInfo) -> int | None:
        position = info.data.get("position")
        if position is not None:
            allowed = POLARITIES.get(position)
            if value not in (allowed or (None,)):
                wanted = " or ".join(map(str, allowed)) if allowed else "no polarity"
                raise ValueError(f"{wanted} with the position {position}")
        return value

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if (self.proposition is None) == (self.actor is None):
            raise ValueError("exactly one target: proposition or actor")
        if self.agenda_item is not None and self.meeting is None:
            raise ValueError("agenda_item only with a meeting")
        if self.represents_nobody and self.represents is not None:
            raise ValueError("represents or represents_nobody, not both")
        for other in {each.other for each in self.relations}:
            kinds = {each.relation for each in self.relations if each.other == other}
            if {StanceLink.CORRECTS, StanceLink.SUPERSEDES} <= kinds:
                raise ValueError(
                    f"{other} is either corrected (our slip) or superseded (their "
                    "change), not both"
                )
        if any(relation.other == self.slug for relation in self.relations):
            raise ValueError("relations to other stances, not to itself")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("holder",), "actor", self.holder
        yield ("represents",), "actor", self.represents
        yield ("proposition",), "proposition", self.proposition
        yield ("actor",), "actor", self.actor
        yield ("topic",), "topic", self.topic
        yield ("meeting",), "meeting", self.meeting
        for i, relation in enumerate(self.relations):
            yield ("relations", i, "other"), "stance", relation.other

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        for i, item in enumerate(self.evidence):
            yield ("evidence", i), item
