"""Filters, sorting and paging: one table per list, read by everybody.

A `ListOf` names the filters and the sort orders of one list. The page's form, the
JSON API's parameters with their description, the command line and the SQL all come from
it, so none can offer what another refuses. A value that cannot be used is never
replaced by a default in silence: `read` collects a `BadRequest` for each. The API
answers with the first; a page shows them all and lists what remains.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from errors import BadRequest, NotFound, quoted
from models.dates import DateError, EdtfDate, parse_edtf
from models.slugs import is_slug
from queries.shapes import Page

T = TypeVar("T")
#: A select of one or several entities.
Rows = Select[*tuple[Any, ...]]

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 500
#: Pages end here: an offset costs what it skips.
LARGEST_PAGE = 100_000
LARGEST_PASSAGE = 100_000_000
LONGEST_VALUE = 300
#: How often a parameter may be given. What reads the values is linear in them; fifty
#: topics at once, or fifty actors, are more than anybody compares.
MOST_VALUES = 50
#: How many words the filter `q` takes in all: each is looked for in several columns of
#: every row.
MOST_WORDS = 50

EXPECTED_DATE = "a date such as 2022-07-12, 2022-07, 2022 or 2022-06-01/2022-06-10"

Condition = ColumnElement[bool]
Check = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter: what it is called, what it takes, and what it means in SQL."""

    name: str
    """The parameter, named like the view's column where there is one."""
    help: str
    """What it does, in one sentence."""
    where: Callable[..., Condition]
    """The condition that one of some checked values, its arguments, fulfils."""
    check: Check = str
    """Turns the text into the value; raises BadRequest or ValueError for what it cannot
    use."""
    expected: str = "some text"
    """What it takes, for the error."""
    choices: tuple[str, ...] = ()
    """All values that it takes, if they can be listed."""
    kinds: tuple[str, ...] = ()
    """What a slug that it takes may be of: actor, topic and so on."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A checked request for one page of a list."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The filters as they were written, for links and forms."""
    conditions: tuple[Condition, ...] = ()
    """The same as conditions."""
    sort: str | None = None
    """The name of an order, with `-` in front for its reverse."""
    page: int = 1
    """The page asked for, from 1."""
    limit: int = DEFAULT_LIMIT
    """How many items it may hold."""


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """The filters and the orders of one list."""

    noun: str
    """What it lists, in the plural: `meetings`."""
    filters: tuple[Filter, ...]
    """The filters, in the order of the form."""
    sorts: Mapping[str, tuple[Any, ...]]
    """Each order's columns."""
    default_sort: str
    """The order unless another is asked for."""
    tie: Any
    """A unique column, so that pages never overlap."""
    limit: int = DEFAULT_LIMIT
    """How many items a page holds unless another number is asked for."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters of the list."""
        return (*(item.name for item in self.filters), "sort", "page", "limit")

    def read(
        self, args: Mapping[str, Sequence[str] | str]
    ) -> tuple[Listing, tuple[BadRequest, ...]]:
        """Check a request's parameters.

        An empty value counts as not given, as forms send them. A filter given several
        times takes any of its values.

        Returns:
            What can be used of it, and a fault for everything that cannot.
        """
        faults: list[BadRequest] = []
        values: dict[str, tuple[str, ...]] = {}
        conditions: list[Condition] = []
        known = {item.name: item for item in self.filters}
        numbers = {"page": 1, "limit": self.limit}
        sort: str | None = None
        for name, raw in args.items():
            texts = [raw] if isinstance(raw, str) else [text for text in raw if text]
            try:
                check_texts(name, texts)
                if name in known and any(texts):
                    conditions.append(_condition(known[name], texts))
                    values[name] = tuple(texts)
                elif name in numbers and any(texts):
                    numbers[name] = whole_number(name, texts[-1])
                elif name == "sort" and any(texts):
                    sort = self._order(texts[-1])
                elif name not in self.parameters:
                    raise unknown_parameter(name, self.parameters)
            except BadRequest as fault:
                faults.append(fault)
        listing = Listing(
            values=values, conditions=tuple(conditions), sort=sort, **numbers
        )
        return listing, tuple(faults)

    def strictly(self, args: Mapping[str, Sequence[str] | str]) -> Listing:
        """Check a request's parameters and refuse it for the first fault."""
        listing, faults = self.read(args)
        if faults:
            raise faults[0]
        return listing

    def _order(self, text: str) -> str:
        if text.removeprefix("-") not in self.sorts:
            names = ", ".join(self.sorts)
            raise refused("sort", text, f"one of {names}; with - in front, reversed")
        return text

    def order(self, statement: Rows, sort: str | None) -> Rows:
        """Sort a select; what has no value comes last, whichever way."""
        sort = sort or self.default_sort
        for column in self.sorts[sort.removeprefix("-")]:
            way = column.desc() if sort.startswith("-") else column.asc()
            statement = statement.order_by(column.is_(None), way)
        return statement.order_by(self.tie)


