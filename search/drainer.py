"""Draining in the background, for a server."""

import logging
import threading

from errors import DragomanError
from search.engine import Engine
from search.sync import drain

#: How often a drainer looks whether there is anything to do, in seconds. A look is two
#: short reads; a change is found within a second at rest, its index commit included.
INTERVAL = 0.25

#: After how many looks it tries again what went wrong.
_LATER = 40

_log = logging.getLogger(__name__)


class Drainer:
    """Drains when started, and whenever jobs wait or the index is another's.

    It looks once every *interval* seconds; what goes wrong is logged, and tried again
    after a while.
    """

    def __init__(
        self, engine: Engine, url: str | None = None, interval: float = INTERVAL
    ) -> None:
        self._engine = engine
        self._url = url
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drainer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, after the drain under way if there is one."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._drain()
        while not self._stopping.wait(pause):
            pause = self._drain()

    def _drain(self) -> float:
        """Drain once; return how long to wait before the next time."""
        try:
            drain(self._engine, self._url)
        except DragomanError as error:
            _log.warning("The search index cannot follow: %s", error.detail)
        except Exception:
            # A daemon thread that died would stop the index from following, silently.
            _log.exception("The search index cannot follow")
        else:
            return self._interval
        return self._interval * _LATER
