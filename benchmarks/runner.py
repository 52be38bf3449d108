"""A benchmark is a function that yields what is to be timed, after setting it up."""

import statistics
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

#: Sets up, yields the thing to time, and tidies up.
Bench = Callable[[], Generator[Callable[[], object], None, None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A benchmark in the table."""

    name: str
    bench: Bench
    goal: float | None
    times: int


ENTRIES: list[Entry] = []


def benchmark(
    *, goal: float | None = None, times: int = 9, name: str = ""
) -> Callable[[Bench], Bench]:
    """Put a function into the table; `goal` is in seconds."""

    def add(bench: Bench) -> Bench:
        module = bench.__module__.removeprefix("benchmarks.")
        ENTRIES.append(Entry(name or f"{module}.{bench.__name__}", bench, goal, times))
        return bench

    return add


def run(words: Sequence[str]) -> int:
    """Run the benchmarks whose names hold one of the words; all, if there are none."""
    chosen = [
        entry
        for entry in ENTRIES
        if not words or any(word in entry.name for word in words)
    ]
    missed = 0
    print(f"{'':44} {'median':>9} {'best':>9} {'worst':>9} {'cpu':>9} {'goal':>9}")
    for entry in chosen:
        with closing(entry.bench()) as steps:
            thing = next(steps)
            thing()  # once without counting: imports, caches of statements
            walls, cpus = [], []
            for _ in range(entry.times):
                wall, cpu = time.perf_counter(), time.process_time()
                thing()
                walls.append(time.perf_counter() - wall)
                cpus.append(time.process_time() - cpu)
        median = statistics.median(walls)
        late = entry.goal is not None and median > entry.goal
        missed += late
        figures = (median, min(walls), max(walls), statistics.median(cpus), entry.goal)
        shown = " ".join(
            f"{figure * 1000:6.0f} ms" if figure is not None else " " * 9
            for figure in figures
        )
        print(f"{entry.name:44} {shown}{'  MISSED' if late else ''}")
        sys.stdout.flush()
    return 1 if missed else 0
