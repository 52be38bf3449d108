"""What the record keeps about itself: datasets loaded, runs made, index jobs."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlugType, type_id, type_slug
from models.enums import JobKind


class Dataset(Base):
    """A dataset that has been loaded, as it describes itself."""

    __tablename__ = "dataset"

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    title: Mapped[str]
    description: Mapped[str | None]
    licence: Mapped[str | None]
    contacts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))


class LoadRun(Base):
    """One run of load, import or attach that changed the record.

    ``at`` is UTC, the only clock reading in the database. ``name`` is what was loaded,
    by its own name and never by its path.
    """

    __tablename__ = "load_run"

    id: Mapped[type_id]
    at: Mapped[datetime] = mapped_column(
        sa.DateTime(timezone=True), default=lambda: datetime.now(UTC)
    )
    verb: Mapped[str]
    name: Mapped[str]
    added: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class IndexJob(Base):
    """A changed aggregate root that the search index has yet to follow.

    Written by database triggers in the transaction of the change. ``revision`` rises
    with every further change, so that a drain deletes exactly what it read:
    ``DELETE … WHERE id = :id AND revision = :revision``.
    """

    __tablename__ = "index_job"
    __table_args__ = (
        sa.UniqueConstraint("kind", "root"),
        {"sqlite_autoincrement": True},  # or SQLite would give a new job an old id
    )

    id: Mapped[type_id]
    kind: Mapped[JobKind]
    root: Mapped[str] = mapped_column(SlugType)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class IndexState(Base):
    """Which commit of the search index belongs to this database: one row.

    Each commit of the index has a random token. It is ``pending`` before the index
    commits, and ``current`` once the jobs that it did are deleted. Whoever writes the
    index writes this, and no trigger does (see `search.tie`).
    """

    __tablename__ = "index_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    current: Mapped[str | None] = mapped_column(sa.String(32))
    pending: Mapped[str | None] = mapped_column(sa.String(32))
