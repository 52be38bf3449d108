"""Topics and the propositions on which actors take a stand."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import PropositionKind


class Topic(Base):
    """A subject heading in a hierarchy of broader and narrower ones."""

    __tablename__ = "topic"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    digest: Mapped[str | None] = mapped_column(sa.String(64))

    parent: Mapped[Topic | None] = relationship(
        remote_side="Topic.id", back_populates="narrower"
    )
    narrower: Mapped[list[Topic]] = relationship(back_populates="parent")


class Proposition(Base):
    """A declarative sentence to which actors can be for or against.

    Doubt never goes into the sentence; it goes into a stance's certainty.
    """

    __tablename__ = "proposition"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    text: Mapped[str]
    kind: Mapped[PropositionKind]
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    about: Mapped[type_edtf]
    about_earliest: Mapped[type_day]
    about_latest: Mapped[type_day]
    about_as_written: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))

    topic: Mapped[Topic | None] = relationship()
