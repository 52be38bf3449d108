"""axe-core finds nothing on any kind of page: on a phone by day, on a desk by night.

All its rules run, WCAG's to level AA and its best practices. The colours do not depend
on the width, nor the order of things on the colours, so two of the four combinations
see what all would; lists are short, for a row is like the next.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from exchange.load import load
from settings import CHECKOUT, Settings
from tests.browser.conftest import serve
from tests.conftest import Templates

PAGES = (
    "/",
    "/search?q=drones&limit=3",
    "/search?q=nothingofthekind",
    "/search/batch",
    "/help/search",
    "/sql?query=select+slug,+date+from+meetings",
    "/nowhere",
    "/analysis",
    "/meetings?limit=3",
    "/meetings/calendar?month=2022-07",
    "/meetings/tehran-trilateral-2022-07",
    "/meetings/tehran-trilateral-2022-07/brief",
    "/meetings/tehran-trilateral-2022-07/cite",
    "/actors/iran",
    "/actors/iran/timeline",
    "/topics",
    "/topics/arms",
    "/propositions?limit=3",
    "/propositions/iran-preparing-to-supply-drones",
    "/stances?holder=turkey&mode=signed",
    "/sources?limit=3",
    "/sources/article-2022-07-12-summary",
    "/matrix?topic=arms",
    "/contested",
    "/networks/stances",
    "/networks/relations?actor=peter-the-great&topic=alliances",
    "/networks/meetings",
)
FICTIONAL = (
    "/",
    "/meetings/velm-port-sel-2018-10/readouts",
    "/meetings/velm-port-sel-2018-10/brief",
    "/stances/qamara-for-pilots-2019",
    "/sources/qamara-statement-2019-02-11",
    "/propositions/velm-pilots-should-be-compulsory/timeline",
    "/actors?country=dravnia",
)
"""Pages of the second dataset that show what the first has not: two sides, a position
that changed, three scripts, a notice above everything."""
SCREENS: tuple[tuple[Literal["light", "dark"], tuple[int, int]], ...] = (
    ("light", (360, 740)),
    ("dark", (1280, 900)),
)


@cache
def axe() -> str:
    """The text of axe-core, as the package carries it."""
    carrier = files("axe_playwright_python")
    return carrier.joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on a page: the rule, and the first places."""
    page.evaluate(axe())  # past the policy, as the developer's console is
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run({resultTypes: ['violations']})).violations"
    )
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in found
        for node in one["nodes"][:3]
    ]


@pytest.fixture
def fictional(browser: Browser, templates: Templates, tmp_path: Path) -> Iterator[Page]:
    """A page of the fictional dataset, served by itself."""
    with templates.copy("sqlite", tmp_path / "instance", _load_fiction) as settings:
        noticed = replace(settings, notice="This record is fictional.")
        with (
            serve(noticed) as address,
            closing(browser.new_context(base_url=address)) as context,
        ):
            yield context.new_page()


def _load_fiction(settings: Settings) -> None:
    load(CHECKOUT / "data" / "velm-strait", settings.database_url)


def faults(page: Page, addresses: Sequence[str]) -> list[str]:
    """What is wrong with some pages, on each screen."""
    seen = []
    for address in addresses:
        response = page.goto(address)
        assert response and response.status == (404 if address == "/nowhere" else 200)
        for scheme, (width, height) in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found = violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{wide} px wide")
            seen += [f"{address}, {width} px, {scheme}: {fault}" for fault in found]
    return seen


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_phone(
    page: Page, fictional: Page
) -> None:
    found = faults(page, PAGES) + faults(fictional, FICTIONAL)
    assert not found, "\n".join(found)
