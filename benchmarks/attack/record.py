"""The record that is attacked: every text of it is hostile somewhere.

As many passages as are asked for, and for each hundred of them an actor, a meeting and
two stances, so that lists, matrix, networks and timelines have something to bear.
"""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "=HYPERLINK(0)",
    "W" * 300,
    "\u202etxet\u202c \u0645\u0631\u062d\u0628\u0627",
    "'; drop table source; --",
    "javascript:alert(1)//",
)
POSITIONS = (("for", 2), ("for", 1), ("neutral", 0), ("against", -1), ("against", -2))

Record = dict[str, Any]


def records(passages: int) -> Iterator[Record]:
    """Yield a record of so many passages, ten or more, each thing after what it names.

    The first source has a tenth of them.
    """
    each = range(max(10, passages // 100))
    for number in range(20):
        above = {"parent": f"topic-{number // 2}"} if number > 1 else {}
        yield {
            "type": "topic",
            "slug": f"topic-{number}",
            "name": text(number),
            **above,
        }
    for number in each:
        yield {
            "type": "actor",
            "slug": f"actor-{number}",
            "name": text(number),
            "kind": "state" if number % 3 else "person",
        }
    for number in range(50):
        yield {
            "type": "proposition",
            "slug": f"proposition-{number}",
            "text": text(number),
            "kind": "normative",
            "topic": f"topic-{number % 20}",
        }
    sources = []
    for source in _sources(passages):
        sources.append((source["slug"], len(source["paragraphs"])))
        yield source
    for number in each:
        slug, paragraphs = sources[number % len(sources)]
        evidence = [{"source": slug, "quote": _quote(number % paragraphs)}]
        yield _meeting(number, len(each), evidence)
        for stance in (2 * number, 2 * number + 1):
            yield _stance(stance, len(each), evidence)


def text(number: int) -> str:
    """Words that would like to be something else, and a number to tell them apart."""
    return f"{PAYLOADS[number % len(PAYLOADS)]} {number}"


def _sources(passages: int) -> Iterator[Record]:
    left = passages
    for number in count():
        paragraphs = min(left, passages // 10 if number == 0 else 50)
        if not paragraphs:
            return
        left -= paragraphs
        yield {
            "type": "source",
            "slug": f"source-{number}",
            "title": text(number),
            "kind": ("transcript", "readout", "news_report")[number % 3],
            "language": ("en", "fr", "ru", "ar")[number % 4],
            "published": _day(number),
            "publisher": PAYLOADS[number % len(PAYLOADS)],
            "paragraphs": [
                f"The envoys of port {number} spoke of grain, salt and drones "
                f"{_quote(each)} {PAYLOADS[number % len(PAYLOADS)]}"
                for each in range(paragraphs)
            ],
        }


def _quote(passage: int) -> str:
    return f"in round {passage}."


def _day(number: int) -> str:
    return f"2022-{1 + number % 12:02}-{1 + number % 28:02}"


def _meeting(number: int, actors: int, evidence: list[Record]) -> Record:
    return {
        "type": "meeting",
        "slug": f"meeting-{number}",
        "title": text(number),
        "kind": "talks",
        "date": _day(number),
        "city": PAYLOADS[number % len(PAYLOADS)],
        "evidence": evidence,
        "status": [{"status": "held", "date": _day(number), "evidence": evidence}],
        "participants": [
            {
                "represents": f"actor-{(number * step + step) % actors}",
                "role": "delegate",
                "presence": "attended",
                "evidence": evidence,
            }
            for step in (1, 3, 7)
        ],
        "agenda": [
            {
                "text": text(number),
                "topic": f"topic-{number % 20}",
                "status": "discussed",
                "evidence": evidence,
            }
        ],
    }


def _stance(number: int, actors: int, evidence: list[Record]) -> Record:
    position, polarity = POSITIONS[number % len(POSITIONS)]
    return {
        "type": "stance",
        "slug": f"stance-{number}",
        "holder": f"actor-{number * 7 % actors}",
        "proposition": f"proposition-{number * 3 % 50}",
        "position": position,
        "polarity": polarity,
        "mode": "said",
        "stated": _day(number),
        "note": text(number),
        "recorded": {"at": "2022-12-31", "by": PAYLOADS[0]},
        "evidence": evidence,
    }


def write(path: Path, passages: int) -> None:
    """Write the record as JSON Lines."""
    with path.open("w", encoding="utf-8") as lines:
        for record in records(passages):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
