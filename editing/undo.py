"""Undo a change, withdraw a stance, remove a record: each is a change of its own.

A change can be undone while every record that it touched still says what the change
left, and no record that stands names what would vanish. Otherwise nothing happens, and
a sentence lists the records in the way. Redo is the undo of the undo.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from editing.mentioning import Key, names
from editing.removal import contraries, remove, withdraw
from editing.restoring import restore
from errors import Conflict, NotFound, no_such
from exchange.journal import Author, Journal
from exchange.records import Kind
from exchange.states import State
from exchange.stored import MODELS
from models import (
    Change,
    ChangeRecord,
    LoadRun,
    open_session,
    withdrawn_too,
)
from models.enums import ChangeAction
from wording import quoted

MOST_LISTED = 5
_LAST_FIRST: Sequence[Kind] = tuple(reversed(MODELS))


def undo(url: str, number: int, author: Author) -> int:
    """Undo a change, in a change of its own; return the number of that.

    Raises:
        NotFound: there is no such change.
        Conflict: it cannot be undone; it names the records in the way. Nothing has
            changed.
    """
    with open_session(url, write=True) as session:
        change = session.get(Change, number)
        if change is None:
            raise NotFound(f"There is no change {number}.")
        run = _run("undo", f"change {number}", change.run)
        made = _guarded(session, partial(_undo, session, change, author, run))
        session.commit()
    return made


def undo_run(url: str, run_id: int, author: Author) -> list[int]:
    """Undo all changes of a run, the last first; all of them or none.

    Raises:
        NotFound: there is no such run, or it changed nothing.
        Conflict: one of them cannot be undone. Nothing has changed.
    """
    with open_session(url, write=True) as session:
        changes = session.scalars(
            sa.select(Change).where(Change.run_id == run_id).order_by(Change.id.desc())
        ).all()
        if not changes:
            raise NotFound(f"There is no run {run_id} with changes.")
        run = _run("undo", f"run {run_id}", changes[0].run)
        made = [
            _guarded(session, partial(_undo, session, change, author, run))
            for change in changes
        ]
        session.commit()
    return made


def take_back(url: str, kind: Kind, slug: str, author: Author) -> int:
    """Withdraw a stance, or remove another record; return the number of the change.

    Raises:
        NotFound: there is no such record.
        Conflict: records that stand name it. Nothing has changed.
    """
    verb = "withdraw" if kind == "stance" else "delete"
    with open_session(url, write=True) as session:
        model = MODELS[kind]
        if session.scalar(sa.select(model.id).where(model.slug == slug)) is None:
            raise no_such(kind, slug)
        run = LoadRun(verb=verb, name=f"{kind} {slug}")

        def take() -> int:
            journal = Journal(session)
            number = _open(session, journal, verb, author, run)
            _vanish(session, journal, number, [(kind, slug)])
            journal.close(verb, author, run, number)
            return number

        number = _guarded(session, take)
        session.commit()
    return number


def _run(verb: str, name: str, of: LoadRun) -> LoadRun:
    return LoadRun(verb=verb, name=f"{name} ({of.verb} {of.name})"[:200])


def _open(
    session: Session, journal: Journal, verb: str, author: Author, run: LoadRun
) -> int:
    session.add(run)
    session.flush()
    return journal.open(verb, author, run.id)


def _guarded(session: Session, act: Callable[[], int]) -> int:
    try:
        number = act()
        session.flush()
    except IntegrityError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise Conflict(
            f"The database refused it: {said}. Nothing has changed."
        ) from error
    return number


def _undo(session: Session, change: Change, author: Author, run: LoadRun) -> int:
    records = session.scalars(
        sa.select(ChangeRecord)
        .where(ChangeRecord.change_id == change.id)
        .order_by(ChangeRecord.id.desc())
    ).all()
    _refuse_changed(session, change.id, records)
    journal = Journal(session)
    number = _open(session, journal, "undo", author, run)
    back: dict[Key, State] = {}
    gone: list[Key] = []
    for each in records:
        key = (_kind_of(each), each.slug)
        if each.before is None or each.before.get("withdrawn"):
            gone.append(key)
        else:
            back[key] = each.before
    session.expunge_all()
    run = session.merge(run)
    restore(session, journal, number, back)
    session.flush()
    there = [key for key in gone if _digest(session, *key, standing=True)[0]]
    _vanish(session, journal, number, there)
    journal.close("undo", author, run, number)
    return number


def _refuse_changed(
    session: Session, number: int, records: Sequence[ChangeRecord]
) -> None:
    if not records:
        raise Conflict(f"Change {number} touched no record: there is nothing to undo.")
    if any(each.action is ChangeAction.ATTACHED for each in records):
        raise Conflict(
            f"Change {number} cannot be undone: a text that was attached stays."
        )
    changed = []
    for each in records:
        is_there, digest = _digest(session, _kind_of(each), each.slug)
        withdrawn_and_gone = each.action is ChangeAction.WITHDRAWN and not is_there
        if digest != each.digest and not withdrawn_and_gone:
            later = session.scalar(
                sa.select(sa.func.max(ChangeRecord.change_id)).where(
                    ChangeRecord.kind == each.kind, ChangeRecord.slug == each.slug
                )
            )
            by = f"change {later}" if later != number else "somebody by hand"
            changed.append(f"{each.kind.value} {each.slug} (by {by})")
    if changed:
        raise Conflict(
            f"Change {number} cannot be undone, because of what has changed since: "
            f"{_listed(changed)}. Nothing has changed."
        )


def _digest(
    session: Session, kind: Kind, slug: str, standing: bool = False
) -> tuple[bool, str | None]:
    """Tell whether a record is there, and the digest of its state."""
    model = MODELS[kind]
    select = sa.select(model.id, model.state_digest).where(model.slug == slug)
    if standing:
        row = session.execute(select).one_or_none()
    else:
        with withdrawn_too(session):
            row = session.execute(select).one_or_none()
    return (row is not None, row[1] if row else None)


def _vanish(
    session: Session, journal: Journal, number: int, keys: Iterable[Key]
) -> None:
    """Take records back, those that others name after those others."""
    waiting = sorted(keys, key=lambda key: _LAST_FIRST.index(key[0]))
    for kind, slug in waiting:  # before any of them changes another
        stance = kind == "stance"
        action = ChangeAction.WITHDRAWN if stance else ChangeAction.REMOVED
        journal.changing(kind, [slug], action)
    while waiting:
        held: dict[Key, list[Key]] = {}
        for kind, slug in waiting:
            model = MODELS[kind]
            id_ = session.scalars(sa.select(model.id).where(model.slug == slug)).one()
            if named_by := names(session, kind, id_):
                held[kind, slug] = named_by
            elif kind == "stance":
                withdraw(session, journal, number, slug)
            else:
                if kind == "proposition":
                    others = [name for _, name in contraries(session, id_)]
                    journal.changing("proposition", others)
                remove(session, journal, number, kind, slug)
            session.flush()
        if len(held) == len(waiting):
            (kind, slug), by = next(iter(held.items()))
            listed = _listed([f"{one} {name}" for one, name in by])
            raise Conflict(
                f"The {kind} {quoted(slug)} is named by {listed}, which would name "
                "nothing. Nothing has changed."
            )
        waiting = list(held)


def _kind_of(record: ChangeRecord) -> Kind:
    return cast(Kind, record.kind.value)


def _listed(items: Sequence[str]) -> str:
    more = len(items) - MOST_LISTED
    return ", ".join(items[:MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")
