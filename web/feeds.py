"""What other programs follow: the calendar, iCalendar, Atom feeds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from analysis.calendar import A_MONTH, load_dated, load_month, opening_month
from analysis.feeds import (
    Entry,
    change_entries,
    meeting_entries,
    search_entries,
    stance_entries,
    status_entries,
    updated,
)
from formats.atom import as_atom
from formats.icalendar import as_icalendar
from queries.changes import CHANGES
from queries.evidence import last_changed
from queries.filters import ListOf
from queries.meetings import MEETINGS
from queries.naming import slugs_for_names
from queries.parameters import Parameter, read
from queries.search.request import strictly
from queries.shapes import identity
from queries.stances import STANCES
from web import find, session

feeds = Blueprint("feeds", __name__)

MONTH = Parameter(name="month", help="The month to show.", takes=A_MONTH)


@feeds.get("/meetings/calendar")
def calendar() -> str:
    """The meetings of a month."""
    given = read((MONTH,), request.args.to_dict(flat=False)).strictly()
    today = datetime.now(UTC).date()
    first = given.one("month", None) or opening_month(session(), today)
    month = load_month(session(), first)
    return render_template("meetings/calendar.html", month=month, today=today)


@feeds.get("/meetings.ics")
def icalendar() -> Response:
    """The meetings as a calendar to subscribe to, with the filters of their list."""
    items = load_dated(session(), *_conditions(MEETINGS))
    content = as_icalendar(
        items, request.url_root, _name("Meetings"), last_changed(session())
    )
    return _answer(content, "text/calendar; charset=utf-8")


@feeds.get("/feeds/meetings.atom")
def meetings() -> Response:
    """Meetings as they are recorded."""
    entries = meeting_entries(session(), _conditions(MEETINGS))
    return _feed(_name("Meetings"), "/meetings", entries)


@feeds.get("/feeds/status.atom")
def status() -> Response:
    """Changes of meetings' status as they are recorded."""
    entries = status_entries(session(), _conditions(MEETINGS))
    return _feed(_name("Status of meetings"), "/meetings", entries)


@feeds.get("/feeds/stances.atom")
def stances() -> Response:
    """Stances as they are recorded."""
    entries = stance_entries(session(), _conditions(STANCES))
    return _feed(_name("Stances"), "/stances", entries)


@feeds.get("/feeds/changes.atom")
def changes() -> Response:
    """Changes of the record as they are made."""
    entries = change_entries(session(), _conditions(CHANGES))
    return _feed(_name("History"), "/changes", entries)


@feeds.get("/search.atom")
def search() -> Response:
    """What a search finds, the newest first unless another order is asked for."""
    asked = strictly(request.args.to_dict(flat=False))
    if "sort" not in request.args:
        asked = replace(asked, sort="-date")
    entries = search_entries(session(), find(asked))
    query = request.args.get("q", "")
    return _feed(f"Search: {query}" if query else "Search", "/search", entries)


def _conditions(table: ListOf) -> Sequence[Any]:
    """Read the filters of a list, by slugs or names; no pages and no order.

    A name is read, not redirected to its slug: not every program that subscribes
    follows a redirect, and none remembers it.
    """
    given = request.args.to_dict(flat=False)
    args = slugs_for_names(session(), table.filters, given).strictly()
    read(table.filters, args).strictly()
    return table.strictly(args).conditions


def _name(noun: str) -> str:
    """Name a subscription by what it is filtered by."""
    given = [
        f"{name} {', '.join(values)}"
        for name, values in request.args.to_dict(flat=False).items()
        if any(values)
    ]
    return f"{noun}: {'; '.join(given)}" if given else noun


def _feed(title: str, page: str, entries: Sequence[Entry]) -> Response:
    query = request.query_string.decode("ascii", "replace")
    tail = f"?{query}" if query else ""
    content = as_atom(
        entries,
        id=identity("feed", f"{request.path}{tail}").urn,
        title=title,
        root=request.url_root.rstrip("/"),
        self_path=f"{request.path}{tail}",
        page_path=f"{page}{tail}",
        updated=updated(session()),
    )
    return _answer(content, "application/atom+xml; charset=utf-8")


def _answer(content: str | bytes, content_type: str) -> Response:
    response = make_response(content)
    response.content_type = content_type
    return response
