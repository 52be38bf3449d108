"""The engine on PostgreSQL beside SQL written by hand over the same rows.

Needs `../shared/data` and the test extras, which bring a server. CORPUS says how many
passages (10,000 by default). The SQL is what somebody writes who knows PostgreSQL and
has our terms: a tsvector column with a GIN index, `ts_rank_cd`, the exact total in the
same statement, facets in a second one. It ranks by less than ours does: no rarity, no
lengths, titles as texts. Both must find the same totals and facets.

Most of the time passes in the server, so times are of the clock: the two are asked in
turns, each query a few times, and only their ratios should be trusted.
"""

import os
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.search import (
    FACETS,
    FIRST,
    LAST,
    Query,
    node_of,
    passages,
    queries,
    sample,
)
from benchmarks.search import SOURCE as DATA
from models.folding import fold
from search.analyzer import terms_of_word
from search.engine import Request, Result
from search.engines.postgresql.engine import PostgresqlEngine
from search.engines.postgresql.store import quoted
from tests.postgresql import Server

ROUNDS = 5

Found = tuple[int, dict[str, dict[str, int]]]
"""A total, and the counts of facets."""


class Ours:
    """The engine."""

    def __init__(self, url: str) -> None:
        self._engine = PostgresqlEngine(url)

    def build(self, count: int) -> None:
        with self._engine.lock():
            self._engine.rebuild(passages(count))

    def ask(self, kind: str, query: Query) -> Result:
        facets = FACETS if kind == "with facets" else ()
        return self._engine.search(Request(query=node_of(kind, query), facets=facets))

    def close(self) -> None:
        self._engine.close()

    @staticmethod
    def found(answer: Result) -> Found:
        facets = {
            name: {count.value: count.count for count in counts}
            for name, counts in answer.facets.items()
        }
        return answer.total, facets


class ByHand:
    """What one writes oneself."""

    def __init__(self, url: str) -> None:
        # The planner's settings are those of the engine: statements are compared.
        settings = {
            "plan_cache_mode": "force_custom_plan",
            "jit": "off",
            "work_mem": "64MB",
            "enable_seqscan": "off",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._db: Any = psycopg.connect(url, autocommit=True, options=options)

    def build(self) -> None:
        """Copy the rows of the index into a table as one has them."""
        for statement in (
            "create table passage as select id, kind[1] as kind, source[1] as source,"
            " actor, date '0001-01-01' + earliest - 1 as day, words"
            " from dragoman_search.document_1",
            "alter table passage add primary key (id)",
            "create index on passage using gin (words)",
            "create index on passage using gin (actor)",
            "create index on passage (day)",
            "vacuum analyze passage",
        ):
            self._db.execute(statement)

    def ask(self, kind: str, query: Query) -> Any:
        words, actor = query
        asked = _tsquery(kind, words)
        given = {"q": asked, "actor": [actor], "first": FIRST, "last": LAST}
        narrow = ""
        if actor:
            narrow = " and actor && %(actor)s and day between %(first)s and %(last)s"
        top = (
            "select id, ts_rank_cd(words, %(q)s::tsquery) as rank, count(*) over ()"
            f" from passage where words @@ %(q)s::tsquery{narrow}"
            " order by rank desc, id limit 10"
        )
        rows = self._db.execute(top, given).fetchall()
        facets: list[Any] = []
        if kind == "with facets":
            facets = self._db.execute(_FACETS, given).fetchall()
        return rows, facets

    def close(self) -> None:
        self._db.close()

    @staticmethod
    def found(answer: Any) -> Found:
        rows, facets = answer
        counts: dict[str, dict[str, int]] = {}
        for facet, value, count in facets:
            counts.setdefault(facet, {})[value] = count
        return (rows[0][2] if rows else 0), counts


_FACETS = """
    with found as materialized (
        select kind, actor, source, day from passage where words @@ %(q)s::tsquery
    )
    (select 'kind', kind, count(*) from found
        group by kind order by 3 desc, kind collate "C" limit 20)
    union all
    (select 'actor', one, count(*) from found, unnest(actor) as one
        group by one order by 3 desc, one collate "C" limit 20)
    union all
    (select 'source', source, count(*) from found
        group by source order by 3 desc, source collate "C" limit 20)
    union all
    (select 'year', year, count(*) from found, to_char(day, 'YYYY') as year
        group by year order by 3 desc, year collate "C" limit 20)
"""


def _tsquery(kind: str, words: Sequence[str]) -> str:
    """Write a query over our terms."""
    if kind == "prefix":  # it meets stems as well as words: a few passages more
        return quoted(fold(words[0])) + ":*"
    steps = [
        "(" + " | ".join(map(quoted, sorted(terms_of_word(word, ("en",))))) + ")"
        for word in words
    ]
    joins = {"AND": " & ", "OR of three": " | ", "phrase": " <-> "}
    return joins.get(kind, " ").join(steps)


def run() -> int:
    """Measure, and print a table in Markdown."""
    count = int(os.environ.get("CORPUS", "10000"))
    if not DATA.exists():
        print(f"{DATA} is not at hand.")
        return 1
    print(f"{count:,} passages, {date.today()}\n")
    with (
        TemporaryDirectory(prefix="dragoman-bench-") as folder,
        closing(Server(Path(folder) / "data")) as server,
    ):
        server.make_template("empty", lambda url: None)
        url = server.copy_template("empty")
        with closing(Ours(url)) as ours, closing(ByHand(url)) as hand:
            began = time.perf_counter()
            ours.build(count)
            print(f"Index: {count / (time.perf_counter() - began):,.0f} passages/s\n")
            hand.build()
            _compare(ours, hand, queries(sample(count).documents))
    return 0


def _compare(ours: Ours, hand: ByHand, asked: dict[str, list[Query]]) -> None:
    print(
        "| ms | dragoman p50 | p95 | by hand p50 | p95 | first asked: dragoman p50 |"
        " by hand p50 | dragoman : by hand | first asked |"
    )
    print("|---" * 9 + "|")
    differ: Counter[str] = Counter()
    for kind, some in asked.items():
        took: dict[Any, list[float]] = {ours: [], hand: []}
        first: dict[Any, list[float]] = {ours: [], hand: []}
        for number, query in enumerate(some):
            times: dict[Any, list[float]] = {ours: [], hand: []}
            answers: dict[Any, Any] = {}
            # Who is first finds the rows on disk, or in the system's memory.
            order: list[Any] = [ours, hand] if number % 2 else [hand, ours]
            for _ in range(ROUNDS):
                for peer in order:
                    seconds, answers[peer] = _timed(peer, kind, query)
                    times[peer].append(seconds)
            for peer in order:
                took[peer].append(statistics.median(times[peer]))
                first[peer].append(times[peer][0])
            differ[kind] += ours.found(answers[ours]) != hand.found(answers[hand])
        numbers = [
            *_quantiles(took[ours]),
            *_quantiles(took[hand]),
            statistics.median(first[ours]),
            statistics.median(first[hand]),
        ]
        cells = [f"{number * 1000:.2f}" for number in numbers]
        for one, other in ((0, 2), (4, 5)):
            cells.append(f"{numbers[one] / numbers[other]:.2f}")
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    said = [f"{kind} {number}" for kind, number in differ.items() if number]
    print(f"\nQueries with other totals or facets: {', '.join(said) or 'none'}")


def _quantiles(times: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def _timed(peer: Any, kind: str, query: Query) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = peer.ask(kind, query)
    return time.perf_counter() - began, answer
