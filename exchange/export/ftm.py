"""The record as FollowTheMoney entities, for Aleph: one JSON object a line.

Written by the published schemata and without the `followthemoney` package, which
brings more than all of Dragoman: Person, PublicBody, Organization, Company and
LegalEntity for actors; Position and Occupancy for offices; Membership; Event for
meetings; Article, PlainText and Document for sources. FollowTheMoney has no word for a
stance: stances stay behind, and so do status and attribution.

Dates there are prefixes (a year, a month, a day): a span becomes start and end, and an
open side is left out.
"""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha1
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.export.licences import lets_pass_on
from models import (
    Actor,
    Meeting,
    Membership,
    Office,
    Participation,
    Source,
    Tenure,
)
from models.enums import ActorKind, NameKind, SourceKind

_AT_ONCE = 500
_SCHEMATA = {
    ActorKind.PERSON: "Person",
    ActorKind.STATE: "PublicBody",
    ActorKind.GOVERNMENT_BODY: "PublicBody",
    ActorKind.ARMED_FORCES: "PublicBody",
    ActorKind.COMPANY: "Company",
    ActorKind.MEDIA: "Organization",
    ActorKind.INTERNATIONAL_ORGANIZATION: "Organization",
    ActorKind.BLOC: "Organization",
    ActorKind.ARMED_GROUP: "Organization",
    ActorKind.RESEARCH_BODY: "Organization",
    ActorKind.NGO: "Organization",
    ActorKind.UNNAMED_GROUP: "LegalEntity",
}
_ORGANIZATIONS = {"PublicBody", "Organization", "Company"}
_COUNTRY = "iso3166-1-alpha2"


def entities(session: Session, root: str) -> Iterator[str]:
    """Yield the entities, a line each; `root` is the address of the site."""
    root = root.rstrip("/")
    for entity in _entities(session, root):
        properties = {
            name: [value for value in values if value]
            for name, values in entity["properties"].items()
        }
        entity["properties"] = {name: got for name, got in properties.items() if got}
        yield json.dumps(entity, ensure_ascii=False) + "\n"


def entity_id(kind: str, key: str) -> str:
    """Return the identity of an entity: of its kind and key, the same everywhere."""
    return (
        f"dragoman-{sha1(f'{kind}/{key}'.encode(), usedforsecurity=False).hexdigest()}"
    )


def _entity(kind: str, key: str, schema: str, **properties: Any) -> dict[str, Any]:
    return {
        "id": entity_id(kind, key),
        "schema": schema,
        "properties": {
            name: value if isinstance(value, list) else [value]
            for name, value in properties.items()
        },
    }


def _entities(session: Session, root: str) -> Iterator[dict[str, Any]]:
    # Kinds tell whether a body may have a Position and be what one is a member of.
    kinds = {
        slug: kind for slug, kind in session.execute(sa.select(Actor.slug, Actor.kind))
    }
    for actor in _all(session, Actor, _ACTOR):
        yield _actor(actor, root)
    for office in _all(session, Office, (joinedload(Office.body),)):
        body = office.body
        organization = _SCHEMATA[kinds[body.slug]] in _ORGANIZATIONS
        yield _entity(
            "office",
            office.slug,
            "Position",
            name=f"{office.title}",
            organization=entity_id("actor", body.slug) if organization else None,
        )
    for tenure in _all(
        session, Tenure, (joinedload(Tenure.person), joinedload(Tenure.office))
    ):
        if kinds[tenure.person.slug] is not ActorKind.PERSON:
            continue
        yield _entity(
            "tenure",
            tenure.key,
            "Occupancy",
            holder=entity_id("actor", tenure.person.slug),
            post=entity_id("office", tenure.office.slug),
            startDate=_iso(tenure.since_earliest),
            endDate=_iso(tenure.until_latest),
            date=_iso(tenure.attested_latest),
        )
    both = (joinedload(Membership.member), joinedload(Membership.organization))
    for membership in _all(session, Membership, both):
        if _SCHEMATA[kinds[membership.organization.slug]] not in _ORGANIZATIONS:
            continue
        yield _entity(
            "membership",
            membership.key,
            "Membership",
            member=entity_id("actor", membership.member.slug),
            organization=entity_id("actor", membership.organization.slug),
            role=membership.status.value.replace("_", " "),
            startDate=_iso(membership.since_earliest),
            endDate=_iso(membership.until_latest),
        )
    for meeting in _all(session, Meeting, _MEETING):
        yield _meeting(meeting, root)
    for source in _all(session, Source, _SOURCE):
        yield _source(source, root)


