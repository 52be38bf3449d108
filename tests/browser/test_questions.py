"""The questions' pages as people meet them: pictures with their tables, keys, the dark.

Of a record of their own, with a meeting of which two sides tell and with a name that
holds everything.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serve
from tests.browser.test_reading import FAINT_WORDS
from tests.conftest import Templates
from tests.web.record import fill

PICTURES = {
    "/actors/aden/timeline": "table.cards",
    "/propositions/grain-discussed/timeline": "table.cards",
    "/networks/stances": "[aria-label=Ties] table",
    "/networks/stances?nodes=affiliation": "[aria-label=Ties] table",
    "/networks/relations": "main table",
    "/networks/meetings": "main table",
}
"""Pages with a picture, and where the table behind it stands."""
PAGES = (
    *PICTURES,
    "/analysis",
    "/matrix",
    "/matrix?by=topic",
    "/contested",
    "/networks/stances?windows=month",
    "/meetings/calendar",
    "/meetings/harbour-talks/readouts",
    "/meetings/aden-meeting/brief",
)


@pytest.fixture(scope="module")
def live_server(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the small record; yield the address."""
    instance: Path = tmp_path_factory.mktemp("questions") / "instance"
    with templates.copy("sqlite", instance) as settings:
        fill(settings)
        with serve(settings) as address:
            yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_and_the_browser_does_not_complain(
    browser: Browser, live_server: str, scheme: str
) -> None:
    settings: dict[str, Any] = {"base_url": live_server, "color_scheme": scheme}
    with closing(browser.new_context(**settings)) as context:
        page = context.new_page()
        heard: list[str] = []
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        faint = {}
        for address in PAGES:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            if found := page.evaluate(FAINT_WORDS):
                faint[address] = found
    assert not heard
    assert not faint


@pytest.mark.parametrize(("address", "table"), PICTURES.items())
def test_a_picture_has_its_table_and_hides_from_those_who_cannot_see_it(
    page: Page, address: str, table: str
) -> None:
    page.goto(address)
    pictures = page.locator("figure svg.picture")
    expect(pictures).to_have_count(2)
    for width, shown in ((1280, 0), (360, 1)):
        page.set_viewport_size({"width": width, "height": 740})
        expect(pictures.nth(shown)).to_be_visible()
        expect(pictures.nth(1 - shown)).to_be_hidden()
        expect(pictures.nth(shown)).to_have_attribute("aria-hidden", "true")
    box = pictures.nth(1).bounding_box()
    assert box
    assert 0 <= box["x"] and box["x"] + box["width"] <= 360
    expect(page.locator(table).first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 740})
    linked = page.locator("figure svg.picture a")
    for at in range(linked.count()):
        href = linked.nth(at).get_attribute("href")
        assert page.locator(f"table a[href='{href}'], h2 a[href='{href}']").count()


def test_a_picture_is_drawn_in_colours_of_the_dark(
    browser: Browser, live_server: str
) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        settings: dict[str, Any] = {"base_url": live_server, "color_scheme": scheme}
        with closing(browser.new_context(**settings)) as context:
            page = context.new_page()
            page.goto("/networks/stances")
            name = page.locator("svg.picture text.name").first
            colours.add(name.evaluate("e => getComputedStyle(e).fill"))
    assert len(colours) == 2


def test_from_the_matrix_to_the_words_without_a_mouse(page: Page) -> None:
    page.goto("/matrix?actor=basra")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('td a.cell')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("no grain had been discussed")


def test_wide_pictures_and_tables_scroll_by_themselves_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for address in PAGES:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[address] = width
    assert not wide


def test_what_two_sides_say_stands_side_by_side(page: Page) -> None:
    page.goto("/meetings/harbour-talks/readouts")
    left, right = page.locator(".sides").first.locator("section").all()
    one, other = left.bounding_box(), right.bounding_box()
    assert one is not None
    assert other is not None
    assert one["y"] == other["y"]
    assert one["x"] < other["x"]
    expect(left).to_contain_text("Opening the port for salt")
    expect(right.get_by_role("link", name="Fishermen", exact=True)).to_be_visible()
    expect(right).to_contain_text("Boats")
    expect(right.locator("table.words")).to_contain_text("fishermen")
    pair = page.locator("table.aligned tbody tr").nth(1)
    expect(pair).to_contain_text("agreed to open the port for salt")
    expect(pair).to_contain_text("port should be opened for salt")
