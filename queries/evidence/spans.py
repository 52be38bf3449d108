"""From texts to the claims that rest on them, in two statements."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from models import (
    AgendaItem,
    Evidence,
    MeetingStatusEvent,
    Membership,
    Outcome,
    Participation,
    Stance,
    Tenure,
)
from queries.evidence.citations import cite, claim_id
from queries.evidence.wording import claim_ref
from queries.shapes import ClaimRef


@dataclass(frozen=True, kw_only=True)
class Span:
    """A span of a text and one claim that rests on it."""

    text_id: int
    start: int
    end: int
    claim: ClaimRef
    more: int = 0
    """How many more claims rest on the same span, of the last one that is loaded."""


CLAIMS_OF_A_SPAN = 20
"""How many claims on the very same span are loaded, the first recorded."""
MOST_SPANS = 1_000
"""How many spans are loaded at once, the first of the text."""


def spans_where(session: Session, *conditions: ColumnElement[bool]) -> list[Span]:
    """Load the evidence that meets the conditions, with what is claimed on it.

    Of many claims on the very same span the first are loaded and the others counted.
    """
    same = (Evidence.source_text_id, Evidence.start_char, Evidence.end_char)
    ranked = (
        select(
            Evidence.id,
            func.row_number()
            .over(partition_by=same, order_by=Evidence.id)
            .label("rank"),
            func.count().over(partition_by=same).label("number"),
        )
        .where(*conditions)
        .subquery()
    )
    with_meeting = [
        joinedload(claim).joinedload(table.meeting)
        for claim, table in (
            (Evidence.status_event, MeetingStatusEvent),
            (Evidence.participation, Participation),
            (Evidence.agenda_item, AgendaItem),
            (Evidence.outcome, Outcome),
        )
    ]
    participation = joinedload(Evidence.participation)
    stance, tenure = joinedload(Evidence.stance), joinedload(Evidence.tenure)
    membership = joinedload(Evidence.membership)
    statement = (
        select(Evidence, ranked.c.rank, ranked.c.number)
        .join(ranked, ranked.c.id == Evidence.id)
        .where(ranked.c.rank <= CLAIMS_OF_A_SPAN)
        .limit(MOST_SPANS)
        .options(
            joinedload(Evidence.meeting),
            *with_meeting,
            participation.joinedload(Participation.person),
            participation.joinedload(Participation.represented),
            stance.joinedload(Stance.holder),
            stance.joinedload(Stance.proposition),
            stance.joinedload(Stance.target_actor),
            tenure.joinedload(Tenure.person),
            tenure.joinedload(Tenure.office),
            membership.joinedload(Membership.member),
            membership.joinedload(Membership.organization),
        )
        .order_by(Evidence.start_char, Evidence.end_char.desc(), Evidence.id)
    )
    rows = session.execute(statement).all()
    found = [row.Evidence for row in rows]
    # What happened may stand on a word that another span tells: a summary drops it.
    cited = cite(
        session,
        {
            kind: {claim_id(item, kind) for item in found} - {0}
            for kind in ("status_event", "participation")
        },
    )
    return [
        Span(
            text_id=item.source_text_id,
            start=item.start_char,
            end=item.end_char,
            claim=claim_ref(item, cited),
            more=number - rank if rank == CLAIMS_OF_A_SPAN else 0,
        )
        for item, rank, number in rows
    ]
