"""Stances: who stands where on what, on whose word, and where it says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, column, exists, or_, select, table
from sqlalchemy.orm import Session, aliased, joinedload

from models import (
    Actor,
    Evidence,
    Meeting,
    Proposition,
    Source,
    SourceText,
    Stance,
    last_correction,
    standing_relations,
)
from models.enums import (
    ActorKind,
    Certainty,
    Mode,
    Position,
    PropositionKind,
    StanceLink,
)
from queries.badges import position_badge
from queries.dates import WrittenDate
from queries.evidence import (
    MOST_CITED,
    Citations,
    basis_of,
    cite,
    said_by,
    stance_label,
)
from queries.filters import (
    Listing,
    ListOf,
    Rows,
    by_choice,
    by_code,
    by_days,
    by_slug,
    by_topic,
    by_truth,
    by_words,
    check_slug,
    no_such,
    run,
)
from queries.refs import (
    actor_ref,
    maybe,
    meeting_ref,
    proposition_ref,
    topic_ref,
    written,
)
from queries.shapes import (
    Badge,
    Basis,
    Citation,
    Page,
    Ref,
    Speaker,
    address,
    spread,
)
from queries.trees import topics_under


@dataclass(frozen=True, kw_only=True)
class StanceItem:
    """A stance as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    holder: Ref
    """Who holds it."""
    holder_kind: ActorKind
    """What kind of actor the holder is."""
    represents: Ref | None
    """The state or body that the holder spoke for, if the source says so."""
    state: str | None
    """The state it belongs to: the holder, else what it represents, else that body's
    state."""
    target_kind: str
    """proposition or actor."""
    target: Ref
    """The proposition or the actor that it is about."""
    proposition_kind: PropositionKind | None
    """The kind of the proposition, if the target is one."""
    topic: Ref | None
    """Its topic, or its proposition's."""
    topic_path: str | None
    """The topic's whole path, from the root."""
    position: Position
    """Where the holder stands."""
    polarity: int | None
    """−2 to 2 for the first three positions, else null."""
    badge: Badge
    """The position as a word, a sign and a class."""
    mode: Mode
    """How the position is known."""
    certainty: Certainty
    """How sure the holder is."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    chain: tuple[Speaker, ...]
    """The whole chain of speakers of the citation shown first."""
    stated: WrittenDate
    """When it was stated."""
    valid_from: WrittenDate
    """Since when it was held, if known."""
    valid_to: WrittenDate
    """Until when it was held, if known."""
    current: bool
    """False when another stance supersedes or retracts it."""
    meeting: Ref | None
    """The meeting at which it was taken, if any."""
    agenda_item: str | None
    """The item on that meeting's agenda that it concerns."""
    note: str | None
    """The coder's remark."""
    quote: str | None
    """The words shown first: those of `citations[0]`; null while withheld."""
    evidence_count: int
    """On how many spans it rests."""
    citations: tuple[Citation, ...]
    """Its evidence, the one shown first in front; up to 3 in a list, up to 20 on its
    own page."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("stance", self.slug))


@dataclass(frozen=True, kw_only=True)
class StanceTie:
    """A relation between two stances, as seen from one of them."""

    relation: StanceLink
    """How the one bears on the other."""
    outgoing: bool
    """True: this stance does it to the other; false: the other does it to this."""
    other: Ref
    """The other stance; its label says holder, position and target."""


@dataclass(frozen=True, kw_only=True)
class StanceDetail(StanceItem):
    """A stance with everything that is recorded about it."""

    relations: tuple[StanceTie, ...]
    """What it does to other stances, and they to it; the first 100."""
    more_relations: bool
    """Whether there are more than are shown."""
    recorded_at: date | None
    """When the coder recorded it."""
    recorded_by: str | None
    """Who recorded it."""
    basis: Basis
    """What it rests on."""


# The select and its filters

_VIEW = table("stances", column("slug"), column("state"), column("topic_path"))
LINKS = standing_relations()
"""What stances did to each other: `models.standing_relations`."""
CURRENT = Stance.id.not_in(
    select(LINKS.c.other_id).where(
        LINKS.c.relation.in_((StanceLink.SUPERSEDES, StanceLink.RETRACTS))
    )
)
"""True of a stance that no other supersedes or retracts."""

_target_actor = aliased(Actor)
_HOLDER_NAME = select(Actor.name).where(Actor.id == Stance.holder_id).scalar_subquery()
_HOLDER_KIND = select(Actor.kind).where(Actor.id == Stance.holder_id).scalar_subquery()
_TARGET_NAME = (
    select(_target_actor.name)
    .where(_target_actor.id == Stance.target_actor_id)
    .scalar_subquery()
)
_SENTENCE = (
    select(Proposition.text)
    .where(Proposition.id == Stance.proposition_id)
    .scalar_subquery()
)


def actor_id(slug: str) -> Any:
    """The id of an actor, for a condition; no id if there is no such actor."""
    return select(Actor.id).where(Actor.slug == slug).scalar_subquery()


def on_behalf_of(slug: str) -> ColumnElement[bool]:
    """True of the stances that an actor holds itself or has spoken for it."""
    actor = actor_id(slug)
    return or_(Stance.holder_id == actor, Stance.represents_id == actor)


def about_actor(slug: str) -> ColumnElement[bool]:
    """True of the stances whose target is this actor."""
    condition: ColumnElement[bool] = Stance.target_actor_id == actor_id(slug)
    return condition


def under_topic(*slugs: str) -> ColumnElement[bool]:
    """True of the stances under topics or below them, themselves or by proposition."""
    topics = topics_under(*slugs)
    filed = select(Proposition.id).where(Proposition.topic_id.in_(topics))
    by_proposition = and_(Stance.topic_id.is_(None), Stance.proposition_id.in_(filed))
    return or_(Stance.topic_id.in_(topics), by_proposition)


def _of_state(slug: str) -> ColumnElement[bool]:
    name = select(Actor.name).where(Actor.slug == slug, Actor.kind == ActorKind.STATE)
    found = select(_VIEW.c.slug).where(_VIEW.c.state == name.scalar_subquery())
    return Stance.slug.in_(found)


def _on_target(slug: str) -> ColumnElement[bool]:
    proposition = select(Proposition.id).where(Proposition.slug == slug)
    on_it = Stance.proposition_id == proposition.scalar_subquery()
    return or_(on_it, about_actor(slug))


def _on_target_of_kind(kind: str) -> ColumnElement[bool]:
    target = Stance.proposition_id if kind == "proposition" else Stance.target_actor_id
    return target.is_not(None)


def _on_proposition_of_kind(kind: PropositionKind) -> ColumnElement[bool]:
    return Stance.proposition_id.in_(
        select(Proposition.id).where(Proposition.kind == kind)
    )


def _in_source(slug: str) -> ColumnElement[bool]:
    return exists().where(
        Evidence.stance_id == Stance.id,
        Evidence.source_text_id == SourceText.id,
        SourceText.source_id == Source.id,
        Source.slug == slug,
    )


def _at_meeting(slug: str) -> ColumnElement[bool]:
    meeting = select(Meeting.id).where(Meeting.slug == slug).scalar_subquery()
    return Stance.meeting_id == meeting


STANCES = ListOf(
    noun="stances",
    filters=(
        by_words(
            "Words of the target, the holder or the note.",
            _SENTENCE,
            _TARGET_NAME,
            _HOLDER_NAME,
            Stance.note,
        ),
        by_slug(
            "holder",
            "Only stances that this actor holds itself.",
            lambda slug: Stance.holder_id == actor_id(slug),
        ),
        by_code(
            "holder_kind",
            ActorKind,
            "Only stances of holders of this kind.",
            _HOLDER_KIND,
        ),
        by_slug(
            "represents",
            "Only stances spoken for this state or body.",
            lambda slug: Stance.represents_id == actor_id(slug),
        ),
        by_slug("state", "Only stances that belong to this state.", _of_state),
        by_slug(
            "side",
            "Only stances that this actor holds itself or that are spoken for it.",
            on_behalf_of,
        ),
        by_slug(
            "actor",
            "Only stances that this actor holds, that are spoken for it or about it.",
            lambda slug: or_(on_behalf_of(slug), about_actor(slug)),
        ),
        by_slug(
            "target",
            "Only stances on this proposition or actor.",
            _on_target,
            "proposition",
            "actor",
        ),
        by_choice(
            "target_kind",
            ("proposition", "actor"),
            "Only stances on propositions, or only those towards actors.",
            _on_target_of_kind,
        ),
        by_code(
            "proposition_kind",
            PropositionKind,
            "Only stances on propositions of this kind.",
            where=_on_proposition_of_kind,
        ),
        by_topic("topic", "Only stances under this topic or below it.", under_topic),
        by_code(
            "position",
            Position,
            "Only stances that take this position.",
            Stance.position,
        ),
        by_code("mode", Mode, "Only stances known in this way.", Stance.mode),
        by_code(
            "certainty",
            Certainty,
            "Only stances whose holder is this sure.",
            Stance.certainty,
        ),
        by_truth(
            "current",
            "Only stances that stand, or only those superseded or retracted.",
            lambda value: CURRENT if value else ~CURRENT,
        ),
        by_slug(
            "meeting", "Only stances taken at this meeting.", _at_meeting, "meeting"
        ),
        by_slug(
            "source",
            "Only stances for which this source is cited.",
            _in_source,
            "source",
        ),
        *by_days(Stance.stated_earliest, Stance.stated_latest, "stances stated"),
    ),
    sorts={
        "date": (Stance.stated_earliest,),
        "holder": (_HOLDER_NAME,),
        "polarity": (Stance.polarity,),
    },
    default_sort="-date",
    tie=Stance.slug,
)


# Loading


def find_stances(session: Session, listing: Listing | None = None) -> Page[StanceItem]:
    """Load one page of the stances."""
    return run(session, STANCES, select(Stance), listing or Listing(), load_items)


CITED_IN_A_LIST = 3
"""How many citations of each stance a list holds; its own page holds more."""


def load_items(
    session: Session, statement: Rows, most: int = CITED_IN_A_LIST
) -> tuple[StanceItem, ...]:
    """Load the stances that a select finds, in its order, in four statements."""
    stances = session.scalars(statement.options(*_WITH)).all()
    ids = [stance.id for stance in stances]
    citations = cite(session, {"stance": ids}, most)
    derived = _derived(session, [stance.slug for stance in stances])
    return tuple(_item(stance, derived, citations) for stance in stances)


def load_stance(session: Session, slug: str) -> StanceDetail:
    """Load a stance with everything that is recorded about it.

    The slug of a stance that another corrects leads on to the last correction.

    Raises:
        NotFound: there is no such stance.
    """
    check_slug("stance", slug)
    statement = select(Stance).where(Stance.slug == slug)
    items = load_items(session, statement, MOST_CITED)
    if not items and (last := last_correction(session, slug)):
        return load_stance(session, last)
    if not items:
        raise no_such("stance", slug)
    stance = session.scalars(statement).one()
    relations = _relations(session, stance)
    return StanceDetail(
        **spread(items[0]),
        relations=relations[:MOST_RELATIONS],
        more_relations=len(relations) > MOST_RELATIONS,
        recorded_at=stance.recorded_at,
        recorded_by=stance.recorded_by,
        basis=basis_of(session, items[0].citations),
    )


_WITH = (
    joinedload(Stance.holder),
    joinedload(Stance.represents),
    joinedload(Stance.proposition).joinedload(Proposition.topic),
    joinedload(Stance.target_actor),
    joinedload(Stance.topic),
    joinedload(Stance.meeting),
    joinedload(Stance.agenda_item),
)


@dataclass(frozen=True, slots=True)
class _Derived:
    """What the view computes of a stance, so that it is computed in one place."""

    state: str | None
    topic_path: str | None
    current: bool


def _derived(session: Session, slugs: list[str]) -> Mapping[str, _Derived]:
    if not slugs:
        return {}
    statement = (
        select(_VIEW.c.slug, _VIEW.c.state, _VIEW.c.topic_path, CURRENT)
        .join(Stance, Stance.slug == _VIEW.c.slug)
        .where(Stance.slug.in_(slugs))
    )
    rows = session.execute(statement)
    return {slug: _Derived(state, path, now) for slug, state, path, now in rows}


def _item(
    stance: Stance, derived: Mapping[str, _Derived], citations: Citations
) -> StanceItem:
    proposition, actor = stance.proposition, stance.target_actor
    kind = proposition.kind if proposition else None
    if proposition is not None:
        target = proposition_ref(proposition)
    else:
        target = actor_ref(cast(Actor, actor))  # a CHECK: one of the two is there
    topic = stance.topic or (proposition.topic if proposition else None)
    found = citations["stance", stance.id]
    computed = derived[stance.slug]
    return StanceItem(
        slug=stance.slug,
        holder=actor_ref(stance.holder),
        holder_kind=stance.holder.kind,
        represents=maybe(actor_ref, stance.represents),
        state=computed.state,
        target_kind=target.kind,
        target=target,
        proposition_kind=kind,
        topic=maybe(topic_ref, topic),
        topic_path=computed.topic_path,
        position=stance.position,
        polarity=stance.polarity,
        badge=position_badge(stance.position, stance.polarity, kind),
        mode=stance.mode,
        certainty=stance.certainty,
        said_by=said_by(found),
        chain=found[0].chain if found else (),
        stated=written(stance, "stated"),
        valid_from=written(stance, "valid_from"),
        valid_to=written(stance, "valid_to"),
        current=computed.current,
        meeting=maybe(meeting_ref, stance.meeting),
        agenda_item=stance.agenda_item.text if stance.agenda_item else None,
        note=stance.note,
        quote=found[0].quote if found else None,
        evidence_count=len(found) + (found[-1].more if found else 0),
        citations=found,
    )


MOST_RELATIONS = 100
"""How many relations a stance's page shows, the first recorded."""


def _relations(session: Session, stance: Stance) -> tuple[StanceTie, ...]:
    """The relations of a stance, its own first."""
    rows = session.execute(
        select(LINKS)
        .where(or_(LINKS.c.stance_id == stance.id, LINKS.c.other_id == stance.id))
        .order_by(LINKS.c.id)
        .limit(MOST_RELATIONS + 1)
    ).all()
    ends = {end for row in rows for end in (row.stance_id, row.other_id)}
    others = {
        other.id: other
        for other in session.scalars(
            select(Stance)
            .where(Stance.id.in_(ends))
            .options(
                joinedload(Stance.holder),
                joinedload(Stance.proposition),
                joinedload(Stance.target_actor),
            )
        )
    }
    ties = []
    for row in rows:
        outgoing = row.stance_id == stance.id
        other = others[row.other_id if outgoing else row.stance_id]
        ref = Ref(kind="stance", slug=other.slug, label=stance_label(other))
        tie = StanceTie(relation=row.relation, outgoing=outgoing, other=ref)
        if tie not in ties:  # two that were corrected by one
            ties.append(tie)
    return tuple(sorted(ties, key=lambda tie: not tie.outgoing))
