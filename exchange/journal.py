"""The journal of changes, written in the transaction of the change itself.

One change for each batch that is committed; all of a run carry its number. Of a record
that is added only kind, slug and the digest of its state are kept: a million votes
would otherwise stand in the database twice. The first later change of it keeps what it
was before.
"""

import getpass
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.records import Kind
from exchange.states import State, digest_of, read_states
from exchange.stored import MODELS, insert_rows
from models import Base, Change, ChangeRecord, LoadRun
from models.enums import ChangeAction

LONGEST_MESSAGE = 2_000


@dataclass(frozen=True)
class Author:
    """Who makes a change, and what they say of it.

    `account_id` is the key of the account, if the change is made by one.
    """

    name: str
    account_id: int | None = None
    message: str | None = None

    @classmethod
    def of_system(cls) -> "Author":
        """Return whoever runs this process, by the name the operating system has."""
        try:
            return cls(getpass.getuser())
        except (OSError, KeyError):  # a user id without a name, as in a container
            return cls("unknown")


@dataclass
class _Touched:
    """The records of a kind that a change touches, with what they were before."""

    added: list[str] = field(default_factory=list)
    before: dict[str, State] = field(default_factory=dict)
    actions: dict[str, ChangeAction] = field(default_factory=dict)


class Journal:
    """Notes what one transaction does to records, and writes it down as one change.

    Whoever writes says beforehand what is about to change, and afterwards `close`s.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._touched: dict[Kind, _Touched] = defaultdict(_Touched)
        self.digests: dict[tuple[Kind, str], str] = {}
        """Of the states that the change left, once it is closed."""

    def added(self, kind: Kind, slugs: Iterable[str]) -> None:
        """Note records that are new."""
        self._touched[kind].added.extend(slugs)

    def changing(
        self,
        kind: Kind,
        slugs: Iterable[str],
        action: ChangeAction = ChangeAction.UPDATED,
    ) -> None:
        """Note records that are about to change, with what they are now.

        A record that turns out to say the same is not part of the change.
        """
        touched = self._touched[kind]
        known = {*touched.added, *touched.before}
        new = [slug for slug in slugs if slug not in known]
        if new:
            touched.before.update(read_states(self.session, kind, new))
        for slug in new:
            touched.actions[slug] = action

    def attached(self, source: str) -> None:
        """Note a source that was given its words: its state stays as it was."""
        self.changing("source", [source])
        self._touched["source"].actions[source] = ChangeAction.ATTACHED

    def restored(self, kind: Kind, slug: str) -> None:
        """Note a record, new or withdrawn, that was there before."""
        self._touched[kind].actions[slug] = ChangeAction.RESTORED

    def open(self, verb: str, author: Author, run_id: int) -> int:
        """Write down the change itself and return its number."""
        change = Change(
            author=author.name,
            account_id=author.account_id,
            verb=verb,
            message=author.message,
            run_id=run_id,
        )
        self.session.add(change)
        self.session.flush()
        return change.id

    def close(
        self, verb: str, author: Author, run: LoadRun, number: int | None = None
    ) -> int | None:
        """Write the change down, and the digest of each state into its row.

        Returns the number of the change; None if no record has changed. `number` is of
        a change that was opened already.
        """
        rows: list[dict[str, Any]] = []
        for kind, touched in self._touched.items():
            rows.extend(self._rows(kind, touched))
        if not rows:
            return number
        self.session.add(run)
        self.session.flush()
        if number is None:
            number = self.open(verb, author, run.id)
        insert_rows(
            self.session, ChangeRecord, [row | {"change_id": number} for row in rows]
        )
        return number

    def _rows(self, kind: Kind, touched: _Touched) -> Iterator[dict[str, Any]]:
        after = read_states(self.session, kind, [*touched.added, *touched.before])
        digests = {slug: digest_of(state) for slug, state in after.items()}
        stamp(self.session, kind, digests)
        self.digests.update(((kind, slug), each) for slug, each in digests.items())
        for slug in touched.added:
            action = touched.actions.get(slug, ChangeAction.ADDED)
            yield _row(kind, slug, action, digest=digests[slug])
        for slug, before in touched.before.items():
            now, action = after.get(slug), touched.actions[slug]
            if now == before and action is not ChangeAction.ATTACHED:
                continue
            if now == before:
                yield _row(kind, slug, action, digest=digests[slug])
                continue
            yield _row(kind, slug, action, before, now, digests.get(slug))


def _row(
    kind: Kind,
    slug: str,
    action: ChangeAction,
    before: State | None = None,
    after: State | None = None,
    digest: str | None = None,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "slug": slug,
        "action": action,
        "before": before,
        "after": after,
        "digest": digest,
    }


def stamp(session: Session, kind: Kind, digests: dict[str, str]) -> None:
    """Write the digests of states into the rows of a kind."""
    if digests:
        table = Base.metadata.tables[MODELS[kind].__tablename__]
        session.execute(
            sa.update(table)
            .where(table.c.slug == sa.bindparam("of_slug"))
            .values(state_digest=sa.bindparam("of_digest")),
            [{"of_slug": slug, "of_digest": each} for slug, each in digests.items()],
        )
