"""Attack a served record and say what it did not bear: `make attack`."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from app import create_app
from benchmarks.attack import browser, files, record, wire
from benchmarks.attack.report import HEAD, Attack, first_faults
from models.revisions import known_revisions
from settings import CHECKOUT, load_settings
from web.writers import role_needed

PASSAGES = int(os.environ.get("PASSAGES", "50000"))
REQUESTS = int(os.environ.get("REQUESTS", "1500"))
MINUTES = 15
"""After so many the attack ends, and that it had to is a fault."""

ROUNDS = 7
"""How often the same requests are asked to see whether memory stays flat."""

FLAT = 1.05
"""How many times the memory after rounds 2 to 4 that after rounds 5 to 7 may be."""

MOST_MEMORY = 400_000
"""What the server may take in the end, in kB."""


class _TooLong(Exception):
    """The time is over. No `TimeoutError`: those of sockets are expected."""


def main() -> int:
    """Print a line for each attack as it ends, then the faults; 1 if there was any."""
    found: list[Attack] = []
    signal.signal(signal.SIGALRM, _too_long)
    try:
        _attack(found)
    except (_TooLong, OSError) as error:  # or the server is gone
        found.append(Attack("all", faults=[f"it ended early: {error}"]))
    print(first_faults(found))
    return int(any(one.faults for one in found))


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong(f"{MINUTES} minutes were over")


def _attack(found: list[Attack]) -> None:
    began = time.monotonic()

    def note(attacks: Iterable[Attack]) -> None:
        for one in attacks:
            print(f"{one.line()} {time.monotonic() - began:>7.0f} s", flush=True)
            found.append(one)

    with TemporaryDirectory(prefix="dragoman-attack-") as name:
        folder = Path(name)
        environ = {"DRAGOMAN_INSTANCE": str(folder / "instance")}
        _prepare(folder, environ)
        app = create_app(load_settings(environ))
        every = list(app.url_map.iter_rules())
        rules = [rule.rule.replace("path:", "") for rule in every]
        read = [
            rule.rule
            for rule in every
            if role_needed(app, rule.endpoint) is None and "/sign-in" not in rule.rule
        ]
        print(HEAD, flush=True)
        signal.alarm(60 * MINUTES)
        with _serving(environ) as (process, port):
            for attack in _attacks(port, rules, read):
                note(attack())
            note(_flat(process, partial(wire.requests, port, rules, REQUESTS // 5)))
        (folder / "files").mkdir()
        note(files.files(folder / "files", environ))


def _attacks(
    port: int, rules: list[str], read: list[str]
) -> list[Callable[[], Iterator[Attack]]]:
    return [
        partial(wire.requests, port, rules, REQUESTS),
        partial(wire.pages, port, read),
        partial(wire.odd_requests, port),
        partial(wire.slow_clients, port),
        partial(wire.bodies, port),
        partial(wire.hosts, port),
        partial(browser.hostile_pages, port),
    ]


def _prepare(folder: Path, environ: Mapping[str, str]) -> None:
    """Make the record and load it, or take what an earlier attack has kept of that."""
    made = hashlib.sha256(Path(record.__file__).read_bytes()).hexdigest()[:12]
    # What an older schema lacks, as a history, an upgrade does not make up.
    kept = CHECKOUT / ".venv" / f"attack-{PASSAGES}-{made}-{known_revisions()[-1]}"
    began = time.monotonic()
    if kept.is_dir():
        print(f"Taking the record of {PASSAGES:,} passages in {kept}.", flush=True)
        shutil.copytree(kept, folder / "instance")
        _run(environ, "db", "upgrade")
        return
    print(f"Making and loading a record of {PASSAGES:,} passages.", flush=True)
    record.write(folder / "record.jsonl", PASSAGES)
    _run(environ, "db", "upgrade")
    _run(environ, "load", str(folder / "record.jsonl"))
    whole = kept.with_suffix(".part")
    shutil.rmtree(whole, ignore_errors=True)
    shutil.copytree(folder / "instance", whole)
    whole.rename(kept)
    print(f"Ready after {time.monotonic() - began:.0f} s; it is kept.", flush=True)


def _run(environ: Mapping[str, str], *words: str) -> None:
    done = subprocess.run(
        _dragoman(*words),
        env={**os.environ, **environ},
        capture_output=True,  # a warning for every letter that cannot be seen
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed: {done.stderr[-1_000:]}")


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


def _flat(
    process: "subprocess.Popen[str]", again: Callable[[], Iterator[Attack]]
) -> Iterator[Attack]:
    """Ask the same again and again: what still grows then never stops growing."""
    attack, sizes = Attack("memory"), []
    for _ in range(ROUNDS):
        for one in again():
            attack.tries += one.tries
            attack.worst = max(attack.worst, one.worst)
            attack.faults += one.faults
        sizes.append(_memory(process))
    half = ROUNDS // 2
    before, after = (sum(some) / half for some in (sizes[1 : 1 + half], sizes[-half:]))
    shown = ", ".join(f"{size // 1000}" for size in sizes)
    attack.name = f"memory {after / 1000:.0f} MB, {after / before:.3f} of before"
    if after > before * FLAT or after > MOST_MEMORY:
        attack.fault(f"not flat, or too much: {shown} MB after each round")
    if process.poll() is not None:
        attack.fault(f"the server ended with {process.returncode}")
    yield attack


if __name__ == "__main__":
    sys.exit(main())
