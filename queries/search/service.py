"""The search: a request is answered from the index, and shown from the database.

The number of statements does not grow with the page. The page, the JSON API and the
command line show the same `SearchPage`.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from queries.search.facets import PLURALS, load_facets
from queries.search.folding import fold_derived
from queries.search.hits import load_hits
from queries.search.named import find_named
from queries.search.nearest import Nearby, nearest
from queries.search.page import QueryPart, SearchPage
from queries.search.ranking import Ranking, rank
from queries.search.request import SearchRequest
from queries.search.years import MOST_MONTH_YEARS, MOST_YEARS, month_bars, year_bars
from queries.spread import asks_for_sources, sources_of
from search import saying, suggest
from search.engine import Count, Engine, Request, Result
from search.engines import open_engine
from search.fields import FACETS, Kind
from search.language import parse, plain_words
from search.meaning import Matching, as_typed, is_wording, resolve
from search.names import DatabaseNames
from search.query_error import QueryError
from search.queue import await_queued
from search.rewriting import rewrite
from search.tie import ANOTHER_AGE, belongs
from search.tree import All, And, AnyOf, Days, Favour, Node, Not, Or, Together
from search.when import favour_dates
from settings import Settings, load_settings
from wording import counted

#: With fewer passages than this in the first part, facets count both parts.
FEW_PASSAGES = 10


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
        queued = await_queued(self._session, self._request.wait)
        if not belongs(self._engine, self._session):
            self._state.append(ANOTHER_AGE)
        tree = self._parsed()
        matching: Matching = self._request.match or "all"
        try:
            found = self._rank(tree)
        except QueryError as error:
            if not self._lenient:
                raise
            tree = self._words_of(error)
            found = self._rank(tree)
        total, some = found.first.total, found.some
        besides = [*self._state, *dict.fromkeys(self._names.unknown)]
        if queued:
            changes = counted(queued, "change is", "changes are")
            besides.append(f"{changes} queued and not yet in the index.")
        spelling = None
        if not self._notices:  # else these are not the words that were meant
            spelling = self._spelling(tree, matching, total)
        if some and not total:
            matching = "any"
            self._notices.append(
                "Nothing has all of these words; shown is what has some of them."
            )
        facets_of, facets = self._facets(tree, matching, found)
        years = self._years(tree, facets_of, facets)
        months = self._months(tree, facets_of, [count.value for count in years])
        chosen = self._request.filters.get("month", ())
        if chosen:
            facets = {**facets, "month": months}
        # Any of the words are marked, in the first part too: there it has them all.
        loose = "any" if some else matching
        resolved = resolve(tree, self._names, loose)
        more = self._more_of_sources(resolved, found) if self._spreads(tree) else {}
        hits = [
            replace(
                hit,
                all_words=hit.all_words and matching == "all",
                more_of_source=more.get(hit.source.slug, 0) if hit.source else 0,
            )
            for hit in load_hits(self._session, resolved, found.hits, found.line)
        ]
        return SearchPage(
            query=self._request.query,
            sentence=self._sentence(tree),
            parts=_parts(tree, self._names),
            notices=(*self._notices, *self._changes, *besides),
            total=total,
            some=some,
            queued=queued,
            named=find_named(tree, self._names),
            hits=fold_derived(self._session, hits),
            facets_of=facets_of,
            facets=load_facets(self._session, facets, self._request.filters),
            years=year_bars(years, self._request.filters.get("year", ())),
            months=month_bars(months, chosen),
            filters=dict(self._request.filters),
            did_you_mean=spelling,
            nearest=self._nearest(tree) if not total and not some else (),
            match=matching,
            sort=self._request.sort,
            spread=self._spreads(tree) and total + (some or 0) > self._request.limit,
            page=self._request.page,
            limit=self._request.limit,
        )

    def _parsed(self) -> Node:
        try:
            if self._request.strict:
                return parse(self._request.query)
            query, changes = rewrite(self._request.query)
            self._changes = changes
            return favour_dates(parse(query))
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

    def _rank(self, tree: Node) -> Ranking:
        """Ask for this page, in one part or two."""
        request = self._request
        strict = resolve(tree, self._names, request.match or "all")
        loose = resolve(tree, self._names, "any")
        rest = And((loose, Not(strict)))

        def ask(first: bool, offset: int, limit: int) -> Result:
            return self._engine.search(
                Request(
                    query=strict if first else rest,
                    filters=tuple(self._filters()),
                    facets=FACETS if first else (),
                    broader={"topic": self._names.above_topics},
                    sort=request.sort,
                    offset=offset,
                    limit=limit,
                )
            )

        return rank(
            ask,
            two=request.match is None and _may_drop_words(tree),
            sort=request.sort,
            spreads=self._spreads(tree),
            page=request.page,
            limit=request.limit,
        )

    def _facets(
        self, tree: Node, matching: Matching, found: Ranking
    ) -> tuple[Matching, Mapping[str, Sequence[Count]]]:
        """The facets of the first part, or of both where it has few passages."""
        counted = found.first.facets
        kinds = {count.value: count.count for count in counted.get("kind", ())}
        few = min(kinds.get(Kind.PASSAGE, 0), found.first.total) < FEW_PASSAGES
        if not (found.some and few):
            return matching, counted
        both = self._engine.search(
            Request(
                query=resolve(tree, self._names, "any"),
                filters=tuple(self._filters()),
                facets=FACETS,
                broader={"topic": self._names.above_topics},
                limit=0,
            )
        )
        return "any", both.facets

    def _nearest(self, tree: Node) -> tuple[Nearby, ...]:
        def counts(query: str, without: Collection[str]) -> int:
            filters = [pair for pair in self._filters() if pair[0] not in without]
            tree = parse(query)
            if not self._request.strict:
                tree = favour_dates(tree)
            asked = resolve(tree, self._names, self._request.match or "all")
            request = Request(query=asked, filters=tuple(filters), limit=0)
            return self._engine.search(request).total

        return nearest(tree, self._request.filters, counts)

    def _years(
        self, tree: Node, match: Matching, facets: Mapping[str, Sequence[Count]]
    ) -> Sequence[Count]:
        """The hits by year; asked for anew only if the facet has not all years."""
        counts = facets.get("year", ())
        if len(counts) >= Request.most_values:
            counted = self._engine.search(
                Request(
                    query=resolve(tree, self._names, match),
                    filters=tuple(self._filters()),
                    facets=("year",),
                    most_values=MOST_YEARS,
                    limit=0,
                )
            )
            counts = counted.facets["year"]
        return counts

    def _months(
        self, tree: Node, match: Matching, years: Sequence[str]
    ) -> Sequence[Count]:
        """The hits by month of the chosen years, or of all; none of many years."""
        chosen = self._request.filters.get("month", ())
        span: Sequence[str] = self._request.filters.get("year") or years
        if chosen:
            span = [month[:4] for month in chosen]
        if not span or int(max(span)) - int(min(span)) >= MOST_MONTH_YEARS:
            return ()
        counted = self._engine.search(
            Request(
                query=resolve(tree, self._names, match),
                filters=tuple(self._filters()),
                facets=("month",),
                month_years=(int(min(span)), int(max(span))),
                most_values=12 * MOST_MONTH_YEARS,
                limit=0,
            )
        )
        return counted.facets["month"]

    def _more_of_sources(self, resolved: Node, found: Ranking) -> Mapping[str, int]:
        """How many passages of each source of this page are not on it."""
        shown = sources_of(found.hits)
        if not shown:
            return {}
        passages = AnyOf("kind", (Kind.PASSAGE.value,))
        counted = self._engine.search(
            Request(
                query=And((resolved, AnyOf("source", tuple(shown)), passages)),
                filters=tuple(self._filters()),
                facets=("source",),
                most_values=len(shown),
                limit=0,
            )
        )
        return {
            count.value: count.count - shown[count.value]
            for count in counted.facets["source"]
        }

    def _spreads(self, tree: Node) -> bool:
        """Whether the first page keeps to some passages of each source."""
        request = self._request
        named = "source" in request.filters or asks_for_sources(tree)
        return request.spread and request.sort == "relevance" and not named

    def _filters(self) -> Iterable[tuple[str, Node]]:
        for name, values in self._request.filters.items():
            if name == "year":
                years = (int(value) for value in values)
                spans = [
                    Days(date(year, 1, 1), date(year, 12, 31), f"{year:04}")
                    for year in years
                ]
                yield name, Or(tuple(spans))
            elif name == "month":
                yield name, Or(tuple(map(_month, values)))
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
                    query=resolve(better, self._names, matching),
                    filters=tuple(self._filters()),
                    limit=0,
                )
            )
            if found.total > total:
                return str(better)
        return None


def _month(written: str) -> Days:
    year, month = int(written[:4]), int(written[5:])
    last = monthrange(year, month)[1]
    return Days(date(year, month, 1), date(year, month, last), written)


def _may_drop_words(tree: Node) -> bool:
    if isinstance(tree, Favour):
        return _may_drop_words(tree.child)
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
