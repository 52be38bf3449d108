"""Which files are meant by the paths that a user gives."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from errors import DragomanError, Fault
from exchange.folder import is_dataset

MOST_FILES = 100_000
DEEPEST = 50
_NO_DOCUMENTS = ("Thumbs.db", "desktop.ini", "__MACOSX")


@dataclass
class Found:
    """The files to import, in order; what was refused, and what was passed over."""

    files: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)


def files_of(paths: Sequence[Path]) -> Found:
    """Return the files that paths name, folders with all that is in them.

    Hidden files and what programs leave behind are passed over. A link that leads out
    of its folder is refused, and a path that is named twice counts once.

    Raises:
        DragomanError: there are more than `MOST_FILES`.
    """
    found = Found()
    seen: set[Path] = set()
    for path in paths:
        for file in _each(path, found):
            if file in seen:
                continue
            seen.add(file)
            found.files.append(file)
            if len(seen) > MOST_FILES:
                raise DragomanError(
                    f"{path} brings more than {MOST_FILES:,} files; import a part of "
                    "it at a time"
                )
    return found


def _each(path: Path, found: Found) -> Iterator[Path]:
    if str(path).startswith(("http:", "https:")):
        _refuse(
            found, path, "a file (pages are not fetched: save the page, and import it)"
        )
    elif not path.is_dir():
        yield path
    elif is_dataset(path):
        _refuse(found, path, "documents (this is a dataset: `dragoman load` takes it)")
    else:
        yield from _inside(path, found)


def _inside(top: Path, found: Found) -> Iterator[Path]:
    inside = top.resolve()
    for folder, names, files in os.walk(top):
        depth = len(Path(folder).relative_to(top).parts)
        for name in [name for name in names if _is_hidden(name)]:
            names.remove(name)
            found.passed["hidden folder"] += 1
        if depth >= DEEPEST and names:
            _refuse(found, Path(folder), f"folders at most {DEEPEST} deep")
            names.clear()
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if _is_hidden(name):
                found.passed["hidden file"] += 1
            elif path.is_symlink() and not path.resolve().is_relative_to(inside):
                _refuse(found, path, f"a file inside {top} (this link leads out of it)")
            else:
                yield path


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _NO_DOCUMENTS


def _refuse(found: Found, path: Path, expected: str) -> None:
    found.faults.append(Fault(str(path), None, None, None, expected))
