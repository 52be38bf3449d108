"""How the command line speaks: sentences, JSON, a pager, and how it fails.

Answers go to standard output, everything else to standard error, so that a pipe gets
the answer and nothing but the answer. Tables and bars stand in `cli.tables`: what every
verb imports, and help too, imports nothing that takes time.
"""

import io
import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import IO, Any

import click

from errors import DragomanError, InputFaults
from wording import counted, for_terminal

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
        except KeyboardInterrupt as error:
            raise Stopped("Stopped.") from error
        except BrokenPipeError:
            raise  # whoever read us has enough; click ends without a word
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise Failure(f"{place}{error.strerror or error}.") from error
        except Exception as error:
            sentence = _of_the_database(error)
            if sentence is None:
                raise  # a bug
            raise Failure(sentence) from error


def _all(error: InputFaults) -> str:
    lines = [*map(str, error.faults[:_FAULTS_NAMED])]
    if len(error.faults) > _FAULTS_NAMED:
        lines.append(f"and {len(error.faults) - _FAULTS_NAMED:,} more")
    faults = counted(len(error.faults), "fault")
    return "\n".join([*lines, f"{faults}; nothing was changed."])


def _of_the_database(error: Exception) -> str | None:
    """Say what SQLAlchemy or Alembic raised; None for what is neither's.

    Both take longer to import than help takes to print. Who has not imported them has
    none of their errors.
    """
    if "sqlalchemy" not in sys.modules:
        return None
    from cli.refusals import said

    return said(error)


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
