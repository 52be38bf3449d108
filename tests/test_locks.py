"""The lock files are complete, so that pip installs them without resolving anything."""

import re
import tomllib
from collections import deque
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from settings import CHECKOUT

#: Each lock with the extras and groups of pyproject.toml that it covers.
LOCKS = {
    "requirements.txt": ((), ("build",)),
    "requirements-postgresql.txt": (("postgresql",), ("build",)),
    "requirements-import.txt": (("import",), ("build",)),
    "requirements-dev.txt": (None, ("build",)),
}


def pins(lock: str) -> dict[str, Version]:
    """Return what a lock pins for this machine; each line must carry hashes."""
    text = (CHECKOUT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, Version] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pinned, *hashes = re.split(r"\s+--hash=", line.strip())
        requirement = Requirement(pinned)
        assert hashes, f"{lock}: {pinned} has no hash"
        [specifier] = requirement.specifier
        assert specifier.operator == "==", f"{lock}: {pinned} is not pinned"
        if requirement.marker is None or requirement.marker.evaluate():
            name = canonicalize_name(requirement.name)
            assert name not in found, f"{lock}: {name} stands twice"
            found[name] = Version(specifier.version)
    return found


def asked(lock: str) -> Iterator[str]:
    """Yield what pyproject.toml asks of the lock."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = LOCKS[lock]
    optional = project["project"]["optional-dependencies"]
    yield from project["project"]["dependencies"]
    for extra in optional if extras is None else extras:
        yield from optional[extra]
    for group in groups:
        yield from project["dependency-groups"][group]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_everything_that_its_packages_ask_for_with_their_extras(lock):
    pinned = pins(lock)
    environment = {name: str(value) for name, value in default_environment().items()}
    queue = deque(Requirement(text) for text in asked(lock))
    seen: set[tuple[str, str]] = set()
    faults = []
    while queue:
        requirement = queue.popleft()
        name = canonicalize_name(requirement.name)
        if name == "dragoman":
            continue
        if name not in pinned:
            faults.append(f"{requirement} is asked for and not in the lock")
            continue
        if not requirement.specifier.contains(pinned[name], prereleases=True):
            faults.append(f"{requirement} is asked for, {pinned[name]} is pinned")
        try:
            needs = distribution(name).requires or ()
        except PackageNotFoundError:
            faults.append(f"{name} is in the lock and not installed")
            continue
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for need in map(Requirement, needs):
                here = {**environment, "extra": extra}
                if need.marker is None or need.marker.evaluate(here):
                    queue.append(need)
    assert not faults


def test_the_locks_agree_where_they_pin_the_same_package():
    everything = pins("requirements-dev.txt")
    for lock in LOCKS:
        for name, version in pins(lock).items():
            assert everything[name] == version, (lock, name)


def test_what_is_installed_is_what_the_lock_pins():
    installed = {
        name: Version(distribution(name).version)
        for name in pins("requirements-dev.txt")
    }
    assert installed == pins("requirements-dev.txt")


def test_every_lock_is_installed_without_resolving_and_checked_afterwards():
    # pip 23 leaves the lock when a dependency asks for an extra of which a newer
    # release exists; with --no-deps there is nothing that it could leave it for.
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"pip install .*-r\b|^INSTALL :=.*", makefile, re.MULTILINE)
    assert installs
    for line in installs:
        assert "--no-deps" in line and "--require-hashes" in line, line
    for recipe in re.findall(r"\$\(INSTALL\) .*(?:\n\t.*)*", makefile):
        assert "$(CHECK)" in recipe, recipe
