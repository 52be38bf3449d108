"""The search box while somebody types: by keyboard, by mouse, for a screen reader."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

SUGGEST = "**/api/v1/suggest?*"


def test_the_arrow_keys_choose_and_enter_goes_there(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search the record")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("turk")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("Turkey")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("group", name="Actors")).to_contain_text("Turkmenistan")
    expect(page.get_by_role("status").first).to_contain_text("suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Turkmenistan")
    expect(box).to_have_attribute("aria-activedescendant", chosen_id(page))
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_text("Turkey")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/actors/turkey")


def chosen_id(page: Page) -> str:
    return page.get_by_role("option", selected=True).get_attribute("id") or ""


def test_the_arrow_keys_lead_around_through_the_box(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("turk")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)


def test_enter_searches_for_what_was_typed_while_nothing_is_chosen(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("turk")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=turk")


def test_escape_closes_and_leaves_the_words(page: Page) -> None:
    page.goto("/meetings")
    box = page.get_by_role("combobox")
    box.press_sequentially("turk")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("turk")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_click_goes_there_and_leaving_the_box_closes(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("mosc")
    russia = page.get_by_role("option", name="Russia “Moscow”")
    expect(russia).to_be_visible()
    box.blur()
    expect(russia).to_be_hidden()
    box.fill("mosco")
    russia.click()
    expect(page).to_have_url("/actors/russia")


def test_a_name_goes_in_as_text_and_only_the_last_answer_counts(page: Page) -> None:
    """Answers may overtake each other, and a name may be anything."""
    held: list[Callable[[], None]] = []

    def answer(route: Route) -> None:
        typed = route.request.url.rpartition("=")[2]
        one = {
            "label": f"<img src=x> {typed}",
            "url": "/",
            "alias": "<b>",
            "when": None,
        }
        body = {"query": typed, "actors": [one], "topics": [], "meetings": []}
        if typed == "te":
            held.append(lambda: route.fulfill(json=body))
        else:
            route.fulfill(json=body)

    page.route(SUGGEST, answer)
    page.goto("/")
    box = page.get_by_role("combobox")
    with page.expect_request(SUGGEST):
        box.press_sequentially("te")
    box.press_sequentially("h")
    expect(page.get_by_role("option")).to_have_text(["<img src=x> teh “<b>”"])
    held[0]()
    expect(page.get_by_role("option")).to_have_text(["<img src=x> teh “<b>”"])
    assert page.locator(".suggestions").locator("img, b").count() == 0


def test_the_box_works_where_suggestions_fail(page: Page) -> None:
    page.route(SUGGEST, lambda route: route.fulfill(status=503, json={}))
    page.goto("/")
    with page.expect_response(SUGGEST):
        page.get_by_role("combobox").press_sequentially("turk")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=turk")
