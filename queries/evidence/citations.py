"""From claims to the spans they rest on, in two statements for any number of claims."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import Actor, Attribution, Evidence, Passage, Source, SourceText
from models.enums import EvidenceRole
from queries.evidence.places import anchor, in_source
from queries.filters import Rows
from queries.refs import written
from queries.shapes import Citation, Ref, Speaker

Claim = tuple[str, int]
Citations = Mapping[Claim, tuple[Citation, ...]]
"""The citations of each claim, by its kind (as in `models.CLAIMS`) and id."""

_original = aliased(Source, name="original")
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
    # A summary that was mended says it better than before.
    case((Source.derived_from_id.is_(None), 0), else_=-SourceText.version),
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
        kind = next(kind for kind in wanted if claim_id(row.Evidence, kind))
        more = row.number - most if row.rank == most else 0
        citation = _citation(row, chains[row.Evidence.id], more)
        found[kind, claim_id(row.Evidence, kind)] += (citation,)
    return found


def said_by(citations: Sequence[Citation]) -> str | None:
    """Who says so: the speaker nearest the claim in the citation shown first."""
    return next((item.chain[0].name for item in citations[:1] if item.chain), None)


def _claim(kind: str) -> Any:
    return getattr(Evidence, f"{kind}_id")


def claim_id(evidence: Evidence, kind: str) -> int:
    return int(getattr(evidence, f"{kind}_id") or 0)


def _evidence() -> Rows:
    # Passages stand in order and apart, so that one look into the index by their place
    # finds each; to look for the least position read a text's passages up to there.
    before = aliased(Passage)
    since = (
        select(before.start_char)
        .where(before.source_text_id == Evidence.source_text_id)
        .where(before.start_char <= Evidence.start_char)
        .order_by(before.start_char.desc())
        .limit(1)
        .correlate(Evidence)
    )
    first = (
        select()
        .where(Passage.source_text_id == Evidence.source_text_id)
        .where(Passage.start_char >= func.coalesce(since.scalar_subquery(), 0))
        .where(Passage.end_char > Evidence.start_char)
        .order_by(Passage.start_char)
        .limit(1)
        .correlate(Evidence)
    )
    last = (
        select()
        .where(Passage.source_text_id == Evidence.source_text_id)
        .where(Passage.start_char < Evidence.end_char)
        .order_by(Passage.start_char.desc())
        .limit(1)
        .correlate(Evidence)
    )
    return (
        select(
            Evidence,
            Source,
            _original,
            first.add_columns(Passage.position).scalar_subquery().label("passage"),
            last.add_columns(Passage.position).scalar_subquery().label("last_passage"),
            first.add_columns(Passage.page).scalar_subquery().label("page"),
            last.add_columns(Passage.page).scalar_subquery().label("last_page"),
            SourceText.version,
            NEWEST_VERSION.label("newest"),
        )
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .outerjoin(_original, _original.id == Source.derived_from_id)
    )


def _citation(row: Any, chain: tuple[Speaker, ...], more: int) -> Citation:
    evidence, source, original = row.Evidence, row.Source, row.original
    return Citation(
        source=Ref(kind="source", slug=source.slug, label=source.title),
        original=original.slug if original else None,
        published=written(source, "published"),
        dated=written(original or source, "published"),
        quote=evidence.quote,
        passage=row.passage,
        last_passage=row.last_passage,
        page=row.page,
        last_page=row.last_page,
        start=evidence.start_char,
        end=evidence.end_char,
        role=evidence.role,
        note=evidence.note,
        chain=chain,
        url=in_source(source.slug, row.passage, row.version, row.newest)
        + f"#{anchor(evidence.start_char, evidence.end_char)}",
        more=more,
    )


def _chains(
    session: Session, evidence: Sequence[int]
) -> Mapping[int, tuple[Speaker, ...]]:
    chains: defaultdict[int, tuple[Speaker, ...]] = defaultdict(tuple)
    if not evidence:
        return chains
    statement = (
        select(Attribution, Actor, Source, _original.title)
        .outerjoin(Actor, Actor.id == Attribution.actor_id)
        .outerjoin(Source, Source.id == Attribution.source_id)
        .outerjoin(_original, _original.id == Source.derived_from_id)
        .where(Attribution.evidence_id.in_(evidence))
        .order_by(Attribution.evidence_id, Attribution.depth)
    )
    for link, actor, source, original in session.execute(statement):
        chains[link.evidence_id] += (_speaker(link, actor, source, original),)
    return chains


def _speaker(
    link: Attribution, actor: Actor | None, source: Source, original: str | None
) -> Speaker:
    if actor is not None:
        name, kind, slug = actor.name, "actor", actor.slug
    else:
        name, kind, slug = source.publisher or source.title, "source", source.slug
        if original and source.derivation:
            # Who made a summary is no witness: what it tells is the original's.
            name = f"{original}, in the {source.derivation.label} by {name}"
    return Speaker(
        name=name, kind=kind, slug=slug, verb=link.verb, certainty=link.certainty
    )
