"""One page of results: what the web page, the JSON API and the command line show."""

from dataclasses import dataclass, field

from models.enums import Certainty, Mode
from queries.dates import WrittenDate
from queries.search.nearest import Nearby
from queries.search.years import MonthBar, YearBar
from queries.shapes import Badge, ClaimRef, Ref
from search.highlight import Piece

#: Results end here: whoever wants them all wants SQL or an export.
MOST_RESULTS = 10_000


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
    """When the source was published (what is made from another source: when that was),
    the meeting was, the stance was stated."""
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
    all_words: bool = True
    """Whether it has all of the words; those that have some come after all others."""
    more_of_source: int = 0
    """How many passages of the same source are found and not on this page."""
    folded_under: str | None = None
    """The slug of the hit of this page, of the text that this one derives from, under
    which the page shows it; null if it stands by itself."""


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
    """How many things match with all of the words, exactly, of what is in the index."""
    some: int | None
    """How many have some of the words and not all; null where this was not counted,
    because the page does not reach past those with all."""
    queued: int
    """How many changed records the index has yet to take."""
    named: tuple[Ref, ...]
    """Whom and what the query names, actors and topics: no hits, and in no total."""
    hits: tuple[SearchHit, ...]
    """The results of this page."""
    facets_of: str
    """What the facets count: all, or any where what has some of the words counts too,
    because few passages have all."""
    facets: dict[str, tuple[FacetValue, ...]]
    """The most frequent values of each facet, with those that are selected."""
    years: tuple[YearBar, ...]
    """What the facets count, by year; none where that is only one."""
    months: tuple[MonthBar, ...]
    """The same by month, where these years, or those chosen, are two at most."""
    filters: dict[str, tuple[str, ...]]
    """The filters that are set, by facet."""
    did_you_mean: str | None
    """Another spelling of the query, which finds more."""
    nearest: tuple[Nearby, ...]
    """Where nothing is found: the nearest searches that find something."""
    match: str
    """all, or any where nothing has all of the words or any was asked for."""
    sort: str
    """The order: relevance, date (oldest first) or -date (newest first)."""
    spread: bool
    """Whether the first page keeps to one passage of a source."""
    page: int
    """Which page this is, from 1."""
    limit: int
    """How many results a page holds at most."""
    pages: int = field(init=False)
    """How many pages there are; at least 1."""

    def __post_init__(self) -> None:
        reached = min(self.total + (self.some or 0), MOST_RESULTS)
        object.__setattr__(self, "pages", max(1, -(-reached // self.limit)))

    @property
    def more(self) -> bool:
        """Whether a page follows this one."""
        return self.page < self.pages
