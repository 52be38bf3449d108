"""What a reader does: searches, follows a fact to its passage, prints, uses a phone."""

from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from models import open_session
from tests import factories as make
from tests.browser.conftest import serve
from tests.conftest import Templates
from tests.web.html import Html

LISTS = ("meetings", "actors", "topics", "propositions", "stances", "sources")


@pytest.fixture(scope="session")
def addresses(live_server: str) -> list[str]:
    """An address of each kind of page; of things, the first in their list."""
    found = ["/", "/search?q=drones", "/search?q=%22unclosed", "/help/search", "/sql"]
    found.append("/nowhere")
    for name in LISTS:
        with urlopen(f"{live_server}/{name}?limit=1") as response:
            links = Html(response.read().decode()).links
        found += [f"/{name}", next(to for to in links if to.startswith(f"/{name}/"))]
    return found


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: errors, missing files, broken policy."""
    heard: list[str] = []

    def listen(answer: Response) -> None:
        if answer.status >= 400:
            heard.append(f"{answer.status} {answer.url}")

    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("response", listen)
    return heard


def test_from_words_to_a_hit_to_its_highlighted_passage(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox").fill("drones")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=drones")
    expect(page.get_by_role("combobox")).to_have_value("drones")
    page.get_by_role("link", name="Passages").click()
    hit = page.locator(".hits > li").first
    expect(hit.locator("mark").first).to_have_text("drones", ignore_case=True)
    hit.get_by_role("link").first.click()
    expect(page.locator(".passage:target")).to_be_in_viewport()
    expect(page.locator(".passage:target")).to_contain_text("drones")


def test_from_a_stance_to_the_very_words_it_rests_on(page: Page) -> None:
    page.goto("/stances")
    page.locator("tbody .cite a").first.click()
    span = page.locator(":target")
    expect(span).to_be_in_viewport()
    assert "#e" in page.url


def test_the_words_that_a_link_points_at_stand_out_from_other_evidence(
    page: Page,
) -> None:
    page.goto("/sources")
    page.locator("tr").filter(has_text="held").locator("th a").first.click()
    first = page.locator("mark[id]").first
    before = colour_under(page, "mark[id]")
    page.goto(f"{page.url}#{first.get_attribute('id')}")
    expect(page.locator("mark:target")).to_have_count(1)
    assert colour_under(page, "mark:target") != before


def test_words_over_several_passages_stand_out_in_each_of_them(
    browser: Browser, templates: Templates, tmp_path: Path
) -> None:
    with templates.copy("sqlite", tmp_path) as settings:
        with open_session(settings.database_url, write=True) as session:
            text = make.source_text(session, "One two.\n\nThree.\n\nFour five.")
            stance = make.stance(session)
            for start, end in ((4, 22), (12, 15), (0, 3)):
                cited = {"source_text": text, "start_char": start, "end_char": end}
                make.evidence(session, stance=stance, **cited)
            address = f"/sources/{text.source.slug}"
            session.commit()
        with serve(settings) as server, closing(browser.new_page()) as page:
            page.goto(f"{server}{address}")
            before = colour_under(page, "mark.over")
            page.goto(f"{server}{address}#e4-22")
            lit = page.evaluate(
                """[...document.querySelectorAll("mark")]
                .filter(e => getComputedStyle(e).textDecorationLine === "underline")
                .map(e => e.textContent)"""
            )
            assert lit == ["two.", "Three.", "Four"]
            assert colour_under(page, "mark.over") != before
            page.goto(f"{server}{address}#e0-3")
            assert colour_under(page, "mark.over") == before


def test_a_reader_without_a_mouse_gets_everywhere(page: Page) -> None:
    page.goto("/meetings")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href')"))
        if seen[-1] and seen[-1].startswith("/meetings/"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("dl.facts")).to_be_visible()


def test_tabbing_goes_down_the_page(page: Page) -> None:
    page.goto("/")
    tops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        tops.append(
            page.evaluate(
                "document.activeElement.closest('header, section, p, footer, form')"
                "?.getBoundingClientRect().top + scrollY"
            )
        )
    # The skip link lies above the page, and two columns may stand side by side.
    assert tops[1:8] == sorted(tops[1:8])


def test_no_page_scrolls_sideways_on_a_phone(page: Page, addresses: list[str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for address in addresses:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[address] = width
    assert not wide


def test_a_row_is_a_card_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/meetings")
    cells = page.locator("tbody tr").first.locator("th, td")
    tops = [cell.bounding_box() for cell in cells.all()]
    shown = [box["y"] for box in tops if box]
    assert len(shown) > 1
    assert shown == sorted(set(shown))


def test_the_browser_has_nothing_to_complain_about(
    page: Page, addresses: list[str], complaints: list[str]
) -> None:
    for address in addresses:
        if address != "/nowhere":
            page.goto(address)
    assert not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_in_the_light_and_in_the_dark(
    browser: Browser, live_server: str, addresses: list[str], scheme: str
) -> None:
    settings: dict[str, Any] = {"base_url": live_server, "color_scheme": scheme}
    with closing(browser.new_context(**settings)) as context:
        page = context.new_page()
        faint = {}
        for address in addresses:
            page.goto(address)
            if found := page.evaluate(FAINT_WORDS):
                faint[address] = found
    assert not faint


def test_paper_gets_the_record_and_not_the_furniture(
    page: Page, addresses: list[str]
) -> None:
    page.emulate_media(media="print")
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        for selector in ("header nav", ".skip", "form.search >> nth=0"):
            if page.locator(selector).count():
                expect(page.locator(selector).first).to_be_hidden()


def test_everything_works_without_script(browser: Browser, live_server: str) -> None:
    options: dict[str, Any] = {"base_url": live_server, "java_script_enabled": False}
    with closing(browser.new_context(**options)) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("searchbox").fill("grain")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".hits > li").first).to_be_visible()
        page.locator(".facets a").first.click()
        expect(page.locator(".chips a").first).to_be_visible()
        page.locator(".chips a").first.click()
        expect(page.locator(".chips a")).to_have_count(0)


def colour_under(page: Page, selector: str) -> str:
    """The computed colour under the first such element."""
    return str(
        page.locator(selector).first.evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
    )


#: Every visible run of words whose contrast with what is under it is below WCAG AA.
FAINT_WORDS = """() => {
  const options = {willReadFrequently: true};
  const canvas = document.createElement("canvas").getContext("2d", options);
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (data) => [.2126, .7152, .0722].reduce((sum, weight, at) => {
    const c = data[at] / 255;
    return sum + weight * (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  }, 0);
  const under = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const data = rgba(getComputedStyle(at).backgroundColor);
      if (data[3] === 255) return data;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const pair = [rgba(style.color), under(element)].map(luminance);
    const ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) faint.push([words.slice(0, 40), ratio.toFixed(2)]);
  }
  return faint;
}"""
