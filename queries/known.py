"""Whether a slug is one of the record's, the nearest where it is not, and completion.

A slug that nothing has is refused wherever it is given, to a page's address, a filter
or a function: an empty answer would read as "nothing is recorded about it".
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import NotFound, no_such
from models import Actor, ActorName
from models.alike import likest
from models.slugs import LONGEST_SLUG, is_slug, slugify
from models.titles import SLUGS

_LOOKED_AT = 50_000
"""How many slugs are compared at most: some 100 ms."""


def check_slug(session: Session, kind: str, slug: str) -> None:
    """Refuse what no slug can be before the database is asked; NUL bytes among it.

    Raises:
        NotFound: nothing can have that slug.
    """
    if not is_slug(slug):
        raise not_recorded(session, slug, kind)


def refuse_unknown(session: Session, slugs: Iterable[str], *kinds: str) -> None:
    """Refuse the first slug that no record of these kinds has.

    Raises:
        NotFound: there is one; the sentence names the nearest that is recorded.
    """
    wanted = list(dict.fromkeys(slugs))
    found: set[str] = set()
    for kind in kinds if wanted else ():
        slug_of = SLUGS[kind]
        found |= set(session.scalars(sa.select(slug_of).where(slug_of.in_(wanted))))
    for slug in wanted:
        if slug not in found:
            raise not_recorded(session, slug, *kinds)


def not_recorded(session: Session, slug: str, *kinds: str) -> NotFound:
    """The error for a slug that nothing of these kinds has, with the nearest."""
    return no_such(" or ".join(kinds), slug, nearest(session, slug, *kinds))


def nearest(session: Session, slug: str, *kinds: str) -> str | None:
    """Return the slug of these kinds that is meant, as far as its letters tell.

    An actor is also found by another name: `usa` is `united-states`.
    """
    asked = slugify(slug[:LONGEST_SLUG]).replace("-", " ")
    if not asked:
        return None
    if "actor" in kinds and (meant := session.scalar(_called(asked))):
        return meant
    known = [
        known
        for kind in kinds
        for known in session.scalars(
            sa.select(SLUGS[kind]).order_by(SLUGS[kind]).limit(_LOOKED_AT // len(kinds))
        )
    ]
    best = likest(asked, [slug.replace("-", " ") for slug in known])
    return None if best is None else known[best]


def _called(name: str) -> sa.Select[str]:
    return (
        sa.select(Actor.slug)
        .join(ActorName)
        .where(ActorName.folded == name)
        .order_by(Actor.slug)
        .limit(1)
    )


def slugs_beginning(session: Session, start: str, *kinds: str) -> list[str]:
    """Return the slugs of these kinds that begin so, a hundred of each at most."""
    if not is_slug(start or "a"):
        return []
    return [
        slug
        for kind in kinds
        for slug in session.scalars(
            sa.select(SLUGS[kind])
            .where(SLUGS[kind].startswith(start))
            .order_by(SLUGS[kind])
            .limit(100)
        )
    ]
