"""The search engines, a folder each, and the one place where one is chosen.

None of them knows another. What several need stands in `search/`: what an engine is to
the rest of Dragoman in `search.engine`, scores in `search.scoring`, what a word of the
query matches in `search.patterns`, days in `search.days`.
"""

from functools import lru_cache
from pathlib import Path

from errors import Unavailable
from search.engine import Engine


@lru_cache(maxsize=8)
def open_engine(name: str, folder: Path, url: str | None = None) -> Engine:
    """Return the engine called *name* (`search_engine` in the settings).

    One for each process and place: an engine keeps what it has read.

    Args:
        name: "whoosh" or "postgresql".
        folder: where an embedded engine keeps its index.
        url: the database, where an engine on a server keeps it.

    Raises:
        DragomanError: that engine cannot be used with that database.
    """
    if name == "whoosh":
        from search.engines.whoosh.engine import WhooshEngine

        return WhooshEngine(folder)
    if name == "postgresql":
        from search.engines.postgresql.engine import PostgresqlEngine

        return PostgresqlEngine(url)
    raise Unavailable(f"There is no search engine called “{name}”.")
