"""The search for programs and notebooks: plain arguments instead of a request."""

from sqlalchemy.orm import Session

from queries.known import refuse_unknown
from queries.search import service
from queries.search.page import SearchPage
from queries.search.request import DEFAULT_LIMIT, Given, SearchRequest, several
from queries.search.service import engine_of
from search.engine import Engine
from search.meaning import Matching


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
    month: str | None = None,
    match: Matching | None = None,
    sort: str = "relevance",
    spread: bool = True,
    names: bool = True,
    strict: bool = False,
    wait: int = 0,
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
        month: narrows to what may have been in a month, such as "2022-07".
        match: only what has "all" of the words, or what has "any". If it is not said,
            what has all comes first, then what has some.
        sort: "relevance", "date" (oldest first) or "-date" (newest first).
        spread: keep to one passage of a source on the first page, by relevance and
            unless the search names its sources.
        names: search for a name among plain words under the actor's other names too.
        strict: refuse a query that is not in the query language, such as one with an
            unknown field, instead of reading it as what people mean by it.
        wait: how many seconds, at most 5, to wait for the index to take what is queued.
        page: which page of the results, from 1.
        limit: how many results make a page.
        lenient: search for the words of a query that cannot be read, and say so,
            instead of refusing it.
        engine: the search engine; by default the configured one.

    Raises:
        BadRequest: the query cannot be read, or an argument cannot be used.
        NotFound: a slug is none of the record's; the nearest is named.
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
        "month": month,
    }
    request = SearchRequest(
        query=query,
        filters={name: several(values) for name, values in given.items() if values},
        match=match,
        sort=sort,
        spread=spread,
        names=names,
        strict=strict,
        wait=wait,
        page=page,
        limit=limit,
    )
    for name in ("actor", "topic", "meeting", "source"):
        refuse_unknown(session, several(given[name]), name)
    return service.search(session, request, engine or engine_of(), lenient=lenient)
