"""Run the benchmarks: `python -m benchmarks [WORD…]`, those whose names hold a word.

Each suite is a module of decorated functions. A benchmark is run a few times, and its
median, best and worst are printed; a goal, if it has one, is printed beside it. It
exits with 1 when a median misses its goal. `python -m benchmarks search` compares the
search with its peers instead (`benchmarks/search.py`).
"""

import sys
from collections.abc import Sequence

from benchmarks import analysis as _analysis  # noqa: F401  # fills the table
from benchmarks import search
from benchmarks.runner import run


def main(words: Sequence[str]) -> int:
    """Run what is asked for."""
    if list(words) == ["search"]:
        return search.run()
    return run(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
