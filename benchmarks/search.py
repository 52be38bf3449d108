"""The default search engine beside its peers, on the same passages and queries.

Needs `../shared/data`. CORPUS says how many passages (10,000 by default); where the
documents do not reach, they come again with some of their words changed, so that the
vocabulary goes on growing as it did before. The index is made in several commits with
updates and deletions among them. Times are of the CPU. tantivy takes part if it is
installed.

Passages are made when they are needed and never all held: a million are.

Long because each of the engines compared is set up, loaded and asked here.
"""

import gzip
import importlib
import json
import os
import random
import re
import resource
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.slugs import slugify
from search.engine import Changes, Document, Request
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.tree import And, AnyOf, Days, Node, Or, Phrase, Prefix, Term
from settings import CHECKOUT

SOURCE = CHECKOUT.parent / "shared/data/frus-documents.sources.jsonl.gz"
QUERIES = 60
COMMITS = 4
FACETS = ("kind", "actor", "source", "year")

Query = tuple[Sequence[str], str | None]
"""Words, and an actor to filter by."""


def records(count: int) -> Iterator[dict[str, Any]]:
    """Yield sources with so many passages, as the file of them has them."""
    chance = random.Random(2022)
    turn = 0
    while True:
        with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                record["slug"] += f"-{turn}"
                del record["paragraphs"][count:]
                count -= len(record["paragraphs"])
                if turn:
                    record["paragraphs"] = [
                        _changed(text, turn, chance) for text in record["paragraphs"]
                    ]
                yield record
                if not count:
                    return
        turn += 1


def passages(count: int) -> Iterator[Document]:
    """Yield so many passages."""
    for record in records(count):
        labels = record.get("subjects", {})
        actors = {
            slugify(label if isinstance(label, str) else label["label"])
            for label in [*labels.get("persons", []), *labels.get("countries", [])]
        } or {f"nobody-{len(record['paragraphs']) % 40}"}
        day = date(1960, 1, 1)  # for those without one
        with suppress(ValueError, KeyError, TypeError):
            day = date.fromisoformat(record["published"][:10])
        for number, text in enumerate(record["paragraphs"]):
            yield Document(
                id=f"passage/{record['slug']}/{number:06}",
                owner=f"source/{record['slug']}",
                kind=Kind.PASSAGE,
                title=((record["title"], "en"),),
                text=((text, "en"),),
                values={
                    "source": (record["slug"],),
                    "actor": tuple(sorted(actors)[:3]),
                },
                dated=True,
                earliest=day,
                latest=day,
            )


def _changed(text: str, turn: int, chance: random.Random) -> str:
    """Change one long word in 25 into one of two that no turn before had.

    The 248,795 passages have 60,900 different words, half of them 44,000: the number
    grows with the exponent 0.47 (Heaps' law). Changed so, four times the passages have
    112,000: with 0.44. A changed word is as frequent among the new ones as it was.
    """

    def change(word: re.Match[str]) -> str:
        number = chance.random()
        return f"{word[0]}{turn}{'ab'[number < 0.02]}" if number < 0.04 else word[0]

    return re.sub(r"\b[a-z]{6,}\b", change, text)


@dataclass
class Sample:
    """What one walk over so many passages finds out."""

    documents: list[Document]
    """Some of them."""
    bytes: int
    """How long all texts are."""
    words: int
    """How many different words they have."""


def sample(count: int) -> Sample:
    """Look at so many passages, and keep 20,000 of them by chance."""
    chosen = set(random.Random(7).sample(range(count), min(count, 20_000)))
    seen = Sample([], 0, 0)
    words: set[str] = set()
    for number, document in enumerate(passages(count)):
        text = document.text[0][0]
        seen.bytes += len(text.encode())
        words.update(_WORD.findall(text.lower()))
        if number in chosen:
            seen.documents.append(document)
    seen.words = len(words)
    return seen


_WORD = re.compile(r"[a-z0-9]+")


