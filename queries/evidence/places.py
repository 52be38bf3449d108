"""Where a passage stands: the page of its source, and the anchor on it."""

from urllib.parse import urlencode

from queries.shapes import address

PASSAGES_ON_A_PAGE = 100
"""How many passages of a source stand on one page of it."""


def page_of(position: int) -> int:
    """The page of its source on which a passage stands, from 1."""
    return (position - 1) // PASSAGES_ON_A_PAGE + 1


def in_source(
    slug: str, position: int | None, version: int = 1, newest: int = 1
) -> str:
    """The page of a source that holds a passage; an older wording's stays with it."""
    page = page_of(position or 1)
    asked = {} if version == newest else {"version": version}
    if page > 1:
        asked["page"] = page
    return address("source", slug) + (f"?{urlencode(asked)}" if asked else "")


def anchor(start: int, end: int) -> str:
    """The anchor of a span on the page of its source."""
    return f"e{start}-{end}"
