"""Load a JSON Lines stream: as it comes, in batches, each committed, resumable.

A refused line is counted and named with its number and the reason; the rest goes on.
Records may stand in any order: one that names a record further down waits until the
end. What was committed stays when a later line, or the machine, fails, and the same
command again passes over it.
"""

from pathlib import Path

from errors import Fault
from exchange.batches import BatchLoader
from exchange.contradictions import contradictions
from exchange.folder import with_recorded
from exchange.journal import Author
from exchange.lines import Line, NotRead, parse_line, read_lines
from exchange.origins import Keep, Origin
from exchange.reading import Located, one_line, read_record, shown
from exchange.records import (
    RECORDS,
    DatasetRecord,
    Kind,
    MeetingRecord,
    Recorded,
    SourceRecord,
)
from exchange.report import Progress, Report, no_progress
from exchange.suspects import suspects


def is_stream(path: Path) -> bool:
    """Tell by its name whether a path is a stream of records."""
    return path.name.endswith((".jsonl", ".jsonl.gz")) and not path.is_dir()


def load_stream(
    path: Path,
    url: str | None = None,
    progress: Progress | None = None,
    author: Author | None = None,
    keep: Keep | None = None,
) -> Report:
    """Load a stream of records; the report names the refused lines.

    Raises:
        DragomanError: the file cannot be opened.
    """
    return _Loader(path, url, progress or no_progress, author, keep).run()


class _Loader:
    def __init__(
        self,
        path: Path,
        url: str | None,
        progress: Progress,
        author: Author | None,
        keep: Keep | None,
    ) -> None:
        self.path = path
        self.keep = keep
        self.progress = progress
        self.report = Report(path.name)
        self.batches = BatchLoader(
            self.report, url, "load", author, Origin(path.name, keep)
        )
        self.recorded: Recorded | None = None
        self.seen: dict[tuple[Kind, str], tuple[int, bytes]] = {}

    def run(self) -> Report:
        for line in read_lines(self.path, self.progress):
            located = self._record(line)
            if located is not None:
                self.batches.add(located, len(line.content))
        self.batches.finish()
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
        if not isinstance(kind, str) or kind not in RECORDS:
            expected = f"a type: one of {', '.join(RECORDS)}"
            self._refuse_line(line.number, expected, shown(kind))
            return None
        located, faults = read_record(kind, data, self.path.name, one_line(line.number))
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
            self.batches.origin = Origin(record.slug, self.keep)
        if not self._is_first(located, line.number):
            return None
        found = list(suspects(data))
        if isinstance(record, MeetingRecord):
            found += contradictions(record)
        self.report.warn([located.fault(*each) for each in found])
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
