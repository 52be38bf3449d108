"""Propositions: the sentences on which actors take a stand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import Actor, Proposition, PropositionRelation, Stance, Topic
from models.enums import Position, PropositionKind
from queries.badges import POSITION_ORDER, position_badge
from queries.dates import WrittenDate
from queries.evidence import basis_of
from queries.filters import (
    Listing,
    ListOf,
    Rows,
    actors_called,
    by_code,
    by_days,
    by_slug,
    by_topic,
    by_words,
    has,
    run,
)
from queries.known import check_slug, not_recorded
from queries.refs import (
    actor_ref,
    maybe,
    proposition_ref,
    topic_ref,
    written,
)
from queries.shapes import Badge, Basis, Page, Ref, address, field_values
from queries.stances import CURRENT, StanceItem, cited_in, on_behalf_of
from queries.stances import load_items as load_stances
from queries.trees import topics_under


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many current stances take a position."""

    position: Position
    """The position."""
    badge: Badge
    """The position as a word, a sign and a class."""
    count: int
    """How many."""


@dataclass(frozen=True, kw_only=True)
class PropositionItem:
    """A proposition as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    text: str
    """The declarative sentence."""
    kind: PropositionKind
    """What sort of sentence it is."""
    topic: Ref | None
    """Its topic."""
    about: WrittenDate
    """The time that it is about."""
    stances: int
    """How many stances there are on it."""
    tally: tuple[Tally, ...]
    """The current ones among them by position; positions that nobody takes are left
    out."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("proposition", self.slug))


@dataclass(frozen=True, kw_only=True)
class StanceGroup:
    """The stances that take the same position on a proposition."""

    position: Position
    """The position."""
    badge: Badge
    """The position as a word, a sign and a class."""
    stances: tuple[StanceItem, ...]
    """Who takes it, in order of the date stated; the first 50."""
    total: int
    """How many stances take it; `/stances?target=…&position=…` lists them all."""


@dataclass(frozen=True, kw_only=True)
class Contrary:
    """A proposition that cannot be wanted, or true, together with this one.

    Only *for* says something of the other: who is for the one counts as against the
    other. Who is against the one, neutral or mixed may be anything to the other.
    """

    proposition: Ref
    """The other proposition."""
    supporters: tuple[Ref, ...]
    """Who is for the other, and so counts as against this one; the first 50. Derived:
    no stance of theirs on this one need be recorded."""
    contradictory: tuple[Ref, ...]
    """Who of them is for this one too, which cannot both be meant."""


@dataclass(frozen=True, kw_only=True)
class PropositionDetail(PropositionItem):
    """A proposition with the stances on it."""

    contrary: tuple[Contrary, ...]
    """The propositions contrary to it."""

    groups: tuple[StanceGroup, ...]
    """The stances by position, from for to unclear; superseded ones included."""
    basis: Basis
    """What it rests on."""


# The select and its filters

_STANCES = (
    select(func.count(Stance.id))
    .where(Stance.proposition_id == Proposition.id)
    .correlate(Proposition)
    .scalar_subquery()
)
_TOPIC = select(Topic.name).where(Topic.id == Proposition.topic_id).scalar_subquery()


def _with_stance_of(slug: str) -> ColumnElement[bool]:
    on_it = select(Stance.proposition_id).where(on_behalf_of(slug))
    return Proposition.id.in_(on_it)


def _with_holder(word: str) -> ColumnElement[bool]:
    called = actors_called(word)
    on_it = select(Stance.proposition_id).where(
        or_(Stance.holder_id.in_(called), Stance.represents_id.in_(called))
    )
    return Proposition.id.in_(on_it)


PROPOSITIONS = ListOf(
    noun="propositions",
    filters=(
        by_words(
            "Words of the sentence, its topic, and all names of who takes a stand.",
            Proposition.text,
            others=[
                lambda word: Proposition.topic_id.in_(
                    select(Topic.id).where(has(Topic.name, word))
                ),
                _with_holder,
            ],
        ),
        by_code(
            "kind", PropositionKind, "Only this kind of sentence.", Proposition.kind
        ),
        by_topic(
            "topic",
            "Only propositions under this topic or below it.",
            lambda *slugs: Proposition.topic_id.in_(topics_under(*slugs)),
        ),
        by_slug(
            "actor",
            "Only propositions on which this actor, or somebody for it, takes a stand.",
            _with_stance_of,
        ),
        by_slug(
            "source",
            "Only propositions on which somebody takes a stand in this source.",
            lambda slug: Proposition.id.in_(
                select(Stance.proposition_id).where(cited_in(slug))
            ),
            "source",
        ),
        *by_days(
            Proposition.about_earliest,
            Proposition.about_latest,
            "propositions about a time",
        ),
    ),
    sorts={
        "text": (Proposition.text,),
        "topic": (_TOPIC, Proposition.text),
        "stances": (_STANCES,),
    },
    default_sort="text",
    tie=Proposition.slug,
)


#: How many stances of each position a proposition's own page shows.
SHORT_LIST = 50


# Loading


