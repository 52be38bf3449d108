"""The lists: `meetings`, `actors`, `stances`, `sources`, `topics`, `propositions`.

Each is made from the table of filters and orders of its page, and prints a line for
what its page shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click
from sqlalchemy.orm import Session

from cli.options import option, options
from cli.speech import paged, remark, say_json
from cli.tables import say_table
from formats.spreadsheets import csv_text
from models import open_session
from queries.actors import ACTORS, find_actors
from queries.dates import WrittenDate
from queries.filters import Listing, ListOf
from queries.meetings import MEETINGS, find_meetings
from queries.naming import slugs_for_names
from queries.parameters import A_SLUG, LARGEST_LIMIT, Parameter, limit, page, text
from queries.plain import plain
from queries.propositions import PROPOSITIONS, find_propositions
from queries.shapes import Page, Ref
from queries.sources import SOURCES, find_sources
from queries.stances import STANCES, find_stances
from queries.topics import TOPICS, find_topics


@dataclass(frozen=True, kw_only=True)
class _List:
    """A list: what finds its items, and what a line says of one."""

    about: str
    table: ListOf
    find: Callable[[Session, Listing], Page[Any]]
    columns: Sequence[str]
    line: Callable[[Any], Sequence[object]]


def _label(ref: Ref | None) -> str | None:
    return ref.label if ref else None


_LISTS = (
    _List(
        about="List meetings: participants, dates and status.",
        table=MEETINGS,
        find=find_meetings,
        columns=("date", "meeting", "status", "who", "slug"),
        line=lambda item: (
            item.date,
            item.title,
            item.badge.word,
            item.named,
            item.slug,
        ),
    ),
    _List(
        about="List actors: persons, states, bodies, and how much is recorded of each.",
        table=ACTORS,
        find=find_actors,
        columns=("actor", "kind", "of", "meetings", "stances", "slug"),
        line=lambda item: (
            item.name,
            item.kind.value,
            _label(item.parent),
            item.meetings,
            item.stances,
            item.slug,
        ),
    ),
    _List(
        about="List stances: who stands where on what, and who says so.",
        table=STANCES,
        find=find_stances,
        columns=("stated", "actor", "position", "issue", "mode", "said by", "slug"),
        line=lambda item: (
            item.stated,
            item.holder.label,
            item.badge.word + ("" if item.current else ", superseded"),
            item.target.label,
            item.mode.value,
            item.said_by,
            item.slug,
        ),
    ),
    _List(
        about="List sources: the documents that everything rests on.",
        table=SOURCES,
        find=find_sources,
        columns=("published", "source", "kind", "publisher", "text", "slug"),
        line=lambda item: (
            item.published,
            item.title,
            item.kind.value,
            item.publisher,
            item.text_state,
            item.slug,
        ),
    ),
    _List(
        about="List topics, each with the topics above it.",
        table=TOPICS,
        find=find_topics,
        columns=("topic", "path", "propositions", "stances", "slug"),
        line=lambda item: (
            item.name,
            item.path,
            item.propositions,
            item.stances,
            item.slug,
        ),
    ),
    _List(
        about="List propositions: the sentences on which actors take positions.",
        table=PROPOSITIONS,
        find=find_propositions,
        columns=("proposition", "kind", "topic", "positions", "slug"),
        line=lambda item: (
            item.text,
            item.kind.value,
            _label(item.topic),
            ", ".join(f"{one.position.value} {one.count}" for one in item.tally),
            item.slug,
        ),
    ),
)


def _named(item: Parameter) -> Parameter:
    """Let an option that takes a slug take a name too."""
    return replace(item, takes=text(expected=A_SLUG.expected)) if item.kinds else item


def _command(kind: _List) -> click.Command:
    """Make the command of a list."""
    keyword = next(item for item in kind.table.filters if item.name == "q")
    sort = next(item for item in kind.table.parameters if item.name == "sort")

    @click.command(kind.table.noun, help=f"{kind.about}\n\nWORDS: {keyword.help}")
    @click.argument("words", nargs=-1)
    @options(_named(item) for item in kind.table.filters if item is not keyword)
    @option(sort)
    @option(page("Which page to show."))
    @option(replace(limit(20, LARGEST_LIMIT), help="How many to show."))
    @click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    @paged()
    def command(
        words: tuple[str, ...],
        as_csv: bool,
        as_json: bool,
        limit: int,
        page: int,
        **filters: Any,
    ) -> None:
        if as_csv and as_json:
            raise click.UsageError("Choose one of --csv and --json.")
        given = {name: texts for name, texts in filters.items() if texts}
        given |= {"limit": str(limit), "page": str(page)}
        if words:
            given["q"] = " ".join(words)
        with open_session() as session:
            named = slugs_for_names(session, kind.table.filters, given)
            remark(*named.remarks)
            found = kind.find(session, kind.table.strictly(named.strictly()))
        if as_json:
            say_json(plain(found))
            return
        rows = [kind.line(item) for item in found.items]
        if as_csv:
            texts = [[_cell(value) for value in row] for row in rows]
            click.echo(csv_text(kind.columns, texts), nl=False)
        elif rows:
            say_table(kind.columns, rows)
        else:
            past = f"There is no page {page}: " if found.total else ""
            remark(f"{past}{found.total:,} found.")
        if found.more:
            remark(f"{len(rows):,} of {found.total:,}; --page {page + 1} goes on.")

    return command


def _cell(value: object) -> object:
    if isinstance(value, WrittenDate):
        return value.edtf
    return value if value is None or isinstance(value, int) else str(value)


meetings, actors, stances, sources, topics, propositions = map(_command, _LISTS)
