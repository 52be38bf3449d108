"""Write datasets, topics and propositions."""

from collections.abc import Container, Set

import sqlalchemy as sa

from exchange.records import DatasetRecord, PropositionRecord, TopicRecord
from exchange.writing.batch import Writing, set_dates
from models import Dataset, Proposition, PropositionRelation, Topic
from models.enums import PropositionLink
from models.parts import in_parts


class TopicWriter:
    """Writes what needs no evidence of its own."""

    def __init__(self, writing: Writing) -> None:
        self.w = writing

    def write_datasets(self) -> None:
        for located, record in self.w.each("dataset", DatasetRecord):
            row: Dataset = self.w.row(
                located,
                title=record.title,
                description=record.description,
                licence=record.licence,
            )
            row.contacts = list(record.contacts)
        self.w.flush("dataset")

    def write_topics(self) -> None:
        for located, record in self.w.each("topic", TopicRecord):
            row: Topic = self.w.row(located, name=record.name)
            self.w.detach(row, record.parent)
        self.w.flush("topic")
        self.w.tie(
            "topic",
            {r.slug: r.parent for _, r in self.w.each("topic", TopicRecord)},
        )

    def write_propositions(self) -> None:
        for located, record in self.w.each("proposition", PropositionRecord):
            row: Proposition = self.w.row(
                located,
                text=record.text,
                kind=record.kind,
                topic_id=self.w.id("topic", record.topic),
            )
            set_dates(row, about=record.about)
        self.w.flush("proposition")
        self._write_contraries()

    def _write_contraries(self) -> None:
        """Keep each pair that either of its propositions names; it is stored once."""
        named = {
            record.slug: record.contrary
            for _, record in self.w.each("proposition", PropositionRecord)
        }
        wanted = {self._pair(one, other) for one in named for other in named[one]}
        slugs = {self.w.id("proposition", slug): slug for slug in named}
        stored = set()
        for row in self.w.session.scalars(
            sa.select(PropositionRelation).where(
                sa.or_(
                    PropositionRelation.proposition_id.in_(slugs),
                    PropositionRelation.other_id.in_(slugs),
                )
            )
        ):
            pair = (row.proposition_id, row.other_id)
            stored.add(pair)
            if pair not in wanted and set(pair) <= slugs.keys():
                self.w.session.delete(row)
        self._note_others(wanted - stored, slugs)
        self.w.session.add_all(
            PropositionRelation(
                proposition_id=one, other_id=other, relation=PropositionLink.CONTRARY
            )
            for one, other in sorted(wanted - stored)
        )

    def _note_others(self, pairs: Set[tuple[int, int]], slugs: Container[int]) -> None:
        """Note that a pair changes also the proposition that does not name it."""
        ids = {id_ for pair in pairs for id_ in pair if id_ not in slugs}
        for some in in_parts(sorted(ids)):
            others = sa.select(Proposition.slug).where(Proposition.id.in_(some))
            self.w.journal.changing("proposition", self.w.session.scalars(others))

    def _pair(self, slug: str, other: str) -> tuple[int, int]:
        one = self.w.id("proposition", slug) or 0
        two = self.w.id("proposition", other) or 0
        return min(one, two), max(one, two)
