"""How the default engine grows with its index: rate, size, memory, opening, latency.

Needs `../shared/data`. CORPUS lists how many passages, one number or several (10,000
and 20,000 by default; `CORPUS="10000 100000 1000000"` is what it is for). Each index is
made by a process of its own and asked by another, so that the memory of each is its own
and the opening is a fresh one. The index is mapped: what was read of it stands in
memory too, and is counted apart, because the system may take it back. Times are of the
CPU. Linux only, for what it says of memory.
"""

import os
import statistics
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import log
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.search import SOURCE, Ours, Query, Sample, queries, sample, timed


@dataclass(frozen=True)
class Built:
    """What making an index took."""

    rate: float
    bytes: int
    segments: int
    memory: int


@dataclass(frozen=True)
class Asked:
    """What asking it took, in milliseconds."""

    opening: float
    memory: int
    """Its own, in MB; a process that has opened nothing has *before*."""
    before: int
    mapped: int
    """What is mapped of the index and of libraries, in MB."""
    times: dict[str, tuple[float, float]]
    """By kind of query: the median, and what one in twenty exceeds."""


def build(folder: Path, count: int) -> Built:
    """Make an index; runs in a process of its own."""
    engine = Ours.made(folder, count)
    return Built(
        count / engine.seconds, engine.bytes, engine.segments, _memory("VmHWM")
    )


def ask(folder: Path, asked: dict[str, list[Query]]) -> Asked:
    """Open an index and ask it everything; runs in a process of its own."""
    before = _memory("RssAnon")
    engine = Ours(folder)
    engine.open()
    times = {}
    for kind, some in asked.items():
        took = sorted(timed(engine, kind, query, True) for query in some)
        times[kind] = statistics.median(took), took[int(len(took) * 0.95)]
    return Asked(
        engine.opening * 1000, _memory("RssAnon"), before, _memory("RssFile"), times
    )


def run() -> int:
    """Measure, and print tables in Markdown."""
    counts = [int(number) for number in os.environ.get("CORPUS", "10000 20000").split()]
    if not SOURCE.exists():
        print(f"{SOURCE} is not at hand.")
        return 1
    print(f"{date.today()}\n")
    print(
        "| passages | text, MB | words (exponent) | passages/s | index, MB | : text |"
        " segments | memory to build, MB | first answer, ms |"
        " memory to answer + mapped, MB |"
    )
    print("|---" * 10 + "|")
    context = get_context("spawn")
    before: tuple[int, Sample] | None = None
    latency: dict[int, Asked] = {}
    for count in counts:
        seen = sample(count)
        asked = queries(seen.documents)
        with (
            TemporaryDirectory(prefix="dragoman-bench-") as name,
            ProcessPoolExecutor(1, context, max_tasks_per_child=1) as alone,
        ):
            built = alone.submit(build, Path(name), count).result()
            answered = alone.submit(ask, Path(name), asked).result()
        latency[count] = answered
        exponent = ""
        if before and before[0] != count:
            words, passages = seen.words / before[1].words, count / before[0]
            exponent = f" ({log(words) / log(passages):.2f})"
        before = count, seen
        cells = [
            f"{count:,}",
            f"{seen.bytes / 1e6:.1f}",
            f"{seen.words:,}{exponent}",
            f"{built.rate:,.0f}",
            f"{built.bytes / 1e6:.1f}",
            f"{built.bytes / seen.bytes:.2f}",
            f"{built.segments}",
            f"{built.memory:,}",
            f"{answered.opening:.0f}",
            f"{answered.memory:,} ({answered.before:,} before) + {answered.mapped:,}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
    heads = [f"{count:,} {p}" for count in counts for p in ("p50", "p95")]
    print(f"\n| ms | {' | '.join(heads)} |")
    print("|---" * (len(heads) + 1) + "|")
    for kind in latency[counts[0]].times:
        cells = [f"{ms:.2f}" for count in counts for ms in latency[count].times[kind]]
        print(f"| {kind} | {' | '.join(cells)} |")
    return 0


def _memory(name: str) -> int:
    """A line of what the system says of this process, in MB.

    Not `getrusage`: its peak is inherited from the process that started this one.
    """
    said = Path("/proc/self/status").read_text()
    [line] = (line for line in said.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) // 1024
