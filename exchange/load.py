"""Load a dataset folder or a JSON Lines stream into the database.

A folder is read and checked first, without a transaction; then it is written in one,
all or nothing. A second load of the same records changes nothing and says so.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from errors import Conflict, DragomanError, InputFaults
from exchange.checks import Batch, Finding, check
from exchange.folder import is_dataset, read_folder
from exchange.journal import Author, Journal
from exchange.origins import Comparing, Keep, Origin
from exchange.reading import Located
from exchange.records import Kind
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
    keep: Keep | None = None,
) -> Report:
    """Load a dataset folder, or a `.jsonl` or `.jsonl.gz` file.

    `url` is the database's; by default the configured one. The author, by default
    whoever runs this process, is named in the journal. A record that was changed both
    here and in the file is refused, unless `keep` says whose is kept. The report names
    what a stream refused; a folder with any fault is refused as a whole.

    Raises:
        InputFaults: a folder has faults, all of which are named; nothing has changed.
        DragomanError: the path is neither, or cannot be read.
    """
    if is_stream(path):
        return load_stream(path, url, progress, author, keep)
    if is_dataset(path):
        return load_folder(path, url, author, keep)
    if not path.exists():
        raise DragomanError(f"{path} does not exist", 404)
    raise DragomanError(
        f"{path} is neither a dataset (a folder with a dataset.yaml) nor a stream "
        "(.jsonl or .jsonl.gz); plain documents are for `dragoman import`"
    )


def load_folder(
    folder: Path,
    url: str | None = None,
    author: Author | None = None,
    keep: Keep | None = None,
) -> Report:
    """Load a dataset folder: all of it or, with any fault, nothing.

    Raises:
        InputFaults: what is wrong, one fault for each; nothing has changed.
        Conflict: a rule of the database itself refused it; nothing has changed.
    """
    read = read_folder(folder)
    faults = list(read.faults)
    name = folder.resolve().name
    origin = Origin(_dataset(read.records, name), keep)
    if not read.unread:
        with open_session(url, history=True) as session:
            _, findings, _ = _checked(
                session, read.records, Report(name), origin, read.broken
            )
            faults.extend(finding.fault for finding in findings)
    if faults:
        raise InputFaults(faults)
    report = Report(name)
    report.warn(read.warnings)
    with open_session(url, write=True) as session:
        try:
            write_records(session, read.records, report, "load", author, origin)
            session.commit()
        except IntegrityError as error:
            said = str(error.orig).strip().splitlines()[0]
            raise Conflict(
                f"The database refused {report.name}: {said}; nothing has changed"
            ) from error
    return report


def _dataset(records: Sequence[Located], name: str) -> str:
    """Return the slug of the dataset that the records are of."""
    return next((each.slug for each in records if each.kind == "dataset"), name)


def write_records(
    session: Session,
    records: Sequence[Located],
    report: Report,
    verb: str,
    author: Author | None = None,
    origin: Origin | None = None,
) -> None:
    """Write records, all or none, as one change of the journal; the caller commits.

    They are checked again here, inside the transaction: the database may have changed
    since they were read. The report names the number of the change. With an origin,
    what was changed here since the last load from there is not written over.

    Raises:
        InputFaults: what is wrong; the caller must roll back.
    """
    journal = Journal(session)
    batch, findings, comparing = _checked(session, records, report, origin)
    findings = findings or write_batch(session, batch, report, journal)
    if findings:
        raise InputFaults(finding.fault for finding in findings)
    note_ambiguous(session, report)
    if report.changed:
        author = author or Author.of_system()
        report.note_change(journal.close(verb, author, run_of(report, verb)))
    if comparing:
        comparing.remember(journal.digests)
        comparing.note_unnamed()


def _checked(
    session: Session,
    records: Sequence[Located],
    report: Report,
    origin: Origin | None,
    broken: Collection[tuple[Kind, str]] = (),
) -> tuple[Batch, list[Finding], Comparing | None]:
    """Return the records as a batch, what is wrong with it, and what was compared."""
    stored = Stored(session)
    comparing = Comparing(session, origin, report) if origin else None
    if comparing is None:
        batch = Batch(records, stored, broken)
        return batch, check(batch), None
    batch = Batch(comparing.sort(records, stored), stored, broken, comparing.kept)
    return batch, list(comparing.conflicts(batch)) + check(batch), comparing


def run_of(report: Report, verb: str) -> LoadRun:
    """Return the row that remembers a load which changed something."""
    return LoadRun(
        verb=verb,
        name=report.name,
        added=report.total("added"),
        updated=report.total("updated"),
        refused=report.total("refused"),
    )
