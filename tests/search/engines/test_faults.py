"""A full disk, a read-only one, `kill -9` anywhere, several writers at once.

Nothing may be lost or stay stale, whatever is in the way; what can be read is answered
rightly meanwhile, and what cannot be done is said in a sentence. Each test runs real
processes on real files; `tests.search.engines.faults` is what they do.
"""

import inspect
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from exchange.load import load
from search.agreement import check
from search.drainer import Drainer
from search.engine import Engine, NoIndex, Request
from search.engines import open_engine
from search.queue import waiting
from search.sync import drain
from search.tree import All
from settings import CHECKOUT, Settings
from tests.search.test_sync import wait_until

pytestmark = pytest.mark.slow

EVERYTHING = Request(query=All())

#: Enough for the record and its index several times over.
DISK = "4m"

#: A shell mounts a small disk that only it and what it starts can see.
MOUNT = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"'
UNSHARE = ("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh", DISK)

FAULTS = "tests.search.engines.faults"


def run(*arguments: object, before: tuple[object, ...] = ()) -> str:
    """Run a function of `faults` in a process, and return what it said."""
    command = [*before, sys.executable, "-m", FAULTS, *arguments]
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # what never ends must not take the whole run with it
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def database(sqlite_settings: Settings) -> Path:
    return sqlite_settings.instance / "dragoman.sqlite3"


@pytest.fixture
def small_disk(tmp_path: Path) -> tuple[object, ...]:
    """What to put before a command so that it finds a small disk at `disk`."""
    (tmp_path / "disk").mkdir()
    before = (*UNSHARE, tmp_path / "disk")
    try:
        subprocess.run([*before, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(
            "This test mounts a small disk in a namespace of its own, which this "
            "machine does not allow."
        )
    return before


@pytest.mark.parametrize("place", ["index", "both"])
@pytest.mark.parametrize("what", ["drain", "rebuild"])
def test_on_a_full_disk_nothing_changes_until_there_is_room(
    database, small_disk, tmp_path, what, place
):
    disk = tmp_path / "disk"
    failed = run("full_disk", what, place, database, disk, before=small_disk)
    assert int(failed) > 3


@pytest.mark.parametrize("what", ["drain", "rebuild"])
def test_wherever_a_file_cannot_grow_nothing_changes(database, tmp_path, what):
    assert int(run("short_files", what, database, tmp_path / "index")) > 3


def test_a_read_only_disk_is_searched_and_not_written(database, small_disk, tmp_path):
    run("read_only", database, tmp_path / "disk", before=small_disk)


@pytest.mark.parametrize(
    ("what", "steps"),
    [
        (
            "build",
            {"lock", "announce", "create", "_store", "write", "_swap_in", "_rebuild"},
        ),
        (
            "drain",
            {"announce", "write_arrays", "_store", "write", "clean_files", "_drain"},
        ),
        (
            "rebuild",
            {"announce", "write_arrays", "write", "_swap_in", "_clean", "_rebuild"},
        ),
    ],
)
def test_killed_wherever_the_disk_has_changed_nothing_is_lost(
    database, tmp_path, what, steps
):
    places = json.loads(run("kill_at_every_state", what, database, tmp_path))
    assert set(places) >= steps, places


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("name", ["whoosh", "postgresql"])
def test_killed_at_any_line_of_a_drain_on_a_server_nothing_is_lost(
    settings, name, tmp_path
):
    url = settings.database_url
    places = json.loads(run("kill_at_every_line", name, url, tmp_path / "index"))
    assert {"drain", "lock", "_drain", "announce", "write", "confirm"} <= set(places), (
        places
    )


@pytest.mark.parametrize(
    ("backend", "name"),
    [("sqlite", "whoosh"), ("postgresql", "whoosh"), ("postgresql", "postgresql")],
)
def test_processes_drain_side_by_side_while_somebody_loads(settings, name, tmp_path):
    url, folder = settings.database_url, tmp_path / "index"
    followers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                FAULTS,
                "follow",
                name,
                url,
                folder,
            ],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [next(iter(process.stdout or ())) for process in followers] == [
        "ready\n"
    ] * 2
    engine: Any = open_engine(name, folder, url)
    with closing(engine):
        wait_until(lambda: not missing_index(engine), 60)
        seen = [0]
        for number in range(SOURCES):
            part = tmp_path / f"part-{number}.jsonl"
            part.write_text(json.dumps(source(number)))
            load(part, url)
            drain(engine, url)  # as the command does that loads
            seen.append(engine.search(EVERYTHING).total)
        wait_until(lambda: waiting(url) == 0, 60)
        ends = [process.communicate("") for process in followers]
        assert ends == [("", "")] * 2, "a drainer had something to say"
        assert seen == sorted(seen) and not any(total % PASSAGES for total in seen)
        assert engine.search(EVERYTHING).total == SOURCES * PASSAGES
        report = check(engine, url)
        assert report.agrees and not report.waiting, list(report.sentences())


SOURCES, PASSAGES = 30, 3


def source(number: int) -> dict[str, object]:
    return {
        "type": "source",
        "slug": f"source-{number}",
        "kind": "readout",
        "title": f"Readout {number}",
        "language": "en",
        "paragraphs": [f"Talks of {day} were held." for day in range(PASSAGES)],
    }


def missing_index(engine: Engine) -> bool:
    try:
        engine.check()
    except NoIndex:
        return True
    return False


def test_a_drainer_looks_at_least_once_a_second():
    assert inspect.signature(Drainer).parameters["interval"].default <= 1
