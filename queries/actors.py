"""Actors: persons, states, bodies and groups, and what is recorded about each."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from errors import NotFound, quoted
from models import (
    Actor,
    ActorName,
    Membership,
    Mention,
    Office,
    Participation,
    Passage,
    Source,
    SourceText,
    Stance,
    Tenure,
    fold,
)
from models.enums import ActorKind, MembershipStatus, NameKind
from queries.dates import WrittenDate
from queries.evidence import (
    Citations,
    basis_of,
    cite,
    count,
    passages,
    read_passages,
)
from queries.filters import (
    Filter,
    Listing,
    ListOf,
    Rows,
    by_code,
    by_slug,
    run,
)
from queries.meetings import MEETINGS, MeetingItem, attended_by, select_meetings
from queries.meetings import load_items as load_meetings
from queries.refs import actor_ref, written
from queries.shapes import Basis, Citation, Page, PassageItem, Ref, address, spread
from queries.stances import STANCES, StanceItem, about_actor, on_behalf_of
from queries.stances import load_items as load_stances


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
class ActorDetail(ActorItem):
    """An actor with everything that is recorded about it.

    Long lists come as their first page with the total of all; the rest is one filter
    away (`/meetings?actor=…`, `/stances?actor=…`, `/search?actor=…`).
    """

    names: tuple[Name, ...]
    """All its names, in every language and script."""
    identifiers: tuple[Identifier, ...]
    """Its keys elsewhere."""
    bodies: tuple[Ref, ...]
    """The bodies whose parent it is."""
    tenures: tuple[TenureItem, ...]
    """The offices it held, if it is a person; those of it, if it is a body."""
    memberships: tuple[MembershipItem, ...]
    """What it belongs to."""
    members: tuple[MembershipItem, ...]
    """Who belongs to it."""
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


# The select and its filters

_parent = aliased(Actor)
_MEETINGS = (
    select(func.count(Participation.meeting_id.distinct()))
    .where(
        or_(
            Participation.person_id == Actor.id,
            Participation.represented_id == Actor.id,
        )
    )
    .correlate(Actor)
    .scalar_subquery()
)
_STANCES = (
    select(func.count(Stance.id))
    .where(or_(Stance.holder_id == Actor.id, Stance.represents_id == Actor.id))
    .correlate(Actor)
    .scalar_subquery()
)


def _named(words: list[str]) -> ColumnElement[bool]:
    """True of an actor of whose names one holds all the words, marks and case aside."""
    folded = [fold(word) for word in words]
    name = exists().where(
        ActorName.actor_id == Actor.id,
        *(ActorName.folded.contains(word, autoescape=True) for word in folded),
    )
    return or_(
        name, *[_all(Actor.name.icontains(word, autoescape=True) for word in words)]
    )


ACTORS = ListOf(
    noun="actors",
    filters=(
        Filter(name="q", help="Words of one of its names, in any language.", where=_named, check=str.split, expected="words"),
        by_code("kind", ActorKind, "Only this kind of actor.", Actor.kind),
        by_slug("parent", "Only the bodies of this state or body.", lambda slug: Actor.parent_id == _id_of(slug)),
        by_slug("member_of", "Only those with any standing in this organization.", _member_of),
    ),
    sorts={
        "name": (Actor.name,),
        "meetings": (_MEETINGS,),
        "stances": (_STANCES,),
    },
    default_sort="name",
    tie=Actor.slug,
)