def check_text(name: str, text: str) -> None:
    """Refuse what no parameter takes: NUL bytes and texts without end."""
    if (at := text.find("\0")) >= 0:
        raise BadRequest(
            f"{name} holds a NUL byte at character {at}.", field=name, position=at
        )
    if len(text) > LONGEST_VALUE:
        raise BadRequest(
            f"{name} is {len(text)} characters long, at most {LONGEST_VALUE} are read.",
            field=name,
            position=LONGEST_VALUE,
        )


def check_number(name: str, texts: Sequence[str]) -> None:
    """Refuse a parameter that is given too often."""
    if len(texts) > MOST_VALUES:
        raise BadRequest(
            f"{name[:LONGEST_VALUE]} is given {len(texts)} times, at most "
            f"{MOST_VALUES} are read.",
            field=name[:LONGEST_VALUE],
            position=0,
        )


def check_texts(name: str, texts: Sequence[str]) -> None:
    """Refuse a parameter that is given too often, or one of whose values is too long.

    Raises:
        BadRequest: it names the parameter and, of a value, the character.
    """
    check_number(name, texts)
    for text in texts:
        check_text(name, text)


def refused(name: str, text: str, expected: str) -> BadRequest:
    """The error for a value that cannot be used: it names both."""
    return BadRequest(
        f"{name} is {quoted(text)}, expected {expected}.", field=name, position=0
    )


def unknown_parameter(name: str, known: Iterable[str]) -> BadRequest:
    """The error for a parameter that nothing reads."""
    return BadRequest(
        f"{quoted(name)} is not a parameter here; known are {', '.join(known)}.",
        field=name[:LONGEST_VALUE],
    )


def whole_number(name: str, text: str) -> int:
    """Read a number such as `page` or `limit`, within its bounds."""
    largest = {"page": LARGEST_PAGE, "passage": LARGEST_PASSAGE}.get(
        name, LARGEST_LIMIT
    )
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    if not 1 <= number <= largest:
        raise refused(name, text, f"a whole number from 1 to {largest}")
    return number


def last_day(name: str, text: str) -> date | None:
    """Read an EDTF date; its last day counts."""
    try:
        return parse_edtf(text).latest
    except DateError:
        raise refused(name, text, EXPECTED_DATE) from None


def bounding_day(name: str, text: str, last: bool = False) -> date:
    """Read an EDTF date; its first or last day counts, and must be known."""
    try:
        parsed = parse_edtf(text)
    except DateError:
        raise refused(name, text, EXPECTED_DATE) from None
    day = parsed.latest if last else parsed.earliest
    if day is None:
        raise refused(name, text, "a date that is not open on that side")
    return day


def a_slug(name: str, text: str) -> str:
    """Read a slug."""
    if not is_slug(text):
        raise refused(name, text, "a slug such as iran")
    return text


def _condition(item: Filter, texts: Sequence[str]) -> Condition:
    values = []
    for text in dict.fromkeys(texts):
        try:
            values.append(item.check(text))
        except ValueError:
            raise refused(item.name, text, item.expected) from None
    return item.where(*values)


def any_of(where: Callable[[Any], Condition]) -> Callable[..., Condition]:
    """Turn the condition of one value into the condition of any of several."""
    return lambda *values: or_(*map(where, values))


# The kinds of filter


def by_code(
    name: str,
    values: type[StrEnum],
    help: str,
    column: Any = None,
    where: Callable[[Any], Condition] | None = None,
) -> Filter:
    """A filter by a coded value of a column, or by what `where` makes of it."""
    condition = where or (lambda value: column == value)
    choices = tuple(values)  # with their labels
    return by_choice(name, choices, help, lambda text: condition(values(text)))


