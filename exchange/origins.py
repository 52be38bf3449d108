"""Files and people who write the same record: nothing is reverted in silence.

Of each record that a dataset or stream brought, its origin keeps the digest of the
record in the file and of the row that it made. So a later load can tell which of the
two has changed since. Only the file: the record is brought up to date. Only the record:
it stays. Both, or two origins that differ: a conflict, which is refused field by field
unless the load says whose version to keep.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding
from exchange.export.records import Reader
from exchange.reading import Located, no_line, read_record
from exchange.records import Kind, Root
from exchange.report import Report
from exchange.stored import MODELS, Entry, Stored, insert_rows
from exchange.texts import NotLocated, locate
from models import RecordOrigin, Tombstone, whole_history
from models.enums import RecordKind
from models.parts import in_parts
from wording import counted, quoted

Keep: TypeAlias = Literal["ours", "theirs"]
Key: TypeAlias = tuple[Kind, str]

_ASK = "--keep ours keeps what is recorded, --keep theirs takes the file's"
_LONGEST_SHOWN = 80
_MOST_NAMED = 5


@dataclass(frozen=True)
class Origin:
    """Where records come from: a dataset or stream by its name, and whose are kept."""

    dataset: str
    keep: Keep | None = None


@dataclass(frozen=True)
class _Known:
    """An origin that a record has already."""

    dataset: str
    loaded_digest: str
    state_at_load: str | None


class Comparing:
    """Compares the records of one batch with what was loaded, and what is stored."""

    def __init__(self, session: Session, origin: Origin, report: Report) -> None:
        self.session = session
        self.origin = origin
        self.report = report
        self.kept: set[Key] = set()
        """Records that are not written: nothing is new in them, or ours are kept."""
        self._mine: dict[Key, _Known] = {}
        self._others: dict[Key, list[_Known]] = defaultdict(list)
        self._tombstones: dict[Key, str | None] = {}
        self._conflicts: list[Located] = []
        self._loaded: dict[Key, str] = {}
        self._states: dict[Key, str | None] = {}

    def sort(self, records: Sequence[Located], stored: Stored) -> list[Located]:
        """Return the records without those that were removed here and stay so."""
        by_kind: dict[Kind, list[str]] = defaultdict(list)
        for located in records:
            by_kind[located.kind].append(located.slug)
        for kind, slugs in by_kind.items():
            stored.prepare(kind, slugs)
            self._look_up(kind, slugs)
        return [each for each in records if self._stays(each, stored)]

    def _look_up(self, kind: Kind, slugs: Sequence[str]) -> None:
        for some in in_parts(slugs):
            of_kind = RecordOrigin.kind == RecordKind(kind)
            for slug, dataset, loaded, state in self.session.execute(
                sa.select(
                    RecordOrigin.slug,
                    RecordOrigin.dataset,
                    RecordOrigin.loaded_digest,
                    RecordOrigin.state_at_load,
                ).where(of_kind, RecordOrigin.slug.in_(some))
            ):
                found = _Known(dataset, loaded, state)
                if found.dataset == self.origin.dataset:
                    self._mine[kind, slug] = found
                else:
                    self._others[kind, slug].append(found)
            for slug, digest in self.session.execute(
                sa.select(Tombstone.slug, Tombstone.digest).where(
                    Tombstone.kind == RecordKind(kind), Tombstone.slug.in_(some)
                )
            ):
                self._tombstones[kind, slug] = digest

    def _stays(self, located: Located, stored: Stored) -> bool:
        key = (located.kind, located.slug)
        self._loaded[key] = located.digest
        entry = stored.get(*key)
        if entry is not None:
            self._compare(located, entry)
            return True
        if key not in self._tombstones:
            return True
        mine = self._mine.get(key)
        known = {mine.loaded_digest if mine else None, self._tombstones[key]}
        if located.digest not in known and self.origin.keep != "ours":
            if self.origin.keep is None:
                self._conflicts.append(located)
            return True
        self.report.count(located.kind).unchanged += 1
        self.report.note(
            "records that were removed here stay removed, whatever the file has "
            "(dragoman history KIND SLUG; dragoman undo NUMBER brings one back)"
        )
        return False

    def _compare(self, located: Located, entry: Entry) -> None:
        key = (located.kind, located.slug)
        mine = self._mine.get(key)
        changed_here = entry.state_digest is not None and (
            mine is None or mine.state_at_load != entry.state_digest
        )
        if mine is not None and mine.loaded_digest == located.digest:
            self.kept.add(key)
            if changed_here:
                self.report.kept_here += 1
            return
        if entry.digest == located.digest:
            self._states[key] = entry.state_digest
            return  # the same from another file, or loaded before there were origins
        others = [each.loaded_digest for each in self._others[key]]
        differs = any(digest != located.digest for digest in others)
        if not (changed_here or differs) or self.origin.keep == "theirs":
            return
        if self.origin.keep == "ours":
            self.kept.add(key)
            self.report.kept_here += 1
        elif entry.withdrawn_change is None:  # of one withdrawn, the check says so
            self._conflicts.append(located)

    def conflicts(self, batch: Batch) -> Iterator[Finding]:
        """Yield a finding for each field of which two versions are in conflict."""
        for located in self._conflicts:
            if batch.stored.get(located.kind, located.slug) is None:
                expected = f"no {located.kind} that was removed here ({_ASK})"
                fault = located.fault(("slug",), located.slug, expected)
                yield Finding(located, fault)
                continue
            theirs = _plain(located.record, batch)
            ours = self._recorded(located.kind, located.slug, batch)
            for field in dict.fromkeys([*theirs, *ours]):
                if theirs.get(field) != ours.get(field):
                    recorded = _shown(ours.get(field))
                    expected = (
                        f"{quoted(recorded) if recorded else 'nothing'}, as it was "
                        "changed here or by another file since the last load "
                        f"({_ASK})"
                    )
                    fault = located.fault((field,), _shown(theirs.get(field)), expected)
                    yield Finding(located, fault)

    def _recorded(self, kind: Kind, slug: str, batch: Batch) -> Mapping[str, Any]:
        own = Session(self.session.connection())
        with own, whole_history(own):
            (data,) = Reader(own, with_texts=True).read(kind, [slug])
        located, _ = read_record(kind, data, slug, no_line)
        return _plain(located.record, batch) if located else data

    def remember(self, digests: Mapping[Key, str]) -> None:
        """Keep of each record what the file has and, if it was written, the row made.

        `digests` are of the states of the rows that were written.
        """
        rows = []
        for key, loaded in self._loaded.items():
            mine = self._mine.get(key)
            state = digests.get(key) or self._states.get(key)
            if mine is None:
                rows.append(self._row(key, loaded, state))
            elif (mine.loaded_digest, state) not in (
                (loaded, None),
                (loaded, mine.state_at_load),
            ):
                # Ours is kept: it still differs from what was loaded.
                state = state or mine.state_at_load
                self.session.execute(
                    sa.update(RecordOrigin)
                    .where(
                        RecordOrigin.kind == RecordKind(key[0]),
                        RecordOrigin.slug == key[1],
                        RecordOrigin.dataset == self.origin.dataset,
                    )
                    .values(loaded_digest=loaded, state_at_load=state)
                )
        if rows:
            insert_rows(self.session, RecordOrigin, rows)
        for kind, slug in self._tombstones.keys() & digests.keys():
            self.session.execute(
                sa.delete(Tombstone).where(
                    Tombstone.kind == RecordKind(kind), Tombstone.slug == slug
                )
            )

    def _row(self, key: Key, loaded: str, state: str | None) -> dict[str, Any]:
        return {
            "dataset": self.origin.dataset,
            "kind": key[0],
            "slug": key[1],
            "loaded_digest": loaded,
            "state_at_load": state,
        }

    def note_unnamed(self) -> None:
        """Say which records of this dataset its files no longer name."""
        unnamed = [
            f"{kind} {slug}"
            for kind, model in MODELS.items()
            for slug in self.session.scalars(
                sa.select(model.slug)
                .join(
                    RecordOrigin,
                    sa.and_(
                        RecordOrigin.kind == RecordKind(kind),
                        RecordOrigin.slug == model.slug,
                    ),
                )
                .where(RecordOrigin.dataset == self.origin.dataset)
                .order_by(model.slug)
            )
            if (kind, slug) not in self._loaded
        ]
        if unnamed:
            shown = ", ".join(unnamed[:_MOST_NAMED])
            more = len(unnamed) - _MOST_NAMED
            shown += f" and {more:,} more" if more > 0 else ""
            self.report.note(
                f"{counted(len(unnamed), 'record')} of {self.origin.dataset} that its "
                f"files no longer name stay: {shown} (dragoman delete KIND SLUG, or "
                "dragoman withdraw SLUG of a stance, takes one back)"
            )


def _plain(record: Root, batch: Batch) -> dict[str, Any]:
    """Return a record as plain values, evidence by its place instead of its quote."""
    plain = record.model_dump(mode="json", exclude_defaults=True)
    for path, item in record.evidence_items():
        inner: Any = plain
        for step in path:
            inner = inner[step]
        text = batch.text(item.source, item.version)
        try:
            start, end = locate(text, item) if text else (item.start, item.end)
        except NotLocated:
            continue
        for name in ("quote", "prefix", "suffix", "version"):
            inner.pop(name, None)
        inner |= {"start": start, "end": end}
    return plain


def _shown(value: Any) -> str | None:
    words = None if value is None else str(value)
    if words is not None and len(words) > _LONGEST_SHOWN:
        words = words[:_LONGEST_SHOWN] + "…"
    return words
