"""The history of the record: `history`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
from sqlalchemy.orm import Session

from cli.options import option
from cli.speech import Failure, paged, remark, say, say_json
from cli.tables import say_table
from models import open_session
from models.enums import RecordKind
from queries.change_shapes import ChangeItem, RecordChange
from queries.changes import (
    CHANGES,
    find_changes,
    load_change,
    load_record_changes,
)
from queries.parameters import LARGEST_LIMIT, limit, page
from queries.plain import plain
from queries.shapes import Page
from wording import quoted

_COLUMNS = ("change", "when", "by", "what", "records", "message")


@click.command()
@click.argument("what", metavar="[NUMBER | KIND SLUG]", nargs=-1)
@option(page())
@option(replace(limit(20, LARGEST_LIMIT), help="How many to show."))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@paged()
def history(what: tuple[str, ...], page: int, limit: int, as_json: bool) -> None:
    """Show who changed what in the record: all changes, of a record, or one change.

    Without an argument it lists the changes, the last first. With KIND and SLUG (`actor
    iran`) it shows what was done to that record, field by field, and with NUMBER what
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
