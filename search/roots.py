"""Which documents a change concerns: here, and nowhere else.

=============  =====================================================================
root           documents
=============  =====================================================================
source         its passages; those of what is made from it, which are dated by it;
               the meetings whose status rests on it
meeting        its own; the passages cited for it and for all that hangs on it
stance         its own; the passages cited for it
proposition    its own; its stances; the passages cited for those
actor          its own; the meetings and stances that are found by its names, or
               speak for it or for one of its bodies (`search.sides`); the passages
               cited for these stances, its offices and its memberships
=============  =====================================================================

New, changed and removed evidence queues a job for its source besides, so the passages
that it no longer cites are read again as well.
"""

from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Actor,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Membership,
    Office,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    Tenure,
)
from models.enums import JobKind
from models.parts import in_parts
from search.documents import Builder
from search.documents.shared import meeting_id, with_meeting
from search.engine import Changes, Document
from search.sides import bodies_below

#: An aggregate root: its kind and its slug.
Root = tuple[JobKind, str]


def gather(session: Session, roots: Iterable[Root]) -> Changes:
    """Return what a change of *roots* means for the index.

    The documents are read as they are asked for: keep the session open until then.
    """
    slugs: dict[JobKind, set[str]] = {kind: set() for kind in JobKind}
    for kind, slug in roots:
        slugs[kind].add(slug)
    changed = frozenset(f"{kind}/{slug}" for kind in slugs for slug in slugs[kind])
    slugs[JobKind.MEETING] |= _meetings_told_by(session, slugs[JobKind.SOURCE])
    slugs[JobKind.SOURCE] |= _made_from(session, slugs[JobKind.SOURCE])
    slugs[JobKind.STANCE] |= _stances_on(session, slugs[JobKind.PROPOSITION])
    slugs[JobKind.STANCE] |= _stances_with(session, slugs[JobKind.ACTOR])
    cited = _passages_cited_for(session, slugs)
    slugs[JobKind.MEETING] |= _meetings_with(session, slugs[JobKind.ACTOR])
    builder = Builder(session)

    def documents() -> Iterator[Document]:
        yield from builder.passages_of(sorted(slugs[JobKind.SOURCE]))
        yield from builder.passages(cited, besides=slugs[JobKind.SOURCE])
        yield from builder.meetings(slugs[JobKind.MEETING])
        yield from builder.actors(slugs[JobKind.ACTOR])
        yield from builder.stances(slugs[JobKind.STANCE])
        yield from builder.propositions(slugs[JobKind.PROPOSITION])

    return Changes(documents(), owners=changed)


def _meetings_told_by(session: Session, sources: Collection[str]) -> set[str]:
    """The meetings whose status depends on when these sources were published."""
    found: set[str] = set()
    for batch in in_parts(sorted(sources)):
        found |= set(
            session.scalars(
                sa.select(Meeting.slug)
                .join(Meeting.status_events)
                .join(MeetingStatusEvent.evidence)
                .join(Evidence.source_text)
                .join(SourceText.source)
                .where(Source.slug.in_(batch))
            )
        )
    return found


def _made_from(session: Session, sources: Collection[str]) -> set[str]:
    """The sources made from these, and those made from them."""
    found: set[str] = set()
    original = aliased(Source)
    waiting = set(sources)
    while waiting:
        made: set[str] = set()
        for batch in in_parts(sorted(waiting)):
            made |= set(
                session.scalars(
                    sa.select(Source.slug)
                    .join(original, original.id == Source.derived_from_id)
                    .where(original.slug.in_(batch))
                )
            )
        waiting = made - found
        found |= made
    return found


def _stances_on(session: Session, propositions: Collection[str]) -> set[str]:
    """The stances on these propositions."""
    found: set[str] = set()
    for batch in in_parts(sorted(propositions)):
        found |= set(
            session.scalars(
                sa.select(Stance.slug)
                .join(Stance.proposition)
                .where(Proposition.slug.in_(batch))
            )
        )
    return found


def _meetings_with(session: Session, actors: Collection[str]) -> set[str]:
    """The meetings that are found by the names of these actors."""
    found: set[str] = set()
    for batch in in_parts(sorted(actors)):
        ids = sa.select(Actor.id).where(Actor.slug.in_(batch))
        part = sa.select(Participation.meeting_id).where(
            sa.or_(
                Participation.person_id.in_(ids),
                Participation.represented_id.in_(ids),
            )
        )
        found |= set(
            session.scalars(
                sa.select(Meeting.slug).where(
                    sa.or_(Meeting.id.in_(part), Meeting.country_id.in_(ids))
                )
            )
        )
    return found


def _stances_with(session: Session, actors: Collection[str]) -> set[str]:
    """The stances that are found under these actors, or by their names."""
    if not actors:
        return set()
    changed: set[int] = set()
    for batch in in_parts(sorted(actors)):
        changed |= set(
            session.scalars(sa.select(Actor.id).where(Actor.slug.in_(batch)))
        )
    found: set[str] = set()
    for ids in in_parts(sorted(bodies_below(session, changed))):
        in_office = (
            sa.select(Tenure.person_id)
            .join(Office, Office.id == Tenure.office_id)
            .where(Office.body_id.in_(ids))
        )
        concerned = (Stance.holder_id, Stance.represents_id, Stance.target_actor_id)
        found |= set(
            session.scalars(
                sa.select(Stance.slug).where(
                    sa.or_(
                        *(column.in_(ids) for column in concerned),
                        Stance.holder_id.in_(in_office),
                    )
                )
            )
        )
    return found


def _passages_cited_for(
    session: Session, roots: dict[JobKind, set[str]]
) -> Collection[int]:
    """The passages that are cited for claims of meetings, stances and actors."""
    whole = with_meeting(sa.select(Evidence.id)).outerjoin(
        Meeting, Meeting.id == meeting_id()
    )
    member = aliased(Actor)
    claims = (
        (roots[JobKind.MEETING], whole, Meeting.slug),
        (
            roots[JobKind.STANCE],
            sa.select(Evidence.id).join(Evidence.stance),
            Stance.slug,
        ),
        (
            roots[JobKind.ACTOR],
            sa.select(Evidence.id).join(Evidence.tenure).join(Tenure.person),
            Actor.slug,
        ),
        (
            roots[JobKind.ACTOR],
            sa.select(Evidence.id)
            .join(Evidence.membership)
            .join(member, member.id == Membership.member_id),
            member.slug,
        ),
    )
    found: set[int] = set()
    for slugs, evidence, slug in claims:
        for batch in in_parts(sorted(slugs)):
            chosen = evidence.where(slug.in_(batch))
            found |= set(
                session.scalars(
                    sa.select(Passage.id)
                    .join(Evidence, Evidence.source_text_id == Passage.source_text_id)
                    .where(
                        Evidence.id.in_(chosen),
                        Evidence.start_char < Passage.end_char,
                        Passage.start_char < Evidence.end_char,
                    )
                )
            )
    return found
