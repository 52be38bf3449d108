"""One passage in full: what is too long for a page of its source, part by part."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from errors import NotFound
from models import Passage, Source, SourceText
from queries.evidence import in_source, last_changed
from queries.known import check_slug, not_recorded
from queries.passages import LONGEST_SHOWN, newest_text
from queries.refs import source_ref
from queries.shapes import Basis, Ref
from wording import counted, quoted


@dataclass(frozen=True, kw_only=True)
class PassagePart:
    """A part of a passage, as long as a page of its source would show of it."""

    source: Ref
    """The source."""
    language: str | None
    """The language of the source (BCP 47)."""
    position: int
    """Its place in the source, from 1."""
    version: int | None
    """Which wording of the source it is from, if one was asked for."""
    text: str | None
    """The words of this part; null while the text is withheld."""
    start: int
    """Where the part begins in the source's text, in code points."""
    end: int
    """Where it ends (half-open)."""
    page: int
    """Which part this is, from 1."""
    pages: int
    """How many parts it has."""
    url: str
    """Where the passage stands in its source."""
    basis: Basis
    """The one source, and when the record last changed."""


def load_passage(
    session: Session,
    slug: str,
    position: int,
    version: int | None = None,
    page: int = 1,
) -> PassagePart:
    """Load a part of a passage, `LONGEST_SHOWN` characters of it.

    Args:
        session: an open session.
        slug: the source.
        position: the place of the passage in it, from 1.
        version: which wording of the source; the newest unless said.
        page: which part, from 1.

    Raises:
        NotFound: there is no such source, wording, passage or part.
    """
    check_slug(session, "source", slug)
    source = session.scalar(select(Source).where(Source.slug == slug))
    if source is None:
        raise not_recorded(session, slug, "source")
    wording = newest_text() if version is None else SourceText.version == version
    row = session.execute(
        select(Passage.start_char, Passage.end_char, SourceText.id, SourceText.version)
        .join(SourceText, SourceText.id == Passage.source_text_id)
        .where(SourceText.source_id == source.id, wording)
        .where(Passage.position == position)
    ).one_or_none()
    if row is None:
        of = "" if version is None else f" in version {version} of its text"
        raise NotFound(f"{quoted(slug)} has no passage {position:,}{of}.")
    begin, end, text_id, found_version = row
    pages = max(1, -(-(end - begin) // LONGEST_SHOWN))
    if page > pages:
        many = counted(pages, "part")
        raise NotFound(f"Passage {position:,} of {quoted(slug)} has {many}.")
    start = begin + (page - 1) * LONGEST_SHOWN
    stop = min(end, start + LONGEST_SHOWN)
    words = session.scalar(
        select(func.substr(SourceText.text, start + 1, stop - start)).where(
            SourceText.id == text_id
        )
    )
    newest = found_version if version is None else found_version + 1
    return PassagePart(
        source=source_ref(source),
        language=source.language,
        position=position,
        version=version,
        text=words,
        start=start,
        end=stop,
        page=page,
        pages=pages,
        url=f"{in_source(slug, position, found_version, newest)}#p{position}",
        basis=Basis(sources=1, passages=1, changed=last_changed(session)),
    )
