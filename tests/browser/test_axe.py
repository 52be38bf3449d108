"""axe-core finds nothing on any kind of page: on a phone by day, on a desk by night.

All its rules run, WCAG's to level AA and its best practices. The colours do not depend
on the width, nor the order of things on the colours, so two of the four combinations
see what all would; lists are short, for a row is like the next.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

PAGES = (
    "/",
    "/search?q=drones&limit=3",
    "/search?q=%22unclosed",
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
    "/meetings/tehran-trilateral-2022-07/readouts",
    "/meetings/tehran-trilateral-2022-07/cite",
    "/actors?limit=3",
    "/actors/iran",
    "/actors/iran/timeline",
    "/topics",
    "/topics/arms",
    "/propositions?limit=3",
    "/propositions/iran-preparing-to-supply-drones",
    "/propositions/iran-preparing-to-supply-drones/timeline",
    "/stances?limit=3",
    "/stances/iran-for-supplying-drones",
    "/sources?limit=3",
    "/sources/article-2022-07-12-summary",
    "/sources/article-2022-07-12-summary/passage",
    "/matrix?topic=arms",
    "/matrix?by=topic&topic=arms",
    "/contested",
    "/networks/stances",
    "/networks/relations",
    "/networks/meetings",
)
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


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_phone(
    page: Page,
) -> None:
    faults = []
    for address in PAGES:
        response = page.goto(address)
        assert response and response.status == (404 if address == "/nowhere" else 200)
        for scheme, (width, height) in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found = violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{wide} px wide")
            faults += [f"{address}, {width} px, {scheme}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)
