"""Completing slugs in the shell; docs/cli.md says how to turn it on."""

from typing import Any

import click
from click.shell_completion import CompletionItem
from sqlalchemy.exc import DBAPIError

from errors import DragomanError
from models import open_session
from queries.known import slugs_beginning


def offered(incomplete: str, *kinds: str) -> list[CompletionItem]:
    """The slugs of these kinds that go on from what is typed.

    Of a database that is not there, or not read, there are none: a shell that waits
    for an answer has no place for a sentence.
    """
    try:
        with open_session() as session:
            found = slugs_beginning(session, incomplete, *kinds)
    except (DragomanError, DBAPIError):
        return []
    return [CompletionItem(slug) for slug in found]


class Slug(click.ParamType[str]):
    """The slug of a record of some kind; whether there is one is said by what reads it.

    `Slug("meeting")` as the type of an argument completes the slugs of meetings.
    """

    name = "slug"

    def __init__(self, *kinds: str) -> None:
        self._kinds = kinds

    def convert(self, value: Any, _param: Any, _context: Any) -> Any:
        """Take the text as it is."""
        return value

    def shell_complete(
        self, _context: Any, _param: Any, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the slugs that begin so."""
        return offered(incomplete, *self._kinds)
