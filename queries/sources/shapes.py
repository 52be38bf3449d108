"""What is told of a source: in a list, and on its own page."""

from dataclasses import dataclass, field
from datetime import date

from models.enums import Derivation, SourceKind, SubjectKind
from queries.dates import WrittenDate
from queries.shapes import Basis, PassageItem, Ref, address


@dataclass(frozen=True, kw_only=True)
class SourceItem:
    """A source as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page here."""
    kind: SourceKind
    """What sort of document it is."""
    title: str
    """Its title."""
    publisher: str | None
    """Who published it, if known."""
    issuer: Ref | None
    """The actor that issued it."""
    published: WrittenDate
    """When it was published."""
    dated: WrittenDate
    """The date as of which it counts in a search: that of its original, if it was made
    from another source, else its own."""
    original_url: str | None
    """Where it was published."""
    language: str
    """Its language (BCP 47); und where it is not determined."""
    licence: str | None
    """On what terms its text may be used."""
    text_state: str
    """held, withheld (hash, length and spans are known, the words are not), or none."""
    passages: int
    """How many passages it has."""
    derived_from: Ref | None
    """The source from which it was made; a derived text, not an independent source."""
    derivation: Derivation | None
    """How it was made from it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("source", self.slug))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the publisher says that the source is about."""

    kind: SubjectKind
    """What sort of thing the label names."""
    label: str
    """The label as given."""
    resolved: Ref | None
    """The actor or topic that it names, if that is known."""


@dataclass(frozen=True, kw_only=True)
class SourceDetail(SourceItem):
    """A source with its text and the evidence in it."""

    place: str | None
    """Where it was issued or reported from."""
    contributors: tuple[str, ...]
    """Who wrote it, or helped to."""
    version: int | None
    """Which wording of the source this is; a changed wording is a new version."""
    versions: tuple[int, ...]
    """The wordings that are kept; `?version=` shows each."""
    retrieved: date | None
    """When the text was fetched."""
    sha256: str | None
    """The hash of the text in UTF-8."""
    length: int | None
    """The length of the text in code points."""
    derivatives: tuple[SourceItem, ...]
    """The sources that were made from it; the first 100."""
    more_derivatives: int
    """How many more were made from it; `/sources?derived_from=` lists them all."""
    subjects: tuple[Subject, ...]
    """What the publisher says that it is about; the first 100."""
    more_subjects: int
    """How many more subjects it has."""
    mentioned: tuple[Ref, ...]
    """The actors mentioned in it, by name; the first 100."""
    more_mentioned: int
    """How many more are mentioned."""
    page: int
    """Which page of its passages this is, from 1."""
    pages: int
    """On how many pages its passages stand; at least 1."""
    text: tuple[PassageItem, ...]
    """The passages of this page in order, with the evidence marked."""
    more_claims: int
    """How many claims rest on the passages of this page beyond the first 1,000."""
    basis: Basis
    """How many of the passages shown are cited, and when the record last changed."""


HELD, WITHHELD, NONE = "held", "withheld", "none"
