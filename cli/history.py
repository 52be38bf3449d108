"""The history of the record, and taking back: `history`, `undo`, `withdraw` …"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
from sqlalchemy.orm import Session

from cli.completion import Slug
from cli.data import author_of, message_option, ready_settings
from cli.index import bring_up_to_date
from cli.options import option
from cli.speech import Failure, paged, remark, say, say_json
from cli.tables import say_table
from editing.undo import take_back, undo_run
from editing.undo import undo as undo_change
from exchange.records import Kind
from exchange.stored import MODELS
from models import open_session
from models.enums import RecordKind
from queries.change_shapes import ChangeItem, RecordChange
from queries.changes import (
    CHANGES,
    LARGEST_NUMBER,
    find_changes,
    load_change,
    load_record_changes,
)
from queries.parameters import LARGEST_LIMIT, limit, page
from queries.plain import plain
from queries.shapes import Page
from wording import quoted

KINDS = tuple(MODELS)

_COLUMNS = ("change", "when", "by", "what", "records", "message")


@click.command()
@click.argument("what", metavar="[WHAT]...", nargs=-1)
@option(page())
@option(replace(limit(20, LARGEST_LIMIT), help="How many to show."))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@paged()
def history(what: tuple[str, ...], page: int, limit: int, as_json: bool) -> None:
    """Show who changed what in the record: all changes, of a record, or one change.

    Without WHAT it lists the changes, the last first. With a kind and a slug (`actor
    iran`) it shows what was done to that record, field by field, and with a number what
    that change did to each record. Of texts and quotes only the places are kept.
    """
    given = {"page": str(page), "limit": str(limit)}
    with open_session() as session:
        if len(what) == 1:
            _say_change(session, what[0], page, as_json)
        elif len(what) == 2:
            _say_record(session, *what, given, as_json)
        elif what:
            raise click.UsageError("Give a NUMBER, or a KIND and a SLUG, or nothing.")
        else:
            found = find_changes(session, CHANGES.strictly(given))
            if as_json:
                say_json(plain(found))
                return
            if found.items:
                say_table(_COLUMNS, [_line(item) for item in found.items])
            _say_more(found)


def _say_change(session: Session, number: str, page: int, as_json: bool) -> None:
    found = load_change(session, number, page)
    if as_json:
        say_json(plain(found))
        return
    say(_sentence(found))
    for item in found.changed.items:
        say("", f"{item.kind} {item.slug}: {item.action.label}")
        _say_fields(item)
    _say_more(found.changed)


def _say_record(
    session: Session, kind: str, slug: str, given: dict[str, str], as_json: bool
) -> None:
    if kind not in set(RecordKind):
        raise Failure(
            f"{quoted(kind)} is no kind of record; expected one of "
            f"{', '.join(RecordKind)}."
        )
    asked = CHANGES.strictly(given | {"record": f"{kind}/{slug}"})
    found = find_changes(session, asked)
    changed = load_record_changes(
        session, kind, slug, [item.number for item in found.items]
    )
    if as_json:
        items = [
            {**plain(item), "changed": plain(changed[item.number])}
            for item in found.items
        ]
        say_json({"items": items, "total": found.total})
        return
    for item in found.items:
        say(f"{changed[item.number].action.label}: {_sentence(item)}")
        _say_fields(changed[item.number])
        say("")
    _say_more(found)


def _say_fields(item: RecordChange) -> None:
    for field in item.fields:
        before = "nothing" if field.before is None else field.before
        after = "nothing" if field.after is None else field.after
        say(f"  {field.field}: {before} → {after}")
        if field.quote is not None:
            say(f"    “{field.quote}”")
    if item.more:
        say(f"  and {item.more:,} further fields")


def _say_more(found: Page[Any]) -> None:
    if not found.items:
        remark(f"{found.total:,} found.")
    elif found.more:
        remark(f"{found.total:,} in all; --page {found.page + 1} goes on.")


def _line(item: ChangeItem) -> Sequence[object]:
    when = f"{item.at:%Y-%m-%d %H:%M}"
    what = f"{item.verb} {item.name}"
    return item.number, when, item.author, what, item.summary, item.message


def _sentence(item: ChangeItem) -> str:
    message = f": {item.message}" if item.message else ""
    return (
        f"Change {item.number}, {item.at:%Y-%m-%d %H:%M} UTC, by {item.author}, "
        f"{item.verb} {item.name} ({item.summary}){message}"
    )


@click.command()
@click.argument("number", type=click.IntRange(1, LARGEST_NUMBER))
@click.option("--run", "is_run", is_flag=True, help="NUMBER is of a run, not a change.")
@message_option
def undo(number: int, is_run: bool, message: str | None) -> None:
    """Undo the change NUMBER, or with --run all changes of the run NUMBER.

    That is a change of its own, and can be undone in its turn. It is refused, with the
    records in the way, when one that the change touched has changed since, or when a
    record names what would vanish.
    """
    settings = ready_settings()
    author = author_of(settings, message)
    if is_run:
        made = undo_run(settings.database_url, number, author)
    else:
        made = [undo_change(settings.database_url, number, author)]
    _say_made("Undone", made)
    bring_up_to_date(settings)


@click.command()
@click.argument("slug", type=Slug("stance"))
@message_option
def withdraw(slug: str, message: str | None) -> None:
    """Withdraw the stance SLUG, which was coded by mistake.

    It stays in the history, and nowhere else; its slug is not given again. Where an
    actor changed its mind, or a coder chose the wrong value, record a stance that
    supersedes or corrects it.
    """
    _take_back("stance", slug, message, "Withdrawn")


@click.command()
@click.argument(
    "kind",
    type=click.Choice([kind for kind in KINDS if kind != "stance"]),
    metavar="KIND",
)
@click.argument("slug")
@message_option
def delete(kind: Kind, slug: str, message: str | None) -> None:
    """Remove the record that is KIND and SLUG, and that nothing names.

    Its history stays, and `dragoman undo` brings it back, a source with its text too.
    A file that still has it unchanged does not. A stance is withdrawn, not removed.
    """
    _take_back(kind, slug, message, "Removed")


def _take_back(kind: Kind, slug: str, message: str | None, word: str) -> None:
    settings = ready_settings()
    author = author_of(settings, message)
    made = take_back(settings.database_url, kind, slug, author)
    _say_made(word, [made])
    bring_up_to_date(settings)


def _say_made(word: str, made: Sequence[int]) -> None:
    last = made[-1]
    several = f" ({len(made):,} changes)" if len(made) > 1 else ""
    say(f"{word} in change {last}{several}; dragoman undo {last} takes that back.")