def by_choice(
    name: str, choices: tuple[str, ...], help: str, where: Callable[[str], Condition]
) -> Filter:
    """A filter by one of a few words."""

    def check(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Filter(
        name=name,
        help=help,
        where=any_of(where),
        check=check,
        expected=f"one of {', '.join(choices)}",
        choices=choices,
    )


def by_slug(
    name: str, help: str, where: Callable[[str], Condition], *kinds: str
) -> Filter:
    """A filter by the slug of an actor, or of another kind of thing."""
    return Filter(
        name=name,
        help=help,
        where=any_of(where),
        check=_slug,
        expected="a slug",
        kinds=kinds or ("actor",),
    )


def by_topic(name: str, help: str, where: Callable[..., Condition]) -> Filter:
    """A filter by the slugs of topics, which `where` takes all at once.

    The tree below fifty topics is climbed as fast as that below one; fifty trees in
    one statement are not.
    """
    return Filter(
        name=name,
        help=help,
        where=where,
        check=_slug,
        expected="a slug",
        kinds=("topic",),
    )


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError
    return text


def by_truth(name: str, help: str, where: Callable[[bool], Condition]) -> Filter:
    """A filter by yes or no."""
    return by_choice(name, ("true", "false"), help, lambda text: where(text == "true"))


def by_words(
    help: str,
    *columns: Any,
    where: Callable[[list[str]], Condition] | None = None,
) -> Filter:
    """The filter `q`: words, each of which stands in one of the columns.

    They are compared as they are written, but for the case of letters; SQLite knows
    the case of A to Z only. Stems, marks and other scripts are what search is for.
    """

    def in_columns(words: list[str]) -> Condition:
        return and_(
            *(
                or_(*(column.icontains(word, autoescape=True) for column in columns))
                for word in words
            )
        )

    one = where or in_columns

    def any_text(*texts: list[str]) -> Condition:
        if (number := sum(map(len, texts))) > MOST_WORDS:
            raise BadRequest(
                f"q has {number} words, at most {MOST_WORDS} are read.",
                field="q",
                position=0,
            )
        return or_(*map(one, texts))

    return Filter(
        name="q",
        help=help,
        where=any_text,
        check=_words,
        expected="words",
    )


def _words(text: str) -> list[str]:
    words = text.split()
    if not words:
        raise ValueError
    return words


def by_date(name: str, help: str, where: Callable[[EdtfDate], Condition]) -> Filter:
    """A filter by an EDTF date."""
    return Filter(
        name=name, help=help, where=any_of(where), check=_date, expected=EXPECTED_DATE
    )


def _date(text: str) -> EdtfDate:
    try:
        return parse_edtf(text)
    except DateError as error:
        raise ValueError from error


def by_days(earliest: Any, latest: Any, what: str) -> tuple[Filter, Filter, Filter]:
    """The filters `date`, `from` and `to` over a pair of bounds.

    A thing is found when the days that it may cover touch the days asked for; an open
    side reaches any day. What has no date at all is not found.
    """
    dated = or_(earliest.is_not(None), latest.is_not(None))

    def since(day: date | None) -> Condition:
        return true() if day is None else or_(latest.is_(None), latest >= day)

    def until(day: date | None) -> Condition:
        return true() if day is None else or_(earliest.is_(None), earliest <= day)

    return (
        by_date(
            "date",
            f"Only {what} within this date, or possibly so.",
            lambda when: and_(dated, since(when.earliest), until(when.latest)),
        ),
        by_date(
            "from",
            f"Only {what} on or after the first day of this date, or possibly so.",
            lambda when: and_(dated, since(when.earliest)),
        ),
        by_date(
            "to",
            f"Only {what} on or before the last day of this date, or possibly so.",
            lambda when: and_(dated, until(when.latest)),
        ),
    )


# One thing


def check_slug(kind: str, slug: str) -> None:
    """Refuse what no slug can be before the database is asked; NUL bytes among it.

    Raises:
        NotFound: nothing can have that slug.
    """
    if not is_slug(slug):
        raise no_such(kind, slug)


def no_such(kind: str, slug: str) -> NotFound:
    """The error for a slug that nothing has."""
    return NotFound(f"No {kind} is called {quoted(slug)}.")


# Running a list


def count(session: Session, statement: Rows, key: Any) -> int:
    """Count what a select finds; `key` is a column that tells its rows apart."""
    rows = statement.with_only_columns(key).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def run(
    session: Session,
    kind: ListOf,
    statement: Rows,
    listing: Listing,
    load: Callable[[Session, Rows], tuple[T, ...]],
) -> Page[T]:
    """Run one page of a list; the total is counted from the same select.

    Args:
        session: an open session.
        kind: the list's filters and orders.
        statement: the select of everything that the list can hold.
        listing: what is asked for.
        load: turns the select of one page into its items, in the same order.
    """
    statement = statement.where(*listing.conditions)
    total = count(session, statement, kind.tie)
    ordered = kind.order(statement, listing.sort).limit(listing.limit)
    items = load(session, ordered.offset((listing.page - 1) * listing.limit))
    return Page(items=items, total=total, page=listing.page, limit=listing.limit)
