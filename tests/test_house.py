"""The rules of the house: who imports whom, what may stand in no file, the verbs."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from settings import CHECKOUT
from tests.imports import covers, imports, module_name, sources, tracked_files

RULES = CHECKOUT / "docs" / "architecture.md"
WORDS_IN_A_ROW = 8


@cache
def import_rules() -> dict[str, list[str]]:
    """Return what may import what, as the block in docs/architecture.md says."""
    block = re.search(r"```imports\n(.*?)```", RULES.read_text("utf-8"), re.DOTALL)
    assert block, f"{RULES} has no block of import rules"
    lines = [line.split("->") for line in block[1].splitlines()]
    return {
        importer.strip(): [name for name in allowed.split() if name != "nothing"]
        for importer, allowed in lines
    }


def test_every_file_imports_only_what_the_architecture_allows() -> None:
    rules = import_rules()
    broken = [
        f"{path.relative_to(CHECKOUT)}:{line}: {module} may not import {imported}"
        for path in sources()
        for module in [module_name(path)]
        for line, imported in imports(path)
        if not may_import(rules, module, imported)
    ]
    assert not broken, "\n".join(broken)


def may_import(rules: dict[str, list[str]], module: str, imported: str) -> bool:
    """Return whether the rules let a module import a name."""
    if imported.split(".")[0] not in {name.split(".")[0] for name in rules}:
        return True  # not ours
    importer = max((name for name in rules if covers(name, module)), key=len)
    said = {importer: True, "": False}
    said |= {name.lstrip("!"): name[0] != "!" for name in rules[importer]}
    return said[max((name for name in said if covers(name, imported)), key=len)]


@pytest.mark.parametrize(
    ("module", "imported", "allowed"),
    [
        ("search.engines.whoosh.store", "search.engine.Document", True),
        ("search.engines.whoosh.store", "search.engines.whoosh.arrays", True),
        ("search.engines.whoosh.store", "search.engines.postgresql.store", False),
        ("search.engines.whoosh.store", "search.engines.open_engine", False),
        ("search.engines.postgresql.store", "search.engines.whoosh.arrays", False),
        ("search.engines.postgresql.engine", "models.database.explain", True),
        ("search.engines.postgresql.engine", "models.Actor", False),
        ("search.engines", "search.engines.whoosh.engine", True),
        ("search.sync", "search.engines.open_engine", False),
        ("queries.search.service", "search.engines.open_engine", True),
        ("models.actor", "search.engine", False),
        ("models.actor", "sqlalchemy.orm", True),
    ],
)
def test_no_engine_imports_another(module: str, imported: str, allowed: bool) -> None:
    assert may_import(import_rules(), module, imported) == allowed


def test_the_library_of_an_engine_is_imported_in_its_folder_only() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{line}"
        for path in sources()
        if not covers("search.engines.whoosh", module_name(path))
        for line, imported in imports(path)
        if covers("whoosh", imported)
    ]
    assert not found, "\n".join(found)


def test_every_package_and_module_has_an_import_rule() -> None:
    rules = import_rules()
    lawless = {
        module
        for module in map(module_name, sources())
        if not any(covers(name, module) for name in rules)
    }
    assert not lawless


def test_nothing_imports_the_parser_that_threads_break() -> None:
    """Eight threads that parse with `luqum.parser.parse` get each other's queries."""
    found = [
        f"{path.relative_to(CHECKOUT)}:{line}: use luqum.thread.parse"
        for path in tracked_files()
        if path.suffix == ".py"
        for line, imported in imports(path)
        if covers("luqum.parser", imported)
    ]
    assert not found, "\n".join(found)


def test_every_folder_of_tests_is_a_package() -> None:
    """Without `__init__.py`, `tests/search` would hide `search`."""
    folders = {
        path.parent
        for path in tracked_files()
        if path.suffix == ".py" and path.is_relative_to(CHECKOUT / "tests")
    }
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_no_file_names_a_package_registry() -> None:
    hosts = [
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("deb", "debian", "org"),
        )
    ]
    found = [
        f"{path.relative_to(CHECKOUT)}: {host}"
        for path, text in texts()
        for host in hosts
        if host in text
    ]
    assert not found, "\n".join(found)


