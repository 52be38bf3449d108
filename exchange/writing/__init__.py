"""Write a checked batch of records: add the new, bring the changed up to date.

Kinds are written in the order in which they need each other, and each kind in two
steps, rows first and then what ties them together, so that the records of a batch may
name each other in any order.
"""

from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding
from exchange.journal import Journal
from exchange.report import Report
from exchange.writing.actors import ActorWriter, OfficeWriter, note_ambiguous
from exchange.writing.batch import Writing
from exchange.writing.marking import Marker
from exchange.writing.meetings import MeetingWriter
from exchange.writing.sources import SourceWriter
from exchange.writing.stances import StanceWriter
from exchange.writing.topics import TopicWriter

__all__ = ["note_ambiguous", "write_batch"]


def write_batch(
    session: Session, batch: Batch, report: Report, journal: Journal
) -> list[Finding]:
    """Write a batch in the caller's transaction, which the caller commits.

    The journal, which the caller closes, notes what becomes of each record. With
    findings, of what only the writing could show, the caller must roll back.
    """
    writing = Writing(session, batch, Marker(session), report, journal)
    topics, actors = TopicWriter(writing), ActorWriter(writing)
    topics.write_datasets()
    topics.write_topics()
    actors.write()
    SourceWriter(writing).write()
    actors.write_memberships()
    OfficeWriter(writing).write()
    topics.write_propositions()
    MeetingWriter(writing).write()
    StanceWriter(writing).write()
    session.flush()
    writing.count()
    return writing.findings
