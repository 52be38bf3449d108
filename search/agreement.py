"""Whether index and database say the same, document by document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from models import open_session
from search.documents import everything
from search.engine import Engine, Locked
from search.fields import Kind
from search.locking import lock
from search.queue import Job, read_jobs
from search.roots import gather
from wording import counted

#: How many differences of a sort a check names.
MOST_NAMED = 20

#: How often the two are read before the index is locked meanwhile.
LOOKS = 3


@dataclass(frozen=True)
class CheckReport:
    """How database and index compare, at one moment."""

    documents: int
    """How many documents the record makes."""
    waiting: int
    """How many changes are queued."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Documents that are not in the index, by id, with the root of each."""
    needless: Sequence[str] = ()
    """The ids of documents that are only in the index."""
    stale: Mapping[str, str] = field(default_factory=dict)
    """Documents that are something else in the index, by id, with the root of each."""
    unexplained: int = 0
    """How many of these differences no queued change accounts for."""

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
            others = counted(more, "more document differs", "more documents differ")
            yield f"{others}."

    def sentences(self) -> Iterator[str]:
        """Say what was found, and what helps."""
        if self.agrees:
            yield f"Index and database agree on {counted(self.documents, 'document')}."
        yield from self.found()
        if self.waiting:
            changes = counted(self.waiting, "change is", "changes are")
            yield f"{changes} queued for the index."
        if self.unexplained:
            yield "`dragoman check --repair` mends the index."


def check(engine: Engine, url: str | None = None) -> CheckReport:
    """Compare the index with the database, document by document, at one moment.

    Nobody writes the index between the two readings: its token is the same before and
    after. If others commit all the time, they are locked out for that long.

    Raises:
        Locked: they cannot be.
        Unavailable: the database or the index cannot be read.
    """
    for _ in range(LOOKS):
        if (report := _compare(engine, url)) is not None:
            return report
    with lock(engine):
        if (report := _compare(engine, url)) is not None:
            return report
    raise Locked


def _compare(engine: Engine, url: str | None) -> CheckReport | None:
    """Compare; None if the index was written between the two readings."""
    before = engine.token()
    held = dict(engine.digests())
    missing, stale = {}, {}
    total = 0
    with open_session(url) as session:
        jobs = read_jobs(session)  # the first statement: what it sees, all others see
        if engine.token() != before:
            return None
        for document in everything(session):
            total += 1
            digest = held.pop(document.id, None)
            if digest is None:
                missing[document.id] = document.owner
            elif digest != document.digest():
                stale[document.id] = document.owner
        differing = {**missing, **stale, **{id: _owner(id) for id in held}}
        explained = _queued(session, jobs) if differing else set()
    unexplained = sum(not explained & {id, owner} for id, owner in differing.items())
    return CheckReport(
        total, len(jobs), missing, tuple(sorted(held)), stale, unexplained
    )


def _queued(session: Session, jobs: Sequence[Job]) -> set[str]:
    """Return the ids and the roots of all documents that queued changes concern."""
    if not jobs:
        return set()
    changes = gather(session, [(job.kind, job.root) for job in jobs])
    return {document.id for document in changes.documents} | changes.owners


def _owner(id: str) -> str:
    """Return the root of a document of which only the id is known."""
    kind, _, key = id.partition("/")
    return f"source/{key.rpartition('/')[0]}" if kind == Kind.PASSAGE else id
