"""What the templates may call beyond what they are given."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from models.enums import Coded, Mode
from queries.search.request import LONGEST_QUERY
from web.links import here
from web.markup import marked, quoted
from wording import counted

LONGEST_LINK = 2_500
"""In characters: what a hundred links on a page may each repeat."""

_PLAIN = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?", re.ASCII)


def init_templates(app: Flask, **known: Any) -> None:
    """Give the templates of `app` their filters; a missing name is an error.

    `known` is what the composition root alone may fetch: the pages do not import the
    models or the search language, they are given them.
    """
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.finalize = without_nul
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        here=here,
        is_html_date=is_html_date,
        marked=marked,
        quoted=quoted,
        with_code=with_code,
        words=in_words,
    )
    environment.globals.update(
        counted=counted,
        kept=kept,
        may_repeat=may_repeat,
        modes=tuple(Mode),
        with_arguments=with_arguments,
        with_value=with_value,
        without=without,
        **known,
    )


def without_nul(value: object) -> object:
    """Show a NUL, which HTML cannot hold and an address can, as what it is: nothing."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def in_words(value: str) -> str:
    """A coded value as pages call it: `in_person` is "in person"."""
    return value.label if isinstance(value, Coded) else value.replace("_", " ")


def with_code(sentence: str) -> Markup:
    """A sentence, escaped, with what stands between backticks as code."""
    pieces = (
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(sentence.split("`"))
    )
    return Markup("").join(pieces)


def is_html_date(edtf: str) -> bool:
    """Whether HTML's `datetime` can say it: a day, a month or a year, no more."""
    found = _PLAIN.fullmatch(edtf)
    if not found:
        return False
    year, month, day = (int(part.strip("-")) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def with_arguments(**changes: str | int | Iterable[str] | None) -> str:
    """This page's address with some arguments changed; None removes one.

    The page number goes unless it is what changes: another list begins at its
    beginning. A query that is too long to be read is cut, or a hundred links would each
    repeat it.
    """
    arguments = {**_arguments()}
    for name, value in changes.items():
        if value is None or value == "":
            arguments.pop(name, None)
        else:
            arguments[name] = urlencode({name: value}, doseq=True)
    query = "&".join(filter(None, arguments.values()))
    return f"{request.path}?{query}" if query else request.path


def _arguments() -> dict[str, str]:
    """The arguments of this page by name, but for the page number, as links have them.

    Written once for each request: a page of results has a hundred links.
    """
    if "dragoman_arguments" not in g:
        given = request.args.to_dict(flat=False)
        given.pop("page", None)
        if query := request.args.get("q"):
            given["q"] = [query[:LONGEST_QUERY]]
        g.dragoman_arguments = {
            name: urlencode({name: values}, doseq=True)
            for name, values in given.items()
        }
    found: dict[str, str] = g.dragoman_arguments
    return found


def may_repeat() -> bool:
    """Whether this page's address is short enough for a hundred links to repeat it.

    Of a longer one the pages keep the links that cannot be done without: the next
    page, the orders, and a chip for each filter with all its values.
    """
    return len(with_arguments()) <= LONGEST_LINK


def with_value(name: str, value: str) -> str:
    """This page's address with one more value of an argument."""
    return with_arguments(**{name: [*request.args.getlist(name), value]})


def without(name: str, value: str) -> str:
    """This page's address without one value of an argument."""
    values = request.args.getlist(name)
    return with_arguments(**{name: [other for other in values if other != value]})


def kept() -> list[tuple[str, str]]:
    """What a new query on the same page leaves as it is: order and filters."""
    return [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("q", "page") and value
    ]
