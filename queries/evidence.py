"""Evidence: the citations behind claims.

Two directions of the same rows. `cite` goes from claims to the spans they rest on, in
two statements however many claims there are. `spans_where` goes from texts to the
claims that rest on them, in one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import (
    CLAIMS,
    Actor,
    AgendaItem,
    Attribution,
    Evidence,
    LoadRun,
    MeetingStatusEvent,
    Membership,
    Outcome,
    Participation,
    Passage,
    Source,
    SourceText,
    Stance,
    Tenure,
)
from models.enums import EvidenceRole
from queries.badges import firmness, position_badge, presence_badge, status_badge
from queries.filters import Rows
from queries.refs import written
from queries.shapes import (
    Basis,
    Citation,
    ClaimRef,
    Ref,
    Speaker,
    address,
)

Claim = tuple[str, int]
Citations = Mapping[Claim, tuple[Citation, ...]]
"""The citations of each claim, by its kind (as in `models.CLAIMS`) and id."""

_original = aliased(Source)
_newest = aliased(SourceText)
NEWEST_VERSION = (
    select(func.max(_newest.version))
    .where(_newest.source_id == SourceText.source_id)
    .correlate(SourceText)
    .scalar_subquery()
)
#: The spans of original sources come before those of sources made from them, supporting
#: ones before others: the order in which the views choose the one they show.
_ROLES = {EvidenceRole.SUPPORTS: 0, EvidenceRole.CONTRADICTS: 1}
_BEST_FIRST = (
    case(*((Evidence.role == role, rank) for role, rank in _ROLES.items()), else_=2),
    case((Source.derived_from_id.is_(None), 0), else_=1),
    Evidence.id,
)


MOST_CITED = 20
"""How many citations of one claim are loaded, the best first; more are counted."""


def cite(
    session: Session, claims: Mapping[str, Iterable[int]], most: int = MOST_CITED
) -> Citations:
    """Load the citations of claims, the one to show first in front.

    Args:
        session: an open session.
        claims: the ids of the claims by kind, such as `{"stance": [1, 2]}`.
        most: how many citations of each claim; the last one says how many more
            there are.

    Returns:
        The citations by (kind, id); claims without evidence are missing, and reading
        them gives nothing.
    """
    found: defaultdict[Claim, tuple[Citation, ...]] = defaultdict(tuple)
    wanted = {kind: list(ids) for kind, ids in claims.items()}
    conditions = [_claim(kind).in_(ids) for kind, ids in wanted.items() if ids]
    if not conditions:
        return found
    of_a_claim = [_claim(kind) for kind in wanted]
    ranked = (
        select(
            Evidence.id,
            func.row_number()
            .over(partition_by=of_a_claim, order_by=_BEST_FIRST)
            .label("rank"),
            func.count().over(partition_by=of_a_claim).label("number"),
        )
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .where(or_(*conditions))
        .subquery()
    )
    rows = session.execute(
        _evidence()
        .add_columns(ranked.c.rank, ranked.c.number)
        .join(ranked, ranked.c.id == Evidence.id)
        .where(ranked.c.rank <= most)
        .order_by(*_BEST_FIRST)
    ).all()
    chains = _chains(session, [row.Evidence.id for row in rows])
    for row in rows:
        kind = next(kind for kind in wanted if _claim_id(row.Evidence, kind))
        more = row.number - most if row.rank == most else 0
        citation = _citation(row, chains[row.Evidence.id], more)
        found[kind, _claim_id(row.Evidence, kind)] += (citation,)
    return found


def said_by(citations: Sequence[Citation]) -> str | None:
    """Who says so: the speaker nearest the claim in the citation shown first."""
    return next((item.chain[0].name for item in citations[:1] if item.chain), None)


def _claim(kind: str) -> Any:
    return getattr(Evidence, f"{kind}_id")


def _claim_id(evidence: Evidence, kind: str) -> int:
    return int(getattr(evidence, f"{kind}_id") or 0)


def _evidence() -> Rows:
    first = (
        select(func.min(Passage.position))
        .where(Passage.source_text_id == Evidence.source_text_id)
        .where(Passage.end_char > Evidence.start_char)
        .correlate(Evidence)
    )
    last = (
        select(func.max(Passage.position))
        .where(Passage.source_text_id == Evidence.source_text_id)
        .where(Passage.start_char < Evidence.end_char)
        .correlate(Evidence)
    )
    return (
        select(
            Evidence,
            Source,
            _original.slug.label("original"),
            first.scalar_subquery().label("passage"),
            last.scalar_subquery().label("last_passage"),
            SourceText.version,
            NEWEST_VERSION.label("newest"),
        )
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .outerjoin(_original, _original.id == Source.derived_from_id)
    )


def _citation(row: Any, chain: tuple[Speaker, ...], more: int) -> Citation:
    evidence, source = row.Evidence, row.Source
    return Citation(
        source=Ref(kind="source", slug=source.slug, label=source.title),
        original=row.original,
        published=written(source, "published"),
        quote=evidence.quote,
        passage=row.passage,
        last_passage=row.last_passage,
        start=evidence.start_char,
        end=evidence.end_char,
        role=evidence.role,
        note=evidence.note,
        chain=chain,
        url=in_source(source.slug, row.passage, row.version, row.newest)
        + f"#{anchor(evidence.start_char, evidence.end_char)}",
        more=more,
    )


PASSAGES_ON_A_PAGE = 100
"""How many passages of a source stand on one page of it."""


def page_of(position: int) -> int:
    """The page of its source on which a passage stands, from 1."""
    return (position - 1) // PASSAGES_ON_A_PAGE + 1


def in_source(
    slug: str, position: int | None, version: int = 1, newest: int = 1
) -> str:
    """The page of a source that holds a passage; an older wording's stays with it."""
    page = page_of(position or 1)
    asked = {} if version == newest else {"version": version}
    if page > 1:
        asked["page"] = page
    return address("source", slug) + (f"?{urlencode(asked)}" if asked else "")


