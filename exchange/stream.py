"""Load a JSON Lines stream: as it comes, in batches, each committed, resumable.

A refused line is counted and named with its number and the reason; the rest goes on.
Records may stand in any order: one that names a record further down waits until the
end. What was committed stays when a later line, or the machine, fails, and the same
command again passes over it.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from errors import Fault
from exchange.checks import Batch, Finding, check
from exchange.folder import with_recorded
from exchange.lines import Line, NotRead, parse_line, read_lines
from exchange.marking import Marker
from exchange.reading import Located, read_record
from exchange.records import RECORDS, DatasetRecord, Kind, Recorded, SourceRecord
from exchange.report import Progress, Report, no_progress
from exchange.stored import Stored
from exchange.writer import Writer
from models import LoadRun, open_session

_BATCH_RECORDS = 500
_BATCH_BYTES = 8_000_000
_WAITING_BYTES = 64_000_000


def is_stream(path: Path) -> bool:
    """Tell by its name whether a path is a stream of records."""
    return path.name.endswith((".jsonl", ".jsonl.gz")) and not path.is_dir()


def load_stream(
    path: Path, url: str | None = None, progress: Progress | None = None
) -> Report:
    """Load a stream of records; the report names the refused lines.

    Raises:
        DragomanError: the file cannot be opened.
    """
    return _Loader(path, url, progress or no_progress).run()


class _Loader:
    def __init__(self, path: Path, url: str | None, progress: Progress) -> None:
        self.path = path
        self.url = url
        self.progress = progress
        self.report = Report(path.name)
        self.recorded: Recorded | None = None
        self.seen: dict[tuple[Kind, str], tuple[int, bytes]] = {}
        self.sizes: dict[int, int] = {}
        self.waiting: list[Located] = []
        self.waiting_bytes = 0
        self.run_id: int | None = None

    def run(self) -> Report:
        records: list[Located] = []
        size = 0
        for line in read_lines(self.path, self.progress):
            located = self._record(line)
            if located is None:
                continue
            records.append(located)
            self.sizes[id(located)] = len(line.content)
            size += len(line.content)
            if size >= _BATCH_BYTES or len(records) >= _BATCH_RECORDS:
                self._load(records)
                records, size = [], 0
        self._load(records)
        waiting, self.waiting = self.waiting, []
        self._load(waiting, last=True)
        return self.report

    def _record(self, line: Line) -> Located | None:
        """Return the record of a line, or note why there is none to load."""
        if line.fault is not None:
            self._refuse_line(line.number, line.fault)
            return None
        if not line.content.strip():
            return None
        try:
            data = parse_line(line.content)
        except NotRead as error:
            self._refuse_line(line.number, str(error))
            return None
        kind = data.pop("type", None)
        if kind not in RECORDS:
            expected = f"a type: one of {', '.join(RECORDS)}"
            self._refuse_line(line.number, expected, str(kind) if kind else None)
            return None
        located, faults = read_record(kind, data, self.path.name, _Always(line.number))
        if located is None:
            self.report.refuse(kind, faults)
            return None
        record = located.record
        if isinstance(record, SourceRecord) and record.text_file is not None:
            expected = "text or paragraphs: a stream has no files beside it"
            fault = located.fault(("text_file",), record.text_file, expected)
            self.report.refuse(kind, [fault])
            return None
        if isinstance(record, DatasetRecord):
            self.recorded = record.recorded
        if not self._is_first(located, line.number):
            return None
        return with_recorded(located, self.recorded)

    def _refuse_line(
        self, number: int, expected: str, value: str | None = None
    ) -> None:
        fault = Fault(self.path.name, number, None, value, expected)
        self.report.refuse("line", [fault])

    def _is_first(self, located: Located, number: int) -> bool:
        """Pass over a record that is repeated; refuse another of the same slug."""
        digest = bytes.fromhex(located.digest)[:16]
        key = (located.kind, located.slug)
        first, held = self.seen.setdefault(key, (number, digest))
        if first == number:
            return True
        if held == digest:
            self.report.count(located.kind).unchanged += 1
        else:
            expected = f"a slug of its own (line {first} has it, with other content)"
            fault = located.fault(("slug",), located.slug, expected)
            self.report.refuse(located.kind, [fault])
        return False

    def _load(self, records: Sequence[Located], last: bool = False) -> None:
        """Write a batch in one transaction, without the records that are at fault."""
        rest = list(records)
        while rest:
            report = Report(self.path.name)
            with open_session(self.url, write=True) as session:
                batch = Batch(rest, Stored(session))
                findings = check(batch)
                try:
                    findings = (
                        findings
                        or Writer(session, batch, Marker(session), report).write()
                    )
                except IntegrityError as error:
                    session.rollback()
                    self._split(rest, error, last)
                    return
                if not findings:
                    self._remember(session, report)
                    session.commit()
                    self.report.add(report)
                    break
                session.rollback()
            rest = self._without(rest, findings, last)
        self.sizes.clear()

    def _without(
        self, records: Sequence[Located], findings: Sequence[Finding], last: bool
    ) -> list[Located]:
        """Take out what is at fault: refuse it, or let it wait for what it names."""
        faulty: dict[int, list[Finding]] = {}
        for finding in findings:
            faulty.setdefault(id(finding.located), []).append(finding)
        for found in faulty.values():
            located = found[0].located
            size = self.sizes.get(id(located), 0)
            waits = all(finding.dangling for finding in found) and not last
            if waits and self.waiting_bytes + size <= _WAITING_BYTES:
                self.waiting.append(located)
                self.waiting_bytes += size
            else:
                faults = [finding.fault for finding in found]
                self.report.refuse(located.kind, faults)
        return [located for located in records if id(located) not in faulty]

    def _split(
        self, records: Sequence[Located], error: IntegrityError, last: bool
    ) -> None:
        """Find, by halves, the record to which the database itself objects."""
        if len(records) == 1:
            said = str(error.orig).strip().splitlines()[0]
            fault = records[0].fault((), None, f"what the database allows ({said})")
            self.report.refuse(records[0].kind, [fault])
            return
        middle = len(records) // 2
        self._load(records[:middle], last)
        self._load(records[middle:], last)

    def _remember(self, session: Session, report: Report) -> None:
        """Keep one row for the whole run, from its first change on."""
        if not report.changed:
            return
        run = session.get(LoadRun, self.run_id) if self.run_id else None
        if run is None:
            run = LoadRun(verb="load", name=self.report.name, added=0, updated=0)
            session.add(run)
        run.added += report.total("added")
        run.updated += report.total("updated")
        run.refused = self.report.total("refused")
        session.flush()
        self.run_id = run.id


class _Always:
    """The line of every part of a record that stands in one line."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, path: object) -> int:
        return self.number
