"""Passages are found and cut alike, and as fast, wherever they stand in a long text."""

import hashlib
import random
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Passage, SourceText
from queries.evidence import cite
from tests import factories


def with_spans(session: Session, text: str, spans: list[tuple[int, int]]) -> SourceText:
    made = SourceText(
        source=factories.source(session),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        text=text,
        passages=[
            Passage(position=number, start_char=start, end_char=end)
            for number, (start, end) in enumerate(spans, 1)
        ],
    )
    session.add(made)
    session.flush()
    return made


def work(session: Session, select: str) -> int:
    """Count what a statement does: steps of SQLite, pages read by PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {select}"
        (plan,) = session.scalar(sa.text(explain))
        return int(
            plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
        )
    connection: Any = session.connection().connection.dbapi_connection
    assert isinstance(connection, sqlite3.Connection)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    connection.set_progress_handler(step, 1)
    session.execute(sa.text(select)).all()
    connection.set_progress_handler(None, 1)
    return steps


@pytest.mark.parametrize("seed", range(3))
def test_every_passage_reads_as_in_its_text_in_whatever_order(
    session: Session, seed: int
) -> None:
    chance = random.Random(seed)
    paragraphs = [
        chance.choice("aя話👩")
        * chance.choice([1, 7, 300, 9_000, 19_999, 20_001, 45_000])
        for _ in range(40)
    ]
    text = factories.source_text(session, "\n\n".join(paragraphs))
    factories.source_text(session, "\n\n".join(reversed(paragraphs)))
    factories.source_text(session, withheld=True)
    for order in ("position", "position desc", "start_char % 7, source", "text"):
        found = session.execute(
            sa.text(f"SELECT source, position, text FROM passages ORDER BY {order}")
        ).all()
        assert len(found) == 80 + len(factories.TEXT.split("\n\n"))
        for source, position, words in found:
            if words is None:
                continue
            mine = source == text.source.slug
            at = position - 1 if mine else len(paragraphs) - position
            assert words == paragraphs[at]


edges_of_spans = st.lists(st.integers(0, 60), min_size=2, max_size=16, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(edges_of_spans, st.tuples(st.integers(0, 60), st.integers(0, 60)), st.booleans())
def test_a_citation_names_the_first_and_the_last_passage_of_its_span(
    session: Session, edges: list[int], span: tuple[int, int], apart: bool
) -> None:
    edges.sort()
    pairs = list(zip(edges, edges[1:], strict=False))
    spans = pairs[::2] if apart else pairs
    start, end = min(span), max(span) + 1
    after = [number for number, one in enumerate(spans, 1) if one[1] > start]
    before = [number for number, one in enumerate(spans, 1) if one[0] < end]
    with session.begin_nested() as undone:
        text = with_spans(session, "x" * 61, spans)
        stance = factories.stance(session)
        factories.evidence(
            session, stance=stance, source_text=text, start_char=start, end_char=end
        )
        expected = (min(after, default=None), max(before, default=None))
        row = session.execute(
            sa.text("SELECT passage, last_passage FROM citations WHERE claim = :claim"),
            {"claim": stance.slug},
        ).one()
        (cited,) = cite(session, {"stance": [stance.id]})["stance", stance.id]
        undone.rollback()
    assert tuple(row) == expected
    assert (cited.passage, cited.last_passage) == expected


def test_what_a_citation_costs_does_not_grow_with_its_text(session: Session) -> None:
    costs = []
    for number in (300, 3_000):
        text = factories.source_text(session, "\n\n".join(["word " * 5] * number))
        stance = factories.stance(session)
        for part in range(10):
            at = text.length * part // 10
            factories.evidence(
                session, stance=stance, source_text=text, start_char=at, end_char=at + 3
            )
        session.execute(sa.text("ANALYZE"))
        select = "SELECT passage, last_passage FROM citations WHERE claim = '{}'"
        costs.append(work(session, select.format(stance.slug)))
    assert costs[1] < 2 * costs[0]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_search_through_the_passages_reads_a_long_text_a_few_times_only(
    session: Session,
) -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("абвгдежзиклмнопр", k=9)) for _ in range(60_000)]
    paragraphs = [" ".join(words[at : at + 20]) for at in range(0, len(words), 20)]
    text = factories.source_text(session, "\n\n".join(paragraphs))
    last = "SELECT substr(text, length, 1) FROM source_text"
    whole = work(session, last)
    parts = text.length // 20_000 + 1
    found = work(session, "SELECT * FROM passages WHERE text LIKE '%nothing%'")
    assert found < (parts + 2) * whole + 20 * len(paragraphs)
    one = f"SELECT text FROM passages WHERE position = {len(paragraphs)}"
    assert work(session, one) < whole + 200
