"""What a name in a form means: a record, or one that is to be made.

Only a whole name is taken, whatever its case and marks, in any language that the record
knows it in; a slug is taken too. What is merely like a name is offered, never taken:
what is written stays, and a wrong guess would be somebody's position.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Actor, ActorName, Folded, fold
from models.slugs import is_slug
from models.titles import TITLES
from queries.naming import offer_names
from wording import quoted

MOST_OFFERED = 3
_WITH_SLUG = re.compile(r".*\(([a-z0-9-]+)\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Meant:
    """A record by its kind and slug, and what it is called."""

    kind: str
    slug: str
    label: str


class NotNamed(ValueError):
    """A name of nobody or of several; the message says what was expected."""

    def __init__(self, expected: str, is_new: bool) -> None:
        super().__init__(expected)
        self.is_new = is_new
        """Whether nothing is called so, so that it may be made."""


def meant(session: Session, kinds: Sequence[str], text: str) -> Meant:
    """Find the record of some kinds that a name, or a slug, means.

    `Name (slug)` is taken for the slug.

    Raises:
        NotNamed: nothing is called so, or several things are.
    """
    for kind in kinds:
        if found := _by_slug(session, kind, text.strip()):
            return found
    named = [one for kind in kinds for one in _called(session, kind, text)]
    if len(named) == 1:
        return named[0]
    given = _WITH_SLUG.match(text)
    for kind in kinds if given else ():
        if given and (found := _by_slug(session, kind, given[1])):
            return found
    if named:
        some = ", or ".join(f"{one.label} ({one.slug})" for one in named[:5])
        raise NotNamed(f"one of several that are called so: {some}", is_new=False)
    near = offer_names(session, kinds, text).items[:MOST_OFFERED]
    hint = f"; near are {', '.join(quoted(one.label) for one in near)}" if near else ""
    what = " or ".join(kinds)
    raise NotNamed(f"the name of a known {what}{hint}", is_new=True)


def label_of(session: Session, kind: str, slug: str) -> str | None:
    """Return what a record is called; None if there is none."""
    found = _by_slug(session, kind, slug)
    return found.label if found else None


def _by_slug(session: Session, kind: str, slug: str) -> Meant | None:
    if not is_slug(slug):
        return None
    column, title = TITLES[kind]
    label = session.scalar(select(title).where(column == slug))
    return None if label is None else Meant(kind, slug, label)


def _called(session: Session, kind: str, text: str) -> list[Meant]:
    """Find what has this name, as written or but for case and marks."""
    column, title = TITLES[kind]
    wanted = fold(text.strip())
    found = select(column, title).distinct().order_by(column).limit(6)
    if kind == "actor":
        found = found.outerjoin(ActorName, ActorName.actor_id == Actor.id)
        condition = or_(Folded(title) == wanted, ActorName.folded == wanted)
    else:
        condition = Folded(title) == wanted
    rows = session.execute(found.where(condition))
    return [Meant(kind, slug, label) for slug, label in rows]
