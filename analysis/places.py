"""Where meetings were and who met most often: what the first page draws.

Only the latest meetings are looked at, so that the first page stays quick; the page
says so where there are more. They are counted as the meeting network counts them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.networks.tables import Table, at_stops, load_tables, pairs_of
from analysis.statements import Sides
from models import ActorIdentifier, Meeting
from queries.shapes import Ref

LATEST = 500
"""How many meetings are looked at, the latest by their first day."""
NAMED = 6
"""How many actors are named for each country."""
TIES = 8
"""How many pairs are shown."""
SCHEME = "iso3166-1-alpha3"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A country in which meetings were or should be."""

    country: Ref
    """The state."""
    code: str
    """Its three letters in ISO 3166-1; empty if the record has none."""
    held: int
    """How many meetings were held there or are under way."""
    planned: int
    """How many are expected or announced."""
    who: tuple[Ref, ...]
    """Who takes part in them, those in most of them first: the first six."""
    more: int
    """How many more take part."""

    @property
    def total(self) -> int:
        """Held and planned meetings."""
        return self.held + self.planned


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Two actors that met often."""

    a: Ref
    """The one; its slug sorts first."""
    b: Ref
    """The other."""
    held: int
    """In how many held meetings both take part."""
    planned: int
    """In how many planned ones."""


@dataclass(frozen=True, kw_only=True)
class Encounters:
    """Where the latest meetings were, and between whom."""

    total: int
    """How many meetings the record has."""
    looked_at: int
    """How many of them were looked at, the latest."""
    counted: int
    """How many of these are held or planned; a visit counts as its stops."""
    places: tuple[Place, ...]
    """The countries, those with the most meetings first."""
    placeless: int
    """How many of the counted have no country."""
    ties: tuple[Tie, ...]
    """The pairs that met most often, up to eight."""
    total_ties: int
    """How many pairs there are."""


def load_encounters(session: Session) -> Encounters:
    """Load where the latest meetings were, and between whom."""
    latest = (
        select(Meeting.id)
        .order_by(Meeting.earliest.is_(None), Meeting.earliest.desc(), Meeting.slug)
        .limit(LATEST)
    )
    total = session.scalar(select(func.count(Meeting.id))) or 0
    sides = Sides(session)
    tables = load_tables(
        session, sides, Meeting.id.in_(latest.scalar_subquery())
    ).tables
    stops = at_stops(tables.values())
    single = [table for table in tables.values() if table.id not in stops]
    pairs = pairs_of(tables, sides, tables.values())
    ref = {actor.slug: actor.ref for actor in sides.actors.values()}
    ties = tuple(
        Tie(
            a=ref[a],
            b=ref[b],
            held=sum(not table.planned for table in together),
            planned=sum(table.planned for table in together),
        )
        for (a, b), together in pairs[:TIES]
    )
    return Encounters(
        total=total,
        looked_at=min(total, LATEST),
        counted=len(single),
        places=_places(session, sides, single),
        placeless=sum(table.country is None for table in single),
        ties=ties,
        total_ties=len(pairs),
    )


def _places(session: Session, sides: Sides, tables: list[Table]) -> tuple[Place, ...]:
    by_country: defaultdict[int, list[Table]] = defaultdict(list)
    for table in tables:
        if table.country is not None:
            by_country[table.country].append(table)
    statement = select(ActorIdentifier.actor_id, ActorIdentifier.value).where(
        ActorIdentifier.scheme == SCHEME, ActorIdentifier.actor_id.in_(by_country)
    )
    codes = {actor: code for actor, code in session.execute(statement)}
    found = []
    for country, there in by_country.items():
        who = Counter(actor for table in there for actor in table.actors)
        ranked = sorted(who, key=lambda id: (-who[id], sides.actors[id].slug))
        planned = sum(table.planned for table in there)
        found.append(
            Place(
                country=sides.actors[country].ref,
                code=codes.get(country, ""),
                held=len(there) - planned,
                planned=planned,
                who=tuple(sides.actors[id].ref for id in ranked[:NAMED]),
                more=max(0, len(ranked) - NAMED),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.total, one.country.slug)))
