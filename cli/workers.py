"""Several processes that serve one socket, and one that looks after them.

Each worker is a copy of this process from before it had threads or connections, so
what they have read of the program they share. What holds for all of them (slots of
expensive requests, locks of the index) lies in files or in the database, never in one.
"""

import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from cli.speech import Failure, remark

#: Seconds in which workers must have answered what they were asked when told to stop.
GRACE = 30.0

#: A process that lives no longer than this, in seconds, has not really started.
_STARTED = 2.0

#: After so many starts in a row that failed, a mistake is more likely than bad luck.
_MOST_FAILED = 5

_LOOK = 0.1

Job = Callable[[], object]
"""What a process does until a KeyboardInterrupt ends it."""


def look_after(jobs: Sequence[Job], grace: float = GRACE) -> None:
    """Run each job in a process of its own, and again when it dies, until told to stop.

    SIGINT and SIGTERM stop all of them: what they are doing may be finished, but takes
    no longer than *grace* seconds. They stop too when this process is killed.

    Call it before the process has threads: they would be missing in the copies, and
    the locks that they hold would not.

    Raises:
        Failure: a job cannot be started.
    """
    stopping = threading.Event()
    heard = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    crew = _Crew(jobs)
    try:
        crew.start()
        while not stopping.wait(_LOOK):
            crew.replace_dead()
    finally:
        crew.stop(grace)
        for number, handler in heard.items():
            signal.signal(number, handler)


class _Crew:
    """The processes, by the number of the job that they do."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._doing: dict[int, int] = {}
        self._since: dict[int, float] = {}
        self._failed = [0] * len(jobs)
        # It ends with this process, however that ends, which each worker notices.
        self._alive, self._held = os.pipe()

    def start(self) -> None:
        for number in range(len(self._jobs)):
            self._fork(number)

    def replace_dead(self) -> None:
        while ended := self._ended():
            pid, how = ended
            number = self._doing.pop(pid)
            lived = time.monotonic() - self._since.pop(pid)
            self._failed[number] = 0 if lived > _STARTED else self._failed[number] + 1
            if self._failed[number] >= _MOST_FAILED:
                raise Failure(
                    f"A process of the server ended {_MOST_FAILED} times as soon as it "
                    f"had started, the last time {how}. What it wrote above says why."
                )
            remark(f"Process {pid} of the server ended {how}; another takes its place.")
            self._fork(number)

    def stop(self, grace: float) -> None:
        for pid in self._doing:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + grace
        while self._doing and time.monotonic() < until:
            if ended := self._ended():
                self._doing.pop(ended[0])
            else:
                time.sleep(_LOOK / 10)
        for pid in self._doing:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(self._alive)
        os.close(self._held)

    def _fork(self, number: int) -> None:
        pid = os.fork()
        if not pid:
            os.close(self._held)
            _work(self._jobs[number], self._alive)
        self._doing[pid] = number
        self._since[pid] = time.monotonic()

    def _ended(self) -> tuple[int, str] | None:
        if not self._doing:
            return None
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid not in self._doing:
            return None
        if os.WIFSIGNALED(status):
            return pid, f"by signal {os.WTERMSIG(status)}"
        return pid, f"with status {os.waitstatus_to_exitcode(status)}"


def _work(job: Job, alive: int) -> None:
    """Do a job in the process that was made for it, which ends here."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        threading.Thread(target=_follow, args=(alive,), daemon=True).start()
        job()
        status = 0
    except KeyboardInterrupt:
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        os._exit(status)  # never back into the command whose copy this is


def _follow(alive: int) -> None:
    os.read(alive, 1)  # nobody writes: it returns when the other end is gone
    os.kill(os.getpid(), signal.SIGTERM)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # Ctrl-C comes from the terminal and again from who looks after us: stop once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
