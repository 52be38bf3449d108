"""How long a query string may be: refused before anything reads it.

What a page costs grows with the values that it is asked for, and every one of them cost
its sender a few bytes. A legal Cyrillic query of 2,000 characters is 12,002 bytes when
it is encoded, which is why the limit is no lower.
"""

from flask import Flask, request

from errors import BadRequest
from queries.parameters import LONGEST_VALUE, MOST_VALUES, check_number
from wording import quoted

LONGEST_QUERY_STRING = 16_000
"""In bytes, as it is sent."""


def limit_queries(app: Flask) -> None:
    """Make `app` refuse query strings that are too long, or give too many values."""

    @app.before_request
    def check_query_string() -> None:
        values = {name: texts for name, texts in request.args.lists()}
        size = len(request.query_string)
        if size > LONGEST_QUERY_STRING:
            longest = max(
                values,
                key=lambda name: sum(map(len, [name, *values[name]])),
                default="",
            )
            raise BadRequest(
                f"The query string is {size:,} bytes long, at most "
                f"{LONGEST_QUERY_STRING:,} are read; most of it is "
                f"{quoted(longest)}.",
                field=longest[:LONGEST_VALUE],
                position=0,
            )
        if len(values) > MOST_VALUES:
            extra = list(values)[MOST_VALUES]
            raise BadRequest(
                f"{len(values)} parameters are given, at most {MOST_VALUES} are read.",
                field=extra[:LONGEST_VALUE],
                position=0,
            )
        for name, texts in values.items():
            check_number(name, texts)
