"""Whole search pages and their JSON over HTTP, with Datasette beside on the same rows.

Needs `../shared/data`. CORPUS says how many passages (10,000 by default). They are
loaded into an instance of their own, and `dragoman serve` is started on it as its users
start it. Datasette takes part if it is installed: its page has the rows found by
SQLite's full-text search, two facets and the total, but ranks nothing, marks nothing
and knows no actors. Its limits on time are raised, else it leaves out facets.

The clients are threads of another process, each with a connection that it keeps. Times
are of the clock, so the machine should have nothing else to do; the servers are asked
in turns, and their ratios can be trusted further than their times.
"""

import json
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from benchmarks.search import SOURCE, passages, queries, records, sample
from settings import CHECKOUT

BIN = Path(sys.executable).parent
KINDS = ("rare word", "common word", "AND")
CLIENTS = (1, 8)
ROUNDS = 2
PATIENCE = 60.0
STARTS = 5

#: Datasette's own are 1,000 and 200 ms; past them it shows an error, or no facets.
LIMITS = {"sql_time_limit_ms": 60_000, "facet_time_limit_ms": 60_000}


@dataclass(frozen=True)
class Taken:
    """How long some requests took."""

    seconds: tuple[float, ...]
    """Each of them, sorted."""
    together: float
    """All of them."""

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return self.seconds[int(len(self.seconds) * 0.95)]

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.together


def run() -> int:
    """Measure, and print tables in Markdown."""
    count = int(os.environ.get("CORPUS", "10000"))
    if not SOURCE.exists():
        print(f"{SOURCE} is not at hand.")
        return 1
    print(f"{count:,} passages, {date.today()}\n")
    asked = queries(sample(count).documents)
    words = [" ".join(query[0]) for kind in KINDS for query in asked[kind]]
    random.Random(3).shuffle(words)
    with TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = Path(name)
        _load(folder, count)
        _measure_start(folder, words[0])
        datasette = shutil.which("datasette", path=f"{BIN}:{os.environ['PATH']}")
        with _serving(_dragoman, folder) as ours:
            peers = {"dragoman": (ours, _ours)}
            if not datasette:
                print("Datasette is not installed.\n")
                _measure(peers, words)
                return 0
            _make_sqlite(folder, count)
            with _serving(_datasette, folder) as theirs:
                _measure(peers | {"Datasette": (theirs, _theirs)}, words)
    return 0


# What is asked


def _ours(words: str, api: bool) -> str:
    return f"{'/api/v1' if api else ''}/search?{urlencode({'q': words})}"


def _theirs(words: str, api: bool) -> str:
    asked = [("_search", words), ("_facet", "source"), ("_facet", "year")]
    ending = ".json" if api else ""
    return f"/passages/passage{ending}?{urlencode([*asked, ('_size', '10')])}"


def _measure(peers: dict[str, tuple[int, Any]], words: Sequence[str]) -> None:
    """Ask all of them the same, one after the other."""
    print(
        "| ms | clients | p50 | p95 | requests/s | p50 : Datasette | p95 : Datasette |"
    )
    print("|---|---|---|---|---|---|---|")
    context = get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as clients:
        for api in (False, True):
            for number in CLIENTS:
                taken: dict[str, Taken] = {}
                for name in reversed(peers):
                    port, path = peers[name]
                    paths = [path(query, api) for query in words]
                    if not taken:  # each page once: caches of statements, of the disk
                        clients.submit(ask, port, paths[:30], 1).result()
                    taken[name] = clients.submit(ask, port, paths, number).result()
                for name in peers:
                    _print_row(
                        f"{name}, {'JSON' if api else 'page'}", number, name, taken
                    )


def _print_row(what: str, clients: int, name: str, taken: dict[str, Taken]) -> None:
    own, other = taken[name], taken.get("Datasette")
    ratios = ["", ""]
    if other and own is not other:
        ratios = [f"{own.p50 / other.p50:.2f}", f"{own.p95 / other.p95:.2f}"]
    cells = [f"{own.p50 * 1000:.1f}", f"{own.p95 * 1000:.1f}", f"{own.rate:.0f}"]
    print(f"| {what} | {clients} | {' | '.join(cells + ratios)} |", flush=True)


