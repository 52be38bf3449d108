"""The `dragoman` command: short functions, one for each verb.

They call what the pages call and print what it returns. Whatever goes wrong ends in one
plain sentence on standard error and a non-zero exit (`cli.speech`).
"""

import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path


def main() -> None:
    """Run the command line; the entry point of the package."""
    try:
        from cli.verbs import dragoman

        # As Ctrl-C does it: what is under way ends in order and says what stays.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        dragoman(prog_name="dragoman")
    except ImportError as error:
        raise SystemExit(cannot_start(error)) from None


OURS = Path(__file__).resolve().parent.parent
NAMES = (
    "accounts",
    "analysis",
    "app",
    "cli",
    "editing",
    "errors",
    "exchange",
    "formats",
    "models",
    "queries",
    "search",
    "settings",
    "web",
    "wording",
)
"""Our top-level names; they are too common to be nobody else's."""


def foreign() -> Iterator[tuple[str, str]]:
    """Yield our modules that Python finds elsewhere first, with where it does."""
    for name in NAMES:
        spec = find_spec(name)
        places = (spec.origin, *(spec.submodule_search_locations or ())) if spec else ()
        place = next((each for each in places if each), None)
        if place and not Path(place).resolve().is_relative_to(OURS):
            yield name, place


def cannot_start(error: ImportError) -> str:
    """Say what stands in the way of our modules, or which package is not there yet."""
    for name, place in foreign():
        return (
            f"Dragoman cannot start: Python reads “{name}” from {place}, and not from "
            f"{OURS}. Rename that, call dragoman from another folder, or take its "
            "folder out of PYTHONPATH."
        )
    return (
        f"Dragoman cannot start ({error}). It needs other packages than are "
        "installed: run “make setup” in its folder."
    )
