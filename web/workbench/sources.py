"""A new source: pasted, out of a file, or only what is known of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from editing.forms import SOURCE, Reading, nowhere, source_changes
from errors import DragomanError, InputFaults
from exchange.files import NotReadable
from exchange.importers.document import Given, Unreadable
from exchange.importers.kinds import READ
from exchange.importers.worker import Reader, ReadFile
from queries.shapes import address
from web import save, session
from web.links import here
from web.workbench.shown import answer_form, author, show
from web.writers import Role, requires

new_sources = Blueprint("new_sources", __name__)

SECONDS = 60.0
"""How long a file may take to be read while somebody waits."""
SUFFIXES = tuple(suffix for kind in READ for suffix in kind.suffixes if suffix)
_LONGEST_NAME = 100


@new_sources.get("/sources/new")
@requires(Role.EDITOR)
def page() -> Response:
    """The form of a new source."""
    return _answer(200, request.args.to_dict(), None)


@new_sources.post("/sources/new")
@requires(Role.EDITOR)
def add() -> Response | Answer:
    """Save a new source and go on to code it."""
    values = request.form.to_dict()
    reading = Reading(session(), SOURCE, values, nowhere())
    status = 422
    changes = []
    try:
        changes = source_changes(reading, _read(request.files.get("file")))
    except (Unreadable, NotReadable) as error:
        reading.fault("file", str(error))
    if changes and not reading.faults:
        try:
            saved = save(changes, author())
            [(_, slug)] = saved.slugs
            said = f"saved=source:{slug}&change={saved.change}"
            next_page = f"{address('source', slug)}/code?{said}"
            return redirect(here(next_page), 303)
        except InputFaults as error:
            reading.tell(error.faults)
        except DragomanError as error:
            status = error.status
            reading.faults[""] = error.public
    return _answer(status, values, reading)


def _answer(status: int, values: dict[str, str], reading: Reading | None) -> Response:
    faults = reading.faults if reading else {}
    return answer_form(
        "workbench/source.html",
        status,
        shown=show(SOURCE, values, reading),
        text=values.get("text", ""),
        text_fault=faults.get("text"),
        file_fault=faults.get("file"),
        suffixes=SUFFIXES,
        place=nowhere(),
        action=request.path,
    )


def _read(sent: FileStorage | None) -> ReadFile | None:
    """Read a file that was sent, as `dragoman import` reads one."""
    if sent is None or not sent.filename:
        return None
    with _kept(sent) as path, Reader(Given(), SECONDS) as reader:
        return reader.read(path)


@contextmanager
def _kept(sent: FileStorage) -> Iterator[Path]:
    """Keep a file for as long as it is read; of its name only the ending counts."""
    suffix = PurePath(sent.filename or "").suffix[:_LONGEST_NAME].lower()
    known = suffix if suffix in SUFFIXES else ""
    with TemporaryDirectory(prefix="dragoman-") as folder:
        path = Path(folder) / f"document{known}"
        sent.save(path)
        yield path