def queries(sample: Sequence[Document]) -> dict[str, list[Query]]:
    """Choose queries of each kind by how frequent the words are."""
    chance = random.Random(7)
    texts = [re.findall(r"[a-z]+", d.text[0][0].lower()) for d in sample]
    frequent = Counter(w for text in texts for w in dict.fromkeys(text) if len(w) > 3)
    common = [w for w, n in frequent.items() if 0.03 < n / len(texts) < 0.3]
    middle = [w for w, n in frequent.items() if 0.003 < n / len(texts) < 0.03]
    rare = [w for w, n in frequent.items() if 1 < n < 0.0005 * len(texts) + 2]
    starts = sorted({word[:4] for word in middle})
    actors = Counter(a for d in sample for a in d.values["actor"])
    often = [actor for actor, _ in actors.most_common(20)]
    pairs = [
        (text[at], text[at + 1])
        for text in texts
        for at in [chance.randrange(max(1, len(text) - 1))]
        if len(text) > 1 and text[at] in frequent and text[at + 1] in frequent
    ]

    def some(make: Callable[[], Query]) -> list[Query]:
        return [make() for _ in range(QUERIES)]

    pick = chance.choice
    return {
        "rare word": some(lambda: ([pick(rare)], None)),
        "common word": some(lambda: ([pick(common)], None)),
        "AND": some(lambda: (chance.sample(common, 2), None)),
        "OR of three": some(lambda: (chance.sample(common + middle, 3), None)),
        "phrase": some(lambda: (pick(pairs), None)),
        "prefix": some(lambda: ([pick(starts)], None)),
        "actor + dates": some(lambda: ([pick(common)], pick(often))),
        "with facets": some(lambda: ([pick(common)], None)),
    }


def node_of(kind: str, query: Query) -> Node:
    """Return a query of a kind as our engines take it."""
    words, actor = query
    terms = tuple(map(Term, words))
    if kind == "AND":
        return And(terms)
    if kind == "OR of three":
        return Or(terms)
    if kind == "phrase":
        return Phrase(" ".join(words))
    if kind == "prefix":
        return Prefix(words[0])
    if actor:
        return And((terms[0], AnyOf("actor", (actor,)), Days(FIRST, LAST, "")))
    return terms[0]


# The ones who answer: each is made of documents, and asked for a top 10

FIRST, LAST = date(1955, 1, 1), date(1975, 12, 31)


class Clock:
    """Measures the CPU of what takes passages, without that of making them."""

    def __init__(self, count: int) -> None:
        self._passages = passages(count)
        self._began = time.process_time()

    def __iter__(self) -> Iterator[Document]:
        while True:
            began = time.process_time()
            document = next(self._passages, None)
            self._began += time.process_time() - began
            if document is None:
                return
            yield document

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return time.process_time() - self._began


