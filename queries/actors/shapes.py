"""What is shown of an actor: in a list, and on its own page."""

from dataclasses import dataclass, field

from models.enums import ActorKind, MembershipStatus, NameKind
from queries.dates import WrittenDate
from queries.meetings import MeetingItem
from queries.shapes import Basis, Citation, Page, PassageItem, Ref, address
from queries.stances import StanceItem


@dataclass(frozen=True, kw_only=True)
class ActorItem:
    """An actor as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    name: str
    """Its usual name."""
    kind: ActorKind
    """What sort of body or person it is."""
    parent: Ref | None
    """A body's state; never a person's nationality."""
    description: str | None
    """A line about it."""
    meetings: int
    """In how many meetings it takes part, itself or represented."""
    stances: int
    """How many stances it holds, itself or by somebody who speaks for it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("actor", self.slug))


@dataclass(frozen=True, kw_only=True)
class Name:
    """One of an actor's names, as it is written."""

    name: str
    """The name."""
    language: str
    """Its language (BCP 47); und where it is not determined."""
    script: str | None
    """Its script (ISO 15924)."""
    kind: NameKind
    """How the name relates to the actor."""


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """An actor's key in somebody else's register."""

    scheme: str
    """The register, such as iso3166-1-alpha3 or wikidata."""
    value: str
    """The key."""


@dataclass(frozen=True, kw_only=True)
class TenureItem:
    """Who held which office when."""

    person: Ref
    """Who held it."""
    office: str
    """The office's title."""
    office_slug: str
    """The office's slug."""
    body: Ref
    """The body to which the office belongs."""
    since: WrittenDate
    """Since when."""
    until: WrittenDate
    """Until when."""
    attested: WrittenDate
    """The day on which a source shows that it was held."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class MembershipItem:
    """Who belongs to which organization, and how."""

    member: Ref
    """Who belongs."""
    organization: Ref
    """To what."""
    status: MembershipStatus
    """The standing of the member."""
    since: WrittenDate
    """Since when."""
    until: WrittenDate
    """Until when."""
    attested: WrittenDate
    """The day on which a source shows it."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class NotShown:
    """How much of an actor's long lists is not shown."""

    names: int
    """How many names."""
    identifiers: int
    """How many keys."""
    bodies: int
    """How many bodies."""
    tenures: int
    """How many tenures."""
    memberships: int
    """How many memberships."""
    members: int
    """How many members."""


@dataclass(frozen=True, kw_only=True)
class ActorDetail(ActorItem):
    """An actor with everything that is recorded about it.

    Long lists come as their first page with the total of all; the rest is one filter
    away (`/meetings?actor=…`, `/stances?actor=…`, `/search?actor=…`).
    """

    names: tuple[Name, ...]
    """Its names, in every language and script; the first 100."""
    identifiers: tuple[Identifier, ...]
    """Its keys elsewhere; the first 100."""
    bodies: tuple[Ref, ...]
    """The bodies whose parent it is, the first 100 by name; `/actors?parent=…` lists
    them all."""
    tenures: tuple[TenureItem, ...]
    """The offices it held, if it is a person; those of it, if it is a body. The first
    100 by title."""
    memberships: tuple[MembershipItem, ...]
    """What it belongs to; the first 100 by status and name."""
    members: tuple[MembershipItem, ...]
    """Who belongs to it, the first 100 by status and name; `/actors?organization=…`
    lists them all."""
    not_shown: NotShown
    """How many of these are not shown."""
    meetings_attended: Page[MeetingItem]
    """The meetings in which it takes part, itself or represented; latest first."""
    stances_held: Page[StanceItem]
    """The stances that it holds, itself or by somebody who speaks for it."""
    stances_about: Page[StanceItem]
    """The stances whose target it is."""
    passages: Page[PassageItem]
    """The passages that mention it."""
    basis: Basis
    """What it rests on."""
