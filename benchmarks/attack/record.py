"""The record that is attacked: 50,000 passages, every text of it hostile somewhere."""

import json
from collections.abc import Iterator
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
LARGE = 5_000
"""Passages of the largest source."""


def records(passages: int) -> Iterator[dict[str, Any]]:
    """Yield sources with `passages` paragraphs in all, the first with many of them."""
    left, number = passages, 0
    while left > 0:
        count = min(left, LARGE if number == 0 else 50)
        payload = PAYLOADS[number % len(PAYLOADS)]
        yield {
            "type": "source",
            "slug": f"source-{number}",
            "title": f"{payload} {number}",
            "kind": "transcript",
            "language": "en",
            "published": f"2022-{1 + number % 12:02}-{1 + number % 28:02}",
            "publisher": payload,
            "paragraphs": [
                f"The envoys of port {number} spoke of grain, salt and drones "
                f"in round {each}. {payload}"
                for each in range(count)
            ],
        }
        left -= count
        number += 1


def write(path: Path, passages: int) -> None:
    """Write the record as JSON Lines."""
    with path.open("w", encoding="utf-8") as lines:
        for record in records(passages):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
