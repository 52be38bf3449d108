"""Evidence: the exact passage behind each claim, and to whom it is attributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_id
from models.enums import Certainty, EvidenceRole, Verb

if TYPE_CHECKING:
    from models.actor import Actor, Membership, Tenure
    from models.meeting import (
        AgendaItem,
        Meeting,
        MeetingStatusEvent,
        Outcome,
        Participation,
    )
    from models.source import Source, SourceText
    from models.stance import Stance

CLAIMS = (
    "meeting",
    "status_event",
    "participation",
    "agenda_item",
    "outcome",
    "stance",
    "tenure",
    "membership",
)
"""The kinds of claim: each a relationship of `Evidence` with its own foreign key."""

_CLAIM_COUNT = " + ".join(
    f"(CASE WHEN {claim}_id IS NULL THEN 0 ELSE 1 END)" for claim in CLAIMS
)


def _claim(table: str) -> Mapped[int | None]:
    return mapped_column(sa.ForeignKey(f"{table}.id", ondelete="CASCADE"))


def _index(claim: str) -> sa.Index:
    # Seven of eight keys are NULL: an index on all rows would be mostly that.
    there = sa.text(f"{claim}_id IS NOT NULL")
    return sa.Index(
        f"ix_evidence_{claim}_id",
        f"{claim}_id",
        sqlite_where=there,
        postgresql_where=there,
    )


class Evidence(Base):
    """A span of a source text that bears on exactly one claim.

    ``quote``, ``prefix`` and ``suffix`` are what the text says at the span and around
    it (the selectors of the W3C Web Annotation model, TextPosition and TextQuote); they
    are None while the text is withheld. The span never moves; the database refuses
    a quote that differs from the text. Evidence of a stance is never deleted but
    withdrawn: ``withdrawn_change`` is the number of the change that did it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(f"{_CLAIM_COUNT} = 1", "one_claim"),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char", "span_is_not_empty"
        ),
        sa.CheckConstraint(
            "quote IS NOT NULL OR (prefix IS NULL AND suffix IS NULL)",
            "context_needs_quote",
        ),
        *map(_index, CLAIMS),
    )

    id: Mapped[type_id]
    source_text_id: Mapped[int] = mapped_column(
        sa.ForeignKey("source_text.id"), index=True
    )
    start_char: Mapped[int]
    end_char: Mapped[int]
    quote: Mapped[str | None]
    prefix: Mapped[str | None]
    suffix: Mapped[str | None]
    role: Mapped[EvidenceRole] = mapped_column(default=EvidenceRole.SUPPORTS)
    note: Mapped[str | None]
    meeting_id: Mapped[int | None] = _claim("meeting")
    status_event_id: Mapped[int | None] = _claim("meeting_status_event")
    participation_id: Mapped[int | None] = _claim("participation")
    agenda_item_id: Mapped[int | None] = _claim("agenda_item")
    outcome_id: Mapped[int | None] = _claim("outcome")
    stance_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stance.id"))
    tenure_id: Mapped[int | None] = _claim("tenure")
    membership_id: Mapped[int | None] = _claim("membership")
    withdrawn_change: Mapped[int | None] = mapped_column(sa.ForeignKey("change.id"))

    source_text: Mapped[SourceText] = relationship()
    meeting: Mapped[Meeting | None] = relationship(back_populates="evidence")
    status_event: Mapped[MeetingStatusEvent | None] = relationship(
        back_populates="evidence"
    )
    participation: Mapped[Participation | None] = relationship(
        back_populates="evidence"
    )
    agenda_item: Mapped[AgendaItem | None] = relationship(back_populates="evidence")
    outcome: Mapped[Outcome | None] = relationship(back_populates="evidence")
    stance: Mapped[Stance | None] = relationship(back_populates="evidence")
    tenure: Mapped[Tenure | None] = relationship(back_populates="evidence")
    membership: Mapped[Membership | None] = relationship(back_populates="evidence")
    attributions: Mapped[list[Attribution]] = relationship(
        back_populates="evidence",
        # The database deletes a chain as a whole; one by one would leave gaps.
        cascade="save-update, merge, expunge",
        passive_deletes="all",
        order_by="Attribution.depth",
    )


class Attribution(Base):
    """One link of the chain of speakers: to whom a claim is attributed.

    Depth 0 is the speaker nearest the claim, the source comes last, and depths have no
    gaps. ``certainty`` is what this speaker adds ("seemed to suggest").
    """

    __tablename__ = "attribution"
    __table_args__ = (
        sa.UniqueConstraint("evidence_id", "depth"),
        sa.CheckConstraint("(actor_id IS NULL) <> (source_id IS NULL)", "one_speaker"),
        sa.CheckConstraint("depth >= 0", "depth_counts_from_zero"),
    )

    id: Mapped[type_id]
    evidence_id: Mapped[int] = mapped_column(
        sa.ForeignKey("evidence.id", ondelete="CASCADE")
    )
    depth: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("source.id"), index=True
    )
    verb: Mapped[Verb]
    certainty: Mapped[Certainty]

    evidence: Mapped[Evidence] = relationship(back_populates="attributions")
    actor: Mapped[Actor | None] = relationship()
    source: Mapped[Source | None] = relationship()
