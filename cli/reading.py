"""What is recorded: `search`, `meeting`, `sql`; the lists stand in `cli/lists.py`.

Each renders the dataclass that its page and its JSON render.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, TextIO

import click

from cli.completion import Slug
from cli.options import option, options
from cli.speech import Failure, paged, remark, say, say_json
from cli.tables import progress, say_marked, say_table
from formats.spreadsheets import csv_text
from models import open_session
from models.enums import Mode
from queries import search as find
from queries.meetings import (
    AS_KNOWN_ON,
    MeetingDetail,
    load_meeting,
)
from queries.parameters import limit, page
from queries.plain import plain
from queries.search.batch import (
    COLUMNS,
    LONGEST_LINE,
    MOST_LINES,
    read_lines,
    search_each,
)
from queries.search.request import FILTERS, MATCH, SORT, WAIT
from queries.search.service import engine_of
from queries.shapes import Citation
from queries.sql import run_sql
from search.query_error import QueryError
from settings import load_settings
from wording import counted

_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
_page = option(page("Which page to show."))


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--each",
    type=click.File(encoding="utf-8-sig"),
    help="A file of names or queries, one a line, - for standard input: search for "
    "each of them, without other options.",
)
@click.option("--csv", "as_csv", is_flag=True, help="With --each: answer in CSV.")
@options(FILTERS)
@option(MATCH)
@option(SORT)
@option(WAIT)
@click.option(
    "--spread/--no-spread",
    default=True,
    help="Whether the first page keeps to one passage of a source.",
)
@_page
@option(replace(limit(10, 100), help="How many to show."))
@_json
@paged()
def search(
    query: tuple[str, ...],
    each: TextIO | None,
    as_csv: bool,
    as_json: bool,
    match: Any,
    wait: str,
    **options: Any,
) -> None:
    """Search the passages and all that is recorded for QUERY.

    Words, "phrases", AND OR NOT, prefix*, field:value: docs/query-language.md explains
    them. A query that begins with - comes after --.
    """
    if each is not None:
        if query or as_json:
            raise click.UsageError("--each takes neither a QUERY nor --json.")
        _search_each(each, as_csv)
        return
    if not query or as_csv:
        raise click.UsageError("Give a QUERY, or --each FILE, with or without --csv.")
    settings = load_settings()
    words = " ".join(query)
    try:
        with open_session(settings.database_url) as session:
            found = find(
                session,
                words,
                match=match,
                wait=int(wait),
                engine=engine_of(settings),
                **options,
            )
    except QueryError as error:
        raise Failure(_pointed(error, words)) from error
    if as_json:
        say_json(plain(found))
        return
    if found.did_you_mean:
        remark(f"Did you mean: {found.did_you_mean}")
    remark(*found.notices)
    for hit in found.hits:
        where = f", passage {hit.position}" if hit.position else ""
        parts = [
            hit.kind,
            hit.badge.word if hit.badge else "",
            hit.mode.value if hit.mode in (Mode.ASCRIBED, Mode.INFERRED) else "",
            "" if hit.current else "superseded",
            f"says {hit.said_by}" if hit.said_by else "",
            "" if hit.all_words or found.match == "any" else "some of the words",
            str(hit.date) if hit.date.known else "",
        ]
        said = "".join(f" · {part}" for part in parts if part)
        say_marked(hit.title_pieces, f"{where}{said}")
        if hit.snippet:
            say_marked(hit.snippet, indent=2)
        say(f"  {hit.url}", "")
    more = f"; --page {found.page + 1} goes on" if found.more else ""
    some = f", {found.some:,} more with some of the words" if found.some else ""
    remark(f"{found.total:,} found{some}{more}.")


def _search_each(file: TextIO, as_csv: bool) -> None:
    settings = load_settings()
    try:
        lines = read_lines(file.read(MOST_LINES * (LONGEST_LINE + 2) + 1))
    except UnicodeDecodeError as error:
        raise Failure(
            f"{file.name}: it is not in UTF-8 (byte {error.start:,}); save it so."
        ) from error
    with (
        open_session(settings.database_url) as session,
        progress("Searching") as move,
    ):
        rows = []
        for row in search_each(session, lines, engine_of(settings)):
            rows.append(row.cells())
            move(len(rows), len(lines))
    if as_csv:
        click.echo(csv_text(COLUMNS, rows), nl=False)
        return
    say_table(
        ("line", "query", "all", "some", "named", "best hit", "date"),
        [(row[0], row[1], row[3], row[4], row[5], row[6], row[7]) for row in rows],
    )


def _pointed(error: QueryError, query: str) -> str:
    if error.position is None or len(query) > 78:
        return error.detail
    return f"{error.detail}\n  {query}\n  {' ' * error.position}^"


@click.command()
@click.argument("slug", type=Slug("meeting"))
@option(AS_KNOWN_ON)
@_json
@paged()
def meeting(slug: str, as_known_on: str | None, as_json: bool) -> None:
    """Show the meeting SLUG: participants, agenda, and sources."""
    day = AS_KNOWN_ON.check(as_known_on) if as_known_on else None
    with open_session() as session:
        found = load_meeting(session, slug, day)
    if as_json:
        say_json(plain(found))
    else:
        say(*_described(found, day))


def _described(found: MeetingDetail, day: date | None) -> Iterator[str]:
    known = f", as known on {day:%-d %B %Y}" if day else ""
    place = ", ".join(filter(None, [found.venue, found.city]))
    if found.country:
        place = ", ".join(filter(None, [place, found.country.label]))
    yield found.title
    yield " · ".join(filter(None, [str(found.date), found.badge.word + known, place]))
    if found.parent and found.relation:
        yield f"{found.relation.value.replace('_', ' ')}: {found.parent.label}"
    for heading, lines in (
        ("Participants", [_participant(item) for item in found.participants]),
        ("Agenda", [_claim(item.text, item) for item in found.agenda]),
        ("Outcomes", [_claim(item.text, item) for item in found.outcomes]),
        ("Status", [_claim(str(item.date), item) for item in found.status_events]),
        ("Part of it", [f"{item.title} ({item.slug})" for item in found.children]),
        ("Evidence", [_passage(item) for item in found.citations]),
    ):
        if lines:
            yield ""
            yield heading
            yield from (f"  {line}" for line in lines)


def _participant(item: Any) -> str:
    who = item.name
    if item.represents and item.represents.label != who:
        who = f"{who}, for {item.represents.label}"
    return _claim(who, item)


def _claim(text: str, item: Any) -> str:
    badge = getattr(item, "badge", None)
    remarks = [
        badge.word if badge else "",
        f"says {item.said_by}" if item.said_by else "",
    ]
    return f"{text} ({', '.join(filter(None, remarks))})".replace(" ()", "")


def _passage(citation: Citation) -> str:
    where = f"{citation.source.label}, passage {citation.passage or '?'}"
    return f"{where}: “{citation.quote}”" if citation.quote else where


@click.command()
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the answer.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@paged()
def sql(query: str, form: str) -> None:
    """Answer a read-only SQL QUERY over the views; `-` reads it from standard input.

    docs/sql.md describes the views and has examples.
    """
    if query == "-":
        query = sys.stdin.read()
    result = run_sql(load_settings(), query)
    if form == "csv":
        click.echo(csv_text(result.columns, result.rows), nl=False)
    elif form == "json":
        say_json(result.as_dict())
    else:
        say_table(result.columns, result.rows)
        rows = counted(result.row_count, "row")
        remark(f"{rows} in {result.seconds:.2f} s")
    if result.truncated:
        remark(result.truncated)
