"""Waiting for the engine's lock, for a while."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from search.engine import Engine, Locked

#: How long somebody who asks for it waits for the others, in seconds.
PATIENCE = 60.0

#: Between two tries, in seconds: less than a server rests between two looks.
_PAUSE = 0.02


@contextmanager
def lock(engine: Engine) -> Iterator[None]:
    """Hold the engine's lock; wait for it for `PATIENCE` at most.

    Raises:
        Locked: others held it all the time.
    """
    until = time.monotonic() + PATIENCE
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(engine.lock())
                break
            except Locked:
                if time.monotonic() >= until:
                    raise
            time.sleep(_PAUSE)
        yield
