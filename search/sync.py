"""Keeping the index true to the database.

Whoever changes the record leaves index jobs behind, in the same transaction (database
triggers see to that). A drain reads some jobs, reads the documents that they concern,
writes them to the index, and only when the index is on disk deletes the jobs: those it
read, in the revision it read. So a crash at any point loses nothing; the next drain
does some work again, which changes nothing.

One writer at a time: the engine's lock is held from before the jobs are read until they
are deleted. Whoever does not get it leaves the jobs to the one who has it, or to the
next drain.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import DragomanError, Unavailable
from models import IndexJob, open_session
from models.enums import JobKind
from search.documents import batches, count, everything
from search.engine import Document, Engine, Locked, NoIndex
from search.roots import Root, gather

#: How many jobs go into one commit of the index.
JOBS_PER_COMMIT = 2_000

#: How many differences of a sort a check names.
MOST_NAMED = 20

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

_Job: TypeAlias = "sa.Row[int, int, JobKind, str]"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DrainReport:
    """What a drain did."""

    jobs: int = 0
    """How many jobs were done."""
    waiting: int = 0
    """How many were left, because somebody else is writing the index."""
    rebuilt: bool = False
    """Whether the whole index was built, there having been none to bring up to date."""

    def __str__(self) -> str:
        if self.waiting:
            return (
                "The search index is being written by somebody else; "
                f"{changes_are(self.waiting)} queued."
            )
        if self.rebuilt:
            return "The search index was built."
        if self.jobs:
            records = (
                "1 changed record"
                if self.jobs == 1
                else f"{self.jobs:,} changed records"
            )
            return f"The search index follows {records}."
        return "The search index is up to date."


@dataclass(frozen=True)
class CheckReport:
    """How database and index compare."""

    documents: int
    """How many documents the database makes."""
    waiting: int
    """How many changes are queued; what they concern may differ for now."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Documents that the index lacks, with the roots that they belong to."""
    needless: tuple[str, ...] = ()
    """Documents that the index has and the database does not make."""
    stale: Mapping[str, str] = field(default_factory=dict)
    """Documents whose content differs, with the roots that they belong to."""

    @property
    def differences(self) -> int:
        """How many documents differ."""
        return len(self.missing) + len(self.needless) + len(self.stale)

    @property
    def agrees(self) -> bool:
        """Whether index and database say the same."""
        return not self.differences

    def found(self) -> Iterator[str]:
        """Name what differs, or some of it."""
        named = 0
        for ids, what in (
            (self.missing, "is missing from the index"),
            (self.needless, "is in the index and not in the database"),
            (self.stale, "is out of date in the index"),
        ):
            for id in islice(ids, MOST_NAMED):
                yield f"{id} {what}."
                named += 1
        if (more := self.differences - named) > 0:
            yield (
                "1 more document differs."
                if more == 1
                else (f"{more:,} more documents differ.")
            )

    def sentences(self) -> Iterator[str]:
        """Say what was found, and what helps."""
        if self.agrees:
            yield f"Index and database agree on {_documents(self.documents)}."
        yield from self.found()
        if self.waiting:
            yield f"{changes_are(self.waiting)} queued for the index."
        elif not self.agrees:
            yield "`dragoman check --repair` mends the index."


@dataclass(frozen=True)
class RepairReport:
    """What a repair found, and what it did."""

    left: CheckReport
    """How database and index compare now."""
    found: tuple[str, ...] = ()
    """What was wrong, in sentences."""
    rewritten: int = 0
    """How many documents were written again, or removed."""
    rebuilt: bool = False
    """Whether the whole index was built anew."""

    def __str__(self) -> str:
        if self.rebuilt:
            return "The search index was built anew."
        if self.rewritten:
            return f"The index was mended in {_documents(self.rewritten)}."
        return "There was nothing to mend in the index."


