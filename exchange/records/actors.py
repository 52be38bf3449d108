"""Actors with their names and memberships, and offices with their tenures."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    Field,
    StringConstraints,
    model_validator,
)

from exchange.fields import (
    CROWD,
    FEW,
    MANY,
    Name,
    Note,
    Slug,
    Word,
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
    ActorKind,
    MembershipStatus,
    NameKind,
)


class NameItem(Record):
    """One more name of an actor."""

    name: Name
    language: Word | None = Field(None, description="BCP 47")
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")] | None = (
        Field(None, description="ISO 15924")
    )
    kind: NameKind = NameKind.ALIAS


class MembershipItem(Record):
    """The standing of an actor in an organization."""

    organization: Slug
    status: MembershipStatus
    since: Date | None = None
    until: Date | None = None
    attested: Date | None = None
    evidence: Evidence


class ActorRecord(Root):
    """A person, state, organization or group that acts or holds a position."""

    name: Name
    kind: ActorKind
    parent: Slug | None = Field(None, description="a body's state; not a nationality")
    description: Note | None = None
    names: Annotated[list[NameItem], CROWD] = []
    identifiers: Annotated[dict[Slug, Word], FEW] = {}
    memberships: Annotated[list[MembershipItem], MANY] = []

    @model_validator(mode="after")
    def _no_parent_of_persons(self) -> Self:
        if self.kind is ActorKind.PERSON and self.parent is not None:
            raise ValueError("no parent for a person (a nationality is not recorded)")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("parent",), "actor", self.parent
        for i, item in enumerate(self.memberships):
            yield ("memberships", i, "organization"), "actor", item.organization

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        return evidence_of(memberships=self.memberships)


class TenureItem(Record):
    """A person's time in an office."""

    person: Slug
    since: Date | None = None
    until: Date | None = None
    attested: Date | None = None
    evidence: Evidence


class OfficeRecord(Root):
    """An office of a state or another body, with those who held it."""

    title: Name
    body: Slug = Field(description="the actor that it is an office of")
    tenures: Annotated[list[TenureItem], MANY] = []

    def _named(self) -> Iterator[Reference]:
        yield ("body",), "actor", self.body
        for i, item in enumerate(self.tenures):
            yield ("tenures", i, "person"), "actor", item.person

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        return evidence_of(tenures=self.tenures)
