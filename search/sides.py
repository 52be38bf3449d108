"""For whom a stance speaks: the actors that it is found under besides its holder.

People ask where Turkey stands, and its president says so. So a stance is found under
whom its holder represents, by the record or, where that says nothing, by the office
held on the day of the stance; and under the state that a body belongs to. It is the
same attribution as that of the analysis, which weighs whole records at once and cannot
be shared with an index that takes a few rows at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Actor, Office, Stance, Tenure
from models.enums import ActorKind
from models.parts import in_parts


class _Held(NamedTuple):
    """An office that a person held: in which body, from when to when."""

    body: int
    since: date
    until: date


def load_sides(session: Session, rows: Sequence[Stance]) -> dict[int, tuple[int, ...]]:
    """Return whom each stance speaks for besides its holder, by the ids of both."""
    above = load_above(session) if rows else {}
    silent = {
        row.holder_id
        for row in rows
        if row.represents_id is None and not row.represents_nobody
    }
    offices = _offices(session, silent)
    found = {}
    for row in rows:
        speaks = list(_upwards(above, row.holder_id))[1:]
        if row.represents_id is not None:
            speaks += _upwards(above, row.represents_id)
        elif not row.represents_nobody:
            speaks += _by_office(above, row, offices[row.holder_id])
        found[row.id] = tuple(dict.fromkeys(speaks))
    return found


def load_above(session: Session) -> Mapping[int, int]:
    """Return what each body is a body of; a state is a body of nobody."""
    rows = session.execute(
        sa.select(Actor.id, Actor.parent_id).where(
            Actor.parent_id.is_not(None), Actor.kind != ActorKind.STATE
        )
    )
    return {id: parent for id, parent in rows if parent is not None}


def bodies_below(session: Session, actors: Collection[int]) -> set[int]:
    """Return actors with their bodies, and those of these."""
    below: defaultdict[int, list[int]] = defaultdict(list)
    for body, parent in load_above(session).items():
        below[parent].append(body)
    found: set[int] = set()
    waiting = list(actors)
    while waiting:
        if (actor := waiting.pop()) not in found:
            found.add(actor)
            waiting += below[actor]
    return found


def _offices(session: Session, persons: Collection[int]) -> dict[int, list[_Held]]:
    found: defaultdict[int, list[_Held]] = defaultdict(list)
    for batch in in_parts(sorted(persons)):
        rows = session.execute(
            sa.select(
                Tenure.person_id,
                Office.body_id,
                Tenure.since_earliest,
                Tenure.until_latest,
                Tenure.attested_earliest,
                Tenure.attested_latest,
            )
            .join(Office, Office.id == Tenure.office_id)
            .where(Tenure.person_id.in_(batch))
            .order_by(Tenure.id)
        )
        for person, body, since, until, shown, shown_last in rows:
            first = since or shown
            last = until or (None if since else shown_last)
            if first or last:  # an office without any day shows nothing of any day
                held = _Held(body, first or date.min, last or date.max)
                found[person].append(held)
    return found


def _by_office(
    above: Mapping[int, int], row: Stance, offices: Sequence[_Held]
) -> Iterator[int]:
    """Yield whom the holder's office of that day speaks for, if only one side."""
    if row.stated is None:
        return
    first, last = row.stated_earliest or date.min, row.stated_latest or date.max
    bodies = [h.body for h in offices if h.since <= last and first <= h.until]
    tops = {list(_upwards(above, body))[-1] for body in bodies}
    if len(tops) == 1:
        yield from _upwards(above, bodies[0])


def _upwards(above: Mapping[int, int], actor: int) -> Iterator[int]:
    """Yield an actor, what it is a body of, and so on."""
    met = set()
    while actor not in met:
        met.add(actor)
        yield actor
        actor = above.get(actor, actor)
