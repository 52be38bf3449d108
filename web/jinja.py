"""What the templates may call beyond what they are given."""

import re
from datetime import date

from flask import Flask, request, url_for
from jinja2 import StrictUndefined

from web.markup import marked

_PLAIN = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?", re.ASCII)


def furnish_templates(app: Flask) -> None:
    """Give `app`'s templates their filters and functions; a missing name is an error."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(is_html_date=is_html_date, marked=marked, words=in_words)
    environment.globals.update(with_arguments=with_arguments)


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


def with_arguments(**changes: str | int | None) -> str:
    """This page's address with some arguments changed; None takes one away."""
    arguments = request.args.to_dict(flat=False)
    for name, value in changes.items():
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = [str(value)]
    return url_for(request.endpoint or "", **(request.view_args or {}), **arguments)
