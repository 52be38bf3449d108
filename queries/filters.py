"""Filters, sorting and paging: one table per list, read by everybody.

A `ListOf` names the filters and the sort orders of one list: the parameters of its
page, its JSON and its command, with the SQL of each. For a value that cannot be used
the API answers with its fault; a page shows all faults and lists what remains.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from errors import BadRequest, NotFound
from models import Actor, ActorName, Folded, fold
from models.dates import EdtfDate
from queries.date_parameters import A_DATE
from queries.known import refuse_unknown
from queries.parameters import (
    A_SLUG,
    TRUTH,
    WORDS,
    Parameter,
    code,
    limit,
    one_of,
    page,
    read,
)
from queries.shapes import Page

T = TypeVar("T")
#: A select of one or several entities.
Rows = Select[*tuple[Any, ...]]

DEFAULT_LIMIT = 50
#: How many words the filter `q` takes in all: each is looked for in several columns of
#: every row.
MOST_WORDS = 50

#: How many filters of an empty list are tried without.
MOST_TRIED = 12

Condition = ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Filter(Parameter):
    """A parameter of a list that narrows it, and what it means in SQL."""

    where: Callable[..., Condition]
    """The condition that one of some checked values, its arguments, fulfils."""
    repeatable: bool = True


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A checked request for one page of a list."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The filters as texts, for links and forms; dates in EDTF."""
    conditions: tuple[Condition, ...] = ()
    """The same as conditions."""
    sort: str | None = None
    """The name of an order, with `-` in front for its reverse."""
    page: int = 1
    """The page asked for, from 1."""
    limit: int = DEFAULT_LIMIT
    """How many items it may hold."""
    named: tuple[tuple[Parameter, tuple[str, ...]], ...] = ()
    """The slugs that must be recorded for the list to be run: all that are given to
    programs and commands, none to a page, which says so and lists what remains."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A sentence above a list, and where it leads."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    """What each link is called, and its address."""


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
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the list: its filters, its orders, its pages."""
        names = [name for sort in self.sorts for name in (sort, f"-{sort}")]
        orders = one_of(names)
        known = ", ".join(self.sorts)
        sort = Parameter(
            name="sort",
            help="The order; with - in front, reversed. By default "
            f"{self.default_sort}.",
            takes=replace(
                orders, expected=f"one of {known}; with - in front, reversed"
            ),
        )
        return (*self.filters, sort, page(), limit(self.limit))

    def read(
        self, args: Mapping[str, Sequence[str] | str]
    ) -> tuple[Listing, tuple[BadRequest, ...]]:
        """Read a request's parameters.

        Returns:
            What can be used of it, and a fault for everything that cannot.
        """
        given = read(self.parameters, args)
        faults = list(given.faults)
        values: dict[str, tuple[str, ...]] = {}
        conditions: list[Condition] = []
        filters = {item.name: item for item in self.filters}
        for name in given.values:
            if name in filters:
                try:
                    conditions.append(filters[name].where(*given.values[name]))
                    values[name] = given.texts[name]
                except BadRequest as fault:
                    faults.append(fault)
        listing = Listing(
            values=values,
            conditions=tuple(conditions),
            sort=given.one("sort"),
            page=given.one("page", 1),
            limit=given.one("limit", self.limit),
        )
        return listing, tuple(faults)

    def strictly(self, args: Mapping[str, Sequence[str] | str]) -> Listing:
        """Read a request's parameters and refuse it for the first fault."""
        listing, faults = self.read(args)
        if faults:
            raise faults[0]
        named = ((item, listing.values.get(item.name, ())) for item in self.filters)
        return replace(
            listing, named=tuple((item, given) for item, given in named if item.kinds)
        )

    def order(self, statement: Rows, sort: str | None) -> Rows:
        """Sort a select; what has no value comes last, whichever way."""
        sort = sort or self.default_sort
        for column in self.sorts[sort.removeprefix("-")]:
            way = column.desc() if sort.startswith("-") else column.asc()
            statement = statement.order_by(column.is_(None), way)
        return statement.order_by(self.tie)


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
    return Filter(name=name, help=help, takes=code(values), where=any_of(condition))


def by_choice(
    name: str, choices: tuple[str, ...], help: str, where: Callable[[str], Condition]
) -> Filter:
    """A filter by one of a few words."""
    return Filter(name=name, help=help, takes=one_of(choices), where=any_of(where))


