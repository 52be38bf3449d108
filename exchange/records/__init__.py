"""The records that travel in and out: one pydantic model per kind of record.

A dataset folder (YAML) and a JSON Lines stream carry the same records; these models are
the one definition of both, and the published JSON Schema is generated from them. They
check what a record can say about itself: its keys, enums, slugs, dates, and the rules
between its own fields. What needs other records (does this slug exist, does the quote
stand in that text) is checked in `exchange.checks`.

Each also knows which other records it names and on what evidence it rests. Unknown keys
are errors: a misspelt key would otherwise lose what somebody coded.
"""

import json
from collections.abc import Iterator

from exchange.records.actors import ActorRecord, OfficeRecord
from exchange.records.base import Date, EvidenceItem, Kind, Recorded, Root
from exchange.records.datasets import DatasetRecord
from exchange.records.meetings import (
    AgendaEntry,
    MeetingRecord,
    OutcomeItem,
    ParticipantItem,
    StatusItem,
)
from exchange.records.sources import (
    EarlierText,
    FileItem,
    MentionItem,
    SourceRecord,
    Subject,
    Withheld,
)
from exchange.records.stances import StanceRecord
from exchange.records.topics import PropositionRecord, TopicRecord

__all__ = [
    "ActorRecord",
    "AgendaEntry",
    "DatasetRecord",
    "Date",
    "EarlierText",
    "EvidenceItem",
    "FileItem",
    "Kind",
    "MeetingRecord",
    "MentionItem",
    "OfficeRecord",
    "OutcomeItem",
    "ParticipantItem",
    "PropositionRecord",
    "RECORDS",
    "Recorded",
    "Root",
    "SourceRecord",
    "StanceRecord",
    "StatusItem",
    "Subject",
    "TopicRecord",
    "Withheld",
    "json_schemas",
]

RECORDS: dict[Kind, type[Root]] = {
    "dataset": DatasetRecord,
    "actor": ActorRecord,
    "office": OfficeRecord,
    "topic": TopicRecord,
    "proposition": PropositionRecord,
    "source": SourceRecord,
    "meeting": MeetingRecord,
    "stance": StanceRecord,
}
"""Every kind of record by the name that its JSON Lines `type` uses."""


def json_schemas() -> Iterator[tuple[str, str]]:
    """Yield file name and content of the JSON Schema of every kind of record."""
    for kind, model in RECORDS.items():
        schema = model.model_json_schema()
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        yield f"{kind}.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
