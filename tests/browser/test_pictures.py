"""The screenshots in `docs/images`, taken of the bundled dataset.

`pytest tests/browser/test_pictures.py --write-docs` takes them anew. They are not
compared, since fonts differ between machines.
"""

from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser

from settings import CHECKOUT

IMAGES = CHECKOUT / "docs" / "images"
LARGEST = 200_000

SUMMARY = "/sources/article-2022-07-12-summary"
PICTURES = {
    "home": ("/", 1200, 860, "light"),
    "search": ("/search?q=drones&kind=passage", 1200, 900, "light"),
    "meeting": ("/meetings/tehran-trilateral-2022-07", 1200, 900, "light"),
    "proposition": (
        "/propositions/iran-preparing-to-supply-drones",
        1200,
        860,
        "light",
    ),
    "stances": ("/stances", 1200, 900, "light"),
    "source": (f"{SUMMARY}#p5", 1200, 760, "light"),
    "source-dark": (f"{SUMMARY}#p5", 1200, 760, "dark"),
    "meeting-phone": ("/meetings/tehran-trilateral-2022-07", 390, 844, "light"),
    "search-phone": ("/search?q=drones&kind=passage", 390, 844, "dark"),
    "sql": (
        "/sql?query=select+slug,+status,+date,+city+from+meetings",
        1200,
        900,
        "light",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_docs_show_the_pages_as_they_are(
    request: pytest.FixtureRequest, browser: Browser, live_server: str, name: str
) -> None:
    address, width, height, scheme = PICTURES[name]
    path = IMAGES / f"{name}.png"
    if request.config.getoption("--write-docs"):
        options: dict[str, Any] = {
            "base_url": live_server,
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
        }
        with closing(browser.new_context(**options)) as context:
            page = context.new_page()
            page.goto(address)
            if (claims := page.locator(":target summary")).count():
                claims.click()
            IMAGES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path)
    assert path.stat().st_size < LARGEST
