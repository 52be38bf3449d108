"""One source, with a page of its text and the evidence marked in it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from errors import NotFound
from models import Actor, Evidence, Mention, Passage, Source, SourceSubject, SourceText
from queries import parameters
from queries.evidence import (
    MOST_SPANS,
    PASSAGES_ON_A_PAGE,
    last_changed,
    page_of,
    spans_where,
)
from queries.filters import count
from queries.known import check_slug, not_recorded
from queries.parameters import Parameter
from queries.passages import bare_passages, read_passages
from queries.refs import actor_ref, maybe, topic_ref
from queries.shapes import Basis, PassageItem, Ref, field_values
from queries.sources.items import load_items
from queries.sources.shapes import SourceDetail, Subject
from wording import counted, quoted

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
    check_slug(session, "source", slug)
    items = load_items(session, select(Source).where(Source.slug == slug))
    if not items:
        raise not_recorded(session, slug, "source")
    source = session.scalars(
        select(Source)
        .where(Source.slug == slug)
        .options(
            selectinload(Source.contributors),
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
        many = counted(pages, "page")
        raise NotFound(f"{quoted(slug)} has {many} of passages.")
    marked, more_claims = _marked(session, text, page)
    subjects, all_subjects = _subjects(session, source)
    derivatives = load_items(
        session, made_from_it.order_by(Source.slug).limit(SHORT_LIST)
    )
    derived = len(derivatives)
    if derived == SHORT_LIST:
        derived = count(session, made_from_it, Source.id)
    mentioned = _mentioned(session, text)
    return SourceDetail(
        **field_values(items[0]),
        place=source.place,
        contributors=tuple(item.name for item in source.contributors),
        version=text.version if text else None,
        versions=tuple(item.version for item in source.texts),
        retrieved=text.retrieved if text else None,
        sha256=text.sha256 if text else None,
        length=text.length if text else None,
        derivatives=derivatives,
        more_derivatives=derived - len(derivatives),
        subjects=subjects,
        more_subjects=all_subjects - len(subjects),
        mentioned=mentioned[:SHORT_LIST],
        more_mentioned=len(mentioned) - len(mentioned[:SHORT_LIST]),
        page=page,
        pages=pages,
        text=marked,
        more_claims=more_claims,
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
) -> tuple[tuple[PassageItem, ...], int]:
    """The passages of a page, marked, and how many claims are not."""
    if text is None:
        return (), 0
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
        return (), 0
    cited = (
        Evidence.source_text_id == text.id,
        Evidence.start_char < end,
        Evidence.end_char > start,
    )
    spans = spans_where(session, *cited)
    more = 0
    if len(spans) == MOST_SPANS:
        all_of_them = select(func.count(Evidence.id)).where(*cited)
        told = len(spans) + sum(span.more for span in spans)
        more = (session.scalar(all_of_them) or 0) - told
    statement = bare_passages().where(*here).order_by(Passage.position)
    return read_passages(session, statement, spans), more


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


def _subjects(session: Session, source: Source) -> tuple[tuple[Subject, ...], int]:
    """The first subjects of a source, and how many it has."""
    mine = SourceSubject.source_id == source.id
    statement = (
        select(SourceSubject)
        .where(mine)
        .options(joinedload(SourceSubject.actor), joinedload(SourceSubject.topic))
        .order_by(SourceSubject.position)
        .limit(SHORT_LIST)
    )
    found = tuple(_subject(item) for item in session.scalars(statement))
    if len(found) < SHORT_LIST:
        return found, len(found)
    number = session.scalar(select(func.count(SourceSubject.id)).where(mine))
    return found, number or 0


def _subject(subject: SourceSubject) -> Subject:
    return Subject(
        kind=subject.kind,
        label=subject.label,
        resolved=maybe(actor_ref, subject.actor) or maybe(topic_ref, subject.topic),
    )