class Ours:
    """The default engine."""

    name = "dragoman"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "index"
        self._engine = WhooshEngine(self._folder)
        self.seconds = self.opening = 0.0
        self.bytes = self.segments = 0

    @classmethod
    def made(cls, folder: Path, count: int) -> "Ours":
        """Make an index, and open it."""
        ours = cls(folder)
        ours._build(count)
        arrays = list(folder.rglob("*.arrays"))
        ours.bytes = sum(path.stat().st_size for path in arrays)
        ours.segments = len(arrays)
        ours.open()
        return ours

    def _build(self, count: int) -> None:
        clock = Clock(count)
        stream = iter(clock)
        again: list[Document] = []
        gone: list[str] = []

        def next_part() -> Iterator[Document]:
            for number, document in enumerate(islice(stream, -(-count // COMMITS))):
                if number % (count // 100) == 0:
                    gone.append(document.id)
                elif number % 5 == 1 and len(again) < 100:
                    again.append(replace(document, subjects=("changed",)))
                yield document

        with self._engine.lock():
            self._engine.rebuild(next_part())
            for _ in range(1, COMMITS):
                self._engine.write(Changes(next_part()))
            self.seconds = clock.seconds
            self._engine.write(Changes(again, ids=frozenset(gone)))

    def open(self) -> None:
        """Open it anew, and measure until it has answered."""
        self._engine.close()
        began = time.process_time()
        self._engine = WhooshEngine(self._folder)
        self._engine.search(Request(query=Term("meeting")))
        self.opening = time.process_time() - began

    def ask(self, kind: str, query: Query, total: bool) -> int:
        node = node_of(kind, query)
        facets = FACETS if kind == "with facets" else ()
        return self._engine.search(Request(query=node, facets=facets)).total


class Fts5:
    """SQLite's full-text search, with the filters in ordinary indexed tables."""

    name = "FTS5"

    def __init__(self, folder: Path, count: int) -> None:
        path = folder / "fts5.sqlite3"
        self._db = sqlite3.connect(path)
        self._db.executescript(
            """
            create virtual table fts using fts5(
                title, text, content='', tokenize='porter unicode61');
            create table doc (id integer primary key, source text, day text);
            create table doc_actor (doc int, actor text);
            """
        )
        clock = Clock(count)
        for number, d in enumerate(clock):
            self._db.execute(
                "insert into fts (rowid, title, text) values (?, ?, ?)",
                (number, d.title[0][0], d.text[0][0]),
            )
            self._db.execute(
                "insert into doc values (?, ?, ?)",
                (number, d.values["source"][0], str(d.earliest)),
            )
            for actor in d.values["actor"]:
                self._db.execute("insert into doc_actor values (?, ?)", (number, actor))
        self._db.executescript(
            "create index by_actor on doc_actor (actor, doc);"
            "create index by_doc on doc_actor (doc, actor);"
            "create index day on doc (day)"
        )
        self._db.commit()
        self.seconds = clock.seconds
        self.bytes = path.stat().st_size
        self.segments, self.opening = 1, 0.0

    def ask(self, kind: str, query: Query, total: bool) -> int:
        words, actor = query
        join = {"AND": " AND ", "OR of three": " OR "}.get(kind, " ")
        match = join.join(words)
        if kind == "phrase":
            match = f'"{match}"'
        elif kind == "prefix":
            match += "*"
        tables, given = "fts where fts match ?", [match]
        if actor:
            tables = (
                "fts join doc on doc.id = fts.rowid where fts match ?"
                " and doc.day between ? and ? and exists"
                " (select 1 from doc_actor where doc = fts.rowid and actor = ?)"
            )
            given += [str(FIRST), str(LAST), actor]
        run = self._db.execute
        top = f"select fts.rowid from {tables} order by bm25(fts) limit 10"
        run(top, given).fetchall()
        if kind == "with facets":
            found = "in (select rowid from fts where fts match ?)"
            for group in (
                f"select source, count(*) from doc where id {found}",
                f"select actor, count(*) from doc_actor where doc {found}",
                f"select substr(day, 1, 4), count(*) from doc where id {found}",
            ):
                run(f"{group} group by 1 order by 2 desc limit 20", [match]).fetchall()
        if not total:
            return -1
        count: int = run(f"select count(*) from {tables}", given).fetchone()[0]
        return count


class Tantivy:
    """tantivy, if it is there; it counts, but has no facets here."""

    name = "tantivy"

    def __init__(self, folder: Path, count: int) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")
        schema = self._tantivy.SchemaBuilder()
        for field in ("title", "text"):
            schema.add_text_field(field, tokenizer_name="en_stem")
        schema.add_text_field("actor", tokenizer_name="raw", index_option="basic")
        schema.add_integer_field("day", indexed=True, fast=True)
        (folder / "tantivy").mkdir()
        self._index = self._tantivy.Index(schema.build(), str(folder / "tantivy"))
        clock = Clock(count)
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for d in clock:
            made = self._tantivy.Document(title=d.title[0][0], text=d.text[0][0])
            for actor in d.values["actor"]:
                made.add_text("actor", actor)
            made.add_integer("day", d.earliest.toordinal() if d.earliest else 0)
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self.seconds = clock.seconds
        self._index.reload()
        self.bytes = sum(p.stat().st_size for p in (folder / "tantivy").iterdir())
        self.segments, self.opening = 0, 0.0
        self._searcher = self._index.searcher()

    def ask(self, kind: str, query: Query, total: bool) -> int:
        words, actor = query
        join = {"AND": " AND ", "OR of three": " OR "}.get(kind, " ")
        text = join.join(words)
        if kind == "phrase":
            text = f'"{text}"'
        elif kind == "prefix":
            text = f"text:[{words[0]} TO {words[0]}zzzz]"
        elif actor:
            days = f"day:[{FIRST.toordinal()} TO {LAST.toordinal()}]"
            text = f'+{text} +actor:"{actor}" +{days}'
        parsed = self._index.parse_query(text, ["title", "text"])
        count: int = self._searcher.search(parsed, 10, count=True).count
        return count


def run() -> int:
    """Measure, and print tables in Markdown."""
    count = int(os.environ.get("CORPUS", "10000"))
    if not SOURCE.exists():
        print(f"{SOURCE} is not at hand.")
        return 1
    seen = sample(count)
    size = seen.bytes
    print(f"{count:,} passages, {size / 1e6:.1f} MB of text, {date.today()}\n")
    with TemporaryDirectory(prefix="dragoman-bench-") as name:
        makers: list[Any] = [Ours.made, Fts5]
        with suppress(ImportError):
            importlib.import_module("tantivy")
            makers.append(Tantivy)
        peers = [maker(Path(name), count) for maker in makers]
        print("| engine | passages/s | index / text | segments | first answer |")
        print("|---|---|---|---|---|")
        for peer in peers:
            opening = f"{peer.opening * 1000:.0f} ms" if peer.opening else ""
            print(
                f"| {peer.name} | {count / peer.seconds:,.0f} |"
                f" {peer.bytes / size:.2f} | {peer.segments or ''} | {opening} |"
            )
        asked = queries(seen.documents)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"\nPeak memory with all of them: {memory:,} MB\n")
        heads = [f"{peer.name} {p}" for peer in peers for p in ("p50", "p95")]
        heads.insert(4, "FTS5 + total p50")
        heads += ["FTS5 + total : dragoman", "dragoman : tantivy"]
        print(f"| ms | {' | '.join(heads)} |")
        print("|---" * (len(heads) + 1) + "|")
        for kind, some in asked.items():
            columns: list[float] = []
            middle: dict[str, float] = {}
            for peer in peers:
                for total in (False, True) if peer.name == "FTS5" else (True,):
                    times = sorted(timed(peer, kind, query, total) for query in some)
                    middle[f"{peer.name} {total}"] = statistics.median(times)
                    columns.append(statistics.median(times))
                    if not (peer.name == "FTS5" and total):
                        columns.append(times[int(len(times) * 0.95)])
            ours = middle["dragoman True"]
            other = middle.get("tantivy True")
            ratio = f"{ours / other:.1f}" if other and kind != "with facets" else ""
            cells = [f"{value:.2f}" for value in columns]
            print(
                f"| {kind} | {' | '.join(cells)} | {middle['FTS5 True'] / ours:.1f} |"
                f" {ratio} |"
            )
    return 0


def timed(peer: Any, kind: str, query: Query, total: bool) -> float:
    """Ask a few times and return the best, in milliseconds of CPU.

    All run in one thread and on warm caches, so what differs is what each has to do,
    not what else the machine did meanwhile.
    """
    times = []
    for _ in range(4):
        began = time.thread_time()
        peer.ask(kind, query, total)
        times.append(time.thread_time() - began)
    return min(times) * 1000
