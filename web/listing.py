"""A list's page: the form, the chips and the notices, from the list's own table.

Nothing is silently ignored: what cannot be used is named above the list, and the rest
of the request still counts. Slugs are not offered as a field to type into, since links
all over the site lead here with them; once given, they stay in the form and stand as a
chip that removes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask import request
from sqlalchemy.orm import Session

from queries.filters import Listing, ListOf
from queries.known import not_recorded
from queries.parameters import Parameter
from queries.refs import find_labels
from web.jinja import in_words, may_repeat, with_arguments
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


def read(table: ListOf, session: Session) -> tuple[Listing, Controls]:
    """Read the request for one page of a list, and what to show above it."""
    listing, faults = table.read(request.args.to_dict(flat=False))
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
            listing.values.get(item.name, ("",))[0],
            tuple((choice, in_words(choice)) for choice in item.takes.choices),
            item.help,
        )
        for item in table.filters
        if _in_form(item)
    ]


def _in_form(item: Parameter) -> bool:
    return item.takes.typed and item.name != "as_known_on"


def _hidden(table: ListOf, listing: Listing) -> list[tuple[str, str]]:
    """What the form keeps: what it has no field for, and all but the first value."""
    fields = {item.name for item in table.filters if _in_form(item)}
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
