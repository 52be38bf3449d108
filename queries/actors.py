"""Actors: persons, states, bodies and groups, and what is recorded about each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import (
    Actor,
    ActorIdentifier,
    ActorName,
    Membership,
    Mention,
    Office,
    Participation,
    Passage,
    Source,
    Stance,
    Tenure,
    fold,
)
from models.enums import ActorKind, MembershipStatus, NameKind
from queries.dates import WrittenDate
from queries.evidence import Citations, basis_of, cite
from queries.filters import (
    Listing,
    ListOf,
    Rows,
    by_code,
    by_slug,
    by_words,
    check_slug,
    count,
    no_such,
    run,
)
from queries.meetings import MEETINGS, MeetingItem, attended_by, select_meetings
from queries.meetings import load_items as load_meetings
from queries.passages import bare_passages, newest_text, read_passages
from queries.refs import (
    actor_ref,
    maybe,
    written,
)
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


# The select and its filters

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
_other = aliased(Actor)


def _named(words: list[str]) -> ColumnElement[bool]:
    """True of an actor of whom one name holds all the words, case and marks aside."""
    other_name = exists().where(
        ActorName.actor_id == Actor.id,
        *(ActorName.folded.contains(fold(word), autoescape=True) for word in words),
    )
    usual = and_(*(Actor.name.icontains(word, autoescape=True) for word in words))
    return or_(usual, other_name)


def _belongs_to(slug: str) -> ColumnElement[bool]:
    return exists().where(
        Membership.member_id == Actor.id,
        Membership.organization_id == _other.id,
        _other.slug == slug,
    )


def _body_of(slug: str) -> ColumnElement[bool]:
    return exists().where(_other.id == Actor.parent_id, _other.slug == slug)


ACTORS = ListOf(
    noun="actors",
    filters=(
        by_words("Words of one of its names, in any language.", where=_named),
        by_code("kind", ActorKind, "Only this kind of actor.", Actor.kind),
        by_slug("parent", "Only the bodies of this state or body.", _body_of),
        by_slug(
            "organization",
            "Only those with a standing in this organization.",
            _belongs_to,
        ),
    ),
    sorts={
        "name": (Actor.name,),
        "meetings": (_MEETINGS,),
        "stances": (_STANCES,),
    },
    default_sort="name",
    tie=Actor.slug,
)

#: How many of a long list stand on an actor's own page.
SHORT_LIST = 25


# Loading


def find_actors(session: Session, listing: Listing | None = None) -> Page[ActorItem]:
    """Load one page of the actors."""
    return run(session, ACTORS, select(Actor), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[ActorItem, ...]:
    """Load the actors that a select finds, in its order, in one statement."""
    counted = statement.add_columns(_MEETINGS, _STANCES)
    rows = session.execute(counted.options(joinedload(Actor.parent)))
    return tuple(
        ActorItem(
            slug=actor.slug,
            name=actor.name,
            kind=actor.kind,
            parent=maybe(actor_ref, actor.parent),
            description=actor.description,
            meetings=meetings,
            stances=stances,
        )
        for actor, meetings, stances in rows
    )


def load_actor(session: Session, slug: str) -> ActorDetail:
    """Load an actor with everything that is recorded about it.

    Raises:
        NotFound: there is no such actor.
    """
    check_slug("actor", slug)
    items = load_items(session, select(Actor).where(Actor.slug == slug))
    if not items:
        raise no_such("actor", slug)
    actor = session.scalars(select(Actor).where(Actor.slug == slug)).one()
    names = _part(
        session,
        select(ActorName).where(ActorName.actor_id == actor.id).order_by(ActorName.id),
    )
    keys = _part(
        session,
        select(ActorIdentifier)
        .where(ActorIdentifier.actor_id == actor.id)
        .order_by(ActorIdentifier.scheme, ActorIdentifier.value),
    )
    bodies = _part(
        session,
        select(Actor).where(Actor.parent_id == actor.id).order_by(Actor.name),
    )
    tenures = _part(session, _tenures(actor))
    memberships = _part(session, _memberships(Membership.member_id == actor.id))
    members = _part(session, _memberships(Membership.organization_id == actor.id))
    citations = cite(
        session,
        {
            "tenure": [tenure.id for tenure in tenures.rows],
            "membership": [one.id for one in (*memberships.rows, *members.rows)],
        },
    )
    first = Listing(limit=SHORT_LIST)
    meetings = select_meetings().where(attended_by(slug))
    held = select(Stance).where(on_behalf_of(slug))
    about = select(Stance).where(about_actor(slug))
    stances_held = run(session, STANCES, held, first, load_stances)
    stances_about = run(session, STANCES, about, first, load_stances)
    shown = [item for found in citations.values() for item in found]
    for stance in (*stances_held.items, *stances_about.items):
        shown += stance.citations
    return ActorDetail(
        **spread(items[0]),
        names=tuple(
            Name(
                name=name.name,
                language=name.language,
                script=name.script,
                kind=name.kind,
            )
            for name in names.rows
        ),
        identifiers=tuple(
            Identifier(scheme=key.scheme, value=key.value) for key in keys.rows
        ),
        bodies=tuple(actor_ref(body) for body in bodies.rows),
        tenures=tuple(_tenure(item, citations) for item in tenures.rows),
        memberships=tuple(_membership(item, citations) for item in memberships.rows),
        members=tuple(_membership(item, citations) for item in members.rows),
        not_shown=NotShown(
            names=names.more,
            identifiers=keys.more,
            bodies=bodies.more,
            tenures=tenures.more,
            memberships=memberships.more,
            members=members.more,
        ),
        meetings_attended=run(session, MEETINGS, meetings, first, load_meetings),
        stances_held=stances_held,
        stances_about=stances_about,
        passages=_mentions(session, actor),
        basis=basis_of(session, shown),
    )


#: How many names, offices, members and so on an actor's own page shows.
LONG_LIST = 100


@dataclass(frozen=True)
class _Part:
    """The first rows of a select, and how many more it finds."""

    rows: Sequence[Any]
    more: int


def _part(session: Session, statement: Rows) -> _Part:
    rows = session.scalars(statement.limit(LONG_LIST + 1)).all()
    if len(rows) <= LONG_LIST:
        return _Part(rows, 0)
    every = statement.order_by(None).subquery()
    total = session.scalar(select(func.count()).select_from(every)) or 0
    return _Part(rows[:LONG_LIST], total - LONG_LIST)


def _tenures(actor: Actor) -> Rows:
    """Select the tenures of a person, and those of the offices of a body."""
    return (
        select(Tenure)
        .join(Office, Office.id == Tenure.office_id)
        .where(or_(Tenure.person_id == actor.id, Office.body_id == actor.id))
        .options(
            joinedload(Tenure.person), joinedload(Tenure.office).joinedload(Office.body)
        )
        .order_by(Office.title, Tenure.since_earliest, Tenure.id)
    )


def _memberships(chosen: ColumnElement[bool]) -> Rows:
    """Select memberships by their status and the names of both sides."""
    member, organization = aliased(Actor), aliased(Actor)
    return (
        select(Membership)
        .join(member, member.id == Membership.member_id)
        .join(organization, organization.id == Membership.organization_id)
        .where(chosen)
        .options(joinedload(Membership.member), joinedload(Membership.organization))
        .order_by(Membership.status, organization.name, member.name, Membership.id)
    )


def _tenure(tenure: Tenure, citations: Citations) -> TenureItem:
    return TenureItem(
        person=actor_ref(tenure.person),
        office=tenure.office.title,
        office_slug=tenure.office.slug,
        body=actor_ref(tenure.office.body),
        since=written(tenure, "since"),
        until=written(tenure, "until"),
        attested=written(tenure, "attested"),
        citations=citations["tenure", tenure.id],
    )


def _membership(membership: Membership, citations: Citations) -> MembershipItem:
    return MembershipItem(
        member=actor_ref(membership.member),
        organization=actor_ref(membership.organization),
        status=membership.status,
        since=written(membership, "since"),
        until=written(membership, "until"),
        attested=written(membership, "attested"),
        citations=citations["membership", membership.id],
    )


def _mentions(session: Session, actor: Actor) -> Page[PassageItem]:
    """The first passages that mention an actor, the latest sources first."""
    mentioned = Passage.id.in_(
        select(Mention.passage_id).where(Mention.actor_id == actor.id)
    )
    statement = bare_passages().where(newest_text(), mentioned)
    latest_first = (
        Source.published_earliest.is_(None),
        Source.published_earliest.desc(),
        Source.slug,
        Passage.position,
    )
    items = read_passages(session, statement.order_by(*latest_first).limit(SHORT_LIST))
    return Page(
        items=items,
        total=count(session, statement, Passage.id),
        page=1,
        limit=SHORT_LIST,
    )
