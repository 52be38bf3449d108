"""What a search is asked for, and how the parameters of an address say it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from errors import BadRequest
from queries.filters import (
    check_number,
    check_text,
    refused,
    unknown_parameter,
    whole_number,
)
from queries.search.page import MOST_RESULTS
from search.fields import FACETS, SORTS, Kind
from search.language import LONGEST_QUERY as LONGEST_QUERY
from search.meaning import Matching

DEFAULT_LIMIT = 10

Given: TypeAlias = str | Sequence[str] | None
"""What a filter takes: a value, or several of which any will do."""


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
    """Whether the first page keeps to two passages of a source."""
    names: bool = True
    """Whether a name among plain words stands for all names of its actor."""
    page: int = 1
    """The page, from 1."""
    limit: int = DEFAULT_LIMIT
    """How many results a page holds."""

    def __post_init__(self) -> None:
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


#: The parameters of the search page and of its JSON.
PARAMETERS = ("q", *FACETS, "match", "sort", "spread", "names", "page", "limit")


def read(
    args: Mapping[str, Sequence[str] | str],
) -> tuple[SearchRequest, tuple[BadRequest, ...]]:
    """Check a request's parameters; an empty value counts as not given.

    Returns:
        What can be used of it, and a fault for everything that cannot.
    """
    faults: list[BadRequest] = []
    known: dict[str, Any] = {"filters": {}}
    for name, raw in args.items():
        texts = tuple(text for text in several(raw) if text)
        try:
            if name not in PARAMETERS:
                raise unknown_parameter(name, PARAMETERS)
            if texts:
                _read_parameter(known, name, texts)
        except BadRequest as fault:
            faults.append(fault)
    try:
        request = SearchRequest(**known)
    except BadRequest as fault:
        faults.append(fault)
        request = SearchRequest(**known | {"page": 1, "limit": DEFAULT_LIMIT})
    return request, tuple(faults)


def strictly(args: Mapping[str, Sequence[str] | str]) -> SearchRequest:
    """Check a request's parameters and refuse it for the first fault."""
    request, faults = read(args)
    if faults:
        raise faults[0]
    return request


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
    elif name in ("spread", "names"):
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


def several(given: Given) -> tuple[str, ...]:
    if not given:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)
