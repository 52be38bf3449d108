"""The documents of actors."""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from models import Actor
from models.enums import JobKind
from models.parts import in_parts
from search.documents.shared import Values, coded
from search.engine import Document
from search.fields import Kind


def actors(session: Session, slugs: Iterable[str]) -> Iterator[Document]:
    """Yield the documents of actors."""
    for batch in in_parts(sorted(slugs)):
        rows = session.scalars(
            sa.select(Actor)
            .where(Actor.slug.in_(batch))
            .options(selectinload(Actor.names), selectinload(Actor.identifiers))
            .order_by(Actor.slug)
        )
        for row in rows:
            values = Values()
            values.add("actor", row.slug)
            yield Document(
                id=f"{Kind.ACTOR}/{row.slug}",
                owner=f"{JobKind.ACTOR}/{row.slug}",
                kind=Kind.ACTOR,
                title=coded(row.name),
                text=(
                    *((name.name, name.language) for name in row.names),
                    *coded(row.description),
                    *((item.value, None) for item in row.identifiers),
                ),
                values=values.sorted(),
            )
