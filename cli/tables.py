"""What the command line draws: tables, marked texts, and bars of progress."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
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

from cli.speech import remark
from search.highlight import Piece
from wording import for_terminal

_PIPED_WIDTH = 160
"""Columns of a table that nobody's window bounds."""

_SECONDS = 15.0
"""Between two lines of progress where nobody watches a bar."""

_NARROWEST = 13
"""Characters that a column of a table should have."""


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


class _Lines:
    """Progress as a log has it: a line every `_SECONDS` at most."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._said = time.monotonic()

    def move(self, done: int, total: int) -> None:
        """Say how far it is, if it was not said lately."""
        if total and time.monotonic() - self._said >= _SECONDS:
            self._said = time.monotonic()
            remark(f"{self._what}: {min(done / total, 1):.0%}")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with an estimate, if somebody watches; yields what moves it.

    Call that with what is done and what there is to do. A file or a pipe gets a line
    of its own now and then.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(what).move
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("·"),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield move
