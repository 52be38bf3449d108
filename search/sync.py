"""Keeping the index true to the database.

Whoever changes the record leaves index jobs behind, in the same transaction (database
triggers see to that). A drain reads some jobs, reads the documents that they concern,
writes them to the index, and only when the index is on disk deletes the jobs: those it
read, in the revision it read. So a crash at any point loses nothing; the next drain
does some work again, which changes nothing. A token ties each commit of the index to
the database (`search.tie`); an index that belongs to another database, or to another
age of this one, is compared with it and mended.

One writer at a time: the engine's lock is held from before the jobs are read until they
are deleted. Whoever does not get it leaves the jobs to the one who has it, or to the
next drain.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from errors import Unavailable
from models import open_session
from models.enums import JobKind
from models.parts import in_parts
from search.agreement import CheckReport, check
from search.documents import count, everything
from search.engine import Changes, Document, Engine, Locked, NoIndex
from search.locking import lock
from search.queue import (
    count_queued,
    delete_jobs,
    read_jobs,
    waiting,
)
from search.roots import Root, gather
from search.tie import announce, belongs, confirm, known_tokens
from wording import counted

#: How many jobs go into one commit of the index.
JOBS_PER_COMMIT = 2_000

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


@dataclass(frozen=True)
class DrainReport:
    """What a drain did."""

    jobs: int = 0
    """How many jobs were done."""
    waiting: int = 0
    """How many were left, because somebody else is writing the index."""
    rebuilt: bool = False
    """Whether the whole index was built, there having been none to bring up to date."""
    mended: bool = False
    """Whether the index was of another database or age, and was compared and mended."""

    def __str__(self) -> str:
        if self.waiting:
            return (
                "The search index is being written by somebody else; "
                f"{counted(self.waiting, 'change is', 'changes are')} queued."
            )
        if self.rebuilt:
            return "The search index was built."
        if self.mended:
            return "The search index was of another age than the database: mended."
        if self.jobs:
            records = (
                "1 changed record"
                if self.jobs == 1
                else f"{self.jobs:,} changed records"
            )
            return f"The search index follows {records}."
        return "The search index is up to date."


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
            return f"The index was mended in {counted(self.rewritten, 'document')}."
        return "There was nothing to mend in the index."


def drain(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> DrainReport:
    """Do the index jobs that wait in the database at *url*.

    Builds the whole index if there is none, or only one of another version; mends it if
    it does not belong to the database. Where there is nothing to do nothing is written.

    Raises:
        Unavailable: the database or the index cannot be used.
    """
    if not _has_work(engine, url):
        return DrainReport()
    report = progress or _ignore
    try:
        with engine.lock():
            try:
                engine.check()
            except NoIndex:
                _rebuild(engine, url, report)
                return DrainReport(rebuilt=True)
            with open_session(url) as session:
                sound = engine.token() in known_tokens(session)
            if not sound:
                jobs = waiting(url)
                return DrainReport(
                    jobs=jobs, mended=True, rebuilt=_mend(engine, url, report).rebuilt
                )
            return DrainReport(jobs=_drain(engine, url, report))
    except Locked:
        return DrainReport(waiting=waiting(url))


def rebuild(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> int:
    """Build the index anew beside the one in use and swap it in.

    Waits a minute for whoever is writing the index.

    Returns:
        How many documents it holds.

    Raises:
        Locked: somebody else is writing the index all the time.
        Unavailable: the database or the index cannot be used.
    """
    with lock(engine):
        return _rebuild(engine, url, progress or _ignore)


def repair(
    engine: Engine, url: str | None = None, progress: Progress | None = None
) -> RepairReport:
    """Bring the index to agree with the database, of which only jobs are changed.

    The roots of documents that differ are written again. An index that cannot be read
    is built anew, and so is one that differs more than it agrees: it is not ours. Waits
    a minute for whoever is writing the index.

    Raises:
        Locked: somebody else is writing the index all the time.
        Unavailable: the database or the index cannot be used.
    """
    report = progress or _ignore
    with lock(engine):
        try:
            return _mend(engine, url, report)
        except Unavailable as error:
            _rebuild(engine, url, report)
            return RepairReport(check(engine, url), (error.detail,), rebuilt=True)


def _has_work(engine: Engine, url: str | None) -> bool:
    with open_session(url) as session:
        try:
            return count_queued(session) > 0 or not belongs(engine, session)
        except NoIndex:
            return True


def _mend(engine: Engine, url: str | None, progress: Progress) -> RepairReport:
    """Mend an index that can be read; call it under the lock.

    What is written meanwhile has a token that the database does not know: killed in the
    middle, the index is mended again. At the end they agree but for what is queued, and
    only then does the database take the token as its own.
    """
    token = secrets.token_hex(16)
    before = check(engine, url)
    if before.waiting:
        _drain(engine, url, progress, token)
        before = check(engine, url)
    if not before.unexplained:
        _adopt(engine, url)
        return RepairReport(before)
    alien = before.differences * 2 > before.documents
    if alien:
        _rebuild(engine, url, progress)
    else:
        _write_again(engine, url, before, token)
    left = check(engine, url)
    if not left.unexplained:
        _adopt(engine, url)
    return RepairReport(left, tuple(before.found()), before.differences, alien)


def _adopt(engine: Engine, url: str | None) -> None:
    """Make the token of an index that was compared the current one, if it is not."""
    token = engine.token()
    with open_session(url) as session:
        if token is not None and token in known_tokens(session):
            return
    if token is None:  # an index that nobody tied: an empty commit gives it a token
        token = secrets.token_hex(16)
        engine.write(Changes(), token)
    with open_session(url, write=True) as session:
        confirm(session, token)
        session.commit()


def _write_again(
    engine: Engine, url: str | None, differing: CheckReport, token: str
) -> None:
    """Write the roots of documents that differ, and remove those without any."""
    gone = frozenset(differing.needless)
    roots = sorted({*differing.missing.values(), *differing.stale.values()})
    for batch in list(in_parts(roots, JOBS_PER_COMMIT)) or [[]]:
        with open_session(url) as session:
            changes = replace(gather(session, map(_root, batch)), ids=gone)
            engine.write(changes, token)
        gone = frozenset()


def _root(owner: str) -> Root:
    kind, _, slug = owner.partition("/")
    return JobKind(kind), slug


def _drain(
    engine: Engine, url: str | None, progress: Progress, untied: str | None = None
) -> int:
    """Do all jobs; the commits have tokens of their own unless one is given."""
    done, total = 0, waiting(url)
    while waiting(url):
        token = untied or announce(engine, url)
        with open_session(url) as session:
            jobs = read_jobs(session, JOBS_PER_COMMIT)
            changes = gather(session, [(job.kind, job.root) for job in jobs])
            engine.write(changes, token)
        with open_session(url, write=True) as session:
            delete_jobs(session, jobs)
            if untied is None:
                confirm(session, token)
            session.commit()
        done += len(jobs)
        progress(done, max(done, total))
    return done


def _rebuild(engine: Engine, url: str | None, progress: Progress) -> int:
    done = 0
    token = announce(engine, url)
    with open_session(url) as session:
        # Read before the documents: a later revision is not this one's to delete.
        jobs = read_jobs(session)
        total = count(session)

        def read() -> Iterator[Document]:
            nonlocal done
            for document in everything(session):
                yield document
                done += 1
                if done % 500 == 0:
                    progress(done, total)

        engine.rebuild(read(), token)
    with open_session(url, write=True) as session:
        delete_jobs(session, jobs)
        confirm(session, token)
        session.commit()
    progress(done, done)
    return done


def _ignore(done: int, total: int) -> None:
    """Tell nobody."""
