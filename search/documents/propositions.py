"""The documents of propositions."""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from models import Proposition
from models.enums import JobKind
from models.parts import in_parts
from search.documents.shared import Shared, Values, coded
from search.engine import Document
from search.fields import Kind


def propositions(shared: Shared, slugs: Iterable[str]) -> Iterator[Document]:
    """Yield the documents of propositions."""
    for batch in in_parts(sorted(slugs)):
        rows = shared.session.scalars(
            sa.select(Proposition)
            .where(Proposition.slug.in_(batch))
            .order_by(Proposition.slug)
        )
        for row in rows:
            values = Values()
            values.add("proposition", row.slug)
            if row.topic_id is not None:
                values.add("topic", shared.topic(row.topic_id))
            yield Document(
                id=f"{Kind.PROPOSITION}/{row.slug}",
                owner=f"{JobKind.PROPOSITION}/{row.slug}",
                kind=Kind.PROPOSITION,
                title=coded(row.text),
                values=values.sorted(),
                dated=row.about is not None,
                earliest=row.about_earliest,
                latest=row.about_latest,
            )
