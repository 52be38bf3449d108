"""Run the benchmarks: `python -m benchmarks [WORD…]`; all of them without a word.

A suite is run by its name: `search`, `postgresql` and `http` compare the speed of the
search with its peers, `relevance` and `index` what it finds, `languages` which forms of
a word, `persons` which spellings of a name, `growth` follows it as the index grows;
their modules say with whom, and what they need. Any other words choose among the
questions over the record (`analysis`), those whose names hold one. It exits with 1 when
a median misses its goal.
"""

import sys
from collections.abc import Callable, Sequence

from benchmarks import (
    analysis,
    growth,
    http,
    languages,
    persons,
    postgresql,
    printed_index,
    relevance,
    search,
)

SUITES: dict[str, Callable[[], int]] = {
    "search": search.run,
    "growth": growth.run,
    "postgresql": postgresql.run,
    "http": http.run,
    "relevance": relevance.run,
    "index": printed_index.run,
    "languages": languages.run,
    "persons": persons.run,
}


def main(words: Sequence[str]) -> int:
    """Run what is asked for."""
    suites = [word for word in words if word in SUITES] if words else list(SUITES)
    others = [word for word in words if word not in SUITES]
    missed = analysis.run(others) if others or not words else 0
    for suite in suites:
        print(f"\n{suite}\n")
        missed = max(missed, SUITES[suite]())
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
