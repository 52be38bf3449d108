"""Attack a served record and say what it did not bear: `make attack`."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app import create_app
from benchmarks.attack import browser, files, record, wire
from benchmarks.attack.report import HEAD, Attack, first_faults
from settings import load_settings

PASSAGES = int(os.environ.get("PASSAGES", "50000"))
REQUESTS = int(os.environ.get("REQUESTS", "1500"))
GROWTH = 1.2
"""How many times its memory after the first round the server may take at the end."""


def main() -> int:
    """Print a line for each attack as it ends, then the faults; 1 if there was any."""
    with TemporaryDirectory(prefix="dragoman-attack-") as name:
        folder = Path(name)
        environ = {"DRAGOMAN_INSTANCE": str(folder / "instance")}
        _prepare(folder, environ)
        rules = [
            rule.rule.replace("path:", "")
            for rule in create_app(load_settings(environ)).url_map.iter_rules()
        ]
        found: list[Attack] = []

        def note(attacks: Iterable[Attack]) -> None:
            for one in attacks:
                print(one.line(), flush=True)
                found.append(one)

        print(HEAD, flush=True)
        with _serving(environ) as (process, port):
            first, *others = _attacks(port, rules)
            note(first())
            before = _memory(process)
            for attack in others:
                note(attack())
            note(first())  # again, as often: what grows now never stops growing
            grown = _growth(before, _memory(process))
            if process.poll() is not None:
                grown.fault(f"the server ended with {process.returncode}")
            note([grown])
        (folder / "files").mkdir()
        note(files.files(folder / "files", environ))
    print(first_faults(found))
    return int(any(one.faults for one in found))


def _attacks(port: int, rules: list[str]) -> list[Callable[[], Iterator[Attack]]]:
    return [
        partial(wire.requests, port, rules, REQUESTS),
        partial(wire.pages, port),
        partial(wire.slow_clients, port),
        partial(wire.bodies, port),
        partial(wire.hosts, port),
        partial(browser.hostile_pages, port),
    ]


def _prepare(folder: Path, environ: Mapping[str, str]) -> None:
    print(f"Making and loading a record of {PASSAGES:,} passages.", flush=True)
    record.write(folder / "record.jsonl", PASSAGES)
    for command in (["db", "upgrade"], ["load", str(folder / "record.jsonl")]):
        subprocess.run(_dragoman(*command), env={**os.environ, **environ}, check=True)


def _dragoman(*words: str) -> list[str]:
    return [sys.executable, "-c", "from cli import main; main()", *words]


@contextmanager
def _serving(
    environ: Mapping[str, str],
) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    with subprocess.Popen(
        _dragoman("serve", "--port", "0"),
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r":(\d+)/", process.stdout.readline())
            assert address, "the server did not start"
            time.sleep(1)
            yield process, int(address[1])
        finally:
            process.terminate()


def _memory(process: "subprocess.Popen[str]") -> int:
    """The server's own memory in kB, without what it shares or maps."""
    text = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+)", text)
    return int(found[1]) if found else 0


def _growth(before: int, after: int) -> Attack:
    attack = Attack(f"memory {before // 1000} MB, then {after // 1000} MB", tries=1)
    if after > before * GROWTH and after - before > 20_000:
        attack.fault(f"the server grew by {(after - before) // 1000} MB")
    return attack


if __name__ == "__main__":
    sys.exit(main())
