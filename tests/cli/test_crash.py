"""Whatever is killed, at whatever moment: the next start puts everything right."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from settings import CHECKOUT
from tests.cli.conftest import typing

pytestmark = pytest.mark.slow

SOURCES = 600


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred sources, each with a few passages and a name to be found."""
    path = tmp_path_factory.mktemp("stream") / "letters.jsonl"
    random = Random(7)
    nouns = (
        "envoy treaty harbour grain winter border letter council ship silver".split()
    )
    with path.open("w", encoding="utf-8") as file:
        actor = {"type": "actor", "slug": "venice", "name": "Venice", "kind": "state"}
        print(json.dumps(actor), file=file)
        for number in range(SOURCES):
            record = {
                "type": "source",
                "slug": f"letter-{number}",
                "kind": "official_document",
                "title": f"Letter {number}",
                "paragraphs": [
                    f"Venice writes of {' '.join(random.choices(nouns, k=40))}."
                    for _ in range(5)
                ],
            }
            print(json.dumps(record), file=file)
    return path


@pytest.mark.parametrize("moment", [0.1, 0.35, 0.6, 0.85])
def test_a_load_that_is_killed_is_finished_by_the_same_command(
    environ: dict[str, str], stream: Path, moment: float
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from cli import main; main()", "load", str(stream)],
        cwd=CHECKOUT,
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    type_ = typing(environ)
    _wait_until(environ, moment, process)
    process.kill()
    assert process.wait() in (-signal.SIGKILL, 0)

    assert type_("load", stream).exit_code == 0
    assert type_("check").stdout == "Database, evidence and index agree.\n"
    counted = type_(
        "sql",
        "--format=csv",
        "select count(distinct source), count(*) from passages where text like 'V%'",
    )
    assert counted.stdout.splitlines()[1] == f"{SOURCES},{5 * SOURCES}"
    found = json.loads(type_("search", "actor:venice", "--json").stdout)
    assert found["total"] == 5 * SOURCES + 1


def _wait_until(
    environ: dict[str, str], moment: float, process: subprocess.Popen[bytes]
) -> None:
    """Wait for the first part of the work in the database, the rest in the index."""
    index = Path(environ["DRAGOMAN_INSTANCE"]) / "index"
    started: float | None = None
    while process.poll() is None:
        if moment < 0.5:
            query = "select count(*) from sources"
            done = typing(environ)("sql", "--format=csv", query).stdout.split()[-1]
            if int(done) >= moment * SOURCES:
                return
        elif started is None and index.exists():
            started = time.monotonic()
        elif started is not None and time.monotonic() - started > moment - 0.5:
            return
        time.sleep(0.01)
