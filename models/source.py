"""Sources: documents, their immutable texts, and the passages that searches find."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, type_day, type_edtf, type_id, type_slug
from models.enums import Derivation, MentionMethod, SourceKind, SubjectKind

if TYPE_CHECKING:
    from models.actor import Actor
    from models.topic import Topic


class Source(Base):
    """A document that claims rest on.

    A source that is ``derived_from`` another (its summary, translation, copy or
    excerpt) is no second witness: views prefer the original. ``publisher`` and
    ``published`` may be unknown; ``place`` is where the document itself is dated from.
    """

    __tablename__ = "source"
    __table_args__ = (
        sa.CheckConstraint(
            "(derived_from_id IS NULL) = (derivation IS NULL)",
            "derivation_goes_with_original",
        ),
        sa.CheckConstraint("derived_from_id <> id", "not_its_own_original"),
    )

    id: Mapped[type_id]
    slug: Mapped[type_slug]
    kind: Mapped[SourceKind]
    title: Mapped[str]
    publisher: Mapped[str | None] = mapped_column(index=True)
    issuer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    published: Mapped[type_edtf]
    published_earliest: Mapped[type_day] = mapped_column(index=True)
    published_latest: Mapped[type_day]
    published_as_written: Mapped[str | None]
    place: Mapped[str | None]
    url: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="und")
    licence: Mapped[str | None]
    derived_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("source.id"), index=True
    )
    derivation: Mapped[Derivation | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    state_digest: Mapped[str | None] = mapped_column(sa.String(64))

    issuer: Mapped[Actor | None] = relationship()
    original: Mapped[Source | None] = relationship(
        remote_side="Source.id", back_populates="derivatives"
    )
    derivatives: Mapped[list[Source]] = relationship(back_populates="original")
    contributors: Mapped[list[SourceContributor]] = relationship(
        cascade="all, delete-orphan", order_by="SourceContributor.position"
    )
    subjects: Mapped[list[SourceSubject]] = relationship(
        cascade="all, delete-orphan", order_by="SourceSubject.position"
    )
    texts: Mapped[list[SourceText]] = relationship(
        back_populates="source", order_by="SourceText.version"
    )


class SourceContributor(Base):
    """A named author or reporter, as the source prints the name."""

    __tablename__ = "source_contributor"
    __table_args__ = (sa.UniqueConstraint("source_id", "position"),)

    id: Mapped[type_id]
    source_id: Mapped[int] = mapped_column(
        sa.ForeignKey("source.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    name: Mapped[str]


class SourceSubject(Base):
    """What the publisher says that the source is about.

    The label is kept as given; it resolves to an actor or a topic where one is known.
    """

    __tablename__ = "source_subject"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "kind", "label"),
        sa.CheckConstraint(
            "actor_id IS NULL OR topic_id IS NULL", "resolves_to_one_thing"
        ),
    )

    id: Mapped[type_id]
    source_id: Mapped[int] = mapped_column(
        sa.ForeignKey("source.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    kind: Mapped[SubjectKind]
    label: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)

    actor: Mapped[Actor | None] = relationship()
    topic: Mapped[Topic | None] = relationship()


class SourceText(Base):
    """One wording of a source, never edited; a changed wording is a new version.

    ``text`` is None while it is withheld. ``sha256`` is the hex digest of the text in
    UTF-8 (byte-order mark removed, line ends kept), ``length`` counts code points. The
    only update that the database allows is to fill in a withheld text.

    A text that was read out of a file (PDF, DOCX …) keeps the SHA-256 of the file's
    bytes and the ``reader`` with its version, such as ``pdf 1``: the same file is
    known again, whatever a later reader would make of it.
    """

    __tablename__ = "source_text"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "version"),
        sa.UniqueConstraint("source_id", "sha256"),
        sa.CheckConstraint("text IS NULL OR length(text) = length", "length_is_true"),
        sa.CheckConstraint("length(sha256) = 64", "sha256_is_hex"),
        sa.CheckConstraint("length(file_sha256) = 64", "file_sha256_is_hex"),
        sa.CheckConstraint(
            "(file_sha256 IS NULL) = (reader IS NULL)", "file_goes_with_reader"
        ),
        sa.CheckConstraint("version >= 1", "version_counts_from_one"),
    )

    id: Mapped[type_id]
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("source.id"))
    version: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    length: Mapped[int]
    text: Mapped[str | None]
    retrieved: Mapped[date | None]
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    reader: Mapped[str | None]

    source: Mapped[Source] = relationship(back_populates="texts")
    passages: Mapped[list[Passage]] = relationship(
        back_populates="source_text", order_by="Passage.position"
    )


class Passage(Base):
    """The unit of search: a paragraph, or a speaker's turn.

    It stores no text of its own, only its half-open span in code points, so that it can
    never disagree with its source text. ``page`` is the page of the document on which
    it begins, counted from 1, where the document has pages.
    """

    __tablename__ = "passage"
    __table_args__ = (
        sa.UniqueConstraint("source_text_id", "position"),
        sa.CheckConstraint("position >= 1", "position_counts_from_one"),
        sa.CheckConstraint(
            "start_char >= 0 AND start_char < end_char", "span_is_not_empty"
        ),
        sa.CheckConstraint("page >= 1", "page_counts_from_one"),
        sa.Index(None, "source_text_id", "start_char"),
    )

    id: Mapped[type_id]
    source_text_id: Mapped[int] = mapped_column(sa.ForeignKey("source_text.id"))
    position: Mapped[int]
    start_char: Mapped[int]
    end_char: Mapped[int]
    speaker_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("actor.id"), index=True
    )
    page: Mapped[int | None]

    source_text: Mapped[SourceText] = relationship(back_populates="passages")
    speaker: Mapped[Actor | None] = relationship()
    mentions: Mapped[list[Mention]] = relationship(
        back_populates="passage", cascade="all, delete-orphan"
    )

    @property
    def text(self) -> str | None:
        """The words of the passage, or None where the text is withheld."""
        whole = self.source_text.text
        return None if whole is None else whole[self.start_char : self.end_char]


class Mention(Base):
    """An actor is named, or recognised by a coder, in a passage."""

    __tablename__ = "mention"
    __table_args__ = (sa.UniqueConstraint("passage_id", "actor_id"),)

    id: Mapped[type_id]
    passage_id: Mapped[int] = mapped_column(
        sa.ForeignKey("passage.id", ondelete="CASCADE")
    )
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("actor.id"), index=True)
    method: Mapped[MentionMethod]

    passage: Mapped[Passage] = relationship(back_populates="mentions")
    actor: Mapped[Actor] = relationship()
