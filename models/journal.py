"""The journal: every change of the record, by whom, and what it did to each record.

Both tables of the journal are only ever added to (the database refuses all else), like
the evidence. States stand in it with positions and never with quotes, and texts by
their SHA-256 only, so that withheld words cannot be read out of the history.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlugType, type_id
from models.enums import ChangeAction, RecordKind
from models.housekeeping import LoadRun


class Change(Base):
    """One change of the record: what was committed together.

    ``id`` is its number. ``author`` is who made it, as named at the time;
    ``account_id`` is the key of the account, if it was made by one, and stays when the
    account is gone. A load in batches makes a change for each, all of one ``run``.
    """

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}  # a number is never given again

    id: Mapped[type_id]
    at: Mapped[datetime] = mapped_column(
        sa.DateTime(timezone=True), default=lambda: datetime.now(UTC), index=True
    )
    author: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(index=True)
    verb: Mapped[str]
    message: Mapped[str | None]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("load_run.id"), index=True)

    run: Mapped[LoadRun] = relationship()


class ChangeRecord(Base):
    """What a change did to one record.

    ``before`` and ``after`` are the record's states (`exchange.states`). Of a record
    that was added neither is kept: the row is the rest, and the first later change
    keeps it as its ``before``. ``digest`` is the SHA-256 of the state that the change
    left; None if it left none.
    """

    __tablename__ = "change_record"
    __table_args__ = (
        sa.UniqueConstraint("change_id", "kind", "slug"),
        sa.Index("ix_change_record_kind_slug", "kind", "slug"),
    )

    id: Mapped[type_id]
    change_id: Mapped[int] = mapped_column(sa.ForeignKey("change.id"))
    kind: Mapped[RecordKind]
    slug: Mapped[str] = mapped_column(SlugType)
    action: Mapped[ChangeAction]
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    digest: Mapped[str | None] = mapped_column(sa.String(64))

    change: Mapped[Change] = relationship()


class RecordOrigin(Base):
    """Which dataset or stream a record came from, and what it was like then.

    ``loaded_digest`` is of the record in the file; a file that has changed has another.
    ``state_at_load`` is of the row that it made; a row that was changed here since has
    another. A record may have several origins.
    """

    __tablename__ = "record_origin"
    __table_args__ = (sa.UniqueConstraint("kind", "slug", "dataset"),)

    id: Mapped[type_id]
    dataset: Mapped[str] = mapped_column(index=True)
    kind: Mapped[RecordKind]
    slug: Mapped[str] = mapped_column(SlugType)
    loaded_digest: Mapped[str] = mapped_column(sa.String(64))
    state_at_load: Mapped[str | None] = mapped_column(sa.String(64))


class Tombstone(Base):
    """A record that was removed: an unchanged file does not bring it back.

    ``digest`` is of the record as it was last written. ``texts`` holds what no state
    does, the words and passages of a source, for as long as it may come back. The
    database deletes a source's text, or a stance, only where its tombstone stands.
    """

    __tablename__ = "tombstone"
    __table_args__ = (sa.UniqueConstraint("kind", "slug"),)

    id: Mapped[type_id]
    kind: Mapped[RecordKind]
    slug: Mapped[str] = mapped_column(SlugType)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    change_id: Mapped[int] = mapped_column(sa.ForeignKey("change.id"))
    texts: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
