"""Records in volume, made up: 50,000 stances of 200 actors on 500 propositions.

Every number comes from one seeded generator, so that two runs measure the same thing.
"""

import hashlib
import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import (
    Actor,
    Attribution,
    Base,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Office,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    Topic,
)
from models.dates import date_columns

ACTORS, STATES, PROPOSITIONS, STANCES, MEETINGS = 200, 60, 500, 50_000, 2_000
FIRST = date(2010, 1, 1)
DAYS = 4_500
POSITIONS: list[tuple[str, int | None]] = (
    [("for", 1)] * 8
    + [("for", 2)] * 3
    + [("against", -1)] * 7
    + [("against", -2)] * 2
    + [("neutral", 0), ("mixed", None), ("undetermined", None), ("declined", None)]
)


def fill(session: Session, stances: int = STANCES) -> None:
    """Write the records; the caller commits."""
    dice = random.Random(2022)

    def write(model: type[Base], rows: list[dict[str, Any]]) -> None:
        table: Any = model.__table__
        for at in range(0, len(rows), 10_000):
            session.execute(insert(table), rows[at : at + 10_000])

    def day() -> date:
        return FIRST + timedelta(days=dice.randrange(DAYS))

    def dated(name: str, when: date) -> dict[str, Any]:
        columns = date_columns(name)
        return {
            columns.edtf: when.isoformat(),
            columns.earliest: when,
            columns.latest: when,
        }

    write(
        Actor,
        [
            {"id": n, "slug": f"g-state-{n}", "name": f"State {n}", "kind": "state"}
            if n <= STATES
            else {
                "id": n,
                "slug": f"g-person-{n}",
                "name": f"Person {n}",
                "kind": "person",
            }
            for n in range(1, ACTORS + 1)
        ],
    )
    write(
        Office,
        [
            {"id": n, "slug": f"g-office-{n}", "title": f"Minister {n}", "body_id": n}
            for n in range(1, STATES + 1)
        ],
    )
    write(
        Tenure,
        [
            {
                "id": n,
                "key": f"g-person-{n}/g-office-{1 + n % STATES}",
                "person_id": n,
                "office_id": 1 + n % STATES,
                **dated("since", FIRST + timedelta(days=dice.randrange(DAYS // 2))),
            }
            for n in range(STATES + 1, ACTORS + 1)
        ],
    )
    write(
        Topic,
        [
            {
                "id": n,
                "slug": f"g-topic-{n}",
                "name": f"Topic {n}",
                "parent_id": None if n <= 5 else 1 + n % 5,
            }
            for n in range(1, 26)
        ],
    )
    kinds = ("normative", "factual", "forecast", "evaluative")
    write(
        Proposition,
        [
            {
                "id": n,
                "slug": f"g-proposition-{n}",
                "text": f"State {1 + n % STATES} should do the thing of number {n}.",
                "kind": kinds[n % 4],
                "topic_id": 6 + n % 20,
            }
            for n in range(1, PROPOSITIONS + 1)
        ],
    )
    words = (
        "drones grain border treaty ceasefire sanctions visit summit trade gas".split()
    )
    sources: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    passages: list[dict[str, Any]] = []
    for n in range(1, 1001):
        text = "\n\n".join(" ".join(dice.choices(words, k=40)) for _ in range(10))
        sources.append(
            {
                "id": n,
                "slug": f"g-source-{n}",
                "kind": "readout",
                "title": f"Readout {n}",
                "issuer_id": 1 + n % STATES,
                "language": "en",
                **dated("published", day()),
            }
        )
        texts.append(
            {
                "id": n,
                "source_id": n,
                "version": 1,
                "text": text,
                "length": len(text),
                "sha256": hashlib.sha256(f"{n}{text}".encode()).hexdigest(),
            }
        )
        start = 0
        for position, part in enumerate(text.split("\n\n"), 1):
            passages.append(
                {
                    "id": len(passages) + 1,
                    "source_text_id": n,
                    "position": position,
                    "start_char": start,
                    "end_char": start + len(part),
                }
            )
            start += len(part) + 2
    write(Source, sources)
    write(SourceText, texts)
    write(Passage, passages)
    write(
        Meeting,
        [
            {
                "id": n,
                "slug": f"g-meeting-{n}",
                "title": f"Meeting {n}",
                "kind": "meeting",
                "format": dice.choice(("bilateral", "trilateral", "multilateral")),
                "medium": "in_person",
                "several": False,
                "country_id": 1 + n % STATES,
                **dated("date", day()),
            }
            for n in range(1, MEETINGS + 1)
        ],
    )
    write(
        MeetingStatusEvent,
        [
            {
                "id": n,
                "meeting_id": n,
                "key": "held",
                "position": 1,
                "status": dice.choice(("held", "held", "announced")),
            }
            for n in range(1, MEETINGS + 1)
        ],
    )
    parts: list[dict[str, Any]] = []
    for n in range(1, MEETINGS + 1):
        for position, state in enumerate(
            dice.sample(range(1, STATES + 1), dice.choice((2, 2, 2, 3, 5)))
        ):
            parts.append(
                {
                    "id": len(parts) + 1,
                    "meeting_id": n,
                    "key": str(position),
                    "position": position,
                    "represented_id": state,
                    "role": "host" if position == 0 else "visitor",
                    "presence": "attended",
                }
            )
    write(Participation, parts)
    made: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    chains: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for n in range(1, stances + 1):
        stand, polarity = dice.choice(POSITIONS)
        proposition = dice.randrange(1, PROPOSITIONS + 1)
        if kinds[proposition % 4] == "factual" and polarity:
            polarity = 1 if polarity > 0 else -1
        if kinds[proposition % 4] == "factual" and polarity == 0:
            stand, polarity = "mixed", None
        holder = dice.randrange(1, ACTORS + 1)
        cited = dice.randrange(1, 1001)
        made.append(
            {
                "id": n,
                "slug": f"g-stance-{n}",
                "holder_id": holder,
                "proposition_id": proposition,
                "represents_id": dice.randrange(1, STATES + 1)
                if holder > STATES and n % 3 == 0
                else None,
                "position": stand,
                "polarity": polarity,
                "mode": dice.choice(("said", "did", "ascribed")),
                "certainty": dice.choice(("certain", "probable")),
                **dated("stated", day()),
            }
        )
        evidence.append(
            {
                "id": n,
                "source_text_id": cited,
                "start_char": 0,
                "end_char": 4,
                "role": "supports",
                "quote": texts[cited - 1]["text"][:4],
                "stance_id": n,
            }
        )
        chains.append(
            {
                "id": 2 * n - 1,
                "evidence_id": n,
                "depth": 0,
                "actor_id": holder,
                "source_id": None,
                "verb": "quoted",
                "certainty": "certain",
            }
        )
        chains.append(
            {
                "id": 2 * n,
                "evidence_id": n,
                "depth": 1,
                "actor_id": None,
                "source_id": cited,
                "verb": "according_to",
                "certainty": "unknown",
            }
        )
        if n % 20 == 0:
            relations.append(
                {
                    "id": len(relations) + 1,
                    "stance_id": n,
                    "relation": "supersedes",
                    "other_id": n - 1,
                }
            )
    write(Stance, made)
    write(Evidence, evidence)
    write(Attribution, chains)
    write(StanceRelation, relations)
