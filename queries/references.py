"""What is cited: sources, passages, stances, meetings and briefs as references.

A reference says who wrote what, when, where it was published and where it stands here.
Who is unknown is left out, never made up: the publisher is no author.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from errors import NotFound
from models import Passage, Source, SourceText
from models.enums import ActorKind, SourceKind
from queries.dates import WrittenDate
from queries.known import not_recorded
from queries.meetings import load_meeting
from queries.refs import written
from queries.shapes import address
from queries.stances import load_stance
from wording import quoted

_AT_ONCE = 500

#: Words that no person's name has, so that a name that has one is a body's. A body
#: without any of them and of two to four words is taken for a person: the record does
#: not say of a contributor what it is.
_OF_BODIES = re.compile(
    r"\b(academy|agency|assembly|associat\w+|bank|bureau|cabinet|center|centre|"
    r"chancell\w+|commission|committee|company|congress|correspondents?|council|delegation|"
    r"department|desk|directorate|editor\w*|embassy|foundation|government|group|inc|"
    r"institut\w+|kremlin|league|ltd|ministry|mission|nations|network|news|office|"
    r"organi[sz]ation|parliament|party|presidency|press|reporters?|secretariat|senate|"
    r"service|society|staff|team|times|union|universit\w+)\b|[&/]|\b(and|for|of|the)\b",
    re.IGNORECASE,
)
#: Words that belong to the family name that follows them.
_PARTICLES = frozenset(
    "af al ad ar as ash bin bint da de del della den der di dos du el ibn la le st ten "
    "ter van vom von zu zum zur".split()
)


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who is named as the author: a person by two names, or a body by one."""

    family: str
    """The family name of a person; the whole name of a body."""
    given: str | None = None
    """The given names of a person as they are written; null for a body."""

    @property
    def is_person(self) -> bool:
        """Whether it has a family and a given name."""
        return self.given is not None

    @property
    def name(self) -> str:
        """The name in its usual order."""
        return f"{self.given} {self.family}" if self.given else self.family


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a reference manager wants to know of a thing."""

    key: str
    """The slug, which is unique among things of its kind."""
    kind: str
    """A coded value of `SourceKind`, or `stance`, `meeting`, `brief`."""
    title: str
    path: str
    """Where it stands here, from the site's root, a passage's anchor included."""
    published: WrittenDate
    authors: tuple[Author, ...] = ()
    publisher: str | None = None
    place: str | None = None
    url: str | None = None
    """Where the publisher has it; null if that is not known."""
    language: str | None = None
    """A BCP 47 tag; null if that is not known."""
    locator: str | None = None
    """Which part is cited, such as `passage 3`."""
    made_from: str | None = None
    """Of which document it is the summary, translation or copy, such as `summary of
    “Communiqué”`; null for an original."""
    is_record: bool = False
    """Whether it is an entry of this database instead of a document."""


def author(name: str, is_person: bool | None = None) -> Author:
    """Split a name into family and given name, where it is a person's.

    `Berg, Anna` and `Anna Berg` are the same person; `Ursula von der Leyen` has a
    family name of three words.

    Args:
        name: the name as a source prints it.
        is_person: whether it is a person's; if that is not known, it is judged by the
            name alone.
    """
    name = " ".join(name.split())
    if is_person is False or (is_person is None and _OF_BODIES.search(name)):
        return Author(family=name)
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and given and "," not in given:
        return Author(family=family, given=given)
    words = name.split(" ")
    if not 2 <= len(words) <= (6 if is_person else 4) or comma:
        return Author(family=name)
    begins = len(words) - 1
    while begins > 1 and words[begins - 1].lower().strip(".") in _PARTICLES:
        begins -= 1
    return Author(family=" ".join(words[begins:]), given=" ".join(words[:begins]))


def source_references(session: Session, *slugs: str) -> Iterator[Reference]:
    """Yield all sources, or those named, in order of their slugs."""
    statement = (
        sa.select(Source)
        .order_by(Source.slug)
        .options(
            selectinload(Source.contributors),
            joinedload(Source.issuer),
            joinedload(Source.original),
        )
    )
    if slugs:
        statement = statement.where(Source.slug.in_(slugs))
    options = {"yield_per": _AT_ONCE}
    with session.execute(statement, execution_options=options) as result:
        for source in result.scalars():
            yield _of_source(source)


def _of_source(source: Source) -> Reference:
    authors = [author(each.name) for each in source.contributors]
    if not authors and source.issuer:
        is_person = source.issuer.kind is ActorKind.PERSON
        authors = [author(source.issuer.name, is_person)]
    return Reference(
        key=source.slug,
        kind=source.kind.value,
        title=source.title,
        path=address("source", source.slug),
        published=written(source, "published"),
        authors=tuple(authors),
        publisher=source.publisher,
        place=source.place,
        url=source.url,
        language=None if source.language == "und" else source.language,
        made_from=_made_from(source),
    )


def _made_from(source: Source) -> str | None:
    if source.original is None or source.derivation is None:
        return None
    return f"{source.derivation.label} of “{source.original.title}”"


def source_reference(session: Session, slug: str) -> Reference:
    """Refer to a source; NotFound if there is none."""
    found = next(source_references(session, slug), None)
    if found is None:
        raise not_recorded(session, slug, "source")
    return found


def passage_reference(session: Session, slug: str, position: int) -> Reference:
    """Refer to a passage of a source's newest text; NotFound if there is none."""
    whole = source_reference(session, slug)
    newest = (
        sa.select(SourceText.id)
        .join(Source, Source.id == SourceText.source_id)
        .where(Source.slug == slug)
        .order_by(SourceText.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    passage = session.execute(
        sa.select(Passage.page).where(
            Passage.source_text_id == newest, Passage.position == position
        )
    ).one_or_none()
    if passage is None:
        raise NotFound(f"The source {quoted(slug)} has no passage {position}.")
    where = f"passage {position}"
    if passage.page is not None:
        where = f"p. {passage.page}, {where}"
    return replace(whole, path=f"{whole.path}#p{position}", locator=where)


def stance_reference(session: Session, slug: str) -> Reference:
    """Refer to a stance as an entry of this database; NotFound if there is none."""
    stance = load_stance(session, slug)
    recorded = stance.recorded_at
    return Reference(
        key=slug,
        kind="stance",
        title=f"{stance.holder.label}: {stance.badge.word}, {stance.target.label}",
        path=stance.url,
        published=WrittenDate(
            edtf=recorded.isoformat() if recorded else None,
            earliest=recorded,
            latest=recorded,
            as_written=None,
        ),
        is_record=True,
    )


def meeting_reference(session: Session, slug: str, brief: bool = False) -> Reference:
    """Refer to a meeting, or to its brief, as an entry; NotFound if there is none."""
    meeting = load_meeting(session, slug)
    changed = meeting.basis.changed.date() if meeting.basis.changed else None
    return Reference(
        key=f"{slug}-brief" if brief else slug,
        kind="brief" if brief else "meeting",
        title=f"Brief: {meeting.title}" if brief else meeting.title,
        path=f"{meeting.url}/brief" if brief else meeting.url,
        published=WrittenDate(
            edtf=changed.isoformat() if changed else None,
            earliest=changed,
            latest=changed,
            as_written=None,
        ),
        is_record=True,
    )


def document_kind(kind: str) -> SourceKind | None:
    """Return the coded kind of a document, or None for an entry of this database."""
    try:
        return SourceKind(kind)
    except ValueError:
        return None
