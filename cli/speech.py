"""How the command line speaks: sentences, tables, JSON, progress, and how it fails.

Answers go to standard output, everything else to standard error, so that a pipe gets
the answer and nothing but the answer.
"""

import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import IO, Any

import click
from alembic.util import CommandError
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from errors import DragomanError, InputFaults
from models.database import explain, shared_engine
from search.highlight import Piece
from settings import load_settings
from wording import counted, for_terminal

_PIPED_WIDTH = 160
"""Columns of a table that nobody's window bounds."""

_NARROWEST = 13
"""Characters that a column of a table should have."""

_FAULTS_NAMED = 1_000
"""Faults that are printed at most; nobody reads a hundred thousand."""

_OURS = re.compile(r"(?<=[“`])dragoman\b")
"""Our command where a sentence quotes it."""


def as_typed(sentence: str) -> str:
    """Name our commands as they can be typed here.

    Sentences of every layer say “dragoman check”; outside an activated environment
    that is “.venv/bin/dragoman check”.
    """
    if not _OURS.search(sentence) or shutil.which("dragoman"):
        return sentence
    command = Path(sys.executable).parent / "dragoman"
    here = Path.cwd()
    shown = command.relative_to(here) if command.is_relative_to(here) else command
    return _OURS.sub(lambda _: str(shown), sentence)


class Failure(click.ClickException):
    """The end of a command that failed, in a sentence."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence; click would put "Error:" before it."""
        click.echo(as_typed(for_terminal(self.message)), file=file or sys.stderr)


class Stopped(Failure):
    """The end of a command that somebody stopped."""

    exit_code = 130  # as shells say it: 128 and the number of the signal


class Verbs(click.Group):
    """The group of all commands: it turns every failure into a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except InputFaults as error:
            raise Failure(_all(error)) from error
        except DragomanError as error:
            raise Failure(error.detail) from error
        except DBAPIError as error:
            raise Failure(_of_the_database(error)) from error
        except CommandError as error:  # Alembic: the database knows a later revision
            raise Failure(
                f"The database was not made by this version of Dragoman: {error}."
            ) from error
        except KeyboardInterrupt as error:
            raise Stopped("Stopped.") from error
        except BrokenPipeError:
            raise  # whoever read us has enough; click ends without a word
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise Failure(f"{place}{error.strerror or error}.") from error


def _all(error: InputFaults) -> str:
    lines = [*map(str, error.faults[:_FAULTS_NAMED])]
    if len(error.faults) > _FAULTS_NAMED:
        lines.append(f"and {len(error.faults) - _FAULTS_NAMED:,} more")
    faults = counted(len(error.faults), "fault")
    return "\n".join([*lines, f"{faults}; nothing was changed."])


def _of_the_database(error: DBAPIError) -> str:
    explained = explain(error, shared_engine(load_settings().database_url))
    if explained is not None:
        return explained.detail
    return "The database refused this: " + " ".join(str(error.orig).split()) + "."


def say(*sentences: str) -> None:
    """Print sentences that are the answer."""
    for sentence in sentences:
        click.echo(for_terminal(sentence))


def remark(*sentences: str) -> None:
    """Print sentences beside the answer, on standard error."""
    for sentence in sentences:
        click.echo(for_terminal(sentence), err=True)


def say_json(value: Any) -> None:
    """Print JSON, indented for people; programs do not mind."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say_marked(pieces: Iterable[Piece], rest: str = "", indent: int = 0) -> None:
    """Print a text, its marked words in bold; a terminal wraps it, a pipe does not."""
    text = Text()
    for piece in pieces:
        words = for_terminal(piece.text).replace("\n", " ")
        text.append(words, style="bold" if piece.marked else "")
    text.append(for_terminal(rest))
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        click.echo(" " * indent + text.plain)


def say_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table as wide as the window; long words are folded, none is cut.

    Where the columns would be too narrow to read, each row becomes a list of its own.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPED_WIDTH)
    if console.width < len(columns) * _NARROWEST:
        for row in rows:
            console.print(_grid(columns, row), "")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, name in enumerate(columns):
        cells = [row[number] for row in rows]
        numeric = all(_is_number(cell) for cell in cells if cell is not None)
        table.add_column(
            Text(for_terminal(name)),
            justify="right" if cells and numeric else "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)


def _grid(columns: Sequence[str], row: Sequence[object]) -> Table:
    grid = Table.grid("", Column(overflow="fold"), padding=(0, 2, 0, 0))
    for name, value in zip(columns, row, strict=True):
        grid.add_row(Text(for_terminal(name), style="dim"), Text(_cell(value)))
    return grid


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return for_terminal(str(value))


class _Terminal(io.StringIO):
    """What is printed meanwhile, for a terminal."""

    def isatty(self) -> bool:
        """Keep colours and the terminal's width."""
        return True


@contextmanager
def paged() -> Iterator[None]:
    """Show what is printed meanwhile through $PAGER where it is longer than the window.

    Only on a terminal: a pipe or a file gets it as it comes.
    """
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        yield
        return
    written = _Terminal()
    with redirect_stdout(written):
        yield
    text = written.getvalue()
    if text.count("\n") < shutil.get_terminal_size().lines:
        sys.stdout.write(text)
    else:
        click.echo_via_pager(text, color=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with an estimate, if somebody watches; yields what moves it.

    Call that with what is done and what there is to do.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("·"),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield move