def by_slug(
    name: str, help: str, where: Callable[[str], Condition], *kinds: str
) -> Filter:
    """A filter by the slug of an actor, or of another kind of thing."""
    return Filter(
        name=name,
        help=help,
        takes=A_SLUG,
        kinds=kinds or ("actor",),
        where=any_of(where),
    )


def by_topic(name: str, help: str, where: Callable[..., Condition]) -> Filter:
    """A filter by the slugs of topics, which `where` takes all at once.

    The tree below fifty topics is climbed as fast as that below one; fifty trees in
    one statement are not.
    """
    return Filter(name=name, help=help, takes=A_SLUG, kinds=("topic",), where=where)


def by_truth(name: str, help: str, where: Callable[[bool], Condition]) -> Filter:
    """A filter by yes or no."""
    return Filter(name=name, help=help, takes=TRUTH, where=any_of(where))


def by_words(
    help: str, *columns: Any, others: Sequence[Callable[[str], Condition]] = ()
) -> Filter:
    """The filter `q`: words, each of which stands in one of the columns.

    Case, accents and other marks do not count (`models.fold`). Stems and the words of
    passages are what search is for.

    Args:
        help: what it does, in one sentence.
        columns: the texts in which a word may stand.
        others: conditions that one folded word fulfils in another way.
    """

    def one(words: list[str]) -> Condition:
        return and_(
            *(
                or_(
                    *(has(column, word) for column in columns),
                    *(condition(word) for condition in others),
                )
                for word in map(fold, words)
            )
        )

    def any_text(*texts: list[str]) -> Condition:
        if (number := sum(map(len, texts))) > MOST_WORDS:
            raise BadRequest(
                f"q has {number} words, at most {MOST_WORDS} are read.",
                field="q",
                position=0,
            )
        return or_(*map(one, texts))

    return Filter(name="q", help=help, label="Keyword", takes=WORDS, where=any_text)


def has(column: Any, word: str) -> Condition:
    """True where a folded word stands in a text, as the whole or a part of a word."""
    condition: Condition = Folded(column).contains(word, autoescape=True)
    return condition


def actors_called(word: str) -> Any:
    """Select the ids of the actors with a name in which a folded word stands."""
    usual = select(Actor.id).where(has(Actor.name, word))
    named = ActorName.folded.contains(word, autoescape=True)
    return usual.union(select(ActorName.actor_id).where(named))


def by_date(name: str, help: str, where: Callable[[EdtfDate], Condition]) -> Filter:
    """A filter by an EDTF date."""
    return Filter(name=name, help=help, takes=A_DATE, where=any_of(where))


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


# Running a list


def count(session: Session, statement: Rows, key: Any) -> int:
    """Count what a select finds; `key` is a column that tells its rows apart."""
    rows = statement.with_only_columns(key).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def offer_wider(
    session: Session,
    find: Callable[[Session, Listing], Page[Any]],
    listing: Listing,
) -> tuple[tuple[str | None, int], ...]:
    """Find what an empty list would hold with one filter fewer, or with none.

    Returns:
        The filters without which it holds something, and how much; None stands for all
        of them, where no single one is in the way.
    """
    names = list(listing.values)
    conditions = dict(zip(names, listing.conditions, strict=True))

    def total(kept: Sequence[str]) -> int:
        wider = replace(
            listing,
            values={name: listing.values[name] for name in kept},
            conditions=tuple(conditions[name] for name in kept),
            page=1,
            limit=1,
        )
        return find(session, wider).total

    found: list[tuple[str | None, int]] = [
        (name, number)
        for name in names[:MOST_TRIED]
        if len(names) > 1 and (number := total([one for one in names if one != name]))
    ]
    if not found and names and (number := total([])):
        found.append((None, number))
    return tuple(found)


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

    Raises:
        BadRequest: nothing has a slug that the list is narrowed to.
    """
    for item, slugs in listing.named:
        try:
            refuse_unknown(session, slugs, *item.kinds)
        except NotFound as fault:
            raise BadRequest(fault.detail, field=item.name) from None
    statement = statement.where(*listing.conditions)
    total = count(session, statement, kind.tie)
    ordered = kind.order(statement, listing.sort).limit(listing.limit)
    items = load(session, ordered.offset((listing.page - 1) * listing.limit))
    return Page(items=items, total=total, page=listing.page, limit=listing.limit)
