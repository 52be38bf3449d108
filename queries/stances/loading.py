"""Loading stances, for a list or with everything that is recorded about one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

from sqlalchemy import column, or_, select, table
from sqlalchemy.orm import Session, joinedload

from models import Actor, Proposition, Stance, last_correction
from models.enums import Certainty, Mode, Position
from queries.badges import position_badge
from queries.evidence import (
    MOST_CITED,
    Citations,
    basis_of,
    cite,
    said_by,
    stance_label,
)
from queries.filters import Listing, Rows, run
from queries.known import check_slug, not_recorded
from queries.refs import (
    actor_ref,
    maybe,
    meeting_ref,
    proposition_ref,
    topic_ref,
    written,
)
from queries.shapes import Page, Ref, field_values
from queries.stances.conditions import CURRENT, LINKS, VIEW
from queries.stances.filters import STANCES
from queries.stances.shapes import (
    CorrectedStance,
    StanceDetail,
    StanceItem,
    StanceTie,
)


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
    check_slug(session, "stance", slug)
    statement = select(Stance).where(Stance.slug == slug)
    items = load_items(session, statement, MOST_CITED)
    if not items and (last := last_correction(session, slug)):
        return load_stance(session, last)
    if not items:
        raise not_recorded(session, slug, "stance")
    stance = session.scalars(statement).one()
    relations = _relations(session, stance)
    return StanceDetail(
        **field_values(items[0]),
        relations=relations[:MOST_RELATIONS],
        more_relations=len(relations) > MOST_RELATIONS,
        corrected=_corrected(session, slug),
        recorded_at=stance.recorded_at,
        recorded_by=stance.recorded_by,
        basis=basis_of(session, items[0].citations),
    )


_HISTORY = table(
    "stances_history", *(column(part.name) for part in fields(CorrectedStance))
)
MOST_CORRECTIONS = 20
"""How many steps back the history of a stance goes."""


def _corrected(session: Session, slug: str) -> tuple[CorrectedStance, ...]:
    """What a stance corrects, step by step: a stance may correct several."""
    found: list[CorrectedStance] = []
    waiting = [slug]
    for _ in range(MOST_CORRECTIONS):
        rows = session.execute(
            select(_HISTORY)
            .where(_HISTORY.c.corrected_by.in_(waiting))
            .order_by(_HISTORY.c.slug)
        ).all()
        if not rows:
            break
        found += [
            CorrectedStance(
                **{
                    **row._mapping,
                    "position": Position(row.position),
                    "mode": Mode(row.mode),
                    "certainty": Certainty(row.certainty),
                }
            )
            for row in rows
        ]
        waiting = [row.slug for row in rows]
    return tuple(found)


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
        select(VIEW.c.slug, VIEW.c.state, VIEW.c.topic_path, CURRENT)
        .join(Stance, Stance.slug == VIEW.c.slug)
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
        represents_nobody=stance.represents_nobody,
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
