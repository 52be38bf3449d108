"""What all records share: no unknown keys, dates with their words, and evidence."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Protocol, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from exchange.fields import (
    FEW,
    Context,
    Edtf,
    GivenDate,
    Name,
    Note,
    Offset,
    Ordinal,
    Quote,
    Slug,
    Word,
    read_words,
)
from exchange.yaml12 import Keys
from models.dates import LONGEST_DATE
from models.enums import (
    Certainty,
    EvidenceRole,
    Verb,
)

Kind = Literal[
    "dataset",
    "actor",
    "office",
    "topic",
    "proposition",
    "source",
    "meeting",
    "stance",
]
Reference = tuple[Keys, Kind, str | None]
"""Where a record names another, the other's kind and its slug, if any."""


class Record(BaseModel):
    """What all records share: no unknown keys, no guessing of types, no change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def canonical(self) -> bytes:
        """Return the record as JSON that is the same for the same content."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()

    def digest(self) -> str:
        """Return the SHA-256 of `canonical`, by which a repeated load knows it."""
        return hashlib.sha256(self.canonical()).hexdigest()


class Root(Record):
    """A record of its own, known by its slug."""

    slug: Slug

    def references(self) -> Iterator[Reference]:
        """Yield the other records that this one names, each with its place."""
        yield from self._named()
        for path, item in self.evidence_items():
            yield (*path, "source"), "source", item.source
            for i, link in enumerate(item.said_by):
                yield (*path, "said_by", i, "speaker"), "actor", link.speaker

    def _named(self) -> Iterator[Reference]:
        """Yield what the record itself names; its evidence is added to it."""
        yield from ()

    def evidence_items(self) -> Iterator[tuple[Keys, "EvidenceItem"]]:
        """Yield every piece of evidence in the record, with its place."""
        yield from ()


class WrittenDate(Record):
    """A date with the words in which the source gives it."""

    edtf: Edtf
    as_written: Word | None = None


def _date(value: object) -> object:
    """Keep the words of a date that is given in words, beside its EDTF."""
    if isinstance(value, dict | WrittenDate):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_DATE:
        read = read_words(value)
        return {"edtf": read.date.edtf, "as_written": read.as_written}
    return {"edtf": value}


Date = Annotated[
    WrittenDate,
    BeforeValidator(_date, json_schema_input_type=GivenDate | WrittenDate),
]


class Speaker(Record):
    """One link of the chain of attribution. The source may only be the last link."""

    speaker: Slug | None = Field(None, description="an actor's slug")
    source: Slug | None = Field(None, description="a source's slug, last link only")
    verb: Verb
    certainty: Certainty = Certainty.CERTAIN

    @model_validator(mode="after")
    def _one_speaker(self) -> Self:
        if (self.speaker is None) == (self.source is None):
            raise ValueError("either speaker (an actor) or source")
        return self


class EvidenceItem(Record):
    """The passage that says so, as a quote or by positions, and its attribution."""

    source: Slug
    quote: Quote | None = None
    prefix: Context | None = Field(None, description="what stands just before it")
    suffix: Context | None = Field(None, description="what stands just after it")
    start: Offset | None = Field(None, description="first code point, from 0")
    end: Offset | None = Field(None, description="code point after the last")
    version: Ordinal | None = Field(
        None, description="of the source's text, if not the newest"
    )
    role: EvidenceRole = EvidenceRole.SUPPORTS
    note: Note | None = None
    said_by: Annotated[list[Speaker], FEW] = []

    @model_validator(mode="after")
    def _located(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end together")
        if self.quote is None and self.start is None:
            raise ValueError("a quote, or start and end")
        if self.quote is None and (self.prefix or self.suffix):
            raise ValueError("prefix and suffix only with a quote")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("an end after the start")
        for link in self.said_by[:-1]:
            if link.source is not None:
                raise ValueError("the source as the last link of said_by only")
        if self.said_by and self.said_by[-1].source not in (None, self.source):
            raise ValueError("the evidence's own source as the last link of said_by")
        return self


Evidence = Annotated[list[EvidenceItem], Field(min_length=1, max_length=1_000)]


class _Claim(Protocol):
    @property
    def evidence(self) -> list[EvidenceItem]: ...


def evidence_of(**claims: Sequence[_Claim]) -> Iterator[tuple[Keys, EvidenceItem]]:
    """Yield the evidence of several lists of claims, each with its place."""
    for name, items in claims.items():
        for i, claim in enumerate(items):
            for j, item in enumerate(claim.evidence):
                yield (name, i, "evidence", j), item


class Recorded(Record):
    """When and by whom a record was made."""

    at: Annotated[Edtf, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    by: Name