def anchor(start: int, end: int) -> str:
    """The anchor of a span on the page of its source."""
    return f"e{start}-{end}"


def _chains(
    session: Session, evidence: Sequence[int]
) -> Mapping[int, tuple[Speaker, ...]]:
    chains: defaultdict[int, tuple[Speaker, ...]] = defaultdict(tuple)
    if not evidence:
        return chains
    statement = (
        select(Attribution, Actor, Source)
        .outerjoin(Actor, Actor.id == Attribution.actor_id)
        .outerjoin(Source, Source.id == Attribution.source_id)
        .where(Attribution.evidence_id.in_(evidence))
        .order_by(Attribution.evidence_id, Attribution.depth)
    )
    for link, actor, source in session.execute(statement):
        chains[link.evidence_id] += (_speaker(link, actor, source),)
    return chains


def _speaker(link: Attribution, actor: Actor | None, source: Source) -> Speaker:
    if actor is not None:
        name, kind, slug = actor.name, "actor", actor.slug
    else:
        name, kind, slug = source.publisher or source.title, "source", source.slug
    return Speaker(
        name=name, kind=kind, slug=slug, verb=link.verb, certainty=link.certainty
    )


# From texts to claims


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
    told = cite(
        session,
        {
            kind: {_claim_id(item, kind) for item in found} - {0}
            for kind in ("status_event", "participation")
        },
    )
    return [
        Span(
            text_id=item.source_text_id,
            start=item.start_char,
            end=item.end_char,
            claim=_claim_ref(item, told),
            more=number - rank if rank == CLAIMS_OF_A_SPAN else 0,
        )
        for item, rank, number in rows
    ]


def participant_name(item: Participation) -> str:
    """Whom to call a participant: the person, or else the label, or else the body."""
    if item.person is not None:
        return item.person.name
    return item.label or (item.represented.name if item.represented else "")


def stance_label(stance: Stance) -> str:
    """Say a stance in a few words: who, which way, on what."""
    proposition, actor = stance.proposition, stance.target_actor
    target = proposition.text if proposition else actor.name if actor else ""
    kind = proposition.kind if proposition else None
    word = position_badge(stance.position, stance.polarity, kind).word
    return f"{stance.holder.name}: {word}: {target}"


def _spoken(value: str) -> str:
    return value.replace("_", " ")


def _presence(item: Participation, firm: str) -> str:
    return f"{participant_name(item)}, {presence_badge(item.presence, firm).word}"


#: How a part of a meeting reads, given how firmly its evidence says so: the same words
#: as on the meeting's page, so that what is only reported is not held here.
_OF_MEETING: dict[str, Callable[[Any, str], str]] = {
    "status_event": lambda item, firm: status_badge(item.status, firm).word,
    "participation": _presence,
    "agenda_item": lambda item, firm: f"agenda: {item.text}",
    "outcome": lambda item, firm: f"outcome: {item.text}",
}


def _claim_ref(evidence: Evidence, told: Citations) -> ClaimRef:
    """Say in a few words what is claimed, and where the claim stands."""
    kind = next(kind for kind in CLAIMS if _claim_id(evidence, kind))
    item = getattr(evidence, kind)
    if kind in _OF_MEETING:
        place = address("meeting", item.meeting.slug)
        firm = firmness(told[kind, item.id])
        label = f"{item.meeting.title}: {_OF_MEETING[kind](item, firm)}"
    elif kind == "tenure":
        place = address("actor", item.person.slug)
        label = f"{item.person.name}, {item.office.title}"
    elif kind == "membership":
        place = address("actor", item.member.slug)
        standing = _spoken(item.status)
        label = f"{item.member.name}, {standing} of {item.organization.name}"
    else:
        place = address(kind, item.slug)
        label = item.title if kind == "meeting" else stance_label(item)
    return ClaimRef(kind=kind, label=label, url=place, role=evidence.role)


# What a page rests on


def last_changed(session: Session) -> datetime | None:
    """When the record was last changed, in UTC."""
    at = session.scalar(select(func.max(LoadRun.at)))
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def basis_of(session: Session, citations: Iterable[Citation]) -> Basis:
    """Count the sources and passages on which the facts of a page rest."""
    shown = list(citations)
    sources = {item.source.slug: item.original for item in shown}
    return Basis(
        sources=len(sources),
        derived=sum(original in sources for original in sources.values()),
        passages=len({(item.source.slug, item.passage) for item in shown}),
        changed=last_changed(session),
    )
