"""The search: a request is answered from the index, and shown from the database.

The number of statements does not grow with the page. The page, the JSON API and the
command line show the same `SearchPage`.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from queries.search.facets import PLURALS, load_facets
from queries.search.hits import load_hits
from queries.search.page import QueryPart, SearchPage
from queries.search.request import SearchRequest
from queries.spread import PAGES, asks_for_sources, spread
from search import saying, suggest
from search.engine import Engine, Hit, Request, Result
from search.engines import open_engine
from search.fields import FACETS, Kind
from search.language import QueryError, parse, plain_words
from search.loosely import loosen
from search.meaning import Matching, as_typed, is_wording, settle
from search.names import DatabaseNames
from search.queue import changes_are, count_queued
from search.tie import ANOTHER_AGE, belongs
from search.tree import All, AnyOf, Days, Node, Or, Together
from settings import Settings, load_settings


def engine_of(settings: Settings | None = None) -> Engine:
    """Open the search engine that the settings name; everybody opens it here."""
    settings = settings or load_settings()
    return open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )


def search(
    session: Session, request: SearchRequest, engine: Engine, *, lenient: bool = False
) -> SearchPage:
    """Answer a request.

    Args:
        session: an open session on the database that the index follows.
        request: what is asked for.
        engine: the search engine.
        lenient: search for the words of a query that cannot be read, and say so,
            instead of refusing it.

    Raises:
        BadRequest: the query cannot be read.
        Unavailable: the index or the database cannot be used.
    """
    return _Search(session, request, engine, lenient).run()


class _Search:
    """One search, from the query to the page."""

    def __init__(
        self,
        session: Session,
        request: SearchRequest,
        engine: Engine,
        lenient: bool,
    ) -> None:
        self._session = session
        self._engine = engine
        self._request = request
        self._lenient = lenient
        self._names = DatabaseNames(session, recognise=request.names)
        self._notices: list[str] = []
        self._state: list[str] = []
        self._changes: tuple[str, ...] = ()

    def run(self) -> SearchPage:
        # Counted before the index is read, so what it lacks is never kept silent.
        queued = count_queued(self._session)
        if not belongs(self._engine, self._session):
            self._state.append(ANOTHER_AGE)
        tree = self._parsed()
        matching: Matching = self._request.match or "all"
        try:
            result = self._ask(tree, matching)
        except QueryError as error:
            if not self._lenient:
                raise
            tree = self._words_of(error)
            result = self._ask(tree, matching)
        besides = [*self._state, *dict.fromkeys(self._names.unknown)]
        if queued:
            besides.append(f"{changes_are(queued)} queued and not yet in the index.")
        spelling = None
        if not self._notices:  # else these are not the words that were meant
            spelling = self._spelling(tree, matching, result.total)
        if not result.total and self._request.match is None and _may_loosen(tree):
            loose = self._ask(tree, "any")
            if loose.total:
                matching, result = "any", loose
                self._notices.append(
                    "Nothing has all of these words; shown is what has some of them."
                )
        settled = settle(tree, self._names, matching)
        return SearchPage(
            query=self._request.query,
            sentence=self._sentence(tree),
            parts=_parts(tree, self._names),
            notices=(*self._notices, *self._changes, *besides),
            total=result.total,
            queued=queued,
            hits=load_hits(self._session, settled, self._arranged(tree, result)),
            facets=load_facets(self._session, result.facets, self._request.filters),
            filters=dict(self._request.filters),
            did_you_mean=spelling,
            match=matching,
            sort=self._request.sort,
            spread=self._spreads(tree) and result.total > self._request.limit,
            page=self._request.page,
            limit=self._request.limit,
        )

    def _parsed(self) -> Node:
        try:
            if self._request.strict:
                return parse(self._request.query)
            query, changes = loosen(self._request.query)
            tree = parse(query)
            self._changes = changes
            return tree
        except QueryError as error:
            if not self._lenient:
                raise
            return self._words_of(error)

    def _words_of(self, error: QueryError) -> Node:
        """Fall back to the plain words of a query that cannot be answered."""
        words = plain_words(self._request.query)
        done = "Its words were searched for instead." if words else ""
        self._notices.append(f"The query cannot be read: {error.detail} {done}".strip())
        return words or Or(())

    def _ask(self, tree: Node, matching: Matching) -> Result:
        filters = tuple(self._filters())
        offset = (self._request.page - 1) * self._request.limit
        limit = self._request.limit
        if self._rearranges(tree):
            offset, limit = 0, PAGES * limit
        return self._engine.search(
            Request(
                query=settle(tree, self._names, matching),
                filters=filters,
                facets=FACETS,
                broader={"topic": self._names.above_topics},
                sort=self._request.sort,
                offset=offset,
                limit=limit,
            )
        )

    def _spreads(self, tree: Node) -> bool:
        """Whether the first page keeps to some passages of each source."""
        request = self._request
        named = "source" in request.filters or asks_for_sources(tree)
        return request.spread and request.sort == "relevance" and not named

    def _rearranges(self, tree: Node) -> bool:
        """Whether this page is among those that the spreading rearranges."""
        return self._spreads(tree) and self._request.page <= PAGES

    def _arranged(self, tree: Node, result: Result) -> tuple[Hit, ...]:
        """The results of this page, in the order in which it shows them."""
        if not self._rearranges(tree):
            return result.hits
        limit = self._request.limit
        hits = result.hits if result.total <= limit else spread(result.hits, limit)
        return hits[(self._request.page - 1) * limit :][:limit]

    def _filters(self) -> Iterable[tuple[str, Node]]:
        for name, values in self._request.filters.items():
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
        kinds = self._request.filters.get("kind", ())
        plurals = [PLURALS[Kind(kind)].lower() for kind in kinds]
        what = " and ".join(plurals) or "passages and records"
        if not self._request.query.strip():
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


def _may_loosen(tree: Node) -> bool:
    return isinstance(tree, Together) and sum(map(is_wording, tree.children)) > 1


def _parts(tree: Node, names: DatabaseNames) -> tuple[QueryPart, ...]:
    """Take a query apart: what stands in it, and the names that were added to it."""
    added = tuple(
        QueryPart(
            sentence=f"“{named.text}” also by the other names of {name}",
            without=str(as_typed(tree, named)),
        )
        for named, name in names.named.items()
    )
    found = saying.parts(tree, names.call)
    if len(found) < 2 or isinstance(tree, All):
        return added
    return (
        *(QueryPart(sentence=part.sentence, without=part.without) for part in found),
        *added,
    )
