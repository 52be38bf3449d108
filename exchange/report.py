"""What a load did, in numbers and in sentences."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from errors import Fault
from wording import counted, printable

Progress = Callable[[int, int], None]
"""Called with the bytes read so far and the bytes there are."""


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""


_MOST_REFUSALS = 1_000
_MOST_ALIKE = 3
"""How many like faults are said one by one; of more, so many places are named."""
_VARIES = re.compile(r'"[^"]*"|\d[\d,.]*')


def alike(faults: Sequence[Fault]) -> Iterator[str]:
    """Yield a line for each fault, and one for many that differ in values only."""
    groups: dict[tuple[str | None, str], list[Fault]] = {}
    for fault in faults:
        field_ = fault.field and _VARIES.sub("#", fault.field)
        key = field_, _VARIES.sub("#", fault.expected)
        groups.setdefault(key, []).append(fault)
    for group in groups.values():
        if len(group) <= _MOST_ALIKE:
            yield from map(str, group)
            continue
        places = ", ".join(_place(fault) for fault in group[:_MOST_ALIKE])
        field_ = f"{printable(group[0].field)}: " if group[0].field else ""
        yield (
            f"{len(group):,} times: {field_}expected {group[0].expected} ({places} and "
            f"{len(group) - _MOST_ALIKE:,} more)"
        )


def _place(fault: Fault) -> str:
    place = printable(fault.place)
    return place if fault.line is None else f"{place}, line {fault.line}"


@dataclass
class Count:
    """What became of the records of one kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class Report:
    """What a load did.

    `refusals` names the refused records or lines (the first thousand; `counts` holds
    all), `warnings` what was loaded and is probably not meant (the first thousand of
    `warned`). `changes` are the numbers that the journal gave; `notes` are sentences
    about what a reader would not expect.
    """

    name: str
    counts: dict[str, Count] = field(default_factory=dict)
    passages: int = 0
    mentions: int = 0
    evidence_added: int = 0
    evidence_removed: int = 0
    evidence_kept: int = 0
    kept_here: int = 0
    removed: int = 0
    refusals: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    warned: int = 0
    warnings: list[Fault] = field(default_factory=list)

    def count(self, kind: str) -> Count:
        """Return the counter of one kind."""
        return self.counts.setdefault(kind, Count())

    def total(self, outcome: str) -> int:
        """Return how many records of any kind were `added`, `updated` and so on."""
        return sum(getattr(count, outcome) for count in self.counts.values())

    @property
    def changed(self) -> bool:
        """Tell whether the load changed the database."""
        return bool(self.total("added") or self.total("updated"))

    def refuse(self, kind: str, faults: Sequence[Fault]) -> None:
        """Count a refused record or line and, while there are few, say why."""
        self.count(kind).refused += 1
        self.refusals.extend(faults[: max(0, _MOST_REFUSALS - len(self.refusals))])

    def warn(self, warnings: Sequence[Fault]) -> None:
        """Count warnings and, while there are few, keep them."""
        self.warned += len(warnings)
        self.warnings.extend(warnings[: max(0, _MOST_REFUSALS - len(self.warnings))])

    def note_change(self, number: int | None) -> None:
        """Add the number that the journal gave to a change, if it was one."""
        if number is not None:
            self.changes.append(number)

    def note(self, sentence: str) -> None:
        """Add a sentence once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def add(self, other: "Report") -> None:
        """Add up the report of one more batch."""
        for kind, count in other.counts.items():
            mine = self.count(kind)
            mine.added += count.added
            mine.updated += count.updated
            mine.unchanged += count.unchanged
            mine.refused += count.refused
        self.passages += other.passages
        self.mentions += other.mentions
        self.evidence_added += other.evidence_added
        self.evidence_removed += other.evidence_removed
        self.evidence_kept += other.evidence_kept
        self.kept_here += other.kept_here
        self.removed += other.removed
        self.refusals.extend(other.refusals)
        self.changes.extend(other.changes)
        self.warn(other.warnings)
        for sentence in other.notes:
            self.note(sentence)

    def sentences(self) -> Iterator[str]:
        """Yield the report, a line at a time, without the refusals."""
        if not self.changed and not self.total("refused"):
            yield f"{self.name}: nothing changed"
        for kind, count in self.counts.items():
            parts = [
                f"{getattr(count, outcome):,} {outcome}"
                for outcome in ("added", "updated", "unchanged", "refused")
                if getattr(count, outcome)
            ]
            if parts:
                yield f"{kind}s: {', '.join(parts)}"
        yield from self.remarks()

    def remarks(self) -> Iterator[str]:
        """Yield what there is to say beside the records' counts, a line at a time."""
        if self.passages or self.mentions:
            yield f"passages: {self.passages:,}, mentions: {self.mentions:,}"
        if self.evidence_added or self.evidence_removed:
            yield (
                f"evidence: {self.evidence_added:,} added, "
                f"{self.evidence_removed:,} removed"
            )
        if self.removed:
            yield (
                f"removed: {self.removed:,} participants, agenda items, outcomes, "
                "status events, tenures or memberships that the record no longer names"
            )
        if self.evidence_kept:
            yield (
                f"kept: {counted(self.evidence_kept, 'piece')} of evidence that the "
                "record no longer names (the evidence of a stance is never removed)"
            )
        if self.kept_here:
            yield (
                f"kept: {counted(self.kept_here, 'record')} changed here since the "
                "file was loaded"
            )
        if self.warned:
            yield f"warnings: {self.warned:,}"
        yield from self.notes
