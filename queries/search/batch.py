"""Many searches at once: a list of names or queries in, a table of hits out."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from errors import BadRequest
from queries.search import service
from queries.search.page import SearchHit
from queries.search.request import SearchRequest
from queries.shapes import Ref
from search.engine import Engine

MOST_LINES = 5_000
LONGEST_LINE = 300
"""In characters."""

MOST_SECONDS = 120
"""For how long a request over HTTP may search."""

BEST = 3
"""How many hits of each line are shown."""

COLUMNS = (
    "line", "query", "understood", "all_words", "some_words", "named",
    "hit_1", "date_1", "url_1", "hit_2", "date_2", "url_2", "hit_3", "date_3", "url_3",
    "remark",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """What one line of a batch finds."""

    line: int
    """Its place in what was given, from 1; empty lines count and have no row."""
    query: str
    """The line, without white space at its edges."""
    understood: str = ""
    """The query in words."""
    total: int = 0
    """How many things have all of the words."""
    some: int | None = None
    """How many have some of them; null where this was not counted."""
    named: tuple[Ref, ...] = ()
    """Whom and what the line names."""
    hits: tuple[SearchHit, ...] = ()
    """The best hits."""
    remark: str = ""
    """What the reader should know, or why there is no answer."""

    def cells(self) -> tuple[object, ...]:
        """The row as `COLUMNS` have it."""
        best: list[object] = []
        for place in range(BEST):
            hit = self.hits[place] if place < len(self.hits) else None
            where = f", passage {hit.position}" if hit and hit.position else ""
            best += [hit.title + where, hit.date.edtf, hit.url] if hit else [None] * 3
        named = "; ".join(one.slug for one in self.named) or None
        return (
            self.line, self.query, self.understood or None, self.total, self.some,
            named, *best, self.remark or None,
        )  # fmt: skip


def read_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that are not empty, each with its number.

    Raises:
        BadRequest: there are too many, or one is too long; nothing is searched then.
    """
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if len(lines) > MOST_LINES:
        raise BadRequest(
            f"{len(lines):,} lines are given, at most {MOST_LINES:,} are searched at "
            "once; cut the list into parts.",
            field="names",
        )
    for number, line in lines:
        if len(line) > LONGEST_LINE:
            raise BadRequest(
                f"Line {number:,} has {len(line):,} characters, at most {LONGEST_LINE} "
                "are read; shorten it.",
                field="names",
            )
    return lines


def search_each(
    session: Session,
    lines: list[tuple[int, str]],
    engine: Engine,
    *,
    seconds: float | None = None,
) -> Iterator[BatchRow]:
    """Search for each line; one that cannot be answered says why in its remark.

    After so many *seconds* it ends with a row that says so.
    """
    began = time.monotonic()
    for number, line in lines:
        row = BatchRow(line=number, query=line)
        if seconds is not None and time.monotonic() - began > seconds:
            yield replace(
                row,
                remark=f"Stopped after {seconds:g} seconds: search for the lines from "
                "this one on again.",
            )
            return
        try:
            found = service.search(
                session,
                SearchRequest(query=line, limit=BEST),
                engine,
                lenient=True,
            )
        except BadRequest as error:
            yield replace(row, remark=error.detail)
            continue
        yield replace(
            row,
            understood=found.sentence,
            total=found.total,
            some=found.some,
            named=found.named,
            hits=found.hits,
            remark=" ".join(found.notices),
        )
