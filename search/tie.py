"""Whether an index belongs to its database: the token that both hold.

An index may be of another age than the database beside it: after a power cut that took
commits of one of them, or where somebody restored one of the two. Nothing is queued
then, and a search would answer from what is no more. So each commit of the index has a
random token, in three steps, each of them on disk before the next begins:

1. the database records which token comes: `announce` makes it *pending*;
2. the index commits, with that token in its table of contents;
3. one transaction of the database deletes the jobs that were done and makes the token
   *current*: `confirm`.

The index belongs to the database if its token is current or pending. Killed after the
first step, the index still has the current one; killed after the second, it has the
pending one, its jobs are still queued, and doing them again changes nothing. No trigger
writes a token: whoever loads does not know what the index holds.

Where the index lies in the database itself (PostgreSQL), one backup has both and one
power cut takes both. There the token tells only that the index's schema was restored
or left alone by itself.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import Unavailable
from models import IndexState, open_session
from models.database import reading
from search.engine import Engine

#: What readers see until the two have been compared.
ANOTHER_AGE = (
    "The search index is of another age than the database, or of another database. "
    "It is being compared and mended; until then a search may be out of date."
)

#: How often the two are looked at again while a commit goes on between the looks.
LOOKS = 5


def belongs(engine: Engine, session: Session) -> bool:
    """Return whether the index belongs to the database that a session reads.

    The session may have begun to read before the last commit of the index. Where that
    makes the difference, both are looked at anew: first the token of the index, then
    the database, then the token again. If it stayed the same, the database should have
    known it in between.

    Raises:
        NoIndex: there is no index.
    """
    if engine.token() in known_tokens(session):
        return True
    for _ in range(LOOKS):
        token = engine.token()
        with Session(reading(session.get_bind().engine)) as fresh:
            known = known_tokens(fresh)
        if token in known:
            return True
        if engine.token() == token:
            return False
    return True  # somebody commits all the time, and so knows the database


def known_tokens(session: Session) -> frozenset[str]:
    """Return the tokens that an index of this database may have."""
    row = session.execute(sa.select(IndexState.current, IndexState.pending)).first()
    return frozenset(filter(None, row or ()))


def announce(engine: Engine, url: str | None) -> str:
    """Tell the database which token comes next; call it under the engine's lock.

    What the index has now stays known, whether confirmed or not; a token that the
    database does not know does not become known by this.
    """
    token = secrets.token_hex(16)
    try:
        held = engine.token()
    except Unavailable:  # there is none, or it cannot be read: then none is known
        held = None
    with open_session(url, write=True) as session:
        known = known_tokens(session)
        values: dict[str, str | None] = {"pending": token}
        if held in known:
            values["current"] = held
        _write(session, values)
        session.commit()
    return token


def confirm(session: Session, token: str | None) -> None:
    """Make the token of the index the current one; the caller commits."""
    _write(session, {"current": token, "pending": None})


def _write(session: Session, values: dict[str, str | None]) -> None:
    changed = session.execute(sa.update(IndexState).values(**values))
    if not getattr(changed, "rowcount", 0):
        session.execute(sa.insert(IndexState).values(id=1, **values))
