"""Several processes serve one socket, and one looks after them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import pytest

from settings import CHECKOUT
from tests.cli.conftest import typing
from tests.cli.test_serving import ended, read, serving

pytestmark = pytest.mark.slow

WORKERS = {"DRAGOMAN_WORKERS": "2", "DRAGOMAN_THREADS": "4"}


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are there, oldest first."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in found.split()]


def until(condition: Callable[[], object]) -> None:
    for _ in range(300):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("It did not come to that in 15 seconds.")


def _has_more_than(items: list[str], number: int) -> bool:
    return len(items) > number


def is_there(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


def test_killed_at_any_moment_a_worker_is_replaced_and_nothing_else_fails(
    loaded: dict[str, str],
) -> None:
    with serving(loaded | WORKERS) as (process, address):
        read(address)
        answered: list[str] = []
        broken: list[Exception] = []
        enough = threading.Event()

        def ask() -> None:
            while not enough.is_set():
                try:
                    answered.append(read(f"{address}meetings"))
                except (OSError, HTTPException) as error:
                    broken.append(error)

        clients = [threading.Thread(target=ask) for _ in range(3)]
        for client in clients:
            client.start()
        killed = 4
        for number in range(killed):
            until(lambda: len(children(process.pid)) == 3)
            enough_then = len(answered) + 3
            os.kill(children(process.pid)[number % 3], signal.SIGKILL)
            until(partial(_has_more_than, answered, enough_then))
        enough.set()
        for client in clients:
            client.join()
        # What a killed process was answering is lost, and nothing else.
        assert len(broken) <= killed * len(clients)
        assert all("Tehran" in page for page in answered)
        until(lambda: len(children(process.pid)) == 3)
        status, complaint = ended(process, signal.SIGTERM)
    assert status == 0
    assert complaint.count("ended by signal 9; another takes its place.") == killed
    assert complaint.endswith("Stopped.\n")
    assert "Traceback" not in complaint


def test_the_index_follows_also_after_its_process_was_killed(
    loaded: dict[str, str], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("The envoys spoke of quinine.")
    with serving(loaded | WORKERS) as (process, address):
        until(lambda: len(children(process.pid)) == 3)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        assert typing(loaded)("import", letter).exit_code == 0
        until(lambda: "quinine" in read(f"{address}api/v1/search?q=quinine&names=off"))
        until(
            lambda: '"total": 1' in _spaced(read(f"{address}api/v1/search?q=quinine"))
        )


def _spaced(text: str) -> str:
    return text.replace('"total":1', '"total": 1')


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_none_outlives_the_one_that_looks_after_them(
    loaded: dict[str, str], number: signal.Signals
) -> None:
    with serving(loaded | WORKERS) as (process, address):
        read(address)
        until(lambda: len(children(process.pid)) == 3)
        them = children(process.pid)
        process.send_signal(number)
        until(lambda: not any(map(is_there, them)))
        assert process.wait(timeout=30) == (-9 if number == signal.SIGKILL else 0)


def test_what_is_being_answered_is_finished_when_they_are_told_to_stop(
    loaded: dict[str, str],
) -> None:
    slow = (
        "with recursive n(i) as (select 1 union all select i + 1 from n"
        " where i < 1500000) select count(*) from n"
    )
    with serving(loaded | WORKERS) as (process, address):
        read(address)
        answer: list[str] = []
        query = (
            f"{address}api/v1/sql?query={slow.replace('+', '%2B').replace(' ', '+')}"
        )
        asking = threading.Thread(target=lambda: answer.append(read(query)))
        asking.start()
        time.sleep(0.3)
        assert ended(process, signal.SIGTERM)[0] == 0
        asking.join(timeout=30)
    assert "1500000" in answer[0]


def test_a_job_that_cannot_start_ends_the_server_in_a_sentence() -> None:
    script = (
        "from cli.workers import look_after\n"
        "from cli.speech import Failure\n"
        "def broken(): raise OSError('no such thing')\n"
        "try: look_after([broken])\n"
        "except Failure as error: print(error.message)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "ended 5 times as soon as it had started" in ran.stdout
    assert "no such thing" in ran.stderr


def test_two_requests_are_answered_by_two_processes(loaded: dict[str, str]) -> None:
    with serving(loaded | WORKERS | {"DRAGOMAN_LOG": "json"}) as (process, address):
        until(lambda: len(children(process.pid)) == 3)
        workers = children(process.pid)[1:]
        before = [_busy(pid) for pid in workers]

        def both_worked() -> bool:
            for _ in range(8):
                with urlopen(f"{address}matrix", timeout=30) as response:
                    response.read()
            return all(
                _busy(pid) > old for pid, old in zip(workers, before, strict=True)
            )

        until(both_worked)


def _busy(pid: int) -> int:
    """How much time a process has had, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
