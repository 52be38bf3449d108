"""Load a dataset folder or a JSON Lines stream into the database.

A folder is read and checked first, without a transaction; then it is written in one,
all or nothing. A second load of the same records changes nothing and says so.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from errors import Conflict, DragomanError, InputFaults
from exchange.checks import Batch, check
from exchange.folder import is_dataset, read_folder
from exchange.journal import Author, Journal
from exchange.reading import Located
from exchange.report import Progress, Report
from exchange.stored import Stored
from exchange.stream import is_stream, load_stream
from exchange.writing import note_ambiguous, write_batch
from models import LoadRun, open_session


def load(
    path: Path,
    url: str | None = None,
    progress: Progress | None = None,
    author: Author | None = None,
) -> Report:
    """Load a dataset folder, or a `.jsonl` or `.jsonl.gz` file.

    `url` is the database's; by default the configured one. The author, by default
    whoever runs this process, is named in the journal. The report names what a
    stream refused; a folder with any fault is refused as a whole.

    Raises:
        InputFaults: a folder has faults, all of which are named; nothing has changed.
        DragomanError: the path is neither, or cannot be read.
    """
    if is_stream(path):
        return load_stream(path, url, progress, author)
    if is_dataset(path):
        return load_folder(path, url, author)
    if not path.exists():
        raise DragomanError(f"{path} does not exist", 404)
    raise DragomanError(
        f"{path} is neither a dataset (a folder with a dataset.yaml) nor a stream "
        "(.jsonl or .jsonl.gz); plain documents are for `dragoman import`"
    )


def load_folder(
    folder: Path, url: str | None = None, author: Author | None = None
) -> Report:
    """Load a dataset folder: all of it or, with any fault, nothing.

    Raises:
        InputFaults: what is wrong, one fault for each; nothing has changed.
        Conflict: a rule of the database itself refused it; nothing has changed.
    """
    read = read_folder(folder)
    faults = list(read.faults)
    if not read.unread:
        with open_session(url, history=True) as session:
            batch = Batch(read.records, Stored(session), read.broken)
            faults.extend(finding.fault for finding in check(batch))
    if faults:
        raise InputFaults(faults)
    report = Report(folder.resolve().name)
    report.warn(read.warnings)
    with open_session(url, write=True) as session:
        try:
            write_records(session, read.records, report, "load", author)
            session.commit()
        except IntegrityError as error:
            said = str(error.orig).strip().splitlines()[0]
            raise Conflict(
                f"The database refused {report.name}: {said}; nothing has changed"
            ) from error
    return report


def write_records(
    session: Session,
    records: Sequence[Located],
    report: Report,
    verb: str,
    author: Author | None = None,
) -> None:
    """Write records, all or none, as one change of the journal; the caller commits.

    They are checked again here, inside the transaction: the database may have changed
    since they were read. The report names the number of the change.

    Raises:
        InputFaults: what is wrong; the caller must roll back.
    """
    batch, journal = Batch(records, Stored(session)), Journal(session)
    findings = check(batch) or write_batch(session, batch, report, journal)
    if findings:
        raise InputFaults(finding.fault for finding in findings)
    note_ambiguous(session, report)
    if report.changed:
        author = author or Author.of_system()
        report.note_change(journal.close(verb, author, run_of(report, verb)))


def run_of(report: Report, verb: str) -> LoadRun:
    """Return the row that remembers a load which changed something."""
    return LoadRun(
        verb=verb,
        name=report.name,
        added=report.total("added"),
        updated=report.total("updated"),
        refused=report.total("refused"),
    )
