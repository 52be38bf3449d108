"""Bring in files that hold records: tables, and what other programs keep.

Each goes through the same checks and the same writer as a dataset. What a row or entry
lacks is one fault, and the rest goes in; names that nothing has are listed once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import InputFaults
from exchange.batches import BatchLoader
from exchange.importers.document import Given, Unreadable
from exchange.importers.kinds import HISTORIAN, POPOLO, REFERENCES
from exchange.importers.making.base import DryLoader, Loader
from exchange.importers.making.fields import ROWS
from exchange.importers.making.journeys import JourneyMaker
from exchange.importers.making.mapping import Columns, Placed, Remembered, place
from exchange.importers.making.names import LookUp, Names, no_look_up
from exchange.importers.making.people import PeopleMaker
from exchange.importers.making.references import ReferenceMaker
from exchange.importers.making.tables import TableMaker, left_out
from exchange.importers.making.votes import COLUMNS, VoteMaker
from exchange.importers.rows import Table, read_csv, table_of
from exchange.importers.sheets import rows_of
from exchange.importers.sources import Options
from exchange.importers.worker import ReadFile
from exchange.report import Report
from wording import counted

MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Tabular:
    """What the user says of tables.

    `rows` is what their rows are, one of `ROWS`; `remembered` the folder in which what
    served is kept for the next table of the same headers.
    """

    rows: str | None = None
    columns: Columns = Columns()
    remembered: Path | None = None
    look_up: LookUp = no_look_up


class RecordImport:
    """Brings in one file of records after the other."""

    def __init__(
        self,
        tabular: Tabular,
        given: Given,
        options: Options,
        read: Callable[[Path], ReadFile],
        url: str | None,
        report: Report,
        loader: Loader,
    ) -> None:
        self.tabular = tabular
        self.given = given
        self.options = options
        self.read = read
        self.url = url
        self.report = report
        self.loader = loader
        self.examples: list[dict[str, object]] = []
        self.unresolved: list[str] = []
        self.names = Names(url, tabular.look_up, tabular.columns.names)
        self._remembered = Remembered(tabular.remembered)
        self._served: list[Callable[[], Path | None]] = []

    def bring(self, path: Path, sha256: str, read: ReadFile | None) -> None:
        """Bring in a file; without `read` it is a table of text.

        Raises:
            Unreadable: nothing of it was brought in, for this reason.
        """
        if isinstance(self.loader, BatchLoader):
            # What came before may be named, and is looked up where it is stored.
            self.loader.flush()
            self.names.forget()
        if read is None:
            table = read_csv(path, self.given)
            if self.tabular.rows is None and set(COLUMNS) <= set(table.columns):
                self._votes(path, sha256, table)
            else:
                self._table(path, sha256, table)
            return
        items = read.items or {}
        if read.kind in REFERENCES:
            self._references(path, items)
        elif read.kind is HISTORIAN:
            self._journeys(path, sha256, items)
        elif read.kind is POPOLO:
            self._people(path, items)
        else:
            table = table_of(rows_of(items), tuple(items.get("notes", ())))
            self._table(path, sha256, table)

    def finish(self) -> None:
        """Remember what served; call it when all is written."""
        self.unresolved = list(map(str, self.names.unresolved.values()))
        if not isinstance(self.loader, DryLoader):
            for keep in self._served:
                keep()

    def _votes(self, path: Path, sha256: str, table: Table) -> None:
        maker = VoteMaker(
            table, str(path), sha256, self.names, self.loader, self.report, self.url
        )
        maker.run()
        self.examples += maker.examples[: MOST_EXAMPLES - len(self.examples)]

    def _journeys(self, path: Path, sha256: str, items: dict[str, Any]) -> None:
        maker = JourneyMaker(
            str(path), path.stem, sha256, self.names, self.loader, self.report, self.url
        )
        maker.run(items["entries"])
        self.examples += maker.examples[: MOST_EXAMPLES - len(self.examples)]

    def _people(self, path: Path, items: dict[str, Any]) -> None:
        kinds = self.tabular.columns.values.get("kind", {})
        maker = PeopleMaker(
            str(path), kinds, self.names, self.loader, self.report, self.url
        )
        maker.run(items)
        self.examples += maker.examples[: MOST_EXAMPLES - len(self.examples)]

    def _references(self, path: Path, items: dict[str, Any]) -> None:
        maker = ReferenceMaker(
            path, self.options, self.loader, self.report, self.url, self.read
        )
        maker.run(items["entries"])
        for note in items["notes"]:
            self.report.note(f"{path.name}: {note}")
        self.examples += maker.examples[: MOST_EXAMPLES - len(self.examples)]

    def _table(self, path: Path, sha256: str, table: Table) -> None:
        try:
            placed = self._placed(path, table)
        except InputFaults as error:
            self.report.refuse("table", list(error.faults))
            return
        for note in (*table.notes, left_out(placed)):
            if note:
                self.report.note(f"{path.name}: {note}")
        self.names.put_right(placed.mapping.names)
        before = self.report.total("refused")
        unresolved = len(self.names.unresolved)
        maker = TableMaker(
            table,
            placed,
            str(path),
            sha256,
            self.names,
            self.loader,
            self.report,
            self.url,
        )
        maker.run()
        self.examples += maker.examples[: MOST_EXAMPLES - len(self.examples)]
        if missed := len(self.names.unresolved) - unresolved:
            self.report.note(
                f"{path.name}: {counted(missed, 'name')} could not be "
                "told; their rows were left out. Import what they name, or say what "
                "they mean under `names:` in a mapping"
            )
        if self.report.total("refused") == before:
            self._served.append(lambda: self._remembered.keep(table.columns, placed))

    def _placed(self, path: Path, table: Table) -> Placed:
        """Tell what the rows are, and the field of each column."""
        mapping = self.tabular.columns
        kind = self.tabular.rows or mapping.kind
        if mapping == Columns() and (found := self._remembered.of(table.columns)):
            where, remembered = found
            if kind in (None, remembered.kind):
                mapping, kind = remembered, remembered.kind
                self.report.note(
                    f"{path.name}: columns are read as the last time ({where}; "
                    "`--map` says otherwise)"
                )
        if kind is None:
            listed = ", ".join(ROWS[:-1])
            raise Unreadable(
                f"what the rows of this table are: `--as` {listed} or {ROWS[-1]} "
                "(`dragoman template stances.csv` shows the columns)"
            )
        return place(str(path), kind, table.columns, mapping)