def test_no_file_holds_words_of_the_article(article_path: Path) -> None:
    """The article may not be republished, not even a line of it."""
    article = set(runs_of_words(article_path.read_text(encoding="utf-8-sig")))
    found = [
        f"{path.relative_to(CHECKOUT)}: {' '.join(run)}"
        for path, text in texts()
        for run in runs_of_words(text)
        if run in article
    ]
    assert not found, "\n".join(found)


def runs_of_words(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every eight words that stand in a row, lower-cased."""
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[start:] for start in range(WORDS_IN_A_ROW)), strict=False)


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every tracked file that is text."""
    for path in tracked_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_make_help_names_every_verb() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    helped = re.findall(r"^([a-z]+):.*## .+$", makefile, re.MULTILINE)
    assert sorted(helped) == sorted(phony[1].split())
    assert {"help", "setup", "serve", "test", "lint", "sure"} <= set(helped)


def test_the_locks_pin_every_dependency_with_hashes() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = {
        "requirements.txt": project["dependencies"],
        "requirements-postgresql.txt": project["dependencies"] + extras["postgresql"],
        "requirements-dev.txt": project["dependencies"] + sum(extras.values(), []),
    }
    for name, dependencies in needed.items():
        lock = (CHECKOUT / name).read_text("utf-8")
        pinned = set(
            re.findall(r"^([a-z0-9-]+)==.* \\\n    --hash=sha256:", lock, re.M)
        )
        assert pinned == set(re.findall(r"^[a-zA-Z0-9-]+", lock, re.M)), name
        wanted = {re.split(r"[^\w-]", text, maxsplit=1)[0] for text in dependencies}
        assert wanted - {"dragoman"} <= pinned, f"{name}: run `make lock`"


LONGEST_FILE = 400
"""In lines: more than that nobody reads in one sitting."""


def test_a_long_file_says_at_its_head_why_it_is_long() -> None:
    """In its first docstring or comment, in a sentence that begins “Long because”."""
    silent = [
        f"{name}: {len(lines)} lines"
        for path in tracked_files()
        if path.suffix in (".py", ".css", ".js", ".html")
        for name in [path.relative_to(CHECKOUT).as_posix()]
        for lines in [path.read_text(encoding="utf-8").splitlines()]
        if len(lines) > LONGEST_FILE
        and not name.startswith("migrations/versions/")
        and "Long because" not in head(path)
    ]
    assert not silent, "\n".join(silent)


def head(path: Path) -> str:
    """Return the docstring of a Python file, or the first comment of another."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return " ".join((ast.get_docstring(ast.parse(text)) or "").split())
    found = re.match(r"\s*(?:/\*(.*?)\*/|\{#(.*?)#\})", text, re.DOTALL)
    return " ".join((found[1] or found[2]).split()) if found else ""


def import_graph() -> dict[str, set[str]]:
    """Return which module of ours imports which when it is loaded, or later.

    What is imported for types only (`if TYPE_CHECKING:`) is left out. A door that hands
    on names is one module: what imports a name from it imports the door.
    """
    modules = {module_name(path): path for path in sources()}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        typed = typed_only(path)
        graph[module] = {
            name
            for line, imported in imports(path)
            if line not in typed
            for name in (imported, imported.rpartition(".")[0])
            if name in modules and name != module
        } - ({module} | parents(module))
    return graph


def parents(module: str) -> set[str]:
    """Return the packages that a module stands in."""
    parts = module.split(".")
    return {".".join(parts[:at]) for at in range(1, len(parts))}


def typed_only(path: Path) -> set[int]:
    """Return the lines that stand under `if TYPE_CHECKING:`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def test_no_module_imports_itself_by_way_of_others() -> None:
    sorter = TopologicalSorter(import_graph())
    try:
        sorter.prepare()
    except CycleError as error:
        pytest.fail(f"These import each other: {' <- '.join(error.args[1])}")
