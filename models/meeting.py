"""Meetings: plans, participants, agenda and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import (
    AgendaStatus,
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    OutcomeType,
    Presence,
    Role,
)

if TYPE_CHECKING:
    from models.actor import Actor, Office
    from models.evidence import Evidence
    from models.topic import Topic


class Meeting(Base):
    """An encounter of actors, past, planned or only expected.

    It has no status of its own: that is the latest of its status events, and views and
    queries derive it. ``country`` is an actor of kind state. ``several`` marks a record
    that stands for an uncounted set ("other Gulf states").
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.CheckConstraint(
            "(parent_id IS NULL) = (relation IS NULL)", "relation_goes_with_parent"
        ),
        sa.CheckConstraint("earliest <= latest", "dates_in_order"),
    )

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    title: Mapped[str]
    kind: Mapped[MeetingKind]
    format: Mapped[MeetingFormat]
    medium: Mapped[Medium]
    level: Mapped[Level | None]
    date: Mapped[type_edtf]
    earliest: Mapped[type_day] = mapped_column(index=True)
    latest: Mapped[type_day]
    date_as_written: Mapped[str | None]
    venue: Mapped[str | None]
    city: Mapped[str | None]
    country_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("actor.id"), index=True
    )
    several: Mapped[bool] = mapped_column(
        sa.Boolean(create_constraint=True, name="several"), default=False
    )
    series: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("meeting.id"), index=True
    )
    relation: Mapped[MeetingRelation | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

    country: Mapped[Actor | None] = relationship()
    parent: Mapped[Meeting | None] = relationship(
        remote_side="Meeting.id", back_populates="children"
    )
    children: Mapped[list[Meeting]] = relationship(back_populates="parent")
    status_events: Mapped[list[MeetingStatusEvent]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="MeetingStatusEvent.position",
    )
    participations: Mapped[list[Participation]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Participation.position",
    )
    agenda: Mapped[list[AgendaItem]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="AgendaItem.position",
    )
    outcomes: Mapped[list[Outcome]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Outcome.position",
    )
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="Evidence.id"
    )


def _meeting_id() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)


class MeetingStatusEvent(Base):
    """On a day, a meeting came to be expected, announced, held, denied …

    Who says so is not a status: it stands in the evidence's attribution. ``key`` is
    unique within the meeting and readable (``announced``); ``position`` is the order in
    which the events were coded.
    """

    __tablename__ = "meeting_status_event"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "key"),
        sa.CheckConstraint("earliest <= latest", "dates_in_order"),
    )

    id: Mapped[type_id]
    meeting_id: Mapped[int] = _meeting_id()
    key: Mapped[str]
    position: Mapped[int]
    status: Mapped[MeetingStatus]
    date: Mapped[type_edtf]
    earliest: Mapped[type_day]
    latest: Mapped[type_day]
    date_as_written: Mapped[str | None]

    meeting: Mapped[Meeting] = relationship(back_populates="status_events")
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="status_event",
        cascade="all, delete-orphan",
        order_by="Evidence.id",
    )


class Participation(Base):
    """Somebody's part in a meeting: a person, a labelled group, or a side as such.

    ``office`` is the one held at the time, ``represented`` the state or body that the
    participant speaks for.
    """

    __tablename__ = "participation"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "key"),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR label IS NOT NULL OR represented_id IS NOT NULL",
            "somebody",
        ),
    )

    id: Mapped[type_id]
    meeting_id: Mapped[int] = _meeting_id()
    key: Mapped[str]
    position: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    label: Mapped[str | None]
    represented_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("actor.id"), index=True
    )
    office_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("office.id"), index=True
    )
    role: Mapped[Role]
    presence: Mapped[Presence]

    meeting: Mapped[Meeting] = relationship(back_populates="participations")
    person: Mapped[Actor | None] = relationship(foreign_keys=person_id)
    represented: Mapped[Actor | None] = relationship(foreign_keys=represented_id)
    office: Mapped[Office | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="participation",
        cascade="all, delete-orphan",
        order_by="Evidence.id",
    )


class AgendaItem(Base):
    """An agenda item, possibly of one side only (``side``)."""

    __tablename__ = "agenda_item"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "position"),)

    id: Mapped[type_id]
    meeting_id: Mapped[int] = _meeting_id()
    position: Mapped[int]
    text: Mapped[str]
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    side_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    status: Mapped[AgendaStatus]

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    topic: Mapped[Topic | None] = relationship()
    side: Mapped[Actor | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="agenda_item",
        cascade="all, delete-orphan",
        order_by="Evidence.id",
    )


class Outcome(Base):
    """What came out of a meeting."""

    __tablename__ = "outcome"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "position"),)

    id: Mapped[type_id]
    meeting_id: Mapped[int] = _meeting_id()
    position: Mapped[int]
    type: Mapped[OutcomeType]
    text: Mapped[str]

    meeting: Mapped[Meeting] = relationship(back_populates="outcomes")
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="outcome", cascade="all, delete-orphan", order_by="Evidence.id"
    )
