"""What a list of sources can be asked for, and what it shows."""

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from models import (
    Actor,
    Evidence,
    Mention,
    Passage,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    Topic,
    load_dates,
)
from models.enums import SourceKind
from queries import parameters
from queries.filters import (
    Filter,
    Listing,
    ListOf,
    Rows,
    actors_called,
    any_of,
    by_choice,
    by_code,
    by_days,
    by_slug,
    by_words,
    has,
    run,
)
from queries.passages import newest_text
from queries.refs import actor_ref, maybe, source_ref, written
from queries.shapes import Page
from queries.sources.shapes import HELD, NONE, WITHHELD, SourceItem
from queries.stances.attribution import attributed_to

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


def _tells_of(slug: str) -> ColumnElement[bool]:
    """True of the sources on which a stance of an actor, or attributed to it, rests."""
    return Source.id.in_(
        select(SourceText.source_id)
        .join(Evidence, Evidence.source_text_id == SourceText.id)
        .join(Stance, Stance.id == Evidence.stance_id)
        .where(attributed_to(slug))
    )


SOURCES = ListOf(
    noun="sources",
    filters=(
        by_words(
            "Words of the title, the publisher, the labels of its subjects, and all "
            "names of who issued it.",
            Source.title,
            Source.publisher,
            others=[
                lambda word: Source.issuer_id.in_(actors_called(word)),
                lambda word: Source.id.in_(
                    select(SourceSubject.source_id).where(
                        has(SourceSubject.label, word)
                    )
                ),
            ],
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
        by_slug(
            "holder",
            "Only sources that tell where this actor stands, or who speaks for it.",
            _tells_of,
        ),
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


def find_sources(session: Session, listing: Listing | None = None) -> Page[SourceItem]:
    """Load one page of the sources."""
    return run(session, SOURCES, select(Source), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[SourceItem, ...]:
    """Load the sources that a select finds, in its order, in two statements at most."""
    with_counts = statement.add_columns(_PASSAGES, _TEXT_STATE)
    rows = session.execute(
        with_counts.options(joinedload(Source.issuer), joinedload(Source.original))
    )
    found = list(rows)
    derived = {source.id for source, _, _ in found if source.derived_from_id}
    days = load_dates(session, derived) if derived else {}
    return tuple(
        SourceItem(
            slug=source.slug,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            issuer=maybe(actor_ref, source.issuer),
            published=written(source, "published"),
            dated=written(days.get(source.id, source), "published"),
            original_url=source.url,
            language=source.language,
            licence=source.licence,
            text_state=state,
            passages=number,
            derived_from=maybe(source_ref, source.original),
            derivation=source.derivation,
        )
        for source, number, state in found
    )
