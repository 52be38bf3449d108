"""The search page: passages first of all, and what else the words are found in.

`search` answers a query from the index and loads what the page shows from the database,
in a number of statements that does not grow with the page. The page, the JSON API and
the command line show the same `SearchPage`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from errors import BadRequest
from models import Actor, Evidence, Meeting, Passage, Proposition, Source, Stance, Topic
from models.enums import Certainty, Mode
from queries.badges import firmness, status_badge
from queries.dates import WrittenDate
from queries.evidence import (
    cite,
    newest_text,
    passages,
    said_by,
    spans_where,
    stance_label,
)
from queries.filters import (
    check_number,
    check_text,
    refused,
    unknown_parameter,
    whole_number,
)
from queries.meetings import select_meetings
from queries.refs import source_ref, written
from queries.shapes import Badge, ClaimRef, Ref, address
from queries.spread import PAGES, asks_for_sources, spread
from queries.stances import CURRENT
from search import highlight, saying, suggest
from search.documents import Builder
from search.engine import Count, Document, Engine, Hit, Request, Result
from search.engines import open_engine
from search.fields import FACETS, SORTS, Kind
from search.highlight import Piece
from search.language import LONGEST_QUERY as LONGEST_QUERY
from search.language import QueryError, parse, plain_words
from search.meaning import Matching, is_wording, settle
from search.names import DatabaseNames
from search.sync import changes_are, count_queued
from search.tree import All, AnyOf, Days, Node, Or, Together
from settings import load_settings

DEFAULT_LIMIT = 10
#: Results end here: whoever wants them all wants SQL or an export.
MOST_RESULTS = 10_000

Given: TypeAlias = str | Sequence[str] | None
"""What a filter takes: a value, or several of which any will do."""

UNDATED = WrittenDate(edtf=None, earliest=None, latest=None, as_written=None)

_PLURALS = {
    Kind.PASSAGE: "Passages",
    Kind.MEETING: "Meetings",
    Kind.ACTOR: "Actors",
    Kind.STANCE: "Stances",
    Kind.PROPOSITION: "Propositions",
}


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """A thing that was found."""

    kind: str
    """passage, meeting, actor, stance or proposition."""
    slug: str
    """Its stable key; of a passage the source's slug and the position: `x/7`."""
    title: str
    """What to call it: the source's title for a passage, its own otherwise."""
    title_pieces: tuple[Piece, ...]
    """The title, cut where the words of the query are marked."""
    snippet: tuple[Piece, ...]
    """The best part of its text, cut where the words of the query are marked."""
    score: float
    """How well it matches; comparable within one query."""
    url: str
    """Where it stands on the site."""
    date: WrittenDate
    """When the source was published, the meeting was, the stance was stated."""
    source: Ref | None = None
    """The source of a passage; its label is the title."""
    position: int | None = None
    """The place of a passage in its source, from 1."""
    claims: tuple[ClaimRef, ...] = ()
    """What rests on a passage."""
    badge: Badge | None = None
    """A meeting's status: a planned one must not pass for one that was held."""
    said_by: str | None = None
    """Who says that the meeting has this status, or that the stance is held."""
    mode: Mode | None = None
    """How a stance is known."""
    certainty: Certainty | None = None
    """How sure the holder of a stance is."""
    current: bool = True
    """False of a stance that another supersedes or retracts."""


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """A value of a facet."""

    value: str
    """What the parameter of that name takes."""
    label: str
    """What to call it."""
    count: int
    """How many of the results have it; exact, and counted without its own filter."""
    selected: bool
    """Whether the results are narrowed to it."""


