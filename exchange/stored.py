"""What the database already holds, looked up by slug, in bulk, and remembered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.records import Kind
from exchange.texts import Text
from models import (
    Actor,
    ActorIdentifier,
    AgendaItem,
    Base,
    Dataset,
    Meeting,
    Office,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Topic,
    withdrawn_too,
)
from models.enums import ActorKind, PropositionKind, StanceLink
from models.parts import in_parts

MODELS: dict[Kind, Any] = {
    "dataset": Dataset,
    "topic": Topic,
    "actor": Actor,
    "office": Office,
    "source": Source,
    "proposition": Proposition,
    "meeting": Meeting,
    "stance": Stance,
}
"""The class of each kind of record, in the order in which they are written."""

UNDETERMINED = "und"
"""The language of what has none given."""


def insert_rows(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert many rows into one table.

    The table, not the class: the ORM's bulk insert leaves NULLs out, and so falls
    apart into a statement for every other row.
    """
    session.execute(sa.insert(Base.metadata.tables[model.__tablename__]), rows)


@dataclass(frozen=True)
class Entry:
    """A record in the database, as far as others need to know it."""

    id: int
    digest: str | None = None
    kind: ActorKind | PropositionKind | None = None
    parent_id: int | None = None
    topic_id: int | None = None
    withdrawn_change: int | None = None
    state_digest: str | None = None


class Stored:
    """The records in the database, by kind and slug."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._entries: dict[Kind, dict[str, Entry | None]] = {k: {} for k in MODELS}
        self._texts: dict[str, Text | None] = {}

    def corrections(self, slugs: Iterable[str]) -> dict[str, str]:
        """Return which stance corrects each of these, by slug."""
        right, wrong = aliased(Stance), aliased(Stance)
        statement = (
            sa.select(wrong.slug, right.slug)
            .join(StanceRelation, StanceRelation.other_id == wrong.id)
            .join(right, right.id == StanceRelation.stance_id)
            .where(
                StanceRelation.relation == StanceLink.CORRECTS,
                wrong.slug.in_(sorted(set(slugs))),
            )
        )
        return {wrong: right for wrong, right in self.session.execute(statement)}

    def prepare(self, kind: Kind, slugs: Iterable[str]) -> None:
        """Look up in bulk what is not known yet."""
        known = self._entries[kind]
        missing = sorted({slug for slug in slugs if slug not in known})
        model = MODELS[kind]
        columns = [model.slug, model.id, model.digest]
        extra = [
            name
            for name in (
                *("kind", "parent_id", "topic_id"),
                *("withdrawn_change", "state_digest"),
            )
            if name != "kind" or kind in ("actor", "proposition")
            if hasattr(model, name)
        ]
        columns.extend(getattr(model, name) for name in extra)
        for chunk in in_parts(missing):
            known.update(dict.fromkeys(chunk))
            with withdrawn_too(self.session):  # their slugs stay taken
                rows = self.session.execute(
                    sa.select(*columns).where(model.slug.in_(chunk))
                )
            for slug, id_, digest, *rest in rows:
                values = dict(zip(extra, rest, strict=True))
                known[slug] = Entry(id_, digest, **values)

    def get(self, kind: Kind, slug: str) -> Entry | None:
        """Return what is stored under a slug, if anything."""
        if slug not in self._entries[kind]:
            self.prepare(kind, [slug])
        return self._entries[kind][slug]

    def id(self, kind: Kind, slug: str | None) -> int | None:
        """Return the id of a record that is known to be there; None for None."""
        if slug is None:
            return None
        entry = self.get(kind, slug)
        if entry is None:
            raise LookupError(f"{kind} {slug} is neither stored nor being loaded")
        return entry.id

    def forget(self, kind: Kind, slugs: Iterable[str]) -> None:
        """Look these up again next time: they have been written."""
        for slug in slugs:
            self._entries[kind].pop(slug, None)
            if kind == "source":
                self._texts.pop(slug, None)

    def forget_texts(self) -> None:
        """Let go of the texts that were looked up."""
        self._texts.clear()

    def ancestry(self, kind: Kind, slugs: Iterable[str]) -> dict[str, str | None]:
        """Return the parent of each of these, and of all that they are under.

        A source's parent is its original. One statement for each chunk of slugs: a
        chain of thousands asked for step by step would take as many.
        """
        model = MODELS[kind]
        name = "derived_from_id" if kind == "source" else "parent_id"
        parents: dict[str, str | None] = {}
        for chunk in in_parts(sorted(set(slugs))):
            up = (
                sa.select(model.id, model.slug, getattr(model, name).label("above"))
                .where(model.slug.in_(chunk))
                .cte(recursive=True)
            )
            other = sa.orm.aliased(model)
            up = up.union(
                sa.select(other.id, other.slug, getattr(other, name)).join(
                    up, other.id == up.c.above
                )
            )
            rows = self.session.execute(sa.select(up)).all()
            slug_of = {id_: slug for id_, slug, _ in rows}
            parents |= {slug: slug_of.get(above) for _, slug, above in rows}
        return parents

    def text(self, slug: str) -> Text | None:
        """Return the latest text of a stored source."""
        if slug not in self._texts:
            row = self.latest_text(slug)
            self._texts[slug] = None if row is None else self._measured(row)
        return self._texts[slug]

    def text_version(self, slug: str, version: int) -> Text | None:
        """Return one wording of a stored source."""
        row = self.session.scalar(
            sa.select(SourceText)
            .join(Source)
            .where(Source.slug == slug, SourceText.version == version)
        )
        return None if row is None else self._measured(row)

    def latest_text(self, slug: str) -> SourceText | None:
        """Return the newest version of a source's text."""
        return self.session.scalar(
            sa.select(SourceText)
            .join(Source)
            .where(Source.slug == slug)
            .order_by(SourceText.version.desc())
            .limit(1)
        )

    def _measured(self, row: SourceText) -> Text:
        spans = self.session.execute(
            sa.select(Passage.start_char, Passage.end_char)
            .where(Passage.source_text_id == row.id)
            .order_by(Passage.position)
        )
        pairs = [(start, end) for start, end in spans]
        return Text(row.sha256, row.length, pairs, row.text)

    def bearers(
        self, identifiers: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        """Return the actors that bear any of these identifiers, by scheme and value."""
        bearers: dict[tuple[str, str], str] = {}
        for chunk in in_parts(identifiers):
            rows = self.session.execute(
                sa.select(ActorIdentifier.scheme, ActorIdentifier.value, Actor.slug)
                .join(Actor)
                .where(
                    sa.tuple_(ActorIdentifier.scheme, ActorIdentifier.value).in_(chunk)
                )
            )
            bearers.update({(scheme, value): slug for scheme, value, slug in rows})
        return bearers

    def agenda(self, meeting: str) -> set[int]:
        """Return the positions of a stored meeting's agenda."""
        return set(
            self.session.scalars(
                sa.select(AgendaItem.position)
                .join(Meeting)
                .where(Meeting.slug == meeting)
            )
        )
