"""Load records of any number in batches, each in a transaction of its own.

One record's fault costs nobody else: it is refused and named, and the rest of its batch
is written. A record that names others which have not come yet waits until the end.
"""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding, check
from exchange.journal import Author, Journal
from exchange.origins import Comparing, Origin
from exchange.reading import Located
from exchange.report import Report
from exchange.stored import Stored
from exchange.writing import note_ambiguous, write_batch
from models import LoadRun, open_session

BATCH_RECORDS = 500
BATCH_BYTES = 8_000_000
WAITING_BYTES = 64_000_000
"""What may wait for records further down; beyond that, it is refused."""


class BatchLoader:
    """Takes records one by one, writes them batch by batch, and adds up the report."""

    def __init__(
        self,
        report: Report,
        url: str | None,
        verb: str,
        author: Author | None = None,
        origin: Origin | None = None,
    ) -> None:
        self.report = report
        self.url = url
        self.verb = verb
        self.author = author or Author.of_system()
        self.origin = origin
        self._records: list[Located] = []
        self._sizes: dict[int, int] = {}
        self._bytes = 0
        self._waiting: list[Located] = []
        self._waiting_bytes = 0
        self._run_id: int | None = None

    def add(self, located: Located, size: int) -> None:
        """Take a record of so many bytes; write the batch if it is full."""
        self._records.append(located)
        self._sizes[id(located)] = size
        self._bytes += size
        if self._bytes >= BATCH_BYTES or len(self._records) >= BATCH_RECORDS:
            self._load_batch()

    def flush(self) -> None:
        """Write what has come, but for what waits."""
        self._load_batch()

    def run(self, session: Session, report: Report) -> LoadRun:
        """Return the row of the whole run, with what a report adds to it."""
        run = session.get(LoadRun, self._run_id) if self._run_id else None
        if run is None:
            run = LoadRun(verb=self.verb, name=self.report.name, added=0, updated=0)
            session.add(run)
        run.added += report.total("added")
        run.updated += report.total("updated")
        run.refused = self.report.total("refused")
        session.flush()
        self._run_id = run.id
        return run

    def finish(self) -> None:
        """Write what is left, and what has waited for it."""
        self._load_batch()
        waiting, self._waiting = self._waiting, []
        self._load(waiting, last=True)
        with open_session(self.url, history=True) as session:
            note_ambiguous(session, self.report)

    def _load_batch(self) -> None:
        self._load(self._records)
        self._records, self._sizes, self._bytes = [], {}, 0

    def _load(self, records: Sequence[Located], last: bool = False) -> None:
        """Write a batch in one transaction, without the records that are at fault."""
        rest = list(records)
        while rest:
            report = Report(self.report.name)
            with open_session(self.url, write=True) as session:
                stored, journal = Stored(session), Journal(session)
                comparing = self._comparing(session, report)
                fresh = comparing.sort(rest, stored) if comparing else rest
                kept = comparing.kept if comparing else ()
                batch = Batch(fresh, stored, kept=kept)
                findings = list(comparing.conflicts(batch)) if comparing else []
                findings = findings or check(batch)
                try:
                    findings = findings or write_batch(session, batch, report, journal)
                except IntegrityError as error:
                    session.rollback()
                    self._split(rest, error, last)
                    return
                if not findings:
                    self._remember(session, report, journal)
                    if comparing:
                        comparing.remember(journal.digests)
                    session.commit()
                    self.report.add(report)
                    break
                session.rollback()
            rest = self._without(rest, findings, last)

    def _comparing(self, session: Session, report: Report) -> Comparing | None:
        return Comparing(session, self.origin, report) if self.origin else None

    def _without(
        self, records: Sequence[Located], findings: Sequence[Finding], last: bool
    ) -> list[Located]:
        """Take out what is at fault: refuse it, or let it wait for what it names."""
        faulty: dict[int, list[Finding]] = {}
        for finding in findings:
            faulty.setdefault(id(finding.located), []).append(finding)
        for found in faulty.values():
            located = found[0].located
            size = self._sizes.get(id(located), 0)
            waits = all(finding.dangling for finding in found) and not last
            if waits and self._waiting_bytes + size <= WAITING_BYTES:
                self._waiting.append(located)
                self._waiting_bytes += size
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

    def _remember(self, session: Session, report: Report, journal: Journal) -> None:
        """Keep one row for the whole run, from its first change on."""
        if not report.changed:
            return
        run = self.run(session, report)
        report.note_change(journal.close(self.verb, self.author, run))
