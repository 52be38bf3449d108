"""Coding in a browser: by keyboard, by mouse, on a phone; and drafts that survive."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from settings import Settings
from tests.browser.conftest import serve
from tests.browser.test_axe import violations
from tests.conftest import Templates
from tests.web.workbench import CODE, small_record
from web.local import ADDRESS, KEY, make_key


@pytest.fixture
def bench(
    browser: Browser, templates: Templates, tmp_path: Path
) -> Iterator[tuple[Settings, str]]:
    """A server over the small record, which may be written: settings and address."""
    with templates.copy("sqlite", tmp_path / "instance", small_record) as settings:
        with serve(settings) as address:
            yield settings, address


@pytest.fixture(params=[1280])
def desk(
    request: pytest.FixtureRequest, browser: Browser, bench: tuple[Settings, str]
) -> Iterator[Page]:
    """A page of whoever sits at the machine, on the coding page of the report."""
    settings, address = bench
    size = ViewportSize(width=request.param, height=800)
    touch = request.param < 600
    with closing(
        browser.new_context(base_url=address, viewport=size, has_touch=touch)
    ) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{ADDRESS}?{KEY}={make_key(settings.instance)}")
        page.goto(CODE)
        yield page


def select_by_keys(page: Page, passage: int) -> None:
    """Go to a passage with j, and select its first sentence with Enter."""
    for _ in range(passage):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar")).to_be_visible()


def test_a_stance_takes_six_actions_by_keyboard_and_no_page_is_loaded(
    desk: Page,
) -> None:
    expect(desk.get_by_role("toolbar")).to_be_hidden()
    select_by_keys(desk, 2)
    loads: list[str] = []
    desk.on("load", lambda page: loads.append(page.url))
    holder = desk.get_by_role("combobox", name="Who holds it")
    actions = 0

    def press(key: str) -> None:
        nonlocal actions
        desk.keyboard.press(key)
        actions += 1

    def type_in(words: str) -> None:
        nonlocal actions
        desk.keyboard.type(words)
        actions += 1

    press("-")
    expect(holder).to_be_focused()
    type_in("lund")
    press("Enter")
    expect(desk.get_by_role("combobox", name="On what")).to_be_focused()
    expect(holder).to_have_value("Bo Lund")
    type_in("make peace")
    press("Enter")
    expect(desk.get_by_label("Position")).to_have_value("against -1")
    press("Control+Enter")
    said = desk.get_by_role("status").filter(has_text="Saved")
    expect(said).to_contain_text("bo-lund-against-norland-and-suria-should-make-peace")
    assert actions <= 6
    assert not loads
    expect(desk.locator("mark.fresh").first).to_be_visible()
    expect(desk.locator("#p2")).to_be_focused()


def test_a_word_selected_by_mouse_is_the_quote_that_the_form_shows(desk: Page) -> None:
    desk.locator("#p3 .words").dblclick(position={"x": 20, "y": 12})
    desk.get_by_role("toolbar").get_by_role("button", name="stance s").click()
    quote = desk.get_by_label("Words of the passage that say so")
    expect(quote).not_to_have_value("")
    words = quote.input_value()
    assert words and words in desk.locator("#p3 .words").inner_text()
    desk.keyboard.press("Escape")
    expect(desk.locator("#panel")).to_be_hidden()


def test_words_of_two_passages_are_not_one_quote(desk: Page) -> None:
    desk.evaluate(
        """() => {
          const [a, b] = document.querySelectorAll(".words");
          getSelection().setBaseAndExtent(a, 0, b, 1);
        }"""
    )
    expect(desk.get_by_role("toolbar")).to_have_text("Select words of one passage.")
    desk.keyboard.press("s")
    expect(desk.locator("#panel")).to_be_hidden()


def test_a_fault_comes_back_at_its_field_and_a_new_name_asks_what_it_is(
    desk: Page,
) -> None:
    select_by_keys(desk, 1)
    desk.keyboard.press("s")
    desk.get_by_role("combobox", name="Who holds it").fill("Dag Ek")
    desk.keyboard.press("Enter")
    kind = desk.get_by_label("Not recorded yet. Make it:").first
    expect(kind).to_be_visible()
    desk.get_by_role("combobox", name="On what").fill(
        "norland and suria should make peace."
    )
    desk.get_by_label("Position").select_option("for 1")
    desk.keyboard.press("Control+Enter")
    fault = desk.locator("#f-holder-fault")
    expect(fault).to_contain_text("choose below what it is")
    expect(desk.get_by_role("combobox", name="Who holds it")).to_be_focused()
    expect(desk.get_by_role("combobox", name="Who holds it")).to_have_value("Dag Ek")
    kind.select_option("person")
    desk.get_by_role("button", name="Save").click()
    expect(
        desk.get_by_role("status").filter(has_text="the actor dag-ek")
    ).to_be_visible()


def test_what_was_typed_is_there_again_after_the_browser_went_away(desk: Page) -> None:
    select_by_keys(desk, 1)
    desk.keyboard.press("s")
    holder = desk.get_by_role("combobox", name="Who holds it")
    holder.press_sequentially("An unfinished")
    desk.reload()
    select_by_keys(desk, 1)
    desk.keyboard.press("s")
    expect(holder).to_have_value("An unfinished")
    desk.get_by_role("button", name="Throw it away").click()
    expect(holder).to_have_value("")


def test_a_session_that_has_ended_keeps_what_was_typed(
    desk: Page, bench: tuple[Settings, str]
) -> None:
    """In the form beside the text, and on the page of a form alone."""
    settings, _ = bench
    select_by_keys(desk, 1)
    desk.keyboard.press("s")
    holder = desk.get_by_role("combobox", name="Who holds it")
    holder.press_sequentially("Somebody")
    desk.context.clear_cookies()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("alert")).to_contain_text("To write here")
    expect(holder).to_have_value("Somebody")
    again = f"{ADDRESS}?{KEY}={make_key(settings.instance)}"
    desk.goto(again)
    desk.goto(f"{CODE}/stance?passage=1")
    expect(holder).to_have_value("Somebody")
    desk.get_by_label("On what").fill("Something")
    desk.context.clear_cookies()
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("form.code")).to_have_count(0)
    desk.goto(f"{ADDRESS}?{KEY}={make_key(settings.instance)}")
    desk.goto(f"{CODE}/stance?passage=1")
    expect(desk.get_by_label("On what")).to_have_value("Something")


def test_single_keys_can_be_switched_off_and_stay_off(desk: Page) -> None:
    desk.get_by_label("Single keys").uncheck()
    desk.reload()
    desk.locator("#p2 .words").dblclick(position={"x": 20, "y": 12})
    expect(desk.get_by_role("toolbar")).to_be_visible()
    desk.keyboard.press("s")
    desk.keyboard.press("j")
    expect(desk.locator("#panel")).to_be_hidden()
    desk.get_by_role("toolbar").get_by_role("button", name="stance s").click()
    expect(desk.locator("#panel form")).to_be_visible()


@pytest.mark.parametrize("desk", [390], indirect=True)
def test_on_a_phone_the_bar_is_docked_and_nothing_is_wider_than_the_page(
    desk: Page,
) -> None:
    desk.locator("#p2 .words").dblclick(position={"x": 20, "y": 12})
    bar = desk.get_by_role("toolbar")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box and box["y"] + box["height"] >= 795
    bar.get_by_role("button", name="meeting").first.tap()
    expect(desk.locator("#panel form")).to_be_visible()
    wide = desk.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.slow
@pytest.mark.parametrize("desk", [390, 1280], indirect=True)
def test_axe_finds_nothing_on_any_page_of_the_workbench(desk: Page) -> None:
    faults = violations(desk)
    select_by_keys(desk, 1)
    faults += violations(desk)
    desk.keyboard.press("s")
    expect(desk.locator("#panel form")).to_be_visible()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    faults += violations(desk)
    for address in (
        "/sources/new",
        f"{CODE}/meeting?passage=1",
        "/stances/berg-for-peace/correct",
    ):
        desk.goto(address)
        faults += violations(desk)
    assert not faults, "\n".join(faults)
