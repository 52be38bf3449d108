"""Run the benchmarks: `python -m benchmarks [WORD…]`, those whose names hold a word.

Each suite is a module of decorated functions. A benchmark is run a few times, and its
median, best and worst are printed; a goal, if it has one, is printed beside it. It
exits with 1 when a median misses its goal. `python -m benchmarks search` compares the
search with its peers instead, and so do `postgresql`, `http` and `growth`: their
modules say with whom, and what they need.
"""

import sys
from collections.abc import Callable, Sequence

from benchmarks import analysis as _analysis  # noqa: F401  # fills the table
from benchmarks import growth, http, postgresql, search
from benchmarks.runner import run


def main(words: Sequence[str]) -> int:
    """Run what is asked for."""
    whole: dict[str, Callable[[], int]] = {
        "search": search.run,
        "growth": growth.run,
        "postgresql": postgresql.run,
        "http": http.run,
    }
    if len(words) == 1 and words[0] in whole:
        return whole[words[0]]()
    return run(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
