"""Data out: `export dataset`, `export jsonl`, `export view` and other tools' files."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.completion import Slug
from cli.speech import Failure, remark, say
from cli.tables import progress
from exchange.export.annotations import annotations
from exchange.export.dataset import Exported, export_dataset, export_stream
from exchange.export.excel import write_excel
from exchange.export.ftm import entities
from exchange.export.views import read_view, write_parquet
from exchange.records import Kind
from formats.references import bibtex, csl, ris
from formats.spreadsheets import csv_lines
from models import Meeting, Stance, open_session
from queries.known import refuse_unknown
from queries.meetings import MEETINGS, select_meetings
from queries.references import source_references
from queries.stances import STANCES
from queries.views import VIEWS
from wording import counted

Command = TypeVar("Command", bound=Callable[..., None])

#: Each filter: the kind of record it names, and which others it brings along.
_FILTERS: Mapping[str, tuple[str, dict[str, str]]] = {
    "actor": (
        "Meetings in which it takes part, stances by, for and about it.",
        {"meetings": "actor", "stances": "actor"},
    ),
    "meeting": (
        "The meeting, what belongs to it, stances taken at it.",
        {"meetings": "parent", "stances": "meeting"},
    ),
    "topic": (
        "Meetings and stances under it or below it.",
        {"meetings": "topic", "stances": "topic"},
    ),
    "proposition": ("Stances on it.", {"stances": "target"}),
    "source": ("Stances for which it is cited.", {"stances": "source"}),
}


@click.group()
def export() -> None:
    """Write the record to files: nothing lost, or in other programs' forms."""


def _chosen(command: Command) -> Command:
    for name, (help_, _) in reversed(list(_FILTERS.items())):
        command = click.option(
            f"--{name}",
            name,
            multiple=True,
            metavar="SLUG",
            type=Slug(name),
            help=help_,
        )(command)
    return command


_with_texts = click.option(
    "--with-texts",
    is_flag=True,
    help="Ship all texts that are held, also those whose licence is not known to "
    "allow it.",
)


@export.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_chosen
@_with_texts
def dataset(folder: Path, with_texts: bool, **filters: tuple[str, ...]) -> None:
    """Write the record into FOLDER as a dataset, which `dragoman load` takes.

    All of it, or what the options choose together with all that this names. Made for
    version control: the same record gives the same bytes.
    """
    _export(export_dataset, folder, with_texts, filters)


@export.command()
@click.argument("file", type=click.Path(path_type=Path))
@_chosen
@_with_texts
def jsonl(file: Path, with_texts: bool, **filters: tuple[str, ...]) -> None:
    """Write the same records to FILE (.jsonl or .jsonl.gz), one a line."""
    if not file.name.endswith((".jsonl", ".jsonl.gz")):
        raise click.BadParameter("a name that ends in .jsonl or .jsonl.gz is expected")
    _export(export_stream, file, with_texts, filters)


_out = click.option(
    "--out",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
_site = click.option(
    "--site",
    default="urn:dragoman",
    show_default=True,
    metavar="URL",
    help="The address of the site that the record is served at.",
)


@export.command()
@click.argument(
    "name", metavar="NAME", type=click.Choice([view.name for view in VIEWS])
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "excel-csv", "xlsx", "parquet"]),
    default="csv",
    show_default=True,
    help="CSV, safe for spreadsheets (docs/export.md); the same with the mark that "
    "Excel wants; a workbook; or Parquet.",
)
@_out
def view(name: str, form: str, out: Path | None) -> None:
    """Write the view NAME as a table; docs/sql.md describes the views."""
    columns = [
        column.name for one in VIEWS if one.name == name for column in one.columns
    ]
    with open_session() as session:
        if form.endswith("csv"):
            rows = read_view(session, name, columns)
            _write(out, csv_lines(columns, rows, marked=form == "excel-csv"))
        elif out is None:
            what = "Parquet" if form == "parquet" else "A workbook"
            raise Failure(
                f"{what} does not go to a terminal or a pipe: give --out FILE."
            )
        else:
            write = write_parquet if form == "parquet" else write_excel
            draft = out.with_name(f".{out.name}.draft")
            try:
                write(session, name, columns, draft)
                os.replace(draft, out)
            finally:
                draft.unlink(missing_ok=True)


@export.command()
@click.argument("slugs", nargs=-1, metavar="[SOURCE]...", type=Slug("source"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["bibtex", "ris", "csl"]),
    default="bibtex",
    show_default=True,
    help="BibTeX, RIS, or CSL-JSON for Zotero and Pandoc.",
)
@_out
def citations(slugs: tuple[str, ...], form: str, out: Path | None) -> None:
    """Write all sources, or each SOURCE, as references."""
    with open_session() as session:
        refuse_unknown(session, slugs, "source")
        write = {"bibtex": bibtex, "ris": ris, "csl": csl}[form]
        _write(out, write(source_references(session, *slugs)))


@export.command("annotations")
@_site
@_out
def annotations_(site: str, out: Path | None) -> None:
    """Write the evidence as W3C Web Annotations (JSON-LD)."""
    with open_session() as session:
        _write(out, annotations(session, site))


@export.command()
@_site
@_out
def ftm(site: str, out: Path | None) -> None:
    """Write actors, offices, meetings and sources as FollowTheMoney entities."""
    with open_session() as session:
        _write(out, entities(session, site))


def _write(out: Path | None, pieces: Iterable[str]) -> None:
    """Write text to a file, whole or not at all, or to standard output."""
    if out is None:
        for piece in pieces:
            click.echo(piece.encode(), nl=False)
        sys.stdout.flush()
        return
    draft = out.with_name(f".{out.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        os.replace(draft, out)
    finally:
        draft.unlink(missing_ok=True)


def _export(
    write: Callable[..., Exported],
    path: Path,
    with_texts: bool,
    filters: Mapping[str, tuple[str, ...]],
) -> None:
    with progress("Exporting") as move, open_session(history=True) as session:
        chosen = chosen_by(session, filters) if any(filters.values()) else None
        done = write(session, path, chosen=chosen, with_texts=with_texts, progress=move)
    kinds = ", ".join(counted(count, kind) for kind, count in done.counts.items())
    say(f"{path}: {kinds or 'an empty record'}.")
    if done.withheld:
        names = ", ".join(done.withheld[:5])
        more = f" and {len(done.withheld) - 5:,} more" if len(done.withheld) > 5 else ""
        remark(
            f"Withheld, because no licence is known that lets them be passed on: the "
            f"texts of {names}{more}. --with-texts ships them."
        )
    remark(*done.notes)


def chosen_by(
    session: Session, filters: Mapping[str, Sequence[str]]
) -> dict[Kind, set[str]]:
    """Return the slugs that filters choose; the filters of pages do the choosing.

    Raises:
        NotFound: a filter names nothing that is recorded.
    """
    chosen: dict[Kind, set[str]] = {"meeting": set(), "stance": set()}
    for name, slugs in filters.items():
        kind: Any = name
        refuse_unknown(session, slugs, kind)
        for slug in slugs:
            chosen.setdefault(kind, set()).add(slug)
            lists = _FILTERS[name][1]
            if "meetings" in lists:
                where = MEETINGS.strictly({lists["meetings"]: slug}).conditions
                found = select_meetings().with_only_columns(Meeting.slug).where(*where)
                chosen["meeting"].update(session.scalars(found))
            where = STANCES.strictly({lists["stances"]: slug}).conditions
            chosen["stance"].update(
                session.scalars(sa.select(Stance.slug).where(*where))
            )
    return chosen
