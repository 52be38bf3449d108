"""What the tests of the architecture read: the tracked files, and who imports what."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from settings import CHECKOUT


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file under version control that is still there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This test needs git and a checkout, not an unpacked archive.")
    names = listed.stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := CHECKOUT / name).is_file())


def sources() -> list[Path]:
    """Return the program's Python files, without the tests."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(CHECKOUT).parts[0] != "tests"
    ]


def module_name(path: Path) -> str:
    """Return the dotted name of a file: `search.engines` for its `__init__.py`."""
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything that a file imports, anywhere."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def _parsed(path: Path) -> ast.Module:
    """Parse a file, again where another thread parsed one at the same moment.

    Python 3.11 counts the depth of both together, and says that it is wrong.
    """
    text = path.read_text(encoding="utf-8")
    for _ in range(3):
        try:
            return ast.parse(text)
        except SystemError:
            continue
    return ast.parse(text)


def covers(name: str, module: str) -> bool:
    """Return whether a rule's name stands for this module."""
    return name in ("*", "") or module == name or module.startswith(f"{name}.")
