"""Which sources are cited for a meeting, whose they are, and which are compared."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from analysis.readouts.shapes import Witness
from analysis.statements import Fold, Sides
from models import (
    AgendaItem,
    Evidence,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Source,
    SourceText,
    Stance,
)
from models.enums import SourceKind
from queries.known import not_recorded
from queries.shapes import Ref
from queries.sources import SourceDetail, SourceItem
from queries.sources import load_items as load_sources

#: Which kind of source is a side's own account, the best first.
_KINDS = (
    SourceKind.READOUT,
    SourceKind.COMMUNIQUE,
    SourceKind.OFFICIAL_STATEMENT,
    SourceKind.TRANSCRIPT,
    SourceKind.BRIEFING,
)


SHOWN = 100
"""How many of the sources are named."""
READ = 500
"""From how many of the sources the two are chosen."""


def load_witnesses(
    session: Session, meeting_id: int
) -> tuple[tuple[Witness, ...], int]:
    """Load the sources that are cited for a meeting, and count them.

    Of more than `READ` those come first that are most likely to be chosen.
    """
    at_it = [
        Evidence.meeting_id == meeting_id,
        Evidence.stance_id.in_(
            select(Stance.id).where(Stance.meeting_id == meeting_id)
        ),
    ]
    for claim, column in (
        (MeetingStatusEvent, Evidence.status_event_id),
        (Participation, Evidence.participation_id),
        (AgendaItem, Evidence.agenda_item_id),
        (Outcome, Evidence.outcome_id),
    ):
        of_it = select(claim.id).where(claim.meeting_id == meeting_id)
        at_it.append(column.in_(of_it))
    cited = (
        select(SourceText.source_id)
        .join(Evidence, Evidence.source_text_id == SourceText.id)
        .where(or_(*at_it))
    )
    condition = Source.id.in_(cited)
    total = session.scalar(select(func.count(Source.id)).where(condition)) or 0
    if total > READ:
        best = (
            select(Source.id)
            .where(condition)
            .order_by(
                Source.derived_from_id.is_not(None),
                case(
                    *((Source.kind == kind, at) for at, kind in enumerate(_KINDS)),
                    else_=len(_KINDS),
                ),
                Source.id,
            )
            .limit(READ)
        )
        condition = Source.id.in_(best)
    return _as_witnesses(session, condition), total


def _as_witnesses(
    session: Session, condition: ColumnElement[bool]
) -> tuple[Witness, ...]:
    statement = (
        select(Source)
        .where(condition)
        .order_by(
            Source.published_earliest.is_(None), Source.published_earliest, Source.slug
        )
    )
    items = load_sources(session, statement)
    actors = Sides(session, Fold.REPRESENTED)

    def side(issuer: Ref) -> Ref:
        return actors.state_of(actors.find(issuer.slug)).ref

    return tuple(
        Witness(
            source=item,
            side=state.label if state else _publisher(item),
            side_actor=state,
        )
        for item in items
        for state in (side(item.issuer) if item.issuer else None,)
    )


def _publisher(item: SourceItem) -> str:
    return "" if item.derived_from else item.publisher or ""


def choose_pair(
    session: Session,
    witnesses: Sequence[Witness],
    left: str | None,
    right: str | None,
) -> tuple[Witness, Witness] | None:
    """Choose the two sources: those asked for, else the best of two sides."""
    asked = [slug for slug in (left, right) if slug]
    given = {
        one.source.slug: one for one in _as_witnesses(session, Source.slug.in_(asked))
    }
    for slug in asked:
        if slug not in given:
            raise not_recorded(session, slug, "source")
    ranked = sorted(witnesses, key=_rank)
    one = given[left] if left else None
    other = given[right] if right else None
    if one is None:
        one = _first(ranked, other)
    if other is None:
        other = _first(ranked, one)
    return (one, other) if one and other else None


def _rank(witness: Witness) -> tuple[bool, bool, int]:
    source = witness.source
    kind = _KINDS.index(source.kind) if source.kind in _KINDS else len(_KINDS)
    return source.text_state != "held", source.derived_from is not None, kind


def _first(ranked: Sequence[Witness], other: Witness | None) -> Witness | None:
    """The best source of another side; without another, one that has a counterpart."""
    for witness in ranked:
        if not witness.side:
            continue
        if other is not None:
            if witness.side != other.side:
                return witness
        elif any(one.side and one.side != witness.side for one in ranked):
            return witness
    return None


def why_no_pair(witnesses: Sequence[Witness], sides: Sequence[str]) -> str:
    if not witnesses:
        return "No source is cited for this meeting."
    if not sides:
        return "Of no source that is cited for this meeting is the issuer known."
    if len(sides) == 1:
        return (
            f"All sources that are cited for this meeting are of one side: {sides[0]}."
        )
    return "No two sources of different sides are cited for this meeting."


def incomparable(one: SourceDetail, other: SourceDetail) -> str | None:
    for source in (one, other):
        if source.text_state != "held":
            return (
                f"Words and sentences are not compared: the text of “{source.title}” "
                f"is {'withheld' if source.text_state == 'withheld' else 'not here'}."
            )
    here, there = (source.language.partition("-")[0] for source in (one, other))
    if here != there:
        return (
            "Words and sentences are not compared: the one is in "
            f"{one.language}, the other in {other.language}."
        )
    return None
