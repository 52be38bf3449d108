"""What the templates may call beyond what they are given."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from jinja2 import StrictUndefined

from web.markup import marked, quoted

_PLAIN = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?", re.ASCII)


def furnish_templates(app: Flask, **known: Any) -> None:
    """Give the templates of `app` their filters; a missing name is an error.

    `known` is what the composition root alone may fetch: the pages do not import the
    models or the search language, they are told about them.
    """
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        is_html_date=is_html_date, marked=marked, quoted=quoted, words=in_words
    )
    environment.globals.update(with_arguments=with_arguments, **known)


def in_words(value: str) -> str:
    """A coded value as words: `in_person` is "in person"."""
    return value.replace("_", " ")


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
    """This page's address with some arguments changed; None takes one away.

    The page number goes unless it is what changes: another list begins at its
    beginning.
    """
    arguments: dict[str, object] = {**request.args.to_dict(flat=False)}
    arguments.pop("page", None)
    arguments.update(changes)
    given = {
        name: value for name, value in arguments.items() if value not in (None, "")
    }
    query = urlencode(given, doseq=True)
    return f"{request.path}?{query}" if query else request.path
