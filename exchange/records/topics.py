"""Topics, and the propositions under them."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    Field,
    model_validator,
)

from exchange.fields import (
    MANY,
    Name,
    Sentence,
    Slug,
)
from exchange.records.base import Date, Reference, Root
from models.enums import (
    PropositionKind,
)


class TopicRecord(Root):
    """A subject, in a hierarchy."""

    name: Name
    parent: Slug | None = None

    def _named(self) -> Iterator[Reference]:
        yield ("parent",), "topic", self.parent


class PropositionRecord(Root):
    """A declarative sentence that actors affirm, deny or want."""

    text: Sentence
    kind: PropositionKind
    topic: Slug | None = None
    about: Date | None = None
    contrary: Annotated[list[Slug], MANY] = Field(
        [],
        description="propositions that cannot be wanted, or be true, together with it; "
        "named by either of the two",
    )

    @model_validator(mode="after")
    def _not_itself(self) -> Self:
        if self.slug in self.contrary:
            raise ValueError("contrary to other propositions, not to itself")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("topic",), "topic", self.topic
        for i, other in enumerate(self.contrary):
            yield ("contrary", i), "proposition", other
