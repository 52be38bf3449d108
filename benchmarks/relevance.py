"""Does the search find what people look for? Beside FTS5, tantivy and bm25s in one run.

Needs `../shared/data`. Queries and judgements are made from what the publishers say, by
fixed rules and never by hand, over texts whose titles are left out of every index:

| set | query | what it should find |
|---|---|---|
| titles | the title of a readout | that readout |
| persons | a person whom the publisher tagged, forename first | readouts tagged so |
| spellings | the same in another spelling (`respelt`) | the same |
| topics | a topic tag with a country tag | readouts tagged with both |
| subjects | the subject line of an American memorandum | that memorandum |

Judged by source: a ranking of passages counts a source once, at its best place. nDCG@10
and MRR are of that ranking, recall@100 of the first hundred passages. Intervals are
bootstrap intervals of 95 % over the queries (percentile method, 2,000 resamples).

**One half is kept apart.** Queries whose text hashes to an odd number form the half
that nobody may look at while changing the search: `RELEVANCE=kept` measures only it,
and prints no query. By default the other half is measured.

CORPUS says how many passages (10,000 by default, so that a run takes a minute); all
peers see the same. tantivy and bm25s take part if they are installed.

Long because each of the engines compared is set up and asked here.
"""

import gzip
import hashlib
import importlib
import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np

from settings import CHECKOUT

DATA = CHECKOUT.parent / "shared" / "data"
READOUTS = DATA / "kremlin-readouts.sources.jsonl.gz"
MEMORANDA = DATA / "frus-memcons.jsonl.gz"
QUERIES = 120
DEEPEST = 100
RESAMPLES = 2_000


@dataclass(frozen=True)
class Text:
    """One source without its title."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    persons: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Query:
    """What is typed, and the slugs of the sources that it should find."""

    text: str
    relevant: frozenset[str]


class Peer(Protocol):
    """A search: passages in, a ranking of passages out."""

    name: str

    def ranking(self, query: str) -> Sequence[str]:
        """Return the sources of the best hundred passages, the best first."""


# The texts and the sets made of them


def readouts() -> Iterator[Text]:
    """Yield the Kremlin's readouts with the publisher's tags."""
    for record in _lines(READOUTS):
        subjects = record["subjects"]
        countries = [label["name"] for label in subjects["countries"]]
        yield Text(
            record["slug"],
            record["title"],
            tuple(record["paragraphs"]),
            frozenset(_forename_first(p["name"]) for p in subjects["persons"]),
            frozenset(f"{t} {c}" for t in subjects["topics"] for c in countries),
        )


def memoranda() -> Iterator[Text]:
    """Yield records of conversation; the subject line stands for the title."""
    for record in _lines(MEMORANDA):
        subject = " ".join(record["subject"])
        body = tuple(p for p in record["paragraph_texts"] if p not in record["subject"])
        yield Text("memo-" + record["id"].replace("/", "-").lower(), subject, body)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _forename_first(name: str) -> str:
    surname, _, rest = name.partition(" ")
    return f"{rest} {surname}".strip()


def corpus(passages: int) -> list[Text]:
    """Return so many passages: half readouts, half memoranda, in a fixed order."""
    chosen: list[Text] = []
    for texts in (readouts(), memoranda()):
        left = passages // 2
        for text in sorted(texts, key=lambda text: dice(text.slug)):
            if left <= 0:
                break
            if text.paragraphs:
                chosen.append(text)
                left -= len(text.paragraphs)
    return chosen


def sets(texts: Sequence[Text], kept: bool) -> dict[str, list[Query]]:
    """Make the queries of one half, at most `QUERIES` a set."""
    by_person: dict[str, set[str]] = defaultdict(set)
    by_topic: dict[str, set[str]] = defaultdict(set)
    by_title: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for person in text.persons:
            by_person[person].add(text.slug)
        for topic in text.topics:
            by_topic[topic].add(text.slug)
        by_title[text.title].add(text.slug)
    is_memo = {
        title: min(slugs).startswith("memo-") for title, slugs in by_title.items()
    }
    persons = {p: s for p, s in by_person.items() if " " in p and len(s) > 1}
    made: dict[str, Mapping[str, set[str]]] = {
        "titles": {t: s for t, s in by_title.items() if not is_memo[t] and len(s) == 1},
        "persons": persons,
        "spellings": {
            other: slugs
            for person, slugs in persons.items()
            for other in respelt(person)
            if other not in persons
        },
        "topics": {t: s for t, s in by_topic.items() if 1 < len(s) < 60},
        "subjects": {
            t: s
            for t, s in by_title.items()
            if is_memo[t] and len(t) > 20 and len(s) == 1
        },
    }
    return {
        name: [
            Query(text[:300], frozenset(relevant))
            for text, relevant in sorted(pairs.items(), key=lambda pair: dice(pair[0]))
            if dice(text) % 2 == kept
        ][:QUERIES]
        for name, pairs in made.items()
    }


#: Spellings of one name that texts in English mix, applied to the surname. Each pair is
#: two romanisations of the same Cyrillic letters: BGN/PCGN, passport and press styles.
_ROMANISATIONS = (
    ("ei", "ey"),
    ("ey", "ei"),
    ("iy", "y"),
    ("y", "iy"),
    ("kh", "h"),
    ("ks", "x"),
    ("yev", "ev"),
    ("aev", "ayev"),
    ("ov", "off"),
    ("zh", "j"),
    ("ya", "ia"),
    ("yu", "iu"),
)


def respelt(name: str) -> Iterator[str]:
    """Yield a name with the end of its surname, or its initial, written otherwise."""
    forenames, _, surname = name.rpartition(" ")
    for one, other in _ROMANISATIONS:
        if one in surname[1:].lower():
            head, found, tail = surname.rpartition(one)
            if found:
                yield f"{forenames} {head}{other}{tail}"
                break
    yield f"{forenames[0]}. {surname}"


def dice(text: str) -> int:
    """Return a number that only chance chose, the same for a text each time."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


