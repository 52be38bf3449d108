"""Sources: the documents, their texts, and the evidence marked in them."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from errors import NotFound, quoted
from models import (
    Actor,
    Evidence,
    Mention,
    Passage,
    Source,
    SourceSubject,
    SourceText,
    Topic,
)
from models.enums import Derivation, SourceKind, SubjectKind
from queries import parameters
from queries.dates import WrittenDate
from queries.evidence import PASSAGES_ON_A_PAGE, last_changed, page_of, spans_where
from queries.filters import (
    Filter,
    Listing,
    ListOf,
    Rows,
    any_of,
    by_choice,
    by_code,
    by_days,
    by_slug,
    by_words,
    check_slug,
    no_such,
    run,
)
from queries.parameters import Parameter
from queries.passages import bare_passages, newest_text, read_passages
from queries.refs import (
    actor_ref,
    maybe,
    source_ref,
    topic_ref,
    written,
)
from queries.shapes import Basis, Page, PassageItem, Ref, address, spread


@dataclass(frozen=True, kw_only=True)
class SourceItem:
    """A source as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page here."""
    kind: SourceKind
    """What sort of document it is."""
    title: str
    """Its title."""
    publisher: str | None
    """Who published it, if known."""
    issuer: Ref | None
    """The actor that issued it."""
    published: WrittenDate
    """When it was published."""
    original_url: str | None
    """Where it was published."""
    language: str
    """Its language (BCP 47); und where it is not determined."""
    licence: str | None
    """On what terms its text may be used."""
    text_state: str
    """held, withheld (hash, length and spans are known, the words are not), or none."""
    passages: int
    """How many passages it has."""
    derived_from: Ref | None
    """The source from which it was made; the two are one witness."""
    derivation: Derivation | None
    """How it was made from it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("source", self.slug))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the publisher says that the source is about."""

    kind: SubjectKind
    """What sort of thing the label names."""
    label: str
    """The label as given."""
    resolved: Ref | None
    """The actor or topic that it names, if that is known."""


@dataclass(frozen=True, kw_only=True)
class SourceDetail(SourceItem):
    """A source with its text and the evidence in it."""

    place: str | None
    """Where it was issued or reported from."""
    contributors: tuple[str, ...]
    """Who wrote it, or helped to."""
    version: int | None
    """Which wording of the source this is; a changed wording is a new version."""
    versions: tuple[int, ...]
    """The wordings that are kept; `?version=` shows each."""
    retrieved: date | None
    """When the text was fetched."""
    sha256: str | None
    """The hash of the text in UTF-8."""
    length: int | None
    """The length of the text in code points."""
    derivatives: tuple[SourceItem, ...]
    """The sources that were made from it; the first 100."""
    subjects: tuple[Subject, ...]
    """What the publisher says that it is about; the first 100."""
    mentioned: tuple[Ref, ...]
    """The actors mentioned in it, by name; the first 100."""
    more_mentioned: int
    """How many more are mentioned."""
    page: int
    """Which page of its passages this is, from 1."""
    pages: int
    """On how many pages its passages stand; at least 1."""
    text: tuple[PassageItem, ...]
    """The passages of this page in order, with the evidence marked."""
    basis: Basis
    """How many of the passages shown are cited, and when the record last changed."""


# The select and its filters

HELD, WITHHELD, NONE = "held", "withheld", "none"

_newest = newest_text()
_PASSAGES = (
    select(func.count(Passage.id))
    .join(SourceText, SourceText.id == Passage.source_text_id)
    .where(SourceText.source_id == Source.id, _newest)
    .correlate(Source)
    .scalar_subquery()
)
_TEXT_STATE = func.coalesce(
    select(case((SourceText.text.is_(None), WITHHELD), else_=HELD))
    .where(SourceText.source_id == Source.id, _newest)
    .correlate(Source)
    .scalar_subquery(),
    NONE,
)
_original = aliased(Source)


def _issued_by(slug: str) -> ColumnElement[bool]:
    return exists().where(Actor.id == Source.issuer_id, Actor.slug == slug)


def _mentions(slug: str) -> ColumnElement[bool]:
    # From the actor down: asked of each source in turn, it took a second.
    found = (
        select(SourceText.source_id)
        .join(Passage, Passage.source_text_id == SourceText.id)
        .join(Mention, Mention.passage_id == Passage.id)
        .join(Actor, Actor.id == Mention.actor_id)
        .where(Actor.slug == slug)
    )
    return Source.id.in_(found)


def _about(label: str) -> ColumnElement[bool]:
    return exists().where(
        SourceSubject.source_id == Source.id,
        func.lower(SourceSubject.label) == func.lower(label),
    )


def _about_topic(slug: str) -> ColumnElement[bool]:
    return exists().where(
        SourceSubject.source_id == Source.id,
        SourceSubject.topic_id == Topic.id,
        Topic.slug == slug,
    )


def _derived_from(slug: str) -> ColumnElement[bool]:
    return exists().where(
        _original.id == Source.derived_from_id, _original.slug == slug
    )


SOURCES = ListOf(
    noun="sources",
    filters=(
        by_words(
            "Words of the title or the publisher.", Source.title, Source.publisher
        ),
        by_code("kind", SourceKind, "Only this kind of document.", Source.kind),
        Filter(
            name="publisher",
            takes=parameters.text(),
            help="Only what this publisher published, by its full name.",
            where=any_of(lambda name: Source.publisher == name),
        ),
        by_slug("issuer", "Only what this actor issued.", _issued_by),
        by_slug("actor", "Only sources that mention this actor.", _mentions),
        Filter(
            name="subject",
            takes=parameters.text(),
            help="Only sources with this label of a subject, as given.",
            where=any_of(_about),
        ),
        by_slug(
            "topic",
            "Only sources with a subject that is this topic.",
            _about_topic,
            "topic",
        ),
        Filter(
            name="language",
            takes=parameters.text(),
            help="Only sources in this language (BCP 47).",
            where=any_of(lambda tag: Source.language == tag),
        ),
        by_choice(
            "text",
            (HELD, WITHHELD, NONE),
            "Only sources whose text is held, withheld or not there.",
            lambda state: _TEXT_STATE == state,
        ),
        by_slug(
            "derived_from",
            "Only sources that were made from this one.",
            _derived_from,
            "source",
        ),
        *by_days(
            Source.published_earliest, Source.published_latest, "sources published"
        ),
    ),
    sorts={
        "date": (Source.published_earliest,),
        "title": (Source.title,),
        "publisher": (Source.publisher,),
        "passages": (_PASSAGES,),
    },
    default_sort="-date",
    tie=Source.slug,
)


#: Which wording of a source its page shows.
VERSION = Parameter(
    name="version",
    help="Which wording of the text; the newest unless said.",
    takes=parameters.whole_number(parameters.LARGEST_LIMIT),
)
PAGE = parameters.page("Which page of passages, from 1.")
PASSAGE = Parameter(
    name="passage",
    help="The page that holds this passage.",
    takes=parameters.whole_number(parameters.LARGEST_PASSAGE),
)


# Loading


def find_sources(session: Session, listing: Listing | None = None) -> Page[SourceItem]:
    """Load one page of the sources."""
    return run(session, SOURCES, select(Source), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[SourceItem, ...]:
    """Load the sources that a select finds, in its order, in one statement."""
    with_counts = statement.add_columns(_PASSAGES, _TEXT_STATE)
    rows = session.execute(
        with_counts.options(joinedload(Source.issuer), joinedload(Source.original))
    )
    return tuple(
        SourceItem(
            slug=source.slug,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            issuer=maybe(actor_ref, source.issuer),
            published=written(source, "published"),
            original_url=source.url,
            language=source.language,
            licence=source.licence,
            text_state=state,
            passages=number,
            derived_from=maybe(source_ref, source.original),
            derivation=source.derivation,
        )
        for source, number, state in rows
    )


#: How many names, subjects and derived texts a source's own page shows.
SHORT_LIST = 100


def load_source(
    session: Session,
    slug: str,
    version: int | None = None,
    page: int = 1,
    passage: int | None = None,
) -> SourceDetail:
    """Load a source with a page of its text and the evidence marked in it.

    Args:
        session: an open session.
        slug: the source.
        version: which wording; the newest unless said.
        page: which page of its passages, from 1.
        passage: the page that holds this passage, instead of one by its number.

    Raises:
        NotFound: there is no such source, no such wording of it, or no such page.
    """
    check_slug("source", slug)
    items = load_items(session, select(Source).where(Source.slug == slug))
    if not items:
        raise no_such("source", slug)
    source = session.scalars(
        select(Source)
        .where(Source.slug == slug)
        .options(
            selectinload(Source.contributors),
            selectinload(Source.subjects).joinedload(SourceSubject.actor),
            selectinload(Source.subjects).joinedload(SourceSubject.topic),
            selectinload(Source.texts).defer(SourceText.text),
        )
    ).one()
    text = _wording(source, version)
    made_from_it = select(Source).where(Source.derived_from_id == source.id)
    number = _number(session, text)
    if passage is not None:
        page = page_of(passage)
    pages = page_of(max(1, number))
    if page > pages:
        many = "1 page" if pages == 1 else f"{pages:,} pages"
        raise NotFound(f"{quoted(slug)} has {many} of passages.")
    marked = _marked(session, text, page)
    mentioned = _mentioned(session, text)
    return SourceDetail(
        **spread(items[0]),
        place=source.place,
        contributors=tuple(item.name for item in source.contributors),
        version=text.version if text else None,
        versions=tuple(item.version for item in source.texts),
        retrieved=text.retrieved if text else None,
        sha256=text.sha256 if text else None,
        length=text.length if text else None,
        derivatives=load_items(
            session, made_from_it.order_by(Source.slug).limit(SHORT_LIST)
        ),
        subjects=tuple(_subject(item) for item in source.subjects[:SHORT_LIST]),
        mentioned=mentioned[:SHORT_LIST],
        more_mentioned=len(mentioned) - len(mentioned[:SHORT_LIST]),
        page=page,
        pages=pages,
        text=marked,
        basis=Basis(
            sources=1 if any(passage.marks for passage in marked) else 0,
            passages=sum(1 for passage in marked if passage.marks),
            changed=last_changed(session),
        ),
    )


def _wording(source: Source, version: int | None) -> SourceText | None:
    if version is None:
        return source.texts[-1] if source.texts else None
    for text in source.texts:
        if text.version == version:
            return text
    raise NotFound(f"{quoted(source.slug)} has no version {version} of its text.")


def _number(session: Session, text: SourceText | None) -> int:
    """How many passages a wording has: their positions have no gaps."""
    if text is None:
        return 0
    last = select(func.max(Passage.position)).where(Passage.source_text_id == text.id)
    return session.scalar(last) or 0


def _marked(
    session: Session, text: SourceText | None, page: int
) -> tuple[PassageItem, ...]:
    """The passages of a page, marked."""
    if text is None:
        return ()
    before = (page - 1) * PASSAGES_ON_A_PAGE
    here = (
        Passage.source_text_id == text.id,
        Passage.position > before,
        Passage.position <= before + PASSAGES_ON_A_PAGE,
    )
    start, end = session.execute(
        select(func.min(Passage.start_char), func.max(Passage.end_char)).where(*here)
    ).one()
    if start is None:
        return ()
    spans = spans_where(
        session,
        Evidence.source_text_id == text.id,
        Evidence.start_char < end,
        Evidence.end_char > start,
    )
    statement = bare_passages().where(*here).order_by(Passage.position)
    return read_passages(session, statement, spans)


def _mentioned(session: Session, text: SourceText | None) -> tuple[Ref, ...]:
    if text is None:
        return ()
    statement = (
        select(Actor)
        .join(Mention, Mention.actor_id == Actor.id)
        .join(Passage, Passage.id == Mention.passage_id)
        .where(Passage.source_text_id == text.id)
        .group_by(Actor.id)
        .order_by(Actor.name, Actor.slug)
    )
    return tuple(actor_ref(actor) for actor in session.scalars(statement))


def _subject(subject: SourceSubject) -> Subject:
    return Subject(
        kind=subject.kind,
        label=subject.label,
        resolved=maybe(actor_ref, subject.actor) or maybe(topic_ref, subject.topic),
    )
