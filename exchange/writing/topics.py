"""Write datasets, topics and propositions."""

from exchange.records import DatasetRecord, PropositionRecord, TopicRecord
from exchange.writing.batch import Writing, set_dates
from models import Dataset, Proposition, Topic


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
            self.w.loosen(row, record.parent)
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