def find_propositions(
    session: Session, listing: Listing | None = None
) -> Page[PropositionItem]:
    """Load one page of the propositions."""
    statement = select(Proposition)
    return run(session, PROPOSITIONS, statement, listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[PropositionItem, ...]:
    """Load the propositions that a select finds, in its order, in two statements."""
    found: list[Proposition] = list(
        session.scalars(statement.options(joinedload(Proposition.topic)))
    )
    counts = _counts(session, [proposition.id for proposition in found])
    return tuple(_item(item, counts[item.id]) for item in found)


def load_proposition(session: Session, slug: str) -> PropositionDetail:
    """Load a proposition with the stances on it.

    Raises:
        NotFound: there is no such proposition.
    """
    check_slug(session, "proposition", slug)
    items = load_items(session, select(Proposition).where(Proposition.slug == slug))
    if not items:
        raise not_recorded(session, slug, "proposition")
    stances = load_stances(session, _first_of_each_position(slug))
    kind = items[0].kind
    totals = _totals(session, slug)
    groups = (
        StanceGroup(
            position=position,
            badge=position_badge(position, proposition_kind=kind),
            stances=tuple(item for item in stances if item.position == position),
            total=totals.get(position, 0),
        )
        for position in POSITION_ORDER
    )
    return PropositionDetail(
        **field_values(items[0]),
        contrary=_contrary(session, slug),
        groups=tuple(group for group in groups if group.stances),
        basis=basis_of(
            session, (item for stance in stances for item in stance.citations)
        ),
    )


def _contrary(session: Session, slug: str) -> tuple[Contrary, ...]:
    """The contrary propositions, with those who are for them."""
    this = aliased(Proposition)
    link = PropositionRelation
    others = session.scalars(
        select(Proposition)
        .join(
            link,
            or_(link.proposition_id == Proposition.id, link.other_id == Proposition.id),
        )
        .join(this, or_(link.proposition_id == this.id, link.other_id == this.id))
        .where(this.slug == slug, Proposition.id != this.id)
        .order_by(Proposition.slug)
    ).all()
    if not others:
        return ()
    holders: defaultdict[str, dict[str, Ref]] = defaultdict(dict)
    rows = session.execute(
        select(Proposition.slug, Actor)
        .join(Stance, Stance.proposition_id == Proposition.id)
        .join(Actor, Actor.id == Stance.holder_id)
        .where(
            Proposition.slug.in_([slug, *(other.slug for other in others)]),
            Stance.position == Position.FOR,
            CURRENT,
        )
        .order_by(Actor.name, Actor.slug)
    )
    for on, holder in rows:
        holders[on][holder.slug] = actor_ref(holder)
    return tuple(
        Contrary(
            proposition=proposition_ref(other),
            supporters=tuple(holders[other.slug].values())[:SHORT_LIST],
            contradictory=tuple(
                ref for key, ref in holders[other.slug].items() if key in holders[slug]
            )[:SHORT_LIST],
        )
        for other in others
    )


def _first_of_each_position(slug: str) -> Rows:
    """Select the stances on a proposition: the first to take each position."""
    by_date = (Stance.stated_earliest.is_(None), Stance.stated_earliest, Stance.slug)
    ranked = (
        select(
            Stance.id,
            func.row_number()
            .over(partition_by=Stance.position, order_by=by_date)
            .label("rank"),
        )
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .where(Proposition.slug == slug)
        .subquery()
    )
    return (
        select(Stance)
        .join(ranked, ranked.c.id == Stance.id)
        .where(ranked.c.rank <= SHORT_LIST)
        .order_by(*by_date)
    )


def _totals(session: Session, slug: str) -> dict[Position, int]:
    statement = (
        select(Stance.position, func.count())
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .where(Proposition.slug == slug)
        .group_by(Stance.position)
    )
    return {position: number for position, number in session.execute(statement)}


@dataclass(slots=True)
class _Count:
    """How many stances a proposition has, and how many that still stand."""

    stances: int = 0
    current: int = 0


_Counts = Mapping[Position, _Count]


def _counts(session: Session, ids: list[int]) -> Mapping[int, _Counts]:
    counts: defaultdict[int, defaultdict[Position, _Count]] = defaultdict(
        lambda: defaultdict(_Count)
    )
    if not ids:
        return counts
    statement = (
        select(Stance.proposition_id, Stance.position, CURRENT, func.count())
        .where(Stance.proposition_id.in_(ids))
        .group_by(Stance.proposition_id, Stance.position, CURRENT)
    )
    for proposition, position, current, number in session.execute(statement):
        count = counts[proposition or 0][position]
        count.stances += number
        count.current += number if current else 0
    return counts


def _item(proposition: Proposition, counts: _Counts) -> PropositionItem:
    tally = (
        Tally(
            position=position,
            badge=position_badge(position, proposition_kind=proposition.kind),
            count=counts[position].current,
        )
        for position in POSITION_ORDER
        if position in counts
    )
    return PropositionItem(
        slug=proposition.slug,
        text=proposition.text,
        kind=proposition.kind,
        topic=maybe(topic_ref, proposition.topic),
        about=written(proposition, "about"),
        stances=sum(count.stances for count in counts.values()),
        tally=tuple(item for item in tally if item.count),
    )