def drain(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> DrainReport:
    """Do the index jobs that wait in the database at *url*.

    Builds the whole index if there is none, or only one of another version.

    Raises:
        Unavailable: the database or the index cannot be used.
    """
    report = progress or _nobody
    try:
        with engine.lock():
            try:
                engine.check()
            except NoIndex:
                _rebuild(engine, url, report)
                return DrainReport(rebuilt=True)
            return DrainReport(jobs=_drain(engine, url, report))
    except Locked:
        return DrainReport(waiting=waiting(url))


def rebuild(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> int:
    """Build the index anew beside the one in use and swap it in.

    Returns:
        How many documents it holds.

    Raises:
        Locked: somebody else is writing the index.
        Unavailable: the database or the index cannot be used.
    """
    with engine.lock():
        return _rebuild(engine, url, progress or _nobody)


def check(engine: Engine, url: str | None = None) -> CheckReport:
    """Compare the index with the database, document by document.

    Raises:
        Unavailable: the database or the index cannot be read.
    """
    held = dict(engine.digests())
    missing, stale = {}, {}
    documents = 0
    with open_session(url) as session:
        queued = count_queued(session)
        for document in everything(session):
            documents += 1
            digest = held.pop(document.id, None)
            if digest is None:
                missing[document.id] = document.owner
            elif digest != document.digest():
                stale[document.id] = document.owner
    return CheckReport(documents, queued, missing, tuple(sorted(held)), stale)


def repair(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> RepairReport:
    """Bring the index to agree with the database, of which only jobs are changed.

    The roots of documents that differ are written again. An index that cannot be read
    is built anew, and so is one that differs more than it agrees: it is not ours.

    Raises:
        Locked: somebody else is writing the index.
        Unavailable: the database or the index cannot be used.
    """
    report = progress or _nobody
    with engine.lock():
        try:
            return _mend(engine, url, report)
        except Unavailable as error:
            _rebuild(engine, url, report)
            return RepairReport(check(engine, url), (error.detail,), rebuilt=True)


def waiting(url: str | None = None) -> int:
    """Return how many changes are queued for the index."""
    with open_session(url) as session:
        return count_queued(session)


def count_queued(session: Session) -> int:
    """Return the same of the database that a session reads."""
    return session.scalar(sa.select(sa.func.count()).select_from(IndexJob)) or 0


def changes_are(count: int) -> str:
    """Begin a sentence on so many changes."""
    return "1 change is" if count == 1 else f"{count:,} changes are"


def _mend(engine: Engine, url: str | None, progress: Progress) -> RepairReport:
    """Mend an index that can be read."""
    before = check(engine, url)
    if before.waiting:
        _drain(engine, url, progress)
        before = check(engine, url)
    if before.agrees:
        return RepairReport(before)
    alien = before.differences * 2 > before.documents
    if alien:
        _rebuild(engine, url, progress)
    else:
        _write_again(engine, url, before)
    return RepairReport(
        check(engine, url), tuple(before.found()), before.differences, alien
    )


def _write_again(engine: Engine, url: str | None, differing: CheckReport) -> None:
    """Write the roots of documents that differ, and remove those without any."""
    gone = frozenset(differing.needless)
    roots = sorted({*differing.missing.values(), *differing.stale.values()})
    for batch in list(batches(roots, JOBS_PER_COMMIT)) or [[]]:
        with open_session(url) as session:
            engine.write(replace(gather(session, map(_root, batch)), ids=gone))
        gone = frozenset()


def _root(owner: str) -> Root:
    kind, _, slug = owner.partition("/")
    return JobKind(kind), slug


def _drain(engine: Engine, url: str | None, progress: Progress) -> int:
    done, total = 0, waiting(url)
    while True:
        with open_session(url) as session:
            jobs = _jobs(session, JOBS_PER_COMMIT)
            if not jobs:
                return done
            changes = gather(session, [(job.kind, job.root) for job in jobs])
            engine.write(changes)
        _delete(url, jobs)
        done += len(jobs)
        progress(done, max(done, total))


def _rebuild(engine: Engine, url: str | None, progress: Progress) -> int:
    done = 0
    with open_session(url) as session:
        # Read before the documents: a later revision is not this one's to delete.
        jobs = _jobs(session)
        total = count(session)

        def documents() -> Iterator[Document]:
            nonlocal done
            for document in everything(session):
                yield document
                done += 1
                if done % 500 == 0:
                    progress(done, total)

        engine.rebuild(documents())
    _delete(url, jobs)
    progress(done, done)
    return done


def _jobs(session: Session, most: int | None = None) -> Sequence[_Job]:
    return session.execute(
        sa.select(IndexJob.id, IndexJob.revision, IndexJob.kind, IndexJob.root)
        .order_by(IndexJob.id)
        .limit(most)
    ).all()


def _delete(url: str | None, jobs: Iterable[_Job]) -> None:
    """Delete jobs in the revision that was read; a changed one stays."""
    with open_session(url, write=True) as session:
        for batch in batches(jobs, 500):
            session.execute(
                sa.delete(IndexJob).where(
                    sa.tuple_(IndexJob.id, IndexJob.revision).in_(
                        [(job.id, job.revision) for job in batch]
                    )
                )
            )
        session.commit()


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""


class Drainer:
    """Drains in the background: when started, and whenever jobs wait.

    For a server. It looks once every *interval* seconds; what goes wrong is logged, and
    tried again after a while.
    """

    def __init__(self, engine: Engine, url: str | None = None, interval: float = 1.0):
        self._engine = engine
        self._url = url
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drainer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, after the drain under way if there is one."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._drain()
        while not self._stopping.wait(pause):
            pause = self._drain()

    def _drain(self) -> float:
        """Drain once; return how long to wait before the next time."""
        try:
            if waiting(self._url) or self._lacks_index():
                drain(self._engine, self._url)
        except DragomanError as error:
            _log.warning("The search index cannot follow: %s", error.detail)
            return self._interval * 10
        except Exception:
            _log.exception("The search index cannot follow")
            return self._interval * 10
        return self._interval

    def _lacks_index(self) -> bool:
        try:
            self._engine.check()
        except NoIndex:
            return True
        return False
