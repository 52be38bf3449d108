"""A list's page: the form, the chips and the notices, from the list's own table.

Nothing is silently ignored: what cannot be used is named above the list, and the rest
of the request still counts. What takes a slug has a field for names; once given, they
stay in the form and stand as a chip that removes them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from queries.filters import Listing, ListOf, offer_wider
from queries.known import not_recorded
from queries.naming import slugs_for_names
from queries.parameters import Parameter
from queries.refs import find_labels
from queries.shapes import Page
from web.jinja import in_words, may_repeat, with_arguments
from web.links import here
from wording import counted

#: The names of the slugs in force, by filter and slug.
Names: TypeAlias = dict[tuple[str, str], str | None]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form above a list."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]
    help: str
    optional: bool = True
    kinds: tuple[str, ...] = ()
    """Of what a name may be typed into it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in force, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list, and the address that sorts by it or turns it round."""

    label: str
    url: str
    way: str | None
    """rising or falling; None when another order is in force."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Everything above the rows of a list."""

    fields: tuple[FormField, ...]
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    sorts: tuple[Sort, ...]
    by_default: bool
    """Whether the rows come in the list's own order, such as a tree's."""
    notices: tuple[str, ...]


def tidied(parameters: Iterable[Parameter], session: Session) -> str | None:
    """This page's address without what says nothing, and with slugs for names.

    A form sends all of its fields, and people type names; what is kept or sent on is
    the short address that says the same: without empty arguments, without the same
    twice, without what holds anyway.

    Returns:
        None if the address is such a one.
    """
    parameters = tuple(parameters)
    given = request.args.to_dict(flat=False)
    named = slugs_for_names(session, parameters, given)
    if named.faults:
        return None
    kept = {
        name: tuple(dict.fromkeys(filter(None, texts)))
        for name, texts in named.args.items()
    }
    holding = {item.name: (item.default,) for item in parameters if item.default}
    kept = {
        name: texts
        for name, texts in kept.items()
        if texts and texts != holding.get(name)
    }
    if kept == {name: tuple(texts) for name, texts in given.items()}:
        return None
    query = urlencode(kept, doseq=True)
    address: str = here(f"{request.path}?{query}" if query else request.path)
    return address


def read(table: ListOf, session: Session) -> tuple[Listing, Controls]:
    """Read the request for one page of a list, and what to show above it."""
    named = slugs_for_names(session, table.filters, request.args.to_dict(flat=False))
    listing, faults = table.read(named.args)
    faults = (*named.faults, *faults)
    names = _names(table, listing, session)
    return listing, Controls(
        fields=tuple(_fields(table, listing)),
        hidden=tuple(_hidden(table, listing)),
        chips=tuple(_chips(table, listing, names)),
        sorts=tuple(_sorts(table, listing)),
        by_default=listing.sort in (None, table.default_sort),
        notices=(
            *(fault.detail for fault in faults),
            *(
                not_recorded(session, slug, *item.kinds).detail
                for item in table.filters
                for slug in listing.values.get(item.name, ())
                if names.get((item.name, slug), slug) is None
            ),
        ),
    )


def _fields(table: ListOf, listing: Listing) -> list[FormField]:
    return [
        FormField(
            item.name,
            label(item),
            "" if item.kinds else listing.values.get(item.name, ("",))[0],
            tuple((choice, in_words(choice)) for choice in item.takes.choices),
            item.help,
            kinds=item.kinds,
        )
        for item in table.filters
        if _in_form(item)
    ]


def _in_form(item: Parameter) -> bool:
    typed = item.takes.typed or bool(item.kinds)
    return typed and item.name != "as_known_on"


def _hidden(table: ListOf, listing: Listing) -> list[tuple[str, str]]:
    """What the form keeps: what it has no field for, and all but the first value."""
    fields = {item.name for item in table.filters if _in_form(item) and not item.kinds}
    kept = [
        (name, value)
        for name, values in listing.values.items()
        for value in values[name in fields :]
    ]
    return kept + ([("sort", listing.sort)] if listing.sort else [])


def _names(table: ListOf, listing: Listing, session: Session) -> Names:
    """Look up what the slugs in force stand for; None for those of nothing."""
    names: Names = {}
    for item in table.filters:
        slugs = listing.values.get(item.name, ()) if item.kinds else ()
        found = [find_labels(session, kind, slugs) for kind in item.kinds if slugs]
        for slug in slugs:
            labels = (labels[slug] for labels in found if slug in labels)
            names[item.name, slug] = next(labels, None)
    return names


def _chips(table: ListOf, listing: Listing, names: Names) -> list[Chip]:
    if not may_repeat():
        return whole_chips(
            table.filters, {name: len(all_) for name, all_ in listing.values.items()}
        )
    return [
        Chip(
            f"{label(item)}: {_in_force(item.name, value, names)}",
            with_arguments(**{item.name: [one for one in values if one != value]}),
        )
        for item in table.filters
        if (values := listing.values.get(item.name, ()))
        for value in values
    ]


def whole_chips(
    parameters: Iterable[Parameter], numbers: Mapping[str, int]
) -> list[Chip]:
    """A chip for each filter with all its values; one for each would grow as a square.

    Args:
        parameters: those of the page.
        numbers: how many values each filter in force has.
    """
    return [
        Chip(
            f"{label(item)}: {counted(number, 'value')}",
            with_arguments(**{item.name: None}),
        )
        for item in parameters
        if (number := numbers.get(item.name, 0))
    ]


def _in_force(name: str, value: str, names: Names) -> str:
    if (name, value) in names:
        return names[name, value] or value
    return value if name == "q" else in_words(value)


def offers(
    table: ListOf,
    session: Session,
    find: Callable[[Session, Listing], Page[Any]],
    listing: Listing,
) -> list[Chip]:
    """What to look at instead of an empty list: the same with a filter fewer."""
    filters = {item.name: item for item in table.filters}
    found = [
        Chip(
            f"Without {label(filters[name]).lower()}: {number:,}"
            if name
            else f"Without these filters: {number:,}",
            with_arguments(**{one: None for one in ([name] if name else filters)}),
        )
        for name, number in offer_wider(session, find, listing)
    ]
    words = " ".join(listing.values.get("q", ()))
    if words:
        search = f"/search?{urlencode({'q': words})}"
        found.append(Chip(f"Search passages for “{words}”", search))
    return found


def _sorts(table: ListOf, listing: Listing) -> list[Sort]:
    current = listing.sort or table.default_sort
    sorts = []
    for name in table.sorts:
        way, other = None, name
        if current.removeprefix("-") == name:
            falling = current.startswith("-")
            way, other = ("falling", name) if falling else ("rising", f"-{name}")
        sorts.append(Sort(in_words(name), with_arguments(sort=other), way))
    return sorts


def label(item: Parameter) -> str:
    """What a parameter is called in a form and on a chip."""
    return item.label or in_words(item.name).capitalize()
