"""Actors: persons, states and bodies, with their names, offices and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import ActorKind, MembershipStatus, NameKind
from models.folding import fold

if TYPE_CHECKING:
    from models.evidence import Evidence


def _fold_name(context: Any) -> str:
    return fold(context.get_current_parameters()["name"])


class Actor(Base):
    """Whoever meets, speaks or is spoken of.

    ``parent`` is the body that a body belongs to, a ministry's state for instance. A
    person's nationality is never recorded as a parent, nor is a stance ever credited
    to a state because of it.
    """

    __tablename__ = "actor"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    name: Mapped[str]
    kind: Mapped[ActorKind]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    description: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

    parent: Mapped[Actor | None] = relationship(
        remote_side="Actor.id", back_populates="bodies"
    )
    bodies: Mapped[list[Actor]] = relationship(back_populates="parent")
    names: Mapped[list[ActorName]] = relationship(
        back_populates="actor", cascade="all, delete-orphan", order_by="ActorName.id"
    )
    identifiers: Mapped[list[ActorIdentifier]] = relationship(
        back_populates="actor",
        cascade="all, delete-orphan",
        order_by="ActorIdentifier.scheme",
    )
    tenures: Mapped[list[Tenure]] = relationship(back_populates="person")
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="member", foreign_keys="Membership.member_id"
    )
    members: Mapped[list[Membership]] = relationship(
        back_populates="organization", foreign_keys="Membership.organization_id"
    )


class ActorName(Base):
    """A name that an actor bears besides ``Actor.name``, as written in its script.

    ``folded`` is what names are compared by (`models.folding.fold`). ``language`` is a
    BCP 47 tag, ``und`` where it is not determined; ``script`` an ISO 15924 code.
    """

    __tablename__ = "actor_name"
    __table_args__ = (sa.UniqueConstraint("actor_id", "name", "language"),)

    id: Mapped[type_id]
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id", ondelete="CASCADE"))
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(
        index=True, default=_fold_name, onupdate=_fold_name
    )
    language: Mapped[str] = mapped_column(default="und")
    script: Mapped[str | None] = mapped_column(sa.String(4))
    kind: Mapped[NameKind]

    actor: Mapped[Actor] = relationship(back_populates="names")


class ActorIdentifier(Base):
    """An identifier in somebody's scheme, such as ``iso3166-1-alpha3``."""

    __tablename__ = "actor_identifier"
    __table_args__ = (sa.UniqueConstraint("scheme", "value"),)

    id: Mapped[type_id]
    actor_id: Mapped[int] = mapped_column(
        sa.ForeignKey("actor.id", ondelete="CASCADE"), index=True
    )
    scheme: Mapped[str]
    value: Mapped[str]

    actor: Mapped[Actor] = relationship(back_populates="identifiers")


class Office(Base):
    """A post in a state or body, whoever holds it."""

    __tablename__ = "office"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    title: Mapped[str]
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

    body: Mapped[Actor] = relationship()
    tenures: Mapped[list[Tenure]] = relationship(back_populates="office")


class Tenure(Base):
    """A person held an office; often known only for the day of the source.

    ``key`` is ``<person>/<office>``, with ``/<since>`` where a second tenure needs it.
    """

    __tablename__ = "tenure"

    id: Mapped[type_id]
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    since: Mapped[type_edtf]
    since_earliest: Mapped[type_day]
    since_latest: Mapped[type_day]
    since_as_written: Mapped[str | None]
    until: Mapped[type_edtf]
    until_earliest: Mapped[type_day]
    until_latest: Mapped[type_day]
    until_as_written: Mapped[str | None]
    attested: Mapped[type_edtf]
    attested_earliest: Mapped[type_day]
    attested_latest: Mapped[type_day]
    attested_as_written: Mapped[str | None]

    person: Mapped[Actor] = relationship(back_populates="tenures")
    office: Mapped[Office] = relationship(back_populates="tenures")
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="tenure", cascade="all, delete-orphan", order_by="Evidence.id"
    )


class Membership(Base):
    """An actor belongs, or wants to belong, to an organization.

    ``key`` is ``<member>/<organization>/<status>``, with ``/<since>`` where needed.
    """

    __tablename__ = "membership"
    __table_args__ = (sa.CheckConstraint("member_id <> organization_id", "not_itself"),)

    id: Mapped[type_id]
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    status: Mapped[MembershipStatus]
    since: Mapped[type_edtf]
    since_earliest: Mapped[type_day]
    since_latest: Mapped[type_day]
    since_as_written: Mapped[str | None]
    until: Mapped[type_edtf]
    until_earliest: Mapped[type_day]
    until_latest: Mapped[type_day]
    until_as_written: Mapped[str | None]
    attested: Mapped[type_edtf]
    attested_earliest: Mapped[type_day]
    attested_latest: Mapped[type_day]
    attested_as_written: Mapped[str | None]

    member: Mapped[Actor] = relationship(
        back_populates="memberships", foreign_keys=member_id
    )
    organization: Mapped[Actor] = relationship(
        back_populates="members", foreign_keys=organization_id
    )
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="membership",
        cascade="all, delete-orphan",
        order_by="Evidence.id",
    )
