"""Topics and the propositions on which actors take a stand."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import PropositionKind, PropositionLink


class Topic(Base):
    """A subject heading in a hierarchy of broader and narrower ones."""

    __tablename__ = "topic"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

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
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

    topic: Mapped[Topic | None] = relationship()


class PropositionRelation(Base):
    """Two propositions that cannot both be wanted, or both be true.

    The relation is symmetrical and stored once: the lower id stands first.
    """

    __tablename__ = "proposition_relation"
    __table_args__ = (
        sa.UniqueConstraint("proposition_id", "relation", "other_id"),
        sa.CheckConstraint("proposition_id < other_id", "stored_once"),
    )

    id: Mapped[type_id]
    proposition_id: Mapped[int] = mapped_column(sa.ForeignKey("proposition.id"))
    relation: Mapped[PropositionLink]
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("proposition.id"), index=True)

    proposition: Mapped[Proposition] = relationship(foreign_keys=proposition_id)
    other: Mapped[Proposition] = relationship(foreign_keys=other_id)