_ACTOR = (selectinload(Actor.names), selectinload(Actor.identifiers))
_MEETING = (
    joinedload(Meeting.country),
    selectinload(Meeting.participations).options(
        joinedload(Participation.person), joinedload(Participation.represented)
    ),
)
_SOURCE = (selectinload(Source.contributors), selectinload(Source.texts))


def _all(session: Session, model: Any, options: Any) -> Iterator[Any]:
    statement = sa.select(model).order_by(model.id).options(*options)
    at_once = 20 if model is Source else _AT_ONCE
    piecewise = {"yield_per": at_once}
    with session.execute(statement, execution_options=piecewise) as result:
        yield from result.scalars()


def _actor(actor: Actor, root: str) -> dict[str, Any]:
    by_kind: dict[bool, list[str]] = {True: [], False: []}
    for name in actor.names:
        # Metonyms and short forms match far too much to be matched by.
        weak = name.kind in (NameKind.METONYM, NameKind.SHORT)
        by_kind[weak].append(name.name)
    identifiers = {each.scheme: each.value for each in actor.identifiers}
    code = identifiers.get(_COUNTRY)
    return _entity(
        "actor",
        actor.slug,
        _SCHEMATA[actor.kind],
        name=actor.name,
        alias=by_kind[False],
        weakAlias=by_kind[True],
        summary=actor.description,
        country=code.lower() if code else None,
        wikidataId=identifiers.get("wikidata"),
        sourceUrl=f"{root}/actors/{actor.slug}" if root.startswith("http") else None,
    )


def _meeting(meeting: Meeting, root: str) -> dict[str, Any]:
    involved: dict[str, None] = {}
    organizers: dict[str, None] = {}
    for part in meeting.participations:
        for actor in (part.person, part.represented):
            if actor is not None:
                id_ = entity_id("actor", actor.slug)
                involved[id_] = None
                if part.role.value in ("host", "co_host"):
                    organizers[id_] = None
    place = [
        meeting.venue,
        meeting.city,
        meeting.country.name if meeting.country else None,
    ]
    exact = meeting.earliest if meeting.earliest == meeting.latest else None
    return _entity(
        "meeting",
        meeting.slug,
        "Event",
        name=meeting.title,
        summary=f"{meeting.kind}, {meeting.format}".replace("_", " "),
        date=_iso(exact),
        startDate=None if exact else _iso(meeting.earliest),
        endDate=None if exact else _iso(meeting.latest),
        location=", ".join(part for part in place if part),
        involved=list(involved),
        organizer=list(organizers),
        sourceUrl=f"{root}/meetings/{meeting.slug}"
        if root.startswith("http")
        else None,
    )


def _source(source: Source, root: str) -> dict[str, Any]:
    text = source.texts[-1].text if source.texts else None
    shown = text if lets_pass_on(source.licence) else None
    exact = source.published_earliest == source.published_latest
    is_article = source.kind is SourceKind.NEWS_REPORT
    page = source.url or f"{root}/sources/{source.slug}"
    properties: dict[str, Any] = {
        "title": source.title,
        "name": source.title,
        "author": [each.name for each in source.contributors],
        "publisher": source.publisher,
        "publishedAt": _iso(source.published_earliest) if exact else None,
        "sourceUrl": page if page.startswith("http") else None,
        "summary": source.kind.value.replace("_", " "),
    }
    schema = "Article" if is_article else "Document"
    if shown is not None:
        schema = "PlainText"
        properties["bodyText"] = shown
    return _entity("source", source.slug, schema, **properties)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
