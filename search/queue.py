"""The queue of the index: which roots have changed since it was last written.

Database triggers write it. A job that changes again gets a higher revision, so whoever
has done it deletes exactly what was read.
"""

import time
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import IndexJob, open_session
from models.database import reading
from models.enums import JobKind
from models.parts import in_parts

#: Between two looks at the queue, in seconds.
_PAUSE = 0.05

Job: TypeAlias = "sa.Row[int, int, JobKind, str]"
"""Id, revision, kind and root."""


def waiting(url: str | None = None) -> int:
    """Return how many changes are queued for the index."""
    with open_session(url) as session:
        return count_queued(session)


def count_queued(session: Session) -> int:
    """Return the same of the database that a session reads."""
    return session.scalar(sa.select(sa.func.count()).select_from(IndexJob)) or 0


def await_queued(session: Session, seconds: float) -> int:
    """Wait until nothing is queued, at most so long; return how much still is.

    The index is written by somebody else, a server's drainer. The session's own view of
    the database stays as it is: each look takes a new one.
    """
    until = time.monotonic() + seconds
    queued = count_queued(session)
    while queued and time.monotonic() < until:
        time.sleep(_PAUSE)
        with Session(reading(session.get_bind().engine)) as fresh:
            queued = count_queued(fresh)
    return queued


def read_jobs(session: Session, most: int | None = None) -> Sequence[Job]:
    """Return the jobs that were queued first."""
    return session.execute(
        sa.select(IndexJob.id, IndexJob.revision, IndexJob.kind, IndexJob.root)
        .order_by(IndexJob.id)
        .limit(most)
    ).all()


def delete_jobs(session: Session, jobs: Iterable[Job]) -> None:
    """Delete jobs in the revision that was read; a changed one stays."""
    for batch in in_parts(jobs, 500):
        session.execute(
            sa.delete(IndexJob).where(
                sa.tuple_(IndexJob.id, IndexJob.revision).in_(
                    [(job.id, job.revision) for job in batch]
                )
            )
        )
