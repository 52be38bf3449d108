"""Stances: the positions of actors, and how stances relate to each other."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import Certainty, Mode, Position, StanceLink

if TYPE_CHECKING:
    from models.actor import Actor
    from models.evidence import Evidence
    from models.meeting import AgendaItem, Meeting
    from models.topic import Proposition, Topic

POLARITIES: dict[Position, tuple[int, ...]] = {
    Position.FOR: (1, 2),
    Position.AGAINST: (-2, -1),
    Position.NEUTRAL: (0,),
}
"""Which polarities a position may have, −2 strongly against to 2 strongly for; none, if
it is not listed. Of a factual proposition only ±1: it is affirmed or denied."""


class Stance(Base):
    """A holder's position towards a proposition or another actor.

    Never edited and never deleted (the database refuses both): a changed position is a
    new stance that supersedes or retracts this one, and a coder's slip is mended by one
    that corrects it. A stance that another corrects stands no longer: read sessions do
    not see it (`models.standing`). Nor does one that was coded by mistake and is
    withdrawn: ``withdrawn_change`` is the number of the change that did it.
    ``represents_nobody`` says that the holder speaks for nobody else; with neither that
    nor ``represents`` it is not known, and either may be added once.
    """

    __tablename__ = "stance"
    __table_args__ = (
        sa.CheckConstraint(
            "(proposition_id IS NULL) <> (target_actor_id IS NULL)", "one_target"
        ),
        sa.CheckConstraint(
            "CASE position WHEN 'for' THEN polarity IS NOT NULL AND polarity IN (1, 2)"
            " WHEN 'against' THEN polarity IS NOT NULL AND polarity IN (-2, -1)"
            " WHEN 'neutral' THEN polarity IS NOT NULL AND polarity = 0"
            " ELSE polarity IS NULL END",
            "polarity_fits_position",
        ),
        sa.CheckConstraint(
            "agenda_item_id IS NULL OR meeting_id IS NOT NULL",
            "agenda_item_needs_meeting",
        ),
        sa.CheckConstraint("stated_earliest <= stated_latest", "stated_in_order"),
        sa.CheckConstraint(
            "represents_id IS NULL OR NOT represents_nobody", "represents_or_nobody"
        ),
        sa.Index("ix_stance_holder_id_proposition_id", "holder_id", "proposition_id"),
    )

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"))
    represents_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("actor.id"), index=True
    )
    proposition_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("proposition.id"), index=True
    )
    target_actor_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("actor.id"), index=True
    )
    position: Mapped[Position]
    polarity: Mapped[int | None] = mapped_column(sa.SmallInteger)
    mode: Mapped[Mode]
    certainty: Mapped[Certainty]
    stated: Mapped[type_edtf]
    stated_earliest: Mapped[type_day] = mapped_column(index=True)
    stated_latest: Mapped[type_day]
    stated_as_written: Mapped[str | None]
    valid_from: Mapped[type_edtf]
    valid_from_earliest: Mapped[type_day]
    valid_from_latest: Mapped[type_day]
    valid_from_as_written: Mapped[str | None]
    valid_to: Mapped[type_edtf]
    valid_to_earliest: Mapped[type_day]
    valid_to_latest: Mapped[type_day]
    valid_to_as_written: Mapped[str | None]
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("meeting.id"), index=True
    )
    agenda_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_item.id"), index=True
    )
    note: Mapped[str | None]
    recorded_at: Mapped[datetime.date | None]
    recorded_by: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))
    represents_nobody: Mapped[bool] = mapped_column(
        sa.Boolean(create_constraint=True, name="represents_nobody"), default=False
    )
    withdrawn_change: Mapped[int | None] = mapped_column(sa.ForeignKey("change.id"))

    holder: Mapped[Actor] = relationship(foreign_keys=holder_id)
    represents: Mapped[Actor | None] = relationship(foreign_keys=represents_id)
    proposition: Mapped[Proposition | None] = relationship()
    target_actor: Mapped[Actor | None] = relationship(foreign_keys=target_actor_id)
    topic: Mapped[Topic | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    agenda_item: Mapped[AgendaItem | None] = relationship()
    relations: Mapped[list[StanceRelation]] = relationship(
        back_populates="stance", foreign_keys="StanceRelation.stance_id"
    )
    related: Mapped[list[StanceRelation]] = relationship(
        back_populates="other", foreign_keys="StanceRelation.other_id"
    )
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="stance", order_by="Evidence.id"
    )


_STANDING_CORRECTION = "relation = 'corrects' AND withdrawn_change IS NULL"


class StanceRelation(Base):
    """How a stance bears on another: ``stance`` supersedes, denies … ``other``.

    At most one stance corrects another; corrections may be chained, never in a circle.
    A relation is withdrawn with its stance, and stands again with it.
    """

    __tablename__ = "stance_relation"
    __table_args__ = (
        sa.UniqueConstraint("stance_id", "relation", "other_id"),
        sa.CheckConstraint("stance_id <> other_id", "not_itself"),
        sa.Index(
            "uq_stance_relation_one_correction",
            "other_id",
            unique=True,
            sqlite_where=sa.text(_STANDING_CORRECTION),
            postgresql_where=sa.text(_STANDING_CORRECTION),
        ),
    )

    id: Mapped[type_id]
    stance_id: Mapped[int] = mapped_column(sa.ForeignKey("stance.id"))
    relation: Mapped[StanceLink]
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("stance.id"), index=True)
    withdrawn_change: Mapped[int | None] = mapped_column(sa.ForeignKey("change.id"))

    stance: Mapped[Stance] = relationship(
        back_populates="relations", foreign_keys=stance_id
    )
    other: Mapped[Stance] = relationship(
        back_populates="related", foreign_keys=other_id
    )
