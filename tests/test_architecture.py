"""The picture of the layers is what the imports say; the folders are all named."""

import re
from collections.abc import Callable
from functools import cache

from settings import CHECKOUT
from tests.imports import covers, imports, module_name, sources

# What is drawn, and in which column from the left. Rows and arrows follow from the
# imports. `benchmarks` is left out: like the tests, it may import everything.
COLUMNS = {
    "cli": 1,
    "app": 2,
    "web": 2,
    "formats": 2,
    "analysis": 2,
    "queries": 2,
    "search.engines": 2,
    "search.engines.whoosh": 1,
    "search.engines.postgresql": 3,
    "search": 2,
    "editing": 4,
    "accounts": 3,
    "exchange": 4,
    "migrations": 0,
    "models": 2,
    "settings": 2,
    "errors": 2,
    "wording": 2,
}
WIDTH, HEIGHT = 150, 30  # of a box
ACROSS, DOWN = 172, 60  # from one box to the next
MARGIN = 12

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">
<title id="title">The layers of Dragoman: {title}</title>
<style>
svg {{ background: #fff; color: #222 }}
@media (prefers-color-scheme: dark) {{ svg {{ background: #1b1b1b; color: #eee }} }}
rect {{ fill: none; stroke: currentColor }}
line {{ stroke: currentColor; stroke-width: 1.2 }}
text {{ fill: currentColor; text-anchor: middle }}
</style>
<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" \
markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor"/></marker>
"""


def layer_of(module: str) -> str | None:
    """Return the box in which a module lies, the innermost if there are several."""
    names = [name for name in COLUMNS if covers(name, module)]
    return max(names, key=len, default=None)


@cache
def imported_by() -> dict[str, frozenset[str]]:
    """Return for each layer the other layers that its files import."""
    found: dict[str, set[str]] = {name: set() for name in COLUMNS}
    for path in sources():
        importer = layer_of(module_name(path))
        if importer is None:
            continue
        found[importer] |= {
            layer for _, name in imports(path) if (layer := layer_of(name))
        } - {importer}
    return {name: frozenset(layers) for name, layers in found.items()}


@cache
def below(layer: str) -> frozenset[str]:
    """Return all layers that one reaches through its imports; fails on a circle."""
    direct = imported_by()[layer]
    return direct.union(*map(below, direct))


@cache
def row(layer: str) -> int:
    """Return how far a layer stands above the lowest: one above all it imports."""
    return max((row(other) + 1 for other in imported_by()[layer]), default=0)


def arrows(layer: str) -> list[str]:
    """Return what a layer imports without another layer that imports it already."""
    direct = imported_by()[layer]
    return sorted(
        other for other in direct if not any(other in below(one) for one in direct)
    )


def picture() -> str:
    """Return the layers as SVG: who imports stands above, an arrow leads to what."""
    rows = max(map(row, COLUMNS))
    corner = {
        name: (MARGIN + column * ACROSS, MARGIN + (rows - row(name)) * DOWN)
        for name, column in COLUMNS.items()
    }
    title = "; ".join(
        f"{name} imports {', '.join(arrows(name))}" for name in COLUMNS if arrows(name)
    )
    parts = [
        HEAD.format(
            width=2 * MARGIN + max(COLUMNS.values()) * ACROSS + WIDTH,
            height=2 * MARGIN + rows * DOWN + HEIGHT,
            title=title,
        )
    ]
    for name, (x, y) in corner.items():
        parts.append(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}"/>')
        shown = name.removeprefix("search.")
        parts.append(f'<text x="{x + WIDTH // 2}" y="{y + 20}">{shown}</text>')
        for other in arrows(name):
            to_x, to_y = corner[other]
            start = (x + WIDTH // 2, y + HEIGHT)
            if to_x != x and row(name) - row(other) > 1:
                start = (x + (WIDTH if to_x > x else 0), y + HEIGHT // 2)
            parts.append(
                f'<line x1="{start[0]}" y1="{start[1]}" '
                f'x2="{to_x + WIDTH // 2}" y2="{to_y}" marker-end="url(#tip)"/>'
            )
    return parts[0] + "\n".join([*parts[1:], "</svg>\n"])


def test_the_picture_of_the_layers_is_what_the_imports_say(
    document: Callable[[str, str], None],
) -> None:
    document("docs/images/layers.svg", picture())


def test_no_two_layers_import_each_other() -> None:
    circles = [name for name in COLUMNS if name in below(name)]
    assert not circles


def test_the_picture_shows_every_package_of_the_program() -> None:
    packages = {module_name(path).split(".")[0] for path in sources()}
    assert packages - {"benchmarks"} == {name.split(".")[0] for name in COLUMNS}


def test_the_architecture_names_every_folder_of_the_program() -> None:
    text = (CHECKOUT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([\w/]+)/` \|", text, re.MULTILINE))
    folders = {
        str(path.parent.relative_to(CHECKOUT))
        for path in sources()
        if path.parent != CHECKOUT
    }
    assert folders - named == set()
    gone = {name for name in named if not (CHECKOUT / name).is_dir()}
    assert not gone
