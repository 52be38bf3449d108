"""What is served over HTTP: pages, the JSON API, the SQL console.

`app.create_app` leaves the settings and a way to open a read session on the app; the
blueprints take both from here. One request, one read transaction: everything on a page
was true at the same moment.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from editing.saving import Change, Saved
from exchange.journal import Author
from queries.search.batch import MOST_SECONDS, BatchRow
from queries.search.page import SearchPage
from queries.search.request import SearchRequest
from queries.suggestions import Suggestions
from settings import Settings

#: Looks at one part of the installation; raises a DragomanError if it cannot be used.
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Services:
    """What a request may use of the installation that serves it."""

    settings: Settings
    open_session: Callable[[], AbstractContextManager[Session]]
    open_to_write: Callable[[], AbstractContextManager[Session]]
    """A session that writes; whoever opens it commits."""
    search: Callable[..., SearchPage]
    """`queries.search.service.search` with this installation's search engine."""
    search_each: Callable[..., Iterator[BatchRow]]
    """`queries.search.batch.search_each` with the same."""
    suggest: Callable[[Session, str], Suggestions]
    """`queries.suggestions.suggest` with the same."""
    health_checks: Mapping[str, Check]
    save: Callable[..., Saved]
    """`editing.saving.save` with this installation's database."""
    recorded: Callable[[str, str], dict[str, Any] | None]
    """`editing.saving.recorded` with the same."""
    undo: Callable[[int, Author], int]
    """`editing.undo.undo` with the same."""


def init_app(app: Flask, services: Services) -> None:
    """Give `app` its services, and close each request's session when it ends."""
    app.extensions["dragoman"] = services

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        stack: ExitStack | None = g.pop("dragoman_stack", None)
        g.pop("dragoman_session", None)
        if stack is not None:
            stack.close()


def settings() -> Settings:
    """The settings of the app that answers this request."""
    return _services().settings


def session() -> Session:
    """The request's read session, opened when first asked for."""
    if "dragoman_session" not in g:
        g.dragoman_stack = ExitStack()
        g.dragoman_session = g.dragoman_stack.enter_context(_services().open_session())
    return cast(Session, g.dragoman_session)


def opener() -> Callable[[], AbstractContextManager[Session]]:
    """What opens a session that outlives the request, for answers sent bit by bit."""
    return _services().open_session


def open_to_write() -> AbstractContextManager[Session]:
    """Open a session that writes, apart from the request's; the caller commits."""
    return _services().open_to_write()


def find(asked: SearchRequest, *, lenient: bool = False) -> SearchPage:
    """Search for what a request asks; `lenient` as the search service explains it."""
    return _services().search(session(), asked, lenient=lenient)


def each(
    lines: list[tuple[int, str]], seconds: float = MOST_SECONDS
) -> Iterator[BatchRow]:
    """Search for each of some numbered lines, in a session of their own.

    They may be sent bit by bit, when the request's session is closed.
    """
    services = _services()
    with services.open_session() as own:
        yield from services.search_each(own, lines, seconds=seconds)


def suggest(text: str) -> Suggestions:
    """Suggest what the words typed so far may mean."""
    return _services().suggest(session(), text)


def save(changes: Sequence[Change], author: Author) -> Saved:
    """Write changes, all or none; in a transaction of its own, which is committed."""
    return _services().save(changes, author)


def recorded(kind: str, slug: str) -> dict[str, Any] | None:
    """A record as a dataset has it; None if there is none."""
    return _services().recorded(kind, slug)


def undo(number: int, author: Author) -> int:
    """Undo a change; return the number of the change that does."""
    return _services().undo(number, author)


def health_checks() -> Mapping[str, Check]:
    """The parts of the installation, and how to look at each."""
    return _services().health_checks


def _services() -> Services:
    return cast(Services, current_app.extensions["dragoman"])
