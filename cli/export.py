"""Data out: `export dataset`, `export jsonl`, `export view` and other tools' files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.speech import progress, remark, say
from errors import NotFound, quoted
from exchange.export.dataset import Exported, export_dataset, export_stream
from exchange.records import Kind
from exchange.stored import MODELS
from models import Meeting, Stance, open_session
from queries.meetings import MEETINGS, select_meetings
from queries.stances import STANCES

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
    for name, (help_, _) in reversed(_FILTERS.items()):
        command = click.option(
            f"--{name}", name, multiple=True, metavar="SLUG", help=help_
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


def _export(
    write: Callable[..., Exported],
    path: Path,
    with_texts: bool,
    filters: Mapping[str, tuple[str, ...]],
) -> None:
    with progress("Exporting") as move, open_session() as session:
        chosen = chosen_by(session, filters) if any(filters.values()) else None
        told = write(session, path, chosen=chosen, with_texts=with_texts, progress=move)
    kinds = ", ".join(
        f"{count:,} {kind}{'' if count == 1 else 's'}"
        for kind, count in told.counts.items()
    )
    say(f"{path}: {kinds or 'an empty record'}.")
    if told.withheld:
        names = ", ".join(told.withheld[:5])
        more = f" and {len(told.withheld) - 5:,} more" if len(told.withheld) > 5 else ""
        remark(
            f"Withheld, because no licence is known that lets them be passed on: the "
            f"texts of {names}{more}. --with-texts ships them."
        )
    remark(*told.notes)


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
        for slug in slugs:
            model = MODELS[kind]
            if session.scalar(sa.select(model.id).where(model.slug == slug)) is None:
                raise NotFound(f"No {name} is called {quoted(slug)}.")
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
