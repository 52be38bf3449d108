"""The passage that a form is about: where its words stand, and whose they are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from errors import NotFound
from models import Passage, Source, SourceText
from models.slugs import is_slug
from wording import none_called, quoted


@dataclass(frozen=True, kw_only=True)
class Place:
    """A passage of a source; without a position, the source's whole text."""

    source: str
    title: str
    version: int | None
    """Which wording; None of the newest."""
    position: int | None
    start: int
    text: str | None
    """Its words; None where the text is withheld or there is none."""
    length: int
    speaker: str | None
    """The name of whose turn it is."""
    published: str | None
    """When the source was published, in EDTF."""
    today: date | None
    """The day that “last week” is relative to: the first on which it may have been."""


def find_place(
    session: Session, slug: str, position: int | None = None, version: int | None = None
) -> Place:
    """Find a passage.

    Raises:
        NotFound: there is no such source, no such wording of it, or no such passage.
    """
    source = None
    if is_slug(slug):
        source = session.scalar(select(Source).where(Source.slug == slug))
    if source is None:
        raise NotFound(
            f"{none_called('source', slug)}: it may have been removed meanwhile."
        )
    versions = dict(
        session.execute(
            select(SourceText.version, SourceText.id)
            .where(SourceText.source_id == source.id)
            .order_by(SourceText.version)
        ).all()
    )
    newest = max(versions, default=None)
    asked = newest if version is None else version
    if version is not None and version not in versions:
        raise NotFound(f"{quoted(slug)} has no version {version} of its text.")
    text_id = None if asked is None else versions[asked]
    passage = _passage(session, text_id, position)
    if position is not None and passage is None:
        raise NotFound(f"{quoted(slug)} has no passage {position}.")
    start, length, words = _words(session, text_id, passage)
    return Place(
        source=slug,
        title=source.title,
        version=None if asked == newest else asked,
        position=position,
        start=start,
        text=words,
        length=length,
        speaker=passage.speaker.name if passage and passage.speaker else None,
        published=source.published,
        today=source.published_earliest,
    )


def _passage(
    session: Session, text_id: int | None, position: int | None
) -> Passage | None:
    if text_id is None or position is None:
        return None
    return session.scalar(
        select(Passage)
        .where(Passage.source_text_id == text_id, Passage.position == position)
        .options(joinedload(Passage.speaker))
    )


def _words(
    session: Session, text_id: int | None, passage: Passage | None
) -> tuple[int, int, str | None]:
    """Return where the words begin, how many characters they are, and the words."""
    if text_id is None:
        return 0, 0, None
    if passage is None:
        text, length = session.execute(
            select(SourceText.text, SourceText.length).where(SourceText.id == text_id)
        ).one()
        return 0, length, text
    start, length = passage.start_char, passage.end_char - passage.start_char
    words = session.scalar(
        select(func.substr(SourceText.text, start + 1, length)).where(
            SourceText.id == text_id
        )
    )
    return start, length, words
