"""Hostile files, given to `dragoman load` and `dragoman import`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.attack.report import Attack

LINES = {
    "lone-surrogate.jsonl": b'{"type": "source", "slug": "\\ud800"}\n',
    "type-is-a-list.jsonl": b'{"type": ["source"]}\n',
    "not-json.jsonl": b"\x00\xff{{{\n",
    "deep.jsonl": b"[" * 100_000 + b"\n",
    "long-line.jsonl": b'{"type": "source", "title": "' + b"a" * 5_000_000 + b'"}\n',
    "bomb.jsonl.gz": b"\x1f\x8b\x08\x00garbage",
}
DATASETS = {
    "anchors": "slug: &a [*a]\n",
    "not-yaml": "slug: [\n",
    "nothing": "",
    "a-list": "- 1\n",
    "nul": 'slug: "a\\0b"\ntitle: x\n',
}


def files(folder: Path, environ: Mapping[str, str]) -> Iterator[Attack]:
    """Each is refused in a sentence, and ends neither in a traceback nor never."""
    attack = Attack("hostile files")
    commands: list[tuple[str, ...]] = []
    for name, content in LINES.items():
        (folder / name).write_bytes(content)
        commands.append(("load", str(folder / name)))
    for name, text in DATASETS.items():
        (folder / name).mkdir()
        (folder / name / "dataset.yaml").write_text(text)
        commands.append(("load", str(folder / name)))
    os.mkfifo(folder / "pipe.txt")
    with (folder / "sparse.txt").open("wb") as sparse:
        sparse.truncate(8_000_000_000)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 100)
    for path in ("pipe.txt", "sparse.txt", "binary.txt", "nothing-there.txt"):
        commands.append(("import", str(folder / path)))
    commands.append(("import", "/dev/zero"))
    for command in commands:
        _try(attack, command, environ)
    yield attack


def _try(attack: Attack, command: tuple[str, ...], environ: Mapping[str, str]) -> None:
    what = f"{command[0]} {Path(command[1]).name}"
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from cli import main; main()", *command],
            env={**os.environ, **environ},
            capture_output=True,
            timeout=60,
        )
    except subprocess.TimeoutExpired:
        attack.fault(f"{what}: no end after 60 s")
        return
    attack.tries += 1
    attack.worst = max(attack.worst, time.monotonic() - began)
    complaint = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        attack.fault(f"{what}: taken")
    if done.returncode < 0 or "Traceback" in complaint or not complaint.strip():
        attack.fault(f"{what}: ends with {done.returncode}, {complaint[-100:]!r}")