@dataclass(frozen=True, kw_only=True)
class QueryPart:
    """A part of the query that can be dropped."""

    sentence: str
    """What it asks for."""
    without: str
    """The query without it."""


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """One page of results, and what to do next."""

    query: str
    """The query as it was given."""
    sentence: str
    """The query in words."""
    parts: tuple[QueryPart, ...]
    """The query taken apart; none if it has only one part."""
    notices: tuple[str, ...]
    """What the reader should know, such as that the query could not be read."""
    total: int
    """How many things match, exactly, of what is in the index."""
    queued: int
    """How many changed records the index has yet to take."""
    hits: tuple[SearchHit, ...]
    """The results of this page."""
    facets: dict[str, tuple[FacetValue, ...]]
    """The most frequent values of each facet, with those that are selected."""
    filters: dict[str, tuple[str, ...]]
    """The filters that are set, by facet."""
    did_you_mean: str | None
    """Another spelling of the query, which finds more."""
    match: str
    """all, or any where passages with some of the words are shown."""
    sort: str
    """The order: relevance, date (oldest first) or -date (newest first)."""
    spread: bool
    """Whether the first page keeps to two passages of a source."""
    page: int
    """Which page this is, from 1."""
    limit: int
    """How many results a page holds at most."""
    pages: int = field(init=False)
    """How many pages there are; at least 1."""

    def __post_init__(self) -> None:
        reached = min(self.total, MOST_RESULTS)
        object.__setattr__(self, "pages", max(1, -(-reached // self.limit)))

    @property
    def more(self) -> bool:
        """Whether a page follows this one."""
        return self.page < self.pages


def search(
    session: Session,
    query: str = "",
    *,
    kind: Given = None,
    actor: Given = None,
    topic: Given = None,
    meeting: Given = None,
    source: Given = None,
    publisher: Given = None,
    year: Given = None,
    match: Matching | None = None,
    sort: str = "relevance",
    spread: bool = True,
    page: int = 1,
    limit: int = DEFAULT_LIMIT,
    lenient: bool = False,
    engine: Engine | None = None,
) -> SearchPage:
    """Search the record.

        page = search(session, "drones actor:iran", limit=10)

    Args:
        session: an open session on the database that the index follows.
        query: in the query language (`docs/query-language.md`); empty for everything.
        kind: narrows to kinds of things: passage, meeting, actor, stance, proposition.
        actor: narrows to actors, by slug.
        topic: narrows to topics and all below them, by slug.
        meeting: narrows to meetings, by slug.
        source: narrows to sources, by slug.
        publisher: narrows to publishers, as they are written.
        year: narrows to what may have been in a year, such as "2022".
        match: whether "all" words must be found or "any" will do. If it is not said,
            all, or any where nothing has all of them.
        sort: "relevance", "date" (oldest first) or "-date" (newest first).
        spread: keep to two passages of a source on the first page, by relevance and
            unless the search names its sources.
        page: which page of the results, from 1.
        limit: how many results make a page.
        lenient: search for the words of a query that cannot be read, and say so,
            instead of refusing it.
        engine: the search engine; by default the configured one.

    Raises:
        BadRequest: the query cannot be read, or an argument cannot be used.
        Unavailable: the index or the database cannot be used.
    """
    given = {
        "kind": kind,
        "actor": actor,
        "topic": topic,
        "meeting": meeting,
        "source": source,
        "publisher": publisher,
        "year": year,
    }
    asked = Asked(
        query=query,
        filters={name: _several(values) for name, values in given.items() if values},
        match=match,
        sort=sort,
        spread=spread,
        page=page,
        limit=limit,
    )
    asked.check()
    return _Search(session, engine or configured_engine(), asked, lenient).run()


def configured_engine() -> Engine:
    """Return the search engine that the settings name."""
    settings = load_settings()
    return open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )


# What is asked for


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request asks for, as parameters say it."""

    query: str = ""
    """The query: the parameter `q`."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of each facet that the results are narrowed to."""
    match: Matching | None = None
    """Whether all words must be found or any will do."""
    sort: str = "relevance"
    """The order of the results."""
    spread: bool = True
    """Whether the first page keeps to two passages of a source."""
    page: int = 1
    """The page, from 1."""
    limit: int = DEFAULT_LIMIT
    """How many results a page holds."""

    def check(self) -> None:
        """Refuse what cannot be used."""
        for name, values in self.filters.items():
            check_number(name, values)
            for value in values:
                _check_filter(name, value)
        _check_word("sort", self.sort, SORTS)
        if self.match is not None:
            _check_word("match", self.match, ("all", "any"))
        whole_number("limit", str(self.limit))
        whole_number("page", str(self.page))
        if self.page * self.limit > MOST_RESULTS:
            raise BadRequest(
                f"Only the first {MOST_RESULTS:,} results can be read; narrow the "
                "search.",
                field="page",
            )

    def arguments(self) -> dict[str, Any]:
        """Return it as the keyword arguments of `search`."""
        return {
            **self.filters,
            "query": self.query,
            "match": self.match,
            "sort": self.sort,
            "spread": self.spread,
            "page": self.page,
            "limit": self.limit,
        }


#: The parameters of the search page and of its JSON.
PARAMETERS = ("q", *FACETS, "match", "sort", "spread", "page", "limit")


def read(
    args: Mapping[str, Sequence[str] | str],
) -> tuple[Asked, tuple[BadRequest, ...]]:
    """Check a request's parameters; an empty value counts as not given.

    Returns:
        What can be used of it, and a fault for everything that cannot.
    """
    faults: list[BadRequest] = []
    known: dict[str, Any] = {"filters": {}}
    for name, raw in args.items():
        texts = tuple(text for text in _several(raw) if text)
        try:
            if name not in PARAMETERS:
                raise unknown_parameter(name, PARAMETERS)
            if texts:
                _read_parameter(known, name, texts)
        except BadRequest as fault:
            faults.append(fault)
    asked = Asked(**known)
    try:
        asked.check()
    except BadRequest as fault:
        faults.append(fault)
        asked = Asked(**known | {"page": 1, "limit": DEFAULT_LIMIT})
    return asked, tuple(faults)


def strictly(args: Mapping[str, Sequence[str] | str]) -> Asked:
    """Check a request's parameters and refuse it for the first fault."""
    asked, faults = read(args)
    if faults:
        raise faults[0]
    return asked


def _read_parameter(known: dict[str, Any], name: str, texts: tuple[str, ...]) -> None:
    if name == "q":
        known["query"] = texts[-1]  # the parser checks it
    elif name in FACETS:
        check_number(name, texts)
        for text in texts:
            _check_filter(name, text)
        known["filters"][name] = texts
    elif name in ("page", "limit"):
        known[name] = whole_number(name, texts[-1])
    elif name == "spread":
        _check_word(name, texts[-1], ("on", "off"))
        known[name] = texts[-1] == "on"
    else:
        _check_word(name, texts[-1], SORTS if name == "sort" else ("all", "any"))
        known[name] = texts[-1]


def _check_filter(name: str, text: str) -> None:
    check_text(name, text)
    if name == "kind":
        _check_word(name, text, tuple(Kind))
    if name == "year" and not re.fullmatch(r"(?!0000)[0-9]{4}", text):
        raise refused(name, text, "a year such as 2022")


def _check_word(name: str, text: str, known: Iterable[str]) -> None:
    if text not in known:
        raise refused(name, text, f"one of {', '.join(known)}")


def _several(given: Given) -> tuple[str, ...]:
    if not given:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


# Searching


class _Search:
    """One search, from the query to the page."""

    def __init__(
        self, session: Session, engine: Engine, asked: Asked, lenient: bool
    ) -> None:
        self._session = session
        self._engine = engine
        self._asked = asked
        self._lenient = lenient
        self._names = DatabaseNames(session)
        self._notices: list[str] = []

    def run(self) -> SearchPage:
        # Counted before the index is read, so what it lacks is never kept silent.
        queued = count_queued(self._session)
        tree = self._parsed()
        matching: Matching = self._asked.match or "all"
        try:
            result = self._ask(tree, matching)
        except QueryError as error:
            if not self._lenient:
                raise
            tree = self._words_of(error)
            result = self._ask(tree, matching)
        besides = list(dict.fromkeys(self._names.unknown))
        if queued:
            besides.append(f"{changes_are(queued)} queued and not yet in the index.")
        spelling = None
        if not self._notices:  # else these are not the words that were meant
            spelling = self._spelling(tree, matching, result.total)
        if not result.total and self._asked.match is None and _may_loosen(tree):
            loose = self._ask(tree, "any")
            if loose.total:
                matching, result = "any", loose
                self._notices.append(
                    "Nothing has all of these words; shown is what has some of them."
                )
        settled = settle(tree, self._names, matching)
        return SearchPage(
            query=self._asked.query,
            sentence=self._sentence(tree),
            parts=_parts(tree, self._names),
            notices=(*self._notices, *besides),
            total=result.total,
            queued=queued,
            hits=_Hits(self._session, settled).load(self._arranged(tree, result)),
            facets=self._facets(result),
            filters=dict(self._asked.filters),
            did_you_mean=spelling,
            match=matching,
            sort=self._asked.sort,
            spread=self._spreads(tree) and result.total > self._asked.limit,
            page=self._asked.page,
            limit=self._asked.limit,
        )

    def _parsed(self) -> Node:
        try:
            return parse(self._asked.query)
        except QueryError as error:
            if not self._lenient:
                raise
            return self._words_of(error)

    def _words_of(self, error: QueryError) -> Node:
        """Fall back to the plain words of a query that cannot be answered."""
        words = plain_words(self._asked.query)
        done = "Its words were searched for instead." if words else ""
        self._notices.append(f"The query cannot be read: {error.detail} {done}".strip())
        return words or Or(())

    def _ask(self, tree: Node, matching: Matching) -> Result:
        filters = tuple(self._filters())
        offset = (self._asked.page - 1) * self._asked.limit
        limit = self._asked.limit
        if self._rearranges(tree):
            offset, limit = 0, PAGES * limit
        return self._engine.search(
            Request(
                query=settle(tree, self._names, matching),
                filters=filters,
                facets=FACETS,
                broader={"topic": self._names.above_topics},
                sort=self._asked.sort,
                offset=offset,
                limit=limit,
            )
        )

    def _spreads(self, tree: Node) -> bool:
        """Whether the first page keeps to some passages of each source."""
        asked = self._asked
        named = "source" in asked.filters or asks_for_sources(tree)
        return asked.spread and asked.sort == "relevance" and not named

    def _rearranges(self, tree: Node) -> bool:
        """Whether this page is among those that the spreading rearranges."""
        return self._spreads(tree) and self._asked.page <= PAGES

    def _arranged(self, tree: Node, result: Result) -> tuple[Hit, ...]:
        """The results of this page, in the order in which it shows them."""
        if not self._rearranges(tree):
            return result.hits
        limit = self._asked.limit
        hits = result.hits if result.total <= limit else spread(result.hits, limit)
        return hits[(self._asked.page - 1) * limit :][:limit]

    def _filters(self) -> Iterable[tuple[str, Node]]:
        for name, values in self._asked.filters.items():
            if name == "year":
                years = (int(value) for value in values)
                spans = [
                    Days(date(year, 1, 1), date(year, 12, 31), f"{year:04}")
                    for year in years
                ]
                yield name, Or(tuple(spans))
            elif name == "topic":
                yield name, AnyOf(name, self._names.below_topics(values))
            else:
                yield name, AnyOf(name, values)

    def _sentence(self, tree: Node) -> str:
        kinds = self._asked.filters.get("kind", ())
        plurals = [_PLURALS[Kind(kind)].lower() for kind in kinds]
        what = " and ".join(plurals) or "passages and records"
        if not self._asked.query.strip():
            return what
        return f"{what} {saying.say(tree, self._names.call)}"

    def _spelling(self, tree: Node, matching: Matching, total: int) -> str | None:
        """Another spelling that finds more, if a word of the query is found nowhere."""
        wrong = suggest.misspelt(self._engine, tree)
        if not wrong:
            return None
        for number in range(suggest.MOST_SPELLINGS):
            chosen = {
                leaf: spellings[min(number, len(spellings) - 1)]
                for leaf, spellings in wrong.items()
            }
            better = suggest.respelt(tree, chosen)
            found = self._engine.search(
                Request(
                    query=settle(better, self._names, matching),
                    filters=tuple(self._filters()),
                    limit=0,
                )
            )
            if found.total > total:
                return str(better)
        return None

    # Facets

    def _facets(self, result: Result) -> dict[str, tuple[FacetValue, ...]]:
        facets = {}
        for name, counts in result.facets.items():
            chosen = self._asked.filters.get(name, ())
            counted = {count.value for count in counts}
            shown = [
                *counts,
                *(Count(value, 0) for value in chosen if value not in counted),
            ]
            labels = self._labels(name, [count.value for count in shown])
            facets[name] = tuple(
                FacetValue(
                    value=count.value,
                    label=labels.get(count.value, count.value),
                    count=count.count,
                    selected=count.value in chosen,
                )
                for count in shown
            )
        return facets

    def _labels(self, facet: str, values: Sequence[str]) -> Mapping[str, str]:
        if facet == "kind":
            return {kind.value: plural for kind, plural in _PLURALS.items()}
        columns: dict[str, tuple[Any, Any]] = {
            "actor": (Actor.slug, Actor.name),
            "topic": (Topic.slug, Topic.name),
            "meeting": (Meeting.slug, Meeting.title),
            "source": (Source.slug, Source.title),
        }
        if facet not in columns or not values:
            return {}
        slug, label = columns[facet]
        rows = self._session.execute(select(slug, label).where(slug.in_(values)))
        return {key: name for key, name in rows}


def _may_loosen(tree: Node) -> bool:
    return isinstance(tree, Together) and sum(map(is_wording, tree.children)) > 1


def _parts(tree: Node, names: DatabaseNames) -> tuple[QueryPart, ...]:
    found = saying.parts(tree, names.call)
    if len(found) < 2 or isinstance(tree, All):
        return ()
    return tuple(
        QueryPart(sentence=part.sentence, without=part.without) for part in found
    )


# Results


class _Hits:
    """Loads what the page shows of the results: a few statements for each kind."""

    def __init__(self, session: Session, query: Node) -> None:
        self._session = session
        self._query = query
        self._builder = Builder(session)

    def load(self, hits: Sequence[Hit]) -> tuple[SearchHit, ...]:
        keys: dict[Kind, list[str]] = {}
        for hit in hits:
            kind, _, key = hit.id.partition("/")
            keys.setdefault(Kind(kind), []).append(key)
        loaders: dict[Kind, Callable[[list[str]], dict[str, dict[str, Any]]]] = {
            Kind.PASSAGE: self._passages,
            Kind.MEETING: self._meetings,
            Kind.ACTOR: self._actors,
            Kind.STANCE: self._stances,
            Kind.PROPOSITION: self._propositions,
        }
        found = {
            f"{kind}/{key}": shown
            for kind, wanted in keys.items()
            for key, shown in loaders[kind](wanted).items()
        }
        # What was deleted since it was indexed is left out.
        return tuple(
            SearchHit(score=hit.score, **found[hit.id])
            for hit in hits
            if hit.id in found
        )

    def _passages(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        places = [key.rsplit("/", 1) for key in keys]
        chosen = or_(
            *(
                and_(Source.slug == slug, Passage.position == int(position))
                for slug, position in places
            )
        )
        rows = self._session.execute(passages().where(newest_text(), chosen)).all()
        claims = self._claims([row.Passage for row in rows])
        found = {}
        for row in rows:
            passage, source = row.Passage, row.Source
            found[f"{source.slug}/{passage.position:06}"] = {
                "kind": Kind.PASSAGE.value,
                "slug": f"{source.slug}/{passage.position}",
                "title": source.title,
                "title_pieces": self._marked(source.title, source.language),
                "snippet": highlight.snippet(
                    row.text or "", source.language, self._query
                ),
                "url": f"{address('source', source.slug)}#p{passage.position}",
                "date": written(source, "published"),
                "source": source_ref(source),
                "position": passage.position,
                "claims": claims[passage.id],
            }
        return found

    def _claims(self, shown: Sequence[Passage]) -> dict[int, tuple[ClaimRef, ...]]:
        """Return what rests on each passage."""
        if not shown:
            return {}
        conditions: list[ColumnElement[bool]] = [
            and_(
                Evidence.source_text_id == passage.source_text_id,
                Evidence.start_char < passage.end_char,
                Evidence.end_char > passage.start_char,
            )
            for passage in shown
        ]
        spans = spans_where(self._session, or_(*conditions))
        return {
            passage.id: tuple(
                dict.fromkeys(
                    span.claim
                    for span in spans
                    if span.text_id == passage.source_text_id
                    and span.start < passage.end_char
                    and span.end > passage.start_char
                )
            )
            for passage in shown
        }

    def _meetings(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        chosen = select_meetings().where(Meeting.slug.in_(keys))
        rows = self._session.execute(chosen).all()
        events = [event.id for _, event in rows if event is not None]
        citations = cite(self._session, {"status_event": events})
        titles, more = {}, {}
        for row, event in rows:
            told = citations["status_event", event.id] if event else ()
            status = event.status if event else None
            titles[row.slug] = (row.title, written(row, "date"))
            more[row.slug] = {
                "badge": status_badge(status, firmness(told)),
                "said_by": said_by(told),
            }
        return self._records("meeting", self._builder.meetings(keys), titles, more)

    def _actors(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.scalars(select(Actor).where(Actor.slug.in_(keys)))
        titles = {row.slug: (row.name, UNDATED) for row in rows}
        return self._records("actor", self._builder.actors(keys), titles)

    def _stances(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.execute(
            select(Stance, CURRENT.label("current"))
            .where(Stance.slug.in_(keys))
            .options(
                joinedload(Stance.holder),
                joinedload(Stance.proposition),
                joinedload(Stance.target_actor),
            )
        ).all()
        citations = cite(self._session, {"stance": [row.id for row, _ in rows]})
        titles = {
            row.slug: (stance_label(row), written(row, "stated")) for row, _ in rows
        }
        more = {
            row.slug: {
                "said_by": said_by(citations["stance", row.id]),
                "mode": row.mode,
                "certainty": row.certainty,
                "current": bool(current),
            }
            for row, current in rows
        }
        return self._records("stance", self._builder.stances(keys), titles, more)

    def _propositions(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.scalars(
            select(Proposition).where(Proposition.slug.in_(keys))
        )
        titles = {row.slug: (row.text, written(row, "about")) for row in rows}
        return self._records("proposition", self._builder.propositions(keys), titles)

    def _records(
        self,
        kind: str,
        documents: Iterable[Document],
        titles: Mapping[str, tuple[str, WrittenDate]],
        more: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> dict[str, dict[str, Any]]:
        """Show records with the texts that the index has of them."""
        found = {}
        for document in documents:
            slug = document.id.partition("/")[2]
            title, when = titles[slug]
            found[slug] = {
                "kind": kind,
                "slug": slug,
                "title": title,
                "title_pieces": self._marked(title, "en"),
                "snippet": self._best(document),
                "url": address(kind, slug),
                "date": when,
                **more.get(slug, {}),
            }
        return found

    def _best(self, document: Document) -> tuple[Piece, ...]:
        """The text of a record that matches best, by the number of its marks."""
        texts = [
            highlight.snippet(text, language, self._query)
            for text, language in document.text
        ]
        return max(texts, key=lambda pieces: sum(p.marked for p in pieces), default=())

    def _marked(self, title: str, language: str | None) -> tuple[Piece, ...]:
        return highlight.mark(title, language, self._query, "title")