def ask(port: int, paths: Sequence[str], clients: int) -> Taken:
    """Ask for all paths, shared out among some clients; runs in a process of its own.

    Raises:
        RuntimeError: a request was not answered.
    """
    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        shares = [paths[number::clients] for number in range(clients)]
        seconds = [
            s for some in pool.map(lambda p: _client(port, p), shares) for s in some
        ]
        together = time.perf_counter() - began
    return Taken(tuple(sorted(seconds)), together)


def _client(port: int, paths: Sequence[str]) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    taken = []
    for _ in range(ROUNDS):
        for path in paths:
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            taken.append(time.perf_counter() - began)
            if answer.status != 200 or not body:
                raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
    connection.close()
    return taken


# Who is asked


def _load(folder: Path, count: int) -> None:
    """Load passages into an instance."""
    stream = folder / "frus.sources.jsonl"
    with stream.open("w", encoding="utf-8") as lines:
        for record in records(count):
            lines.write(json.dumps(record) + "\n")
    for command in (["db", "upgrade"], ["load", str(stream)]):
        done = subprocess.run(
            [BIN / "dragoman", *command],
            cwd=CHECKOUT,
            env=_environment(folder),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
    stream.unlink()


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: v for key, v in os.environ.items() if not key.startswith("DRAGOMAN_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # users start with compiled modules
    return kept | {
        "DRAGOMAN_INSTANCE": str(folder / "instance"),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def _dragoman(folder: Path, port: int) -> list[str]:
    return [str(BIN / "dragoman"), "serve", "--port", str(port)]


def _datasette(folder: Path, port: int) -> list[str]:
    found = shutil.which("datasette", path=f"{BIN}:{os.environ['PATH']}") or ""
    limits = [
        part for item in LIMITS.items() for part in ("--setting", *map(str, item))
    ]
    database = str(folder / "passages.db")
    return [found, "serve", "--immutable", database, "--port", str(port), *limits]


@contextmanager
def _serving(command: Any, folder: Path, path: str = "/") -> Iterator[int]:
    """Start a server, and yield its port when it has answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen(
        command(folder, port),
        cwd=CHECKOUT,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _first_answer(server, port, path)
        yield port
    finally:
        server.terminate()
        server.wait()


def _first_answer(server: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    """Return when the server has answered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError(f"{server.args!r} does not answer {path}")


def _measure_start(folder: Path, words: str) -> None:
    """Measure from the start of the process to the first page of results."""
    taken, cpu = [], []
    for _ in range(STARTS):
        began, before = time.perf_counter(), os.times()
        with _serving(_dragoman, folder, _ours(words, False)):
            taken.append(time.perf_counter() - began)
        after = os.times()
        cpu.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
    print(
        f"From start to first answered page: {statistics.median(taken):.2f} s (median "
        f"of {STARTS}, best {min(taken):.2f}; {min(cpu):.2f} s of CPU)\n"
    )


def _make_sqlite(folder: Path, count: int) -> None:
    """Write the passages as somebody does who wants Datasette to search them."""
    database = sqlite3.connect(folder / "passages.db")
    database.execute(
        "create table passage (id integer primary key, source text, year text,"
        " title text, text text)"
    )
    database.executemany(
        "insert into passage (source, year, title, text) values (?, ?, ?, ?)",
        (
            (d.values["source"][0], str(d.earliest)[:4], d.title[0][0], d.text[0][0])
            for d in passages(count)
        ),
    )
    database.executescript(
        """
        create index by_source on passage (source);
        create index by_year on passage (year);
        create virtual table passage_fts using fts5(
            title, text, content='passage', content_rowid='id',
            tokenize='porter unicode61');
        insert into passage_fts (rowid, title, text)
            select id, title, text from passage;
        analyze;
        """
    )
    database.close()