# The ones who answer


class Dragoman:
    """The whole of it: what a person who types into the search box gets."""

    name = "dragoman"

    def __init__(self, folder: Path, texts: Iterable[Text]) -> None:
        import migrations
        from exchange.load import load
        from models.database import shared_engine
        from search.engines import open_engine
        from search.sync import drain
        from settings import load_settings

        settings = load_settings({"DRAGOMAN_INSTANCE": str(folder / "instance")})
        settings.instance.mkdir()
        stream = folder / "texts.jsonl"
        with stream.open("w", encoding="utf-8") as lines:
            for text in texts:
                record = {
                    "type": "source",
                    "slug": text.slug[:120],
                    "kind": "readout",
                    "title": text.slug,
                    "language": "en",
                    "paragraphs": text.paragraphs,
                }
                lines.write(json.dumps(record) + "\n")
            for number, person in enumerate(
                sorted({p for t in texts for p in t.persons})
            ):
                record = {
                    "type": "actor",
                    "slug": f"person-{number}",
                    "name": person,
                    "kind": "person",
                }
                lines.write(json.dumps(record) + "\n")
        migrations.upgrade(shared_engine(settings.database_url))
        load(stream, settings.database_url)
        engine = open_engine(
            settings.search_engine, settings.index_dir, settings.database_url
        )
        drain(engine, settings.database_url)
        self._engine = engine
        self._url = settings.database_url

    def ranking(self, query: str) -> Sequence[str]:
        from models import open_session
        from queries import search

        with open_session(self._url) as session:
            page = search(
                session,
                query,
                kind="passage",
                limit=DEEPEST,
                lenient=True,
                engine=self._engine,
            )
        return [re.split(r"[/#]", hit.url)[2] for hit in page.hits]


