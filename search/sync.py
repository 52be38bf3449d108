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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import DragomanError
from models import IndexJob, open_session
from models.enums import JobKind
from search.documents import batches, count, everything
from search.engines import Document, Engine, Locked, NoIndex
from search.roots import gather

#: How many jobs go into one commit of the index.
JOBS_PER_COMMIT = 2_000

#: How many differences a check names.
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
    missing: tuple[str, ...] = ()
    """Documents that the index lacks, some of them."""
    needless: tuple[str, ...] = ()
    """Documents that the index has and the database does not make, some of them."""
    stale: tuple[str, ...] = ()
    """Documents whose content differs, some of them."""
    differences: int = 0
    """How many differences there are in all."""

    @property
    def agrees(self) -> bool:
        """Whether index and database say the same."""
        return not self.differences

    def sentences(self) -> Iterator[str]:
        """Say what was found."""
        if self.agrees:
            yield f"Index and database agree on {self.documents:,} documents."
        for found, what in (
            (self.missing, "is missing from the index"),
            (self.needless, "is in the index and not in the database"),
            (self.stale, "is out of date in the index"),
        ):
            yield from (f"{id} {what}." for id in found)
        named = len(self.missing) + len(self.needless) + len(self.stale)
        if self.differences > named:
            yield f"{self.differences - named:,} more documents differ."
        if self.waiting:
            yield f"{changes_are(self.waiting)} queued for the index."
        if self.differences and not self.waiting:
            yield "`dragoman reindex` builds the index anew."


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
    missing, stale = [], []
    documents = 0
    with open_session(url) as session:
        queued = count_queued(session)
        for document in everything(session):
            documents += 1
            digest = held.pop(document.id, None)
            if digest is None:
                missing.append(document.id)
            elif digest != document.digest():
                stale.append(document.id)
    needless = sorted(held)
    return CheckReport(
        documents=documents,
        waiting=queued,
        missing=tuple(missing[:MOST_NAMED]),
        needless=tuple(needless[:MOST_NAMED]),
        stale=tuple(stale[:MOST_NAMED]),
        differences=len(missing) + len(needless) + len(stale),
    )


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
