"""What a search is asked for, and how the parameters of an address say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from errors import BadRequest
from queries import parameters
from queries.date_parameters import A_MONTH, A_YEAR
from queries.parameters import A_SLUG, Parameter, Takes, check_number
from queries.search.page import MOST_RESULTS
from search.fields import SORTS, Kind
from search.meaning import Matching
from search.query_error import LONGEST_QUERY as LONGEST_QUERY

DEFAULT_LIMIT = 10

Given: TypeAlias = str | Sequence[str] | None
"""What a filter takes: a value, or several of which any will do."""


def _facet(name: str, takes: Takes, help: str) -> Parameter:
    kinds = (name,) if takes is A_SLUG else ()
    return Parameter(name=name, help=help, takes=takes, repeatable=True, kinds=kinds)


#: What results are narrowed by: the facets of the index.
FILTERS = (
    _facet(
        "kind",
        parameters.code(Kind),
        "Only these kinds: passage, meeting, actor, stance, proposition.",
    ),
    _facet("actor", A_SLUG, "Only what concerns this actor, by slug."),
    _facet("topic", A_SLUG, "Only what is under this topic or below it, by slug."),
    _facet("meeting", A_SLUG, "Only what concerns this meeting, by slug."),
    _facet("source", A_SLUG, "Only what is in, or rests on, this source, by slug."),
    _facet(
        "publisher",
        parameters.text(),
        "Only what this publisher published, as its name is written.",
    ),
    _facet("year", A_YEAR, "Only what may have been in this year."),
    Parameter(
        name="month",
        help="Only what may have been in this month.",
        takes=A_MONTH,
    ),
)
#: The query. Its length is the parser's to refuse, which pages answer with its words.
QUERY = Parameter(
    name="q",
    help="The query, in the query language; empty for everything.",
    takes=Takes(
        expected="a query",
        read=str,
        schema=parameters.text(LONGEST_QUERY).schema,
        longest=None,
    ),
)
MATCH = Parameter(
    name="match",
    help="Only what has all of the words, or any of them. If it is not said: what has "
    "all, then what has some.",
    takes=parameters.one_of(("all", "any")),
)
SORT = Parameter(
    name="sort",
    help="The order: relevance, date (oldest first) or -date (newest first).",
    takes=parameters.one_of(SORTS),
    default="relevance",
)
SPREAD = Parameter(
    name="spread",
    help="Whether the first page keeps to one passage of a source, by relevance and "
    "where the search names no source.",
    takes=parameters.one_of(("on", "off"), lambda text: text == "on"),
    default="on",
)
NAMES = Parameter(
    name="names",
    help="off: a name among the words is searched for as it is typed; otherwise under "
    "all names of the actor whose whole name it is.",
    takes=parameters.one_of(("on", "off"), lambda text: text == "on"),
    default="on",
)
STRICT = Parameter(
    name="strict",
    help="1: a query with an unknown field is refused; otherwise it is read as words, "
    "and a notice says so.",
    takes=parameters.one_of(("1", "0"), lambda text: text == "1"),
    default="0",
)
WAIT = Parameter(
    name="wait",
    help="How many seconds to wait for the index to take what is queued, so that what "
    "was committed before the request is found.",
    takes=parameters.one_of(("0", "1", "2", "3", "4", "5"), int),
    default="0",
)
PAGE = parameters.page(largest=MOST_RESULTS)
LIMIT = parameters.limit(DEFAULT_LIMIT)

#: The parameters of the search page, of its JSON and of the command.
PARAMETERS = (
    QUERY,
    *FILTERS,
    MATCH,
    SORT,
    SPREAD,
    NAMES,
    STRICT,
    WAIT,
    PAGE,
    LIMIT,
)


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """What a search is asked for; what cannot be used is refused when it is made.

    Raises:
        BadRequest: it names the parameter.
    """

    query: str = ""
    """The query: the parameter `q`."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of each facet that the results are narrowed to."""
    match: Matching | None = None
    """Whether all words must be found or any will do."""
    sort: str = "relevance"
    """The order of the results."""
    spread: bool = True
    """Whether the first page keeps to one passage of a source."""
    names: bool = True
    """Whether a name among plain words stands for all names of its actor."""
    strict: bool = False
    """Whether a query that is not in the query language is refused, not interpreted."""
    wait: int = 0
    """How many seconds to wait for the index to take what is queued."""
    page: int = 1
    """The page, from 1."""
    limit: int = DEFAULT_LIMIT
    """How many results a page holds."""

    def __post_init__(self) -> None:
        for item in FILTERS:
            values = self.filters.get(item.name, ())
            check_number(item.name, values)
            for value in values:
                item.check(value)
        SORT.check(self.sort)
        if self.match is not None:
            MATCH.check(self.match)
        WAIT.check(str(self.wait))
        LIMIT.check(str(self.limit))
        PAGE.check(str(self.page))
        if self.page * self.limit > MOST_RESULTS:
            raise BadRequest(
                f"Only the first {MOST_RESULTS:,} results can be read; narrow the "
                "search.",
                field="page",
            )


def read(
    args: Mapping[str, Sequence[str] | str],
) -> tuple[SearchRequest, tuple[BadRequest, ...]]:
    """Read the parameters of an address.

    Returns:
        What can be used of them, and a fault for everything that cannot.
    """
    given = parameters.read(PARAMETERS, args)
    facets = {item.name for item in FILTERS}
    known: dict[str, Any] = {
        "filters": {
            name: texts for name, texts in given.texts.items() if name in facets
        }
    }
    for name, (value, *_) in given.values.items():
        if name not in facets:
            known["query" if name == "q" else name] = value
    try:
        return SearchRequest(**known), given.faults
    except BadRequest as fault:  # pages that exist, but not that far
        known |= {"page": 1, "limit": DEFAULT_LIMIT}
        return SearchRequest(**known), (*given.faults, fault)


def strictly(args: Mapping[str, Sequence[str] | str]) -> SearchRequest:
    """Read the parameters of an address and refuse it for the first fault."""
    request, faults = read(args)
    if faults:
        raise faults[0]
    return request


def several(given: Given) -> tuple[str, ...]:
    """The values of a filter, none or one or several, as a tuple."""
    if not given:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)