class Fts5:
    """SQLite's full-text search with Porter's stemmer; any of the words will do."""

    name = "FTS5"

    def __init__(self, folder: Path, texts: Iterable[Text]) -> None:
        self._db = sqlite3.connect(folder / "fts5.sqlite3")
        self._db.execute(
            "create virtual table fts using"
            " fts5(slug unindexed, text, tokenize='porter unicode61')"
        )
        self._db.executemany(
            "insert into fts values (?, ?)",
            ((text.slug, p) for text in texts for p in text.paragraphs),
        )

    def ranking(self, query: str) -> Sequence[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        found = self._db.execute(
            "select slug from fts where fts match ? order by bm25(fts) limit ?",
            (words, DEEPEST),
        )
        return [slug for (slug,) in found]


class Tantivy:
    """tantivy with its English stemmer; any of the words will do."""

    name = "tantivy"

    def __init__(self, folder: Path, texts: Iterable[Text]) -> None:
        tantivy: Any = importlib.import_module("tantivy")
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem")
        schema.add_text_field("slug", stored=True, tokenizer_name="raw")
        index = tantivy.Index(schema.build())
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for text in texts:
            for paragraph in text.paragraphs:
                writer.add_document(tantivy.Document(text=paragraph, slug=text.slug))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._index, self._searcher = index, index.searcher()

    def ranking(self, query: str) -> Sequence[str]:
        words = " ".join(re.findall(r"\w+", query))
        found = self._searcher.search(self._index.parse_query(words, ["text"]), DEEPEST)
        return [self._searcher.doc(at)["slug"][0] for _score, at in found.hits]


class Bm25s:
    """bm25s with PyStemmer's English stemmer and its own stop words."""

    name = "bm25s"

    def __init__(self, folder: Path, texts: Iterable[Text]) -> None:
        from Stemmer import Stemmer

        self._bm25s: Any = importlib.import_module("bm25s")
        self._stemmer = Stemmer("english")
        pairs = [(text.slug, p) for text in texts for p in text.paragraphs]
        self._slugs = [slug for slug, _ in pairs]
        self._index = self._bm25s.BM25()
        self._index.index(self._terms([p for _, p in pairs]), show_progress=False)

    def _terms(self, texts: list[str]) -> Any:
        return self._bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stemmer, show_progress=False
        )

    def ranking(self, query: str) -> Sequence[str]:
        found, scores = self._index.retrieve(
            self._terms([query]), k=min(DEEPEST, len(self._slugs)), show_progress=False
        )
        return [
            self._slugs[at]
            for at, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]


# What is measured


def figures(ranking: Sequence[str], relevant: frozenset[str]) -> tuple[float, ...]:
    """Return nDCG@10, reciprocal rank and recall@100 of one answer, by source."""
    sources = list(dict.fromkeys(ranking))
    places = [place for place, slug in enumerate(sources, 1) if slug in relevant]
    gain = sum(1 / np.log2(place + 1) for place in places if place <= 10)
    ideal = sum(
        1 / np.log2(place + 1) for place in range(1, min(len(relevant), 10) + 1)
    )
    first = 1 / places[0] if places else 0.0
    return float(gain / ideal), first, len(places) / len(relevant)


def interval(values: np.ndarray) -> tuple[float, float]:
    """Return the bootstrap interval of a mean, 95 %; `values` has shape (queries,)."""
    dice = np.random.default_rng(2022)
    drawn = dice.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def peers_of(folder: Path, texts: Sequence[Text]) -> list[Peer]:
    """Set up everybody who is there."""
    peers: list[Peer] = [Dragoman(folder, texts), Fts5(folder, texts)]
    for maker in (Tantivy, Bm25s):
        with suppress(ImportError):
            peers.append(maker(folder, texts))
    return peers


def print_head(texts: Sequence[Text], kept: bool) -> None:
    """Say what is measured, and begin the table."""
    count = sum(len(text.paragraphs) for text in texts)
    half = "the half that is kept apart" if kept else "the half that may be looked at"
    print(f"{count:,} passages of {len(texts):,} sources, {half}, {date.today()}\n")
    print("| set | queries | search | nDCG@10 | MRR | recall@100 |")
    print("|---|---|---|---|---|---|")


def print_set(name: str, queries: Sequence[Query], peers: Sequence[Peer]) -> None:
    """Ask everybody the queries of a set, and print their rows."""
    for peer in peers:
        rows = np.array([figures(peer.ranking(q.text), q.relevant) for q in queries])
        cells = []
        for values in rows.T:
            low, high = interval(values)
            cells.append(f"{values.mean():.3f} ({low:.2f}–{high:.2f})")
        print(
            f"| {name} | {len(rows)} | {peer.name} | {' | '.join(cells)} |", flush=True
        )


def run() -> int:
    """Measure, and print a table in Markdown."""
    if not READOUTS.exists():
        print(f"{READOUTS} is not at hand.")
        return 1
    kept = os.environ.get("RELEVANCE") == "kept"
    texts = corpus(int(os.environ.get("CORPUS", "10000")))
    print_head(texts, kept)
    with TemporaryDirectory(prefix="dragoman-bench-") as name:
        peers = peers_of(Path(name), texts)
        for set_name, queries in sets(texts, kept).items():
            print_set(set_name, queries, peers)
    return 0
