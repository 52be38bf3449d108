"""One actor, with the first of everything that is recorded about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import (
    Actor,
    ActorIdentifier,
    ActorName,
    Membership,
    Mention,
    Office,
    Passage,
    Source,
    Stance,
    Tenure,
)
from queries.actors.items import load_items
from queries.actors.shapes import (
    ActorDetail,
    Identifier,
    MembershipItem,
    Name,
    NotShown,
    TenureItem,
)
from queries.evidence import Citations, basis_of, cite
from queries.filters import Listing, Rows, count, run
from queries.known import check_slug, not_recorded
from queries.meetings import MEETINGS, attended_by, select_meetings
from queries.meetings import load_items as load_meetings
from queries.passages import bare_passages, newest_text, read_passages
from queries.refs import actor_ref, written
from queries.shapes import Page, PassageItem, field_values
from queries.stances import STANCES, about_actor, on_behalf_of
from queries.stances import load_items as load_stances

#: How many of a long list stand on an actor's own page.
SHORT_LIST = 25


def load_actor(session: Session, slug: str) -> ActorDetail:
    """Load an actor with everything that is recorded about it.

    Raises:
        NotFound: there is no such actor.
    """
    check_slug(session, "actor", slug)
    items = load_items(session, select(Actor).where(Actor.slug == slug))
    if not items:
        raise not_recorded(session, slug, "actor")
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
        **field_values(items[0]),
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
